import DissipativeMarket
import TestSupport
import Testing

@testable import RewardStudies

@Suite struct RewardBacktestTests {
    private static let hour: Int64 = 3_600_000_000_000

    /// Hourly prices; nil where nothing is known.
    private static func history(_ prices: [Double?], delta: Double = 3, until hours: Int? = nil) throws -> PriceHistory
    {
        try PriceHistory(
            prices.enumerated().map { place, price in
                let time = Int64(place) * hour
                guard let price else { return PriceHistory.Row(unknownFrom: time) }
                return PriceHistory.Row(time: time, market: try Market(externalPrice: price, reservationPrice: delta))
            }, until: Int64(hours ?? prices.count) * hour)
    }

    @Test func aConstantRewardByHand() throws {
        // γ = 1.5: inside, below by 0.5 and 1, unknown, below by 0.25, no band, inside; then an end.
        let backtest = RewardBacktest(
            try Self.history([1, 2, 2.5, nil, 1.75, 4, 1]), policies: [.constant(1.5)])
        let score = try #require(backtest.score(0, in: backtest.wholePeriod))
        #expect(score.shares.balanced == 2.0 / 6)
        #expect(score.shares.exodus == 3.0 / 6)
        #expect(score.shares.emptyBand == 1.0 / 6)
        #expect(score.shares.scarcity == 0)
        #expect(abs(score.meanShortfall - 1.75 / 3) <= 1e-15)
        #expect(score.largestShortfall == 1)
        #expect(score.meanExcess == 0)
        #expect(score.spells == 2)
        #expect(score.longestSpell == UInt64(2 * Self.hour))
        #expect(score.meanReward == 1.5)
        let part = try #require(
            backtest.score(0, in: .init(start: Self.hour / 2, end: 2 * Self.hour)))
        #expect(part.shares.balanced == 0.5 / 1.5)
        #expect(part.spells == 1)
    }

    @Test func excessIsMeasuredFromTheUpperBound() throws {
        let backtest = RewardBacktest(try Self.history([1, 2]), policies: [.constant(2.5)])
        let upper = try #require(try Market(externalPrice: 1, reservationPrice: 3).rewardBounds).upper
        let score = try #require(backtest.score(0, in: backtest.wholePeriod))
        let second = try #require(try Market(externalPrice: 2, reservationPrice: 3).rewardBounds).upper
        #expect(score.largestExcess == 2.5 - upper)
        #expect(abs(score.meanExcess - (2.5 - upper + 2.5 - second) / 2) <= 1e-15)
    }

    @Test func policiesSetWhatIsKnownAtTheStart() throws {
        let history = try Self.history([1, 3, 2, 2])
        #expect(RewardPolicy.multipleOfPrice(1.5).rewards(history) == [1.5, 4.5, 3, 3])
        let mean = RewardPolicy.multipleOfMean(window: UInt64(2 * Self.hour), factor: 2)
        #expect(mean.rewards(history)[2...] == [4, 5])
        let schedule = try EmissionSchedule(
            tokens: 8, period: UInt64(Self.hour), start: Self.hour, halving: UInt64(Self.hour), share: 1, capacity: 1,
            tokenPrice: 1, unit: UInt64(Self.hour))
        #expect(RewardPolicy.schedule(schedule).rewards(history) == [0, 8, 4, 2])
    }

    /// What has no full window counts for none of the policies.
    @Test func rowsWithoutAFullWindowAreLeftOutForAll() throws {
        let backtest = RewardBacktest(
            try Self.history([1, 2, 1, 1]),
            policies: [.constant(1), .multipleOfMean(window: UInt64(2 * Self.hour), factor: 1)])
        #expect(backtest.rowsWithoutWindow == 2)
        #expect(backtest.durationWithoutWindow == UInt64(2 * Self.hour))
        #expect(backtest.duration(of: backtest.wholePeriod) == UInt64(2 * Self.hour))
        #expect(backtest.score(0, in: backtest.wholePeriod)?.shares.balanced == 1)
        #expect(backtest.score(1, in: backtest.wholePeriod)?.meanReward == 1.5)
    }

    @Test func differencesArePaired() throws {
        var generator = SeededGenerator(seed: 5)
        let prices = (0..<400).map { _ in Double.random(in: 1...2, using: &generator) }
        // A reward beside itself differs in no resample; a higher one is never worse here.
        let backtest = RewardBacktest(
            try Self.history(prices, delta: 9),
            policies: [.constant(1.5), .constant(1.5), .constant(2), .constant(1.2)])
        func intervals(threads: Int, seed: UInt64 = 1) -> [ClosedRange<Double>?] {
            backtest.differences(
                in: backtest.wholePeriod, resamples: 400, block: UInt64(5 * Self.hour), confidence: 0.9, seed: seed,
                threads: threads)
        }
        let found = intervals(threads: 1)
        #expect(found[0] == nil)
        #expect(found[1] == 0...0)
        let share = prices.reduce(0.0) { $0 + ($1 > 1.5 ? 1 : 0) } / 400
        let higher = try #require(found[2])
        #expect(higher.contains(share) && higher.lowerBound > 0)
        // Blocks of five of 400 independent hours: a standard deviation of √(s(1−s)/400), 1.645 of them to either side, and the
        // quantiles of 400 resamples are off by some 10 %.
        let half = 1.645 * (share * (1 - share) / 400).squareRoot()
        #expect(abs((higher.upperBound - higher.lowerBound) / 2 / half - 1) < 0.35)
        #expect(try #require(found[3]).upperBound < 0)
        #expect(intervals(threads: 2) == found)
        #expect(intervals(threads: 2, seed: 2) != found)
    }
}
