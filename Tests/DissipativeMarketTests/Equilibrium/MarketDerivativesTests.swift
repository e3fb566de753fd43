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

/// The second route: central differences.
extension MarketDerivativesTests {
    /// The market and reward as a point of six parameters.
    private struct Point {
        var values: [MarketParameter: Double]

        init(_ market: Market, gamma: Double) {
            values = [
                .beta: market.externalPrice, .p: market.failureProbability, .theta: market.collateral,
                .delta: market.reservationPrice, .fee: market.swapFee, .gamma: gamma,
            ]
        }

        var market: Market? {
            try? Market(
                externalPrice: values[.beta] ?? .nan, failureProbability: values[.p] ?? .nan,
                collateral: values[.theta] ?? .nan, reservationPrice: values[.delta] ?? .nan,
                swapFee: values[.fee] ?? .nan)
        }

        func with(_ parameter: MarketParameter, _ value: Double) -> Point {
            var copy = self
            copy.values[parameter] = value
            return copy
        }
    }

    /// Every derivative by every parameter on random markets, against central differences that bring their own error
    /// estimate; the noise of a value is 16 ulp, of the largest term.
    @Test func areDifferenceQuotients() throws {
        var generator = SeededGenerator(seed: 150)
        var compared = 0
        for _ in 0..<300 {
            // Inside the domain, with room for steps of a hundredth.
            let beta = generator.logUniform(-1...1)
            let (p, theta, fee) = (
                generator.uniform(0.1...0.9), beta * generator.uniform(0.1...2), generator.uniform(0.02...0.3)
            )
            let market = try Market(
                externalPrice: beta, failureProbability: p, collateral: theta,
                reservationPrice: (beta + p * theta) / ((1 - fee) * (1 - fee)) * generator.uniform(1.1...3),
                swapFee: fee)
            let gamma = beta * generator.uniform(1.05...2)
            let point = Point(market, gamma: gamma)
            let upper = try #require(market.upperBoundGradient)
            let width = try #require(market.bandWidthGradient)
            let star = try #require(market.equilibriumPriceGradient(blockReward: gamma))
            let quantities: [(name: String, gradient: ParameterGradient, value: (Market, Double) -> Double?)] = [
                ("c", market.sellerCostGradient, { market, _ in market.sellerCost }),
                ("γ_max", upper, { market, _ in market.rewardBounds?.upper }),
                ("width", width, { market, _ in market.rewardBounds?.width }),
                ("α*", star, { market, gamma in market.equilibriumPrice(blockReward: gamma) }),
            ]
            for quantity in quantities {
                for (parameter, value) in point.values {
                    let noise = 16 * (market.limits.genuineBuyer + market.limits.seller + 4 * gamma).ulp
                    let quotient = centralDifference(at: value, step: 1e-3 * value, noise: noise) {
                        let moved = point.with(parameter, $0)
                        guard let market = moved.market else { return .nan }
                        return quantity.value(market, moved.values[.gamma] ?? .nan) ?? .nan
                    }
                    let gradient = quantity.gradient[parameter]
                    #expect(
                        abs(quotient.value - gradient) <= quotient.error,
                        "∂\(quantity.name)/∂\(parameter) in \(market), γ = \(gamma)")
                    compared += 1
                }
                #expect(quantity.gradient[.alpha] == 0)
                #expect(quantity.gradient[.period] == 0)
            }
        }
        #expect(compared == 300 * 4 * 6)
    }

    /// There is no derivative of what does not exist.
    @Test func nilWhereTheQuantityIs() throws {
        let empty = try Market.panel(0.7)
        #expect(empty.upperBoundGradient == nil)
        #expect(empty.bandWidthGradient == nil)
        #expect(empty.equilibriumPriceGradient(blockReward: 0.7.nextDown) == nil)
        // At γ = β: dα*/dγ = 2/(1 − φ), exactly.
        #expect(empty.equilibriumPriceGradient(blockReward: 0.7)?.gamma == 2)
    }
}
