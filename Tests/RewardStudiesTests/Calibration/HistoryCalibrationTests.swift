import DissipativeMarket
import RewardStudies
import TestSupport
import Testing

@Suite struct HistoryCalibrationTests {
    /// What one and the same reward, or factor, does to a history: the outcome of each row by the model's own words, its
    /// duration added.
    private static func plainShares(
        at x: Double, _ rows: [SampleRow], references: [Double]?, until end: Int64
    ) -> [Outcome: Int64] {
        var sums: [Outcome: Int64] = [:]
        for (index, duration) in plainDurations(rows, until: end).enumerated() {
            guard let market = rows[index].market else { continue }
            let gamma = references.map { x * $0[index] } ?? x
            sums[Equilibrium(market: market, blockReward: gamma).outcome, default: 0] += duration
        }
        return sums
    }

    private static let rules: [RewardRule] = [.constant, .multipleOfPrice, .multipleOfMean(window: 3)]

    /// Every point at which something may change, its neighbours, and the middles.
    private static func points(_ calibration: HistoryCalibration) -> [Double] {
        var ends: Set<Double> = [0]
        for index in calibration.history.rows.indices {
            guard let range = calibration.range(of: index) else { continue }
            for end in [range.lowerBound, range.upperBound] { ends.formUnion([end, end.nextUp, end.nextDown]) }
        }
        let sorted = ends.sorted()
        return sorted + zip(sorted, sorted.dropFirst()).map { $0 + ($1 - $0) / 2 } + [100]
    }

    @Test(arguments: rules) func agreesWithBruteForce(_ rule: RewardRule) throws {
        var generator = SeededGenerator(seed: 7)
        var (tried, several, singlePoints) = (0, 0, 0)
        while tried < 400 {
            let samples = try generator.history()
            let end = (samples.last?.time ?? 0) + Int64.random(in: 0...3, using: &generator)
            let known = zip(samples, plainDurations(samples, until: end)).reduce(0) {
                $1.0.market == nil ? $0 : $0 + $1.1
            }
            guard known > 0 else { continue }
            // A band that is a point has a factor of a mean, but the product of the two may round to a neighbour.
            if case .multipleOfMean = rule, samples.contains(where: { $0.market?.rewardBounds?.width == 0 }) {
                continue
            }
            tried += 1
            let calibration = HistoryCalibration(try PriceHistory(samples.map(\.row), until: end), rule: rule)
            #expect(calibration.duration == UInt64(known))

            let points = Self.points(calibration)
            let sums = points.map {
                Self.plainShares(at: $0, samples, references: calibration.references, until: end)
            }
            let largest = sums.map { $0[.balanced] ?? 0 }.max() ?? 0
            #expect(calibration.best.weight == UInt64(largest))
            if largest == 0 { #expect(calibration.best.ranges.isEmpty) }
            for (x, sum) in zip(points, sums) {
                let isBest = largest > 0 && sum[.balanced] ?? 0 == largest
                #expect(calibration.best.ranges.contains { $0.contains(x) } == isBest, "\(x) of \(samples)")
                let shares = calibration.shares(at: x)
                for (share, outcome) in [
                    (shares.balanced, Outcome.balanced), (shares.exodus, .exodus), (shares.scarcity, .scarcity),
                    (shares.emptyBand, .emptyBand),
                ] {
                    #expect(share == Double(sum[outcome] ?? 0) / Double(known))
                }
            }
            // The profile, at its own points and right before the next one's.
            let profile = Array(calibration.profile())
            #expect(profile.first?.x == 0)
            for (index, step) in profile.enumerated() {
                #expect(step.shares == calibration.shares(at: step.x))
                if index + 1 < profile.count {
                    #expect(profile[index + 1].x > step.x)
                    #expect(profile[index + 1].shares != step.shares)
                    #expect(step.shares == calibration.shares(at: profile[index + 1].x.nextDown))
                }
            }
            #expect(profile.last.map { $0.shares == calibration.shares(at: 1e300) } == true)
            if calibration.best.ranges.count > 1 { several += 1 }
            if calibration.best.ranges.contains(where: { $0.lowerBound == $0.upperBound }) { singlePoints += 1 }
        }
        // The special cases have come up: several optima, and optima that are a point.
        if rule == .constant { #expect(several > 10 && singlePoints > 10) }
    }

    // MARK: - What must not matter

    @Test(arguments: rules) func theUnitOfPricesDoesNotMatter(_ rule: RewardRule) throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<100 {
            let samples = try generator.history(rows: 2...12)
            guard let history = try? PriceHistory(samples.map(\.row), until: 7) else { continue }
            let calibration = HistoryCalibration(history, rule: rule)
            // A power of two scales without rounding.
            for scale in [0x1p-40, 0x1p30] {
                let scaled = try samples.map { sample in
                    SampleRow(
                        time: sample.time,
                        market: try sample.market.map {
                            try Market(
                                externalPrice: $0.externalPrice * scale, failureProbability: $0.failureProbability,
                                collateral: $0.collateral * scale, reservationPrice: $0.reservationPrice * scale,
                                swapFee: $0.swapFee)
                        })
                }
                let other = HistoryCalibration(try PriceHistory(scaled.map(\.row), until: 7), rule: rule)
                let factor = rule == .constant ? scale : 1
                #expect(
                    other.best.ranges
                        == calibration.best.ranges.map { $0.lowerBound * factor...$0.upperBound * factor })
                #expect(other.best.weight == calibration.best.weight)
            }
        }
    }

    @Test(arguments: rules) func theOrderOfRowsDoesNotMatter(_ rule: RewardRule) throws {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<200 {
            // Times that differ: of equal ones the last counts.
            var samples = try generator.history(rows: 2...12)
            for index in samples.indices { samples[index].time = Int64(3 * index) + samples[index].time % 2 }
            guard let history = try? PriceHistory(samples.map(\.row), until: 50) else { continue }
            let calibration = HistoryCalibration(history, rule: rule)
            samples.shuffle(using: &generator)
            let other = HistoryCalibration(try PriceHistory(samples.map(\.row), until: 50), rule: rule)
            #expect(other.best == calibration.best)
            #expect(other.weights == calibration.weights)
        }
    }

    /// Not under a rule of means, which sets the reward anew with each row.
    @Test(arguments: [RewardRule.constant, .multipleOfPrice]) func splittingARowDoesNotMatter(_ rule: RewardRule) throws
    {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<200 {
            let samples = try generator.history(rows: 1...8)
            let end = (samples.last?.time ?? 0) + 4
            guard let history = try? PriceHistory(samples.map(\.row), until: end) else { continue }
            let calibration = HistoryCalibration(history, rule: rule)
            let durations = plainDurations(samples, until: end)
            var split: [SampleRow] = []
            for (sample, duration) in zip(samples, durations) {
                split.append(sample)
                for step in stride(from: Int64(1), to: duration, by: 1) {
                    split.append(SampleRow(time: sample.time + step, market: sample.market))
                }
            }
            let other = HistoryCalibration(try PriceHistory(split.map(\.row), until: end), rule: rule)
            #expect(other.best == calibration.best)
            #expect(other.duration == calibration.duration)
            #expect(
                other.profile().map { "\($0)" }.joined() == calibration.profile().map { "\($0)" }.joined())
        }
    }

    /// A thousand identical rows are one long one, to the last bit.
    @Test func identicalRowsMakeNoDifferences() throws {
        let market = try Market(externalPrice: 0.7, reservationPrice: 1.3)
        let other = try Market(externalPrice: 3, reservationPrice: 4)
        let times = (0..<1000).map { Int64($0) * 333_333_333 }
        var rows = times.map { PriceHistory.Row(time: $0, market: market) }
        rows.append(PriceHistory.Row(time: 1000 * 333_333_333, market: other))
        let calibration = HistoryCalibration(try PriceHistory(rows, until: 2000 * 333_333_333))
        let bands = try [market, other].map { try #require($0.rewardBounds) }
        // Both hold for exactly as long.
        #expect(calibration.best.ranges == bands.map { $0.lower...$0.upper })
        #expect(calibration.shares(at: 0.7).balanced == 0.5)
        #expect(Array(calibration.profile()).count == 5)
    }

    // MARK: - Rules

    @Test func meansAreThoseOfTheWindow() throws {
        var generator = SeededGenerator(seed: 14)
        for _ in 0..<300 {
            let samples = try generator.history(rows: 2...12)
            guard let history = try? PriceHistory(samples.map(\.row), until: 8) else { continue }
            let window = Int64.random(in: 1...9, using: &generator)
            let means = try #require(
                HistoryCalibration(history, rule: .multipleOfMean(window: UInt64(window))).references)
            for (index, sample) in samples.enumerated() {
                // Nanosecond by nanosecond, which is exact: the prices' sums have few digits.
                var (sum, count, last) = (0.0, 0.0, Double.nan)
                for moment in samples[0].time..<max(sample.time, samples[0].time + 1) where moment < sample.time {
                    guard let market = samples[..<index].last(where: { $0.time <= moment })?.market else { continue }
                    if moment >= sample.time - window { (sum, count) = (sum + market.externalPrice, count + 1) }
                }
                last = samples[..<index].last { $0.market != nil }?.market?.externalPrice ?? .nan
                let own = sample.market?.externalPrice ?? .nan
                let expected = count > 0 ? sum / count : last > 0 ? last : own
                // The plain sum of up to 12 prices is off by a few ulp.
                #expect(
                    abs(means[index] - expected) <= 8 * expected.ulp || (means[index].isNaN && expected.isNaN),
                    "\(means[index]) \(expected)")
            }
        }
    }

    /// The mean of what does not change is that price, exactly, however long the history before the window is.
    @Test func theMeanOfAConstantPriceIsThatPrice() throws {
        let market = try Market(externalPrice: 0.7, reservationPrice: 1.3)
        let early = try Market(externalPrice: 1e6 / 3, reservationPrice: 1.3)
        var rows = (0..<1000).map { PriceHistory.Row(time: Int64($0) * 1_000_000_007, market: early) }
        rows += (1000..<1100).map { PriceHistory.Row(time: Int64($0) * 1_000_000_007, market: market) }
        let history = try PriceHistory(rows)
        let means = try #require(
            HistoryCalibration(history, rule: .multipleOfMean(window: 5_000_000_000)).references)
        #expect(means[1010...].allSatisfy { $0 == 0.7 })
    }

    /// A multiple of the price is balanced in every row that has a band, at k = 1.
    @Test func theMultipleOfThePriceBeginsAtOne() throws {
        var generator = SeededGenerator(seed: 15)
        for _ in 0..<100 {
            let markets = try (0..<20).map { _ in
                try Market(
                    externalPrice: generator.uniform(0.1...1), failureProbability: 0.1,
                    collateral: generator.uniform(0...1),
                    reservationPrice: generator.uniform(0.5...2))
            }
            let rows = markets.enumerated().map { PriceHistory.Row(time: Int64($0.offset), market: $0.element) }
            let calibration = HistoryCalibration(try PriceHistory(rows, until: 20), rule: .multipleOfPrice)
            let relative = markets.compactMap { market in market.rewardBounds.map { $0.upper / market.externalPrice } }
            guard let least = relative.min() else { continue }
            #expect(calibration.best.ranges.count == 1)
            #expect(calibration.best.widest?.lowerBound == 1)
            // The largest factor whose product is within the bound: the rounded quotient, or its neighbour.
            #expect(abs((calibration.best.widest?.upperBound ?? 0) - least) <= least.ulp)
        }
    }

    @Test func nothingIsBalancedWhereAllBandsAreEmpty() throws {
        let market = try Market(externalPrice: 26, reservationPrice: 2.6)
        let calibration = HistoryCalibration(try PriceHistory([PriceHistory.Row(time: 0, market: market)], until: 5))
        #expect(calibration.best.ranges.isEmpty)
        #expect(calibration.best.widest == nil)
        #expect(calibration.shares(at: 3).emptyBand == 1)
    }
}
