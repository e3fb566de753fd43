import DissipativeMarket
import RewardStudies
import TestSupport
import Testing

@Suite struct RobustRewardTests {
    private static func sample(_ generator: inout SeededGenerator, _ count: Int) throws -> [Market] {
        try (0..<count).map { _ in
            try Market(
                externalPrice: generator.uniform(0.6...0.8), failureProbability: generator.uniform(0...0.2),
                collateral: 1,
                reservationPrice: generator.uniform(0.7...1.6))
        }
    }

    private static func robust(_ markets: [Market], failures: Int = 0) -> RobustReward {
        let none = [Double](repeating: .nan, count: failures)
        return RobustReward(
            lower: markets.map(\.externalPrice) + none, upper: markets.map { $0.rewardBounds?.upper ?? .nan } + none)
    }

    @Test func probabilitiesAreCounts() throws {
        var generator = SeededGenerator(seed: 61)
        for _ in 0..<50 {
            let markets = try Self.sample(&generator, 40)
            let robust = Self.robust(markets, failures: 3)
            #expect(robust.count == 40)
            #expect(robust.failed == 3)
            func balanced(_ gamma: Double) -> Int {
                markets.count { Equilibrium(market: $0, blockReward: gamma).outcome == .balanced }
            }
            #expect(robust.emptyBands == markets.count { $0.rewardBounds == nil })
            let points = (0...300).map { 0.5 + Double($0) / 250 } + markets.map(\.externalPrice)
            #expect(Int(robust.best.weight) >= points.map(balanced).max() ?? 0)
            for range in robust.best.ranges {
                #expect(balanced(range.lowerBound) == Int(robust.best.weight))
                #expect(balanced(range.upperBound) == Int(robust.best.weight))
            }
            for least in [1, 10, 20, Int(robust.best.weight)] {
                let ranges = robust.ranges(ofAtLeast: UInt64(least))
                for gamma in points { #expect(ranges.contains { $0.contains(gamma) } == (balanced(gamma) >= least)) }
                for range in ranges {
                    #expect(balanced(range.lowerBound) >= least)
                    #expect(balanced(range.lowerBound.nextDown) < least)
                    #expect(balanced(range.upperBound) >= least)
                    #expect(balanced(range.upperBound.nextUp) < least)
                }
            }
            for gamma in points.prefix(50) {
                #expect(robust.shares(at: gamma)?.balanced == Double(balanced(gamma)) / 40)
            }
        }
    }

    @Test func fewestMarkets() {
        let robust = RobustReward(lower: [Double](repeating: 1, count: 100), upper: [Double](repeating: 2, count: 100))
        #expect(robust.fewest(for: 0.95) == 95)
        #expect(robust.fewest(for: 0) == 0)
        #expect(robust.fewest(for: 1) == 100)
        // Wilson's lower bound of 98 of 100 at 1.645 standard errors is 0.9429, of 99 it is 0.9594.
        #expect(robust.fewest(for: 0.95, deviations: 1.645) == 99)
        // Even all of them do not make sure of 0.99: n/(n + z²) = 0.9737.
        #expect(robust.fewest(for: 0.99, deviations: 1.645) == nil)
        #expect(RobustReward(lower: [.nan], upper: [.nan]).fewest(for: 0.5) == nil)
        #expect(RobustReward(lower: [.nan], upper: [.nan]).shares(at: 1) == nil)
    }
}
