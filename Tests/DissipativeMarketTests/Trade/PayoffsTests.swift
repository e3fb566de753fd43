import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct PayoffsTests {
    /// The model's check value with a fee; 8 ulp for L's four and the sum.
    @Test func checkValue() throws {
        expectDigits(try Market.withFee().sellerPayoff(at: 2), "1.1021882851984012", ulps: 8)
    }

    /// 36 digits on random markets, α from far below α_s to far above: within 8 ulp of the largest term, which is L's
    /// four, one for (1 − φ)α twice rounded, one for c, and the sum. The slope within 16 ulp of itself, as documented
    /// of the mean's gradient, and two more of (1 − φ) twice.
    @Test func matchReferences() throws {
        for row in payoffReferences.rows {
            let v = row.map(\.double)
            let market = try Market(
                externalPrice: v[0], failureProbability: v[1], collateral: v[2], reservationPrice: 1, swapFee: v[3])
            let comment = Comment(rawValue: "\(row.prefix(5))")
            let mean = v[7]
            #expect(row[5].ulps(of: market.sellerPayoff(at: v[4]), term: max(mean, market.sellerCost)) <= 8, comment)
            #expect(row[6].ulps(of: market.sellerPayoffSlope(at: v[4])) <= 18, comment)
        }
        #expect(payoffReferences.rows.count >= 120)
    }

    /// S(α_s) = β: exactly without a fee, else within two ulp of c, since (1 − φ)α_s may be an ulp off c.
    @Test func sellingAtTheLimitEarnsTheExternalPrice() throws {
        for market in try randomMarkets(1000, seed: 120) {
            let payoff = market.sellerPayoff(at: market.limits.seller)
            let allowed = market.swapFee == 0 ? 0 : 2 * market.sellerCost.ulp
            #expect(abs(payoff - market.externalPrice) <= allowed)
        }
    }

    /// The limit at α = 0 is −pθ, exactly; beside it nothing breaks, though L goes to 0 like 1/ln(1/α).
    @Test func edgeOfTheDiagram() throws {
        for market in try randomMarkets(200, seed: 121) {
            #expect(market.sellerPayoff(at: 0) == -market.expectedForfeit)
            let beside = market.sellerPayoff(at: .leastNonzeroMagnitude)
            // L(u, c) < c/ln(c/u) and ln(c/u) > 700.
            #expect(beside >= -market.expectedForfeit)
            #expect(beside <= market.sellerCost / 700 - market.expectedForfeit)
        }
        #expect(try Market(externalPrice: 1, reservationPrice: 1).sellerPayoff(at: 0) == 0)
    }

    /// Increasing and concave from a thousandth of α_s to a thousand times it: in steps of 5 % the difference quotients
    /// fall by much more than rounding.
    @Test func increasingAndConcave() throws {
        for market in try randomMarkets(200, seed: 122) {
            let alphas = (0..<284).map { market.limits.seller * 1e-3 * pow(1.05, Double($0)) }
            let payoffs = alphas.map { market.sellerPayoff(at: $0) }
            let quotients = zip(zip(alphas, alphas.dropFirst()), zip(payoffs, payoffs.dropFirst())).map {
                ($1.1 - $1.0) / ($0.1 - $0.0)
            }
            #expect(quotients.allSatisfy { $0 > 0 }, "\(market)")
            #expect(zip(quotients, quotients.dropFirst()).allSatisfy { $0 > $1 }, "\(market)")
            let slopes = alphas.map { market.sellerPayoffSlope(at: $0) }
            // The slope at a point lies between the quotients on both sides of it.
            #expect((1..<283).allSatisfy { quotients[$0 - 1] > slopes[$0] && slopes[$0] > quotients[$0] }, "\(market)")
        }
    }

    /// The formula changes where the seller receives c/4: no step there larger than rounding, and both sides are right.
    @Test func continuousWhereTheFormulaChanges() throws {
        for market in try randomMarkets(1000, seed: 123) {
            let change = 0.25 * market.sellerCost / (1 - market.swapFee)
            var below = change
            var above = change
            for _ in 0..<4 { (below, above) = (below.nextDown, above.nextUp) }
            #expect((1 - market.swapFee) * below <= 0.25 * market.sellerCost)
            #expect((1 - market.swapFee) * above > 0.25 * market.sellerCost)
            let step = market.sellerPayoff(at: above) - market.sellerPayoff(at: below)
            // Eight doubles of α at a slope of (1 − φ)φ₂(ln 4) < 1 are 8 · 2⁻⁵² c/4, and each side is within 4 ulp of
            // c.
            #expect(abs(step) <= 10 * market.sellerCost.ulp, "\(market)")
        }
    }

    /// The slope against difference quotients with their own error estimate.
    @Test func slopeIsTheDifferenceQuotient() throws {
        var generator = SeededGenerator(seed: 124)
        for market in try randomMarkets(500, seed: 125) {
            let alpha = market.limits.seller * generator.logUniform(-2...2)
            // Rounding: 8 ulp of the largest term, as above.
            let noise = 8 * max(alpha, market.sellerCost).ulp
            let quotient = centralDifference(at: alpha, step: 1e-3 * alpha, noise: noise) {
                market.sellerPayoff(at: $0)
            }
            let slope = market.sellerPayoffSlope(at: alpha)
            #expect(abs(quotient.value - slope) <= quotient.error, "\(market) at \(alpha)")
            #expect(quotient.error < 1e-6 * slope + 5e3 * noise / alpha, "the estimate must be able to fail")
        }
    }

    // MARK: - Payoffs and regrets

    @Test func payoffsAreTheThreeUses() throws {
        let market = try Market.panel(1.3)
        let payoffs = Payoffs(market: market, poolPrice: 1.5, blockReward: 0.8)
        #expect(payoffs.liquidityProvider == 0.8)
        #expect(payoffs.external == 0.7)
        #expect(payoffs.seller == market.sellerPayoff(at: 1.5))
    }

    /// The regret is the best payoff less the role's own: none is negative, and the best role's is 0.
    @Test func regrets() throws {
        var generator = SeededGenerator(seed: 126)
        var bestRoles = Set<Int>()
        for market in try randomMarkets(2000, seed: 127) {
            let (alpha, gamma) = market.randomPoint(&generator)
            let payoffs = Payoffs(market: market, poolPrice: alpha, blockReward: gamma)
            let own = [payoffs.liquidityProvider, payoffs.seller, payoffs.external]
            let regrets = [payoffs.regretLiquidityProvider, payoffs.regretSeller, payoffs.regretExternal]
            let best = try #require(own.max())
            #expect(payoffs.best == best)
            #expect(regrets == own.map { best - $0 })
            #expect(regrets.min() == 0)
            bestRoles.insert(own.firstIndex(of: best) ?? -1)
        }
        #expect(bestRoles == [0, 1, 2])
    }
}
