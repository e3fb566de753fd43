import DissipativeMarket
import RewardStudies
import TestSupport
import Testing

@Suite struct RollingCalibrationTests {
    /// The rows from one moment to another, as a history of their own.
    private static func cut(_ samples: [SampleRow], from start: Int64, to end: Int64, until last: Int64)
        -> PriceHistory?
    {
        var rows: [SampleRow] = []
        for (sample, duration) in zip(samples, plainDurations(samples, until: last)) {
            let (from, to) = (max(sample.time, start), min(sample.time + duration, end))
            if from < to { rows.append(SampleRow(time: from, market: sample.market)) }
        }
        let stop = min(end, last)
        return rows.isEmpty ? nil : try? PriceHistory(rows.map(\.row), until: stop)
    }

    @Test func eachFoldIsACalibrationOfItsRows() throws {
        var generator = SeededGenerator(seed: 31)
        var (tested, without) = (0, 0)
        for _ in 0..<300 {
            let samples = try generator.history(rows: 2...12)
            let end = (samples.last?.time ?? 0) + 2
            guard let history = try? PriceHistory(samples.map(\.row), until: end) else { continue }
            let (training, test) = (
                Int64.random(in: 1...5, using: &generator), Int64.random(in: 1...3, using: &generator)
            )
            let calibration = HistoryCalibration(history)
            let rolling = try #require(RollingCalibration(training: UInt64(training), test: UInt64(test)))
            let folds = rolling.folds(calibration, threads: 2)
            let length = end - samples[0].time
            #expect(folds.count == (length < training + test ? 0 : Int((length - training) / test)))
            for (index, fold) in folds.enumerated() {
                #expect(fold.start == samples[0].time + Int64(index) * test)
                #expect(fold.testStart == fold.start + training)
                #expect(fold.end == fold.testStart + test)
                let trained = Self.cut(samples, from: fold.start, to: fold.testStart, until: end).map {
                    HistoryCalibration($0)
                }
                #expect(fold.best == trained?.best.widest)
                guard let reward = fold.reward, let trained else {
                    #expect(fold.testShares == nil)
                    #expect(fold.testDuration == 0)
                    without += 1
                    continue
                }
                #expect(fold.trainingShares == trained.shares(at: reward))
                let tried = Self.cut(samples, from: fold.testStart, to: fold.end, until: end).map {
                    HistoryCalibration($0)
                }
                #expect(fold.testShares == tried?.shares(at: reward))
                #expect(fold.testDuration == tried?.duration ?? 0)
                tested += 1
            }
        }
        #expect(tested > 200)
        #expect(without > 20)
    }

    /// References reach back before the training, as they would on the day.
    @Test func meansAreThoseOfTheWholeHistory() throws {
        let prices = [1.0, 0.5, 0.5, 0.5, 0.5, 0.5]
        let rows = try prices.enumerated().map {
            PriceHistory.Row(time: Int64($0.offset), market: try Market(externalPrice: $0.element, reservationPrice: 3))
        }
        let calibration = HistoryCalibration(try PriceHistory(rows, until: 6), rule: .multipleOfMean(window: 2))
        #expect(try #require(calibration.references) == [1, 1, 0.75, 0.5, 0.5, 0.5])
        let folds = try #require(RollingCalibration(training: 2, test: 1)).folds(calibration)
        // Rows 1 and 2 ask for k ≥ 0.5 and k ≥ 2/3; with their own means it would be k ≥ 1.
        #expect(try #require(folds[1].best).lowerBound == 0.5 / 0.75)
    }

    /// Means over the tests that paid, each weighted by what is known of it: the sum of balanced times over the sum of times.
    @Test func foldsAreSummarised() throws {
        let prices = [1.0, 0.5, 2, 0.5, 0.8, 0.5]
        let rows = try prices.enumerated().map {
            PriceHistory.Row(
                time: Int64($0.offset), market: try Market(externalPrice: $0.element, reservationPrice: 1.5))
        }
        let calibration = HistoryCalibration(try PriceHistory(rows, until: 6))
        let folds = try #require(RollingCalibration(training: 2, test: 1)).folds(calibration)
        let summary = RollingCalibration.Summary(folds)
        let paid = folds.filter { $0.testShares != nil }
        #expect(summary.tests == paid.count)
        #expect(paid.count >= 3)
        let balanced = paid.reduce(0) { $0 + ($1.testShares?.balanced ?? 0) * Double($1.testDuration) }
        let time = paid.reduce(0) { $0 + Double($1.testDuration) }
        #expect(try #require(summary.test).balanced == balanced / time)
        let training = paid.reduce(0) { $0 + ($1.trainingShares?.emptyBand ?? 0) * Double($1.testDuration) }
        #expect(try #require(summary.training).emptyBand == training / time)
        #expect(RollingCalibration.Summary([]).test == nil)
    }

    @Test func refusesStretchesWithoutLength() {
        #expect(RollingCalibration(training: 0, test: 1) == nil)
        #expect(RollingCalibration(training: 1, test: 0) == nil)
        #expect(RollingCalibration(training: .max, test: .max) != nil)
    }
}
