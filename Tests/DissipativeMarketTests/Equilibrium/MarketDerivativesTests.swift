import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct MarketDerivativesTests {
    /// 120 random markets against 36 digits; the derivatives within the documented 16 ulp of the largest term.
    @Test func matchReferences() throws {
        for row in marketReferences.rows {
            let v = row.map(\.double)
            let market = try Market(
                externalPrice: v[0], failureProbability: v[1], collateral: v[2], reservationPrice: v[3], swapFee: v[4])
            let gamma = v[5]
            let comment = Comment(rawValue: "\(row.prefix(6))")
            // Each rounding is half an ulp of its result, which may be a whole one of the next result.
            #expect(row[6].ulps(of: market.sellerCost) <= 0.51, comment)
            #expect(row[7].ulps(of: market.limits.speculatingBuyer) <= 1.5, comment)
            #expect(row[8].ulps(of: market.limits.seller) <= 2, comment)
            #expect(row[9].ulps(of: market.limits.genuineBuyer) <= 1.5, comment)
            let bounds = try #require(market.rewardBounds, comment)
            // L within 4 ulp, of which φ's three roundings in u add three.
            #expect(row[10].ulps(of: bounds.upper, term: bounds.upper + market.expectedForfeit) <= 8, comment)
            let upper = try #require(market.upperBoundGradient, comment)
            #expect(row[11].ulps(of: upper.beta) <= 16, comment)
            #expect(row[12].ulps(of: upper.p, term: v[16]) <= 16, comment)
            #expect(row[13].ulps(of: upper.theta, term: v[17]) <= 16, comment)
            #expect(row[14].ulps(of: upper.delta) <= 16, comment)
            #expect(row[15].ulps(of: upper.fee) <= 16, comment)
            #expect(upper.gamma == 0)
            let price = try #require(market.equilibriumPrice(blockReward: gamma), comment)
            #expect(row[18].ulps(of: price) <= 8, comment)  // Λ within 4, c/(1 − φ) and the sum
            let star = try #require(market.equilibriumPriceGradient(blockReward: gamma), comment)
            #expect(row[19].ulps(of: star.beta, term: v[24]) <= 16, comment)
            #expect(row[20].ulps(of: star.p, term: v[25]) <= 16, comment)
            #expect(row[21].ulps(of: star.theta, term: v[26]) <= 16, comment)
            #expect(row[22].ulps(of: star.gamma, term: v[27]) <= 16, comment)
            #expect(row[23].ulps(of: star.fee, term: v[28]) <= 16, comment)
            let width = try #require(market.bandWidthGradient, comment)
            #expect(width.beta == upper.beta - 1)
            #expect(width.delta == upper.delta)
        }
        #expect(marketReferences.rows.count >= 120)
    }
}
