import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct EquilibriumTests {
    // MARK: - The cases, one by one

    struct Case: Sendable {
        let d: Double
        let gamma: Double
        let outcome: Outcome
        /// The rest price from a low start, from 1.1 and from a high one.
        let rests: [Double]
    }

    static let star = 1.1852444979557  // α*(0.79), 14 digits
    static let nearUpper = 1.299894540859213  // α*(0.8434)
    static let starOfOne = 1.654726312883567  // α*(1)

    /// c = 1, b = 0.7, so α_b = 0.7 and α_s = 1. By section 4: U and D by hand.
    ///
    /// The α* by mpmath. Tolerance 1e−12: the 14 digits of α*(0.79) are half a unit, 5e−14, off at most.
    @Test(arguments: [
        // Exodus: U = α_g ≥ D = α_s.
        Case(d: 1.3, gamma: 0.5, outcome: .exodus, rests: [1, 1, 1]),
        Case(d: 1.3, gamma: 0, outcome: .exodus, rests: [1, 1, 1]),
        Case(d: 1.3, gamma: 0.7.nextDown, outcome: .exodus, rests: [1, 1, 1]),
        // Balanced: γ = β, inside, and just below γ_max = 0.84344840…, where α* is just below α_g.
        Case(d: 1.3, gamma: 0.7, outcome: .balanced, rests: [1, 1, 1]),
        Case(d: 1.3, gamma: 0.79, outcome: .balanced, rests: [star, star, star]),
        Case(d: 1.3, gamma: 0.8434, outcome: .balanced, rests: [nearUpper, nearUpper, nearUpper]),
        // Scarcity: frozen between α_g = 1.3 and α*(1); from 1.1 buyers raise it.
        Case(d: 1.3, gamma: 1, outcome: .scarcity, rests: [1.3, 1.3, starOfOne]),
        // The band is a point: α_g = α_s.
        Case(d: 1, gamma: 0.5, outcome: .exodus, rests: [1, 1, 1]),
        Case(d: 1, gamma: 0.7, outcome: .balanced, rests: [1, 1, 1]),
        Case(d: 1, gamma: 0.79, outcome: .scarcity, rests: [1, 1.1, star]),
        // Empty: α_g = 0.8 between α_b and α_s; frozen up to α_s, or α*.
        Case(d: 0.8, gamma: 0.5, outcome: .emptyBand, rests: [0.8, 1, 1]),
        Case(d: 0.8, gamma: 0.7, outcome: .emptyBand, rests: [0.8, 1, 1]),
        Case(d: 0.8, gamma: 0.79, outcome: .emptyBand, rests: [0.8, 1.1, star]),
        // Empty, α_g = 0.4 below α_b: speculators raise the price on to α_b, but only for γ < β.
        Case(d: 0.4, gamma: 0.5, outcome: .emptyBand, rests: [0.7, 1, 1]),
        Case(d: 0.4, gamma: 0.7, outcome: .emptyBand, rests: [0.4, 1, 1]),
        Case(d: 0.4, gamma: 0.79, outcome: .emptyBand, rests: [0.4, 1.1, star]),
    ])
    func cases(_ row: Case) throws {
        let equilibrium = Equilibrium(market: try .panel(row.d), blockReward: row.gamma)
        #expect(equilibrium.outcome == row.outcome)
        #expect(equilibrium.blockReward == row.gamma)
        for (start, rest) in zip([0.1, 1.1, 5], row.rests) {
            #expect(abs(equilibrium.restPrice(from: start) - rest) < 1e-12, "from \(start)")
        }
        #expect(abs(equilibrium.restPrice - row.rests[0]) < 1e-12)
        #expect((equilibrium.equilibriumPrice == nil) == (row.gamma < 0.7))
    }

    /// Without speculating buyers nobody raises the price above α_g = 0.4: U = α_g whatever the reward.
    @Test(arguments: [0.5, 0.7, 0.79])
    func withoutSpeculatingBuyers(_ gamma: Double) throws {
        let equilibrium = Equilibrium(market: try .panel(0.4), speculates: false, blockReward: gamma)
        #expect(equilibrium.buyersStop == 0.4)
        #expect(equilibrium.restPrice == 0.4)
        #expect(equilibrium.restPrice(from: 0.6) == 0.6)
        #expect(equilibrium.outcome == .emptyBand)
    }

    @Test func outcomesHaveTheContractsNames() {
        #expect(Outcome.allCases.map(\.rawValue) == ["empty-band", "lp-exodus", "seller-scarcity", "balanced"])
    }

    /// γ too large for a price: sellers never sell, buyers stop at α_g, and from above the price stays.
    @Test func rewardBeyondAllPrices() throws {
        let equilibrium = Equilibrium(market: try .panel(1.3), blockReward: 1e308)
        #expect(equilibrium.outcome == .scarcity)
        #expect(equilibrium.sellersStop == .infinity)
        #expect(equilibrium.restPrice == 1.3)
        #expect(equilibrium.restPrice(from: 7) == 7)
    }

    // MARK: - Against the dynamics

    /// The sharp price flow in steps of `h` in ln α: up while any buyer is active, down, and faster, while sellers are.
    /// Nothing but the definitions of section 3, and κ_s > κ_g. Ends at rest, or when it goes up and down about a
    /// point.
    static func flow(_ plain: PlainMarket, gamma: Double, from start: Double, step h: Double) -> Double? {
        var price = start
        var last = 0.0
        for _ in 0..<100_000 {
            var drift = 0.0
            if plain.buyersBuy(price) { drift += 0.5 }
            if plain.speculatorsBuy(price, gamma) { drift += 0.5 }
            if plain.sellersSell(price, gamma) { drift -= 1 }
            if drift == 0 || drift * last < 0 { return price }
            price *= exp(h * drift)
            last = drift
        }
        return nil
    }

    /// Over random markets, with fees and empty bands, from low, middle and high starts. Tolerance 2h: the flow stops
    /// within one step, at most h in ln α, of its rest.
    @Test func restPricesAreThoseOfTheFlow() throws {
        var generator = SeededGenerator(seed: 140)
        let h = 1e-3
        var outcomes: [Outcome: Int] = [:]
        for market in try randomMarkets(300, seed: 141) {
            let plain = PlainMarket(market)
            let gamma =
                market.externalPrice
                * [generator.uniform(0...1), generator.uniform(1...1.3), generator.uniform(1...2)][
                    Int.random(in: 0..<3, using: &generator)]
            let equilibrium = Equilibrium(market: market, blockReward: gamma)
            let comment: Comment = "\(market), γ = \(gamma)"
            outcomes[equilibrium.outcome, default: 0] += 1

            let star = gamma > plain.beta ? plain.equilibriumPrice(gamma) : plain.alphaS
            let ends = [plain.alphaB, plain.alphaS, plain.alphaG, star]
            let (low, high) = (0.5 * (ends.min() ?? 0), 1.5 * (ends.max() ?? 0))
            for start in [low, high, generator.uniform(low...high), generator.uniform(low...high)] {
                let rest = try #require(Self.flow(plain, gamma: gamma, from: start, step: h), comment)
                #expect(abs(log(equilibrium.restPrice(from: start) / rest)) <= 2 * h, comment)
            }
            let lowRest = try #require(Self.flow(plain, gamma: gamma, from: low, step: h), comment)
            #expect(abs(log(equilibrium.restPrice / lowRest)) <= 2 * h, comment)

            // The outcome is what is true at rest: who is there just around it.
            let expected: Outcome =
                plain.alphaG < plain.alphaS
                ? .emptyBand
                : gamma < plain.beta ? .exodus : gamma > plain.sellerPayoff(plain.alphaG) ? .scarcity : .balanced
            #expect(equilibrium.outcome == expected, comment)
        }
        for outcome in Outcome.allCases { #expect(outcomes[outcome, default: 0] >= 20, "\(outcome): too few") }
    }

    // MARK: - Ties, on random markets

    /// γ = β: balanced where the band is not empty, and at rest at α_s from every start.
    @Test func rewardAtTheLowerBound() throws {
        for market in try randomMarkets(500, seed: 142) {
            let equilibrium = Equilibrium(market: market, blockReward: market.externalPrice)
            let (g, s) = (market.limits.genuineBuyer, market.limits.seller)
            #expect(equilibrium.outcome == (g < s ? .emptyBand : .balanced))
            #expect(equilibrium.buyersStop == g)
            #expect(equilibrium.sellersStop == s)
            #expect(equilibrium.restPrice == min(g, s))
            #expect(equilibrium.restPrice(from: 10 * max(g, s)) == s)
        }
    }

    /// γ = γ_max is still balanced, and one double more is scarcity; α* is α_g there up to the rounding of γ_max and
    /// α*: condition number at most 2, 8 ulp each.
    @Test func rewardAtTheUpperBound() throws {
        for market in try randomMarkets(500, seed: 143) {
            guard let bounds = market.rewardBounds else { continue }
            let equilibrium = Equilibrium(market: market, blockReward: bounds.upper)
            #expect(equilibrium.outcome == .balanced)
            let g = market.limits.genuineBuyer
            #expect(abs(equilibrium.sellersStop - g) <= 24 * Double.ulpOfOne * g)
            #expect(abs(equilibrium.restPrice - g) <= 24 * Double.ulpOfOne * g)
            #expect(Equilibrium(market: market, blockReward: bounds.upper.nextUp).outcome == .scarcity)
        }
    }

    /// The three cases of ``Equilibrium/restPrice(from:)`` and its fixed points: from a rest price the price stays.
    @Test func restPricesRest() throws {
        var generator = SeededGenerator(seed: 144)
        for market in try randomMarkets(1000, seed: 145) {
            let (start, gamma) = market.randomPoint(&generator)
            let equilibrium = Equilibrium(market: market, blockReward: gamma)
            let rest = equilibrium.restPrice(from: start)
            #expect(equilibrium.restPrice(from: rest) == rest)
            #expect(equilibrium.restPrice(from: .leastNonzeroMagnitude) == equilibrium.restPrice)
        }
    }
}
