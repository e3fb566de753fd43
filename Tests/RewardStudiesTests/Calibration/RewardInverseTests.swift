import DissipativeMarket
import Foundation
import RewardStudies
import TestSupport
import Testing

@Suite struct RewardInverseTests {
    private static func market(_ generator: inout SeededGenerator) throws -> (market: Market, gamma: Double) {
        let beta = generator.logUniform(-2...2)
        let market = try Market(
            externalPrice: beta,
            failureProbability: [0, 1, generator.uniform(0...1)].randomElement(using: &generator) ?? 0,
            collateral: [0, beta * generator.logUniform(-2...1)].randomElement(using: &generator) ?? 0,
            reservationPrice: beta * generator.logUniform(-0.3...2),
            swapFee: [0, generator.uniform(0...0.5)].randomElement(using: &generator) ?? 0)
        // Now and then a reward that only a forfeit makes possible: above γ_max without one, up to the largest, at u/c = 6.009.
        let widest = pow(1 - market.swapFee, 2) * market.reservationPrice / 6.009
        if Bool.random(using: &generator), widest > beta,
            let free = Self.with(.expectedForfeit, 0, market)?.rewardBounds?.upper,
            let most = Self.with(.expectedForfeit, widest - beta, market)?.rewardBounds?.upper, free < most
        {
            return (market, generator.uniform(free...most))
        }
        return (market, beta * generator.uniform(0.9...4))
    }

    private static func with(_ parameter: RewardInverse.Parameter, _ value: Double, _ market: Market) -> Market? {
        try? Market(
            externalPrice: parameter == .externalPrice ? value : market.externalPrice,
            failureProbability: parameter == .failureProbability
                ? value : parameter == .expectedForfeit ? 1 : market.failureProbability,
            collateral: parameter == .collateral || parameter == .expectedForfeit ? value : market.collateral,
            reservationPrice: parameter == .reservationPrice ? value : market.reservationPrice,
            swapFee: parameter == .swapFee ? value : market.swapFee)
    }

    private static func isBalanced(
        _ parameter: RewardInverse.Parameter, _ value: Double, _ market: Market, _ gamma: Double
    ) -> Bool {
        with(parameter, value, market).map { Equilibrium(market: $0, blockReward: gamma).outcome == .balanced } ?? false
    }

    /// Ends are balanced, the doubles beyond them are not, and a grid finds no other values.
    @Test(arguments: RewardInverse.Parameter.allCases.filter { $0 != .poolPrice }) func rangesAreThoseOfTheModel(
        _ parameter: RewardInverse.Parameter
    ) throws {
        var generator = SeededGenerator(seed: 41)
        var (found, none, raised) = (0, 0, 0)
        for _ in 0..<1500 {
            let (market, gamma) = try Self.market(&generator)
            let inverse = RewardInverse(market: market, blockReward: gamma)
            // The domain, as far as anything can happen in it.
            let scale = market.reservationPrice
            let top: Double =
                switch parameter {
                case .failureProbability: 1
                case .swapFee: 1 - 0x1p-53
                case .collateral, .expectedForfeit: 50 * scale
                case .externalPrice: 2 * gamma
                case .poolPrice: 0
                case .reservationPrice: 50 * (gamma + market.sellerCost) / pow(1 - market.swapFee, 2)
                }
            let grid = (0...60).map { top * pow(Double($0) / 60, 3) }
            switch inverse.values(of: parameter) {
            case .failure:
                none += 1
                #expect(!grid.contains { Self.isBalanced(parameter, $0, market, gamma) }, "\(market) \(gamma)")
            case .success(let range):
                found += 1
                let (low, high) = (range.lower, range.upper ?? .greatestFiniteMagnitude)
                #expect(low <= high && low >= 0)
                // A price of 0 is none: 0 stands for all that are below the other end.
                if parameter != .externalPrice || low > 0 { #expect(Self.isBalanced(parameter, low, market, gamma)) }
                if range.upper != nil { #expect(Self.isBalanced(parameter, high, market, gamma)) }
                if low > 0 {
                    raised += 1
                    #expect(!Self.isBalanced(parameter, low.nextDown, market, gamma))
                }
                if high < min(top, .greatestFiniteMagnitude), range.upper != nil {
                    #expect(!Self.isBalanced(parameter, high.nextUp, market, gamma))
                }
                for value in grid where parameter != .externalPrice || value > 0 {
                    #expect(
                        Self.isBalanced(parameter, value, market, gamma) == (low <= value && value <= high),
                        "\(value) of \(market) \(gamma): \(range)")
                }
                // The market's own value is inside just where the market is balanced.
                let own = try #require(inverse.value(of: parameter))
                let outcome = Equilibrium(market: market, blockReward: gamma).outcome
                #expect((low <= own && own <= high) == (outcome == .balanced))
            }
        }
        #expect(found > 100)
        #expect(none > 20)
        // Lower bounds above 0: of δ always, of the forfeit where buyers pay much.
        if parameter == .reservationPrice || parameter == .expectedForfeit { #expect(raised > 10) }
    }

    /// The other route: closed forms by Λ, and the width's own formula.
    @Test func agreesWithClosedForms() throws {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<300 {
            let (market, gamma) = try Self.market(&generator)
            let inverse = RewardInverse(market: market, blockReward: gamma)
            // δ_min = cΛ((γ + pθ)/c)/(1 − φ)²: α*(γ) = (1 − φ)δ.
            if let price = market.equilibriumPrice(blockReward: gamma),
                case .success(let range) = inverse.values(of: .reservationPrice)
            {
                let expected = price / (1 - market.swapFee)
                // Where the band is narrow γ_max − γ determines δ the worse: its rounding of an ulp of γ, times dδ/dγ.
                let derivative = market.equilibriumPriceGradient(blockReward: gamma)?.gamma ?? 2
                let allowed = 16 * (expected.ulp + gamma.ulp * derivative / (1 - market.swapFee))
                #expect(abs(range.lower - expected) <= allowed, "\(range.lower) \(expected)")
            }
            // At the ends of pθ, L(u, c) − c = γ − β.
            if case .success(let range) = inverse.values(of: .expectedForfeit), let upper = range.upper {
                let u = pow(1 - market.swapFee, 2) * market.reservationPrice
                for end in [range.lower, upper] where end > 0 {
                    let c = market.externalPrice + end
                    let width = logarithmicMean(u, c) - c
                    #expect(abs(width - (gamma - market.externalPrice)) <= 32 * (u.ulp + c.ulp + gamma.ulp))
                }
            }
        }
    }

    @Test func poolPricesAreThoseBetweenTheLimits() throws {
        let market = try Market(
            externalPrice: 0.7, failureProbability: 0.2, collateral: 1.5, reservationPrice: 1.6, swapFee: 0.05)
        let range = try RewardInverse(market: market, blockReward: 0.85).values(of: .poolPrice).get()
        // c/(1 − φ) and (1 − φ)δ.
        #expect(abs(range.lower - 1 / 0.95) <= 2e-16)
        #expect(abs((range.upper ?? 0) - 0.95 * 1.6) <= 3e-16)
        let none = try Market(externalPrice: 2, reservationPrice: 1.6)
        #expect(RewardInverse(market: none, blockReward: 0.85).values(of: .poolPrice) == .failure(.emptyBand))
    }

    @Test func reasons() throws {
        let market = try Market(
            externalPrice: 0.7, failureProbability: 0.2, collateral: 1.5, reservationPrice: 1.6, swapFee: 0.05)
        for parameter in RewardInverse.Parameter.allCases where ![.externalPrice, .poolPrice].contains(parameter) {
            #expect(
                RewardInverse(market: market, blockReward: 0.6).values(of: parameter) == .failure(.belowExternalPrice))
        }
        let high = RewardInverse(market: market, blockReward: 1.5)
        guard case .failure(.tooHigh(let largest, let place)) = high.values(of: .swapFee) else {
            Issue.record("no reason of too high a reward")
            return
        }
        #expect(place == 0)
        #expect(largest < 1.5)
        #expect(largest > 0.9)
        #expect(high.values(of: .reservationPrice).map(\.upper) == .success(nil))
        let free = try Market(externalPrice: 0.7, failureProbability: 0, collateral: 2, reservationPrice: 1.3)
        #expect(
            RewardInverse(market: free, blockReward: 0.8).values(of: .collateral)
                == .success(.init(lower: 0, upper: nil)))
        #expect(RewardInverse(market: free, blockReward: 2).values(of: .collateral) == .failure(.noEffect))
        let poor = try Market(externalPrice: 0.7, failureProbability: 0.5, collateral: 2, reservationPrice: 0.6)
        #expect(RewardInverse(market: poor, blockReward: 0.8).values(of: .failureProbability) == .failure(.emptyBand))
        for reason: RewardInverse.Reason in [.belowExternalPrice, .tooHigh(largest: 1, at: 0), .emptyBand, .noEffect] {
            #expect(!reason.description.hasSuffix("."))
        }
    }
}
