import DissipativeMarket
import RewardStudies
import TestSupport
import Testing

@Suite struct BlockBootstrapTests {
    private static func history(_ prices: [Double], hours: Int64 = 1, delta: Double = 1.3) throws -> PriceHistory {
        let hour: Int64 = 3_600_000_000_000 * hours
        let rows = try prices.enumerated().map {
            PriceHistory.Row(
                time: Int64($0.offset) * hour, market: try Market(externalPrice: $0.element, reservationPrice: delta))
        }
        return try PriceHistory(rows, until: Int64(prices.count) * hour)
    }

    /// One block as long as the circle is the circle, wherever it begins: each resample is the history.
    @Test func aBlockOfAllTimeIsTheHistory() throws {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<20 {
            let samples = try generator.history(rows: 2...12)
            guard let history = try? PriceHistory(samples.map(\.row), until: 9) else { continue }
            let calibration = HistoryCalibration(history)
            let bootstrap = try #require(BlockBootstrap(resamples: 10, block: calibration.duration, seed: 1))
            for resample in bootstrap.resample(calibration) {
                let best = calibration.best.widest
                #expect(resample.bestLower == best?.lowerBound ?? resample.bestLower)
                #expect(resample.bestUpper == best?.upperBound ?? resample.bestUpper)
                #expect(resample.bestLower.isNaN == (best == nil))
                #expect(resample.shareAtBest == (best.map { calibration.shares(at: $0.lowerBound).balanced } ?? 0))
            }
        }
    }

    /// A duration of 7 h in blocks of 2 h: four for each resample; as many as 64 bits hold where they are more.
    @Test func blocksAreCounted() throws {
        let calibration = HistoryCalibration(try Self.history([Double](repeating: 0.7, count: 7)))
        let hour: UInt64 = 3_600_000_000_000
        #expect(try #require(BlockBootstrap(resamples: 10, block: 2 * hour, seed: 0)).blockCount(calibration) == 40)
        #expect(try #require(BlockBootstrap(resamples: 10, block: 7 * hour, seed: 0)).blockCount(calibration) == 10)
        #expect(
            try #require(BlockBootstrap(resamples: 10_000_000, block: 1, seed: 0)).blockCount(calibration) == .max)
    }

    @Test func dependsOnTheSeedAndNotOnThreads() throws {
        var generator = SeededGenerator(seed: 22)
        let calibration = HistoryCalibration(try Self.history((0..<200).map { _ in generator.uniform(0.5...1.4) }))
        func run(_ seed: UInt64, _ threads: Int) throws -> [BlockBootstrap.Resample] {
            let bootstrap = try #require(BlockBootstrap(resamples: 50, block: 3_600_000_000_000 * 6, seed: seed))
            return bootstrap.resample(calibration, threads: threads)
        }
        #expect(try run(0, 1) == run(0, 4))
        #expect(try run(0, 1) != run(1, 1))
        // More resamples begin with the same.
        let more = try #require(BlockBootstrap(resamples: 80, block: 3_600_000_000_000 * 6, seed: 0))
        #expect(try Array(more.resample(calibration).prefix(50)) == run(0, 1))
    }

    /// The mean over resamples of a share of time is the history's share: every moment is as likely as another, also with
    /// blocks that do not divide the history.
    @Test func everyMomentIsEquallyLikely() throws {
        // 1.2 has no band of use for the others: shares differ between rows of different durations.
        let hour: Int64 = 3_600_000_000_000
        let markets = try [0.7, 1.2, 0.9].map { try Market(externalPrice: $0, reservationPrice: 1.3) }
        let rows = zip([0, hour, 5 * hour], markets).map { PriceHistory.Row(time: $0, market: $1) }
        let calibration = HistoryCalibration(try PriceHistory(rows, until: 8 * hour))
        let share = calibration.shares(at: try #require(calibration.best.widest).lowerBound).balanced
        #expect(share == 0.5)
        let count = 20_000
        let bootstrap = try #require(BlockBootstrap(resamples: count, block: UInt64(3 * hour + 17), seed: 5))
        let mean = bootstrap.resample(calibration).reduce(0) { $0 + $1.shareAtBest } / Double(count)
        // A share has a standard deviation of at most ½: five standard errors.
        #expect(abs(mean - share) < 5 * 0.5 / Double(count).squareRoot())
    }

    /// How often the intervals hold what they should, over histories whose prices last for a while. The share of time under kβ
    /// at its best is that of the time with a band: P(β ≤ δ) = 0.7.
    @Test func theIntervalOfTheShareHoldsIt() throws {
        let histories = 200
        var held = 0
        for index in 0..<histories {
            var generator = SeededGenerator(seed: UInt64(1000 + index))
            var prices: [Double] = []
            var price = generator.uniform(0...1)
            while prices.count < 1500 {
                prices.append(0.6 + price)
                if generator.uniform(0...1) < 0.25 { price = generator.uniform(0...1) }
            }
            let calibration = HistoryCalibration(try Self.history(prices), rule: .multipleOfPrice)
            let bootstrap = try #require(
                BlockBootstrap(resamples: 150, block: 3_600_000_000_000 * 40, seed: UInt64(index)))
            let interval = BootstrapIntervals(bootstrap.resample(calibration), confidence: 0.9)
            if interval.share.contains(0.7) { held += 1 }
        }
        let coverage = Double(held) / Double(histories)
        // Blocks of 40 rows miss 3.4/40 of the variance of a price that stays with probability ¾: 0.88 of 0.9 is left. Three
        // standard errors of the count, 0.023, are allowed on either side.
        #expect(coverage > 0.81 && coverage < 0.95, "\(coverage)")
    }

    /// The best γ of prices that are uniform from 0.5 to 1, with δ = 1.2, is L(1.2, 0.5): up to there every price below it is
    /// balanced, and from there on those are lost from below whose γ_max is less.
    @Test func theIntervalOfTheBestRewardHoldsIt() throws {
        let best = try #require(Market(externalPrice: 0.5, reservationPrice: 1.2).rewardBounds).upper
        let histories = 200
        var held = 0
        for index in 0..<histories {
            var generator = SeededGenerator(seed: UInt64(5000 + index))
            let prices = (0..<300).map { _ in generator.uniform(0.5...1) }
            let calibration = HistoryCalibration(try Self.history(prices, delta: 1.2))
            let bootstrap = try #require(
                BlockBootstrap(resamples: 100, block: 3_600_000_000_000 * 5, seed: UInt64(index)))
            let interval = BootstrapIntervals(bootstrap.resample(calibration), confidence: 0.9)
            if try #require(interval.best).contains(best) { held += 1 }
        }
        // A maximum does not have its level: 0.7 was found for 0.9, as the documentation says. Half would be of no use.
        #expect(held > histories / 2, "\(held) of \(histories)")
    }

    @Test func quantilesAreLinearBetweenNeighbours() {
        let resamples = (1...5).map {
            BlockBootstrap.Resample(bestLower: Double($0), bestUpper: Double($0) + 10, shareAtBest: Double($0) / 10)
        }
        let intervals = BootstrapIntervals(resamples.shuffled(), confidence: 0.75)
        // Places 0.5 and 3.5 of 0 … 4.
        #expect(intervals.best == 1.5...14.5)
        #expect(abs(intervals.share.lowerBound - 0.15) < 1e-15)
        #expect(abs(intervals.share.upperBound - 0.45) < 1e-15)
        let none = BootstrapIntervals([.init(bestLower: .nan, bestUpper: .nan, shareAtBest: 0)], confidence: 0.9)
        #expect(none.best == nil)
        #expect(none.share == 0...0)
    }

    @Test func refusesWhatIsNoBootstrap() {
        #expect(BlockBootstrap(resamples: 1, block: 5, seed: 0) == nil)
        #expect(BlockBootstrap(resamples: 2, block: 0, seed: 0) == nil)
    }
}
