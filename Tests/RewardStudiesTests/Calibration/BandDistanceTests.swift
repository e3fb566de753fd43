import DissipativeMarket
import TestSupport
import Testing

@testable import RewardStudies

@Suite struct BandDistanceTests {
    /// Every end is tried: a convex, piecewise linear function is smallest at one of them.
    @Test(arguments: 0..<40) func theMinimumIsThatOfAllEnds(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...12, using: &generator)
        let lower = (0..<count).map { _ in Double(Int.random(in: 0...10, using: &generator)) }
        // Some are the wrong way round, as a margin may leave them.
        let upper = lower.map { $0 + Double(Int.random(in: -2...5, using: &generator)) }
        let weights = (0..<count).map { _ in UInt64.random(in: 0...3, using: &generator) }
        let references = seed % 2 == 0 ? nil : (0..<count).map { _ in Double(Int.random(in: 1...4, using: &generator)) }
        let distance = BandDistance(from: lower, to: upper, references: references)
        func value(_ x: Double) -> Double {
            lower.indices.reduce(0) {
                $0 + Double(weights[$1]) * (references?[$1] ?? 1) * (max(lower[$1] - x, 0) + max(x - upper[$1], 0))
            }
        }
        guard let best = distance.minimum(weights: weights) else {
            #expect(weights.allSatisfy { $0 == 0 })
            return
        }
        // Whole numbers: nothing is rounded.
        let least = (lower + upper).map(value).min()
        #expect(value(best.lowerBound) == least)
        #expect(value(best.upperBound) == least)
        #expect(value(best.lowerBound - 0.25) > value(best.lowerBound))
        #expect(value(best.upperBound + 0.25) > value(best.upperBound))
        #expect(distance.sum(at: 3.5, weights: weights) == value(3.5))
    }

    private static func history(_ prices: [Double]) throws -> PriceHistory {
        try PriceHistory(
            prices.enumerated().map {
                PriceHistory.Row(time: Int64($0), market: try Market(externalPrice: $1, reservationPrice: 3))
            }, until: Int64(prices.count))
    }

    @Test func theLeastShortfallIsNotTheLeastTime() throws {
        // Most of the time β is 1, and γ_max 1.82; for a while it is 2.9. To be near that is worth more than to be inside.
        let history = try Self.history([1, 1, 1, 1, 1, 2.9, 2.9, 2.9, 2.9])
        let time = HistoryCalibration(history)
        let shortfall = HistoryCalibration(history, goal: CalibrationGoal(.shortfall))
        #expect(time.best.widest?.lowerBound == 1)
        let upper = try #require(try Market(externalPrice: 1, reservationPrice: 3).rewardBounds).upper
        #expect(shortfall.best.widest == upper...upper)
        let mean = try #require(shortfall.meanShortfall(at: upper))
        #expect(abs(mean - 4 * (2.9 - upper) / 9) <= 1e-15)
        #expect(time.meanShortfall(at: upper) == nil)
    }

    @Test func aMarginKeepsAwayFromTheEnds() throws {
        let history = try Self.history([1, 1.2])
        let upper = try #require(try Market(externalPrice: 1, reservationPrice: 3).rewardBounds).upper
        let byShare = HistoryCalibration(history, goal: CalibrationGoal(margin: .share(0.05)))
        #expect(byShare.best.widest == 1.05 * 1.2...0.95 * upper)
        let byTokens = HistoryCalibration(history, goal: CalibrationGoal(margin: .tokens(0.1)))
        #expect(byTokens.best.widest == 1.2 + 0.1...upper - 0.1)
        #expect(byTokens.shareInside(at: 1.25) == 0.5)
        #expect(byTokens.shares(at: 1.25).balanced == 1)
        let none = HistoryCalibration(history, goal: CalibrationGoal(margin: .tokens(1)))
        #expect(none.best.ranges.isEmpty)
        // The factor k of a price rule.
        let rule = HistoryCalibration(history, rule: .multipleOfPrice, goal: CalibrationGoal(margin: .share(0.05)))
        #expect(rule.best.widest?.lowerBound == max(1.05, 1.05 * 1.2 / 1.2))
    }

    @Test func theShareOfTestsHasAnInterval() throws {
        var generator = SeededGenerator(seed: 9)
        let history = try Self.history((0..<600).map { _ in Double.random(in: 1...2.9, using: &generator) })
        let calibration = HistoryCalibration(history)
        let folds = try #require(RollingCalibration(training: 100, test: 10)).folds(calibration)
        let share = try #require(RollingCalibration.Summary(folds).test).balanced
        let bootstrap = try #require(BlockBootstrap(resamples: 300, block: 5, seed: 1))
        let interval = try #require(bootstrap.testShare(folds, of: calibration, confidence: 0.9, threads: 1))
        #expect(interval.contains(share))
        // 500 independent rows: 1.645 standard deviations to either side, the quantiles of 300 resamples some 10 % off.
        let half = 1.645 * (share * (1 - share) / 500).squareRoot()
        #expect(abs((interval.upperBound - interval.lowerBound) / 2 / half - 1) < 0.35)
        #expect(bootstrap.testShare(folds, of: calibration, confidence: 0.9, threads: 2) == interval)
    }
}
