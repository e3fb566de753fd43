import NumericalMethods
import Parallelism

/// A best reward on trial: found on one stretch of a history and paid in the next one.
///
/// The first stretch begins with the history; each following one begins when the test of the one before ends less the
/// training's length, so that tests follow each other without a gap. Only whole tests count. The x that is paid is the middle of
/// the widest range that is best in training.
public struct RollingCalibration: Sendable {
    /// How long the training is, in nanoseconds.
    public let training: UInt64
    /// How long the test is, in nanoseconds.
    public let test: UInt64

    /// nil unless both have a length.
    public init?(training: UInt64, test: UInt64) {
        guard training > 0, test > 0 else { return nil }
        self.training = training
        self.test = test
    }

    /// A training and its test.
    public struct Fold: Equatable, Sendable {
        /// When the training begins.
        public let start: Int64
        /// When it ends and the test begins.
        public let testStart: Int64
        /// When the test ends.
        public let end: Int64
        /// The widest range that is best in training; nil where nothing is balanced then, or nothing known.
        public let best: ClosedRange<Double>?
        /// The shares of the training's time under the x that is paid; nil where there is none.
        public let trainingShares: OutcomeShares?
        /// The shares of the test's time; nil where there is no x, or nothing of the time is known.
        public let testShares: OutcomeShares?
        /// How much of the test's time counts, in nanoseconds: what is known of it, 0 where there is no x.
        public let testDuration: UInt64

        /// The x that is paid.
        public var reward: Double? { best.map { $0.lowerBound + ($0.upperBound - $0.lowerBound) / 2 } }
    }

    /// What folds say together: means over the tests in which a reward was paid, weighted by how much of each is known.
    public struct Summary: Equatable, Sendable {
        /// How many tests there are.
        public let tests: Int
        /// The shares of the tests' trainings; nil without a test.
        public let training: OutcomeShares?
        /// The shares of the tests; nil without a test.
        public let test: OutcomeShares?

        /// The summary of folds.
        public init(_ folds: [Fold]) {
            let paid = folds.filter { $0.testDuration > 0 }
            func mean(_ shares: (Fold) -> OutcomeShares?) -> OutcomeShares? {
                OutcomeShares(
                    mean: paid.compactMap { fold in shares(fold).map { ($0, Double(fold.testDuration)) } })
            }
            tests = paid.count
            training = mean(\.trainingShares)
            test = mean(\.testShares)
        }
    }

    /// The most folds that are computed.
    public static let mostFolds = 1_000_000

    /// How many folds a history has; 0 where it is shorter than a training and a test.
    public func foldCount(_ history: PriceHistory) -> Int {
        let (least, overflow) = training.addingReportingOverflow(test)
        let length = UInt64(bitPattern: history.end &- history.rows[0].time)
        guard !overflow, length >= least else { return 0 }
        return Int(clamping: (length - training) / test)
    }

    /// The folds, in order.
    public func folds(_ calibration: HistoryCalibration, threads: Int = availableProcessors) -> [Fold] {
        var folds = [Fold?](repeating: nil, count: foldCount(calibration.history))
        folds.withUnsafeMutableBufferPointer { buffer in
            forEachChunk(of: buffer, chunkSize: 1, threads: threads) { index, chunk in
                chunk[0] = fold(index, of: calibration)
            }
        }
        return folds.compactMap(\.self)
    }

    private func fold(_ index: Int, of calibration: HistoryCalibration) -> Fold {
        let history = calibration.history
        let start = history.rows[0].time &+ Int64(bitPattern: UInt64(index) &* test)
        let testStart = start &+ Int64(bitPattern: training)
        let end = testStart &+ Int64(bitPattern: test)
        let trainingPart = HistoryPart(calibration, from: start, to: testStart)
        let best = trainingPart.best
        let draft = Fold(
            start: start, testStart: testStart, end: end, best: best, trainingShares: nil, testShares: nil,
            testDuration: 0)
        guard let reward = draft.reward else { return draft }
        let testPart = HistoryPart(calibration, from: testStart, to: end)
        return Fold(
            start: start, testStart: testStart, end: end, best: best, trainingShares: trainingPart.shares(at: reward),
            testShares: testPart.shares(at: reward), testDuration: testPart.known)
    }
}

extension BlockBootstrap {
    /// The percentile interval of the share of the tests' time in which what their trainings chose is balanced: the time of the
    /// tests is drawn again in blocks, while what was chosen stays. Nil where nothing was paid in any test.
    public func testShare(
        _ folds: [RollingCalibration.Fold], of calibration: HistoryCalibration, confidence: Double,
        threads: Int = availableProcessors
    ) -> ClosedRange<Double>? {
        var durations: [UInt64] = []
        var inside: [Int] = []
        for fold in folds {
            guard let x = fold.reward else { continue }
            for (row, duration) in calibration.history.parts(from: fold.testStart, to: fold.end) {
                durations.append(duration)
                inside.append(calibration.range(of: row)?.contains(x) == true ? 1 : 0)
            }
        }
        let circle = GainCircle(durations: durations, gains: [inside])
        guard circle.length > 0 else { return nil }
        var shares = [Double](repeating: 0, count: resamples)
        shares.withUnsafeMutableBufferPointer { buffer in
            forEachChunk(of: buffer, chunkSize: 1, threads: threads) { index, chunk in
                var generator = Philox(seed: seed, stream: UInt64(index), purpose: Self.testPurpose)
                chunk[0] = Double(circle.draw(block: block, using: &generator)[0]) / Double(circle.length)
            }
        }
        shares.sort()
        let tail = (1 - confidence) / 2
        return quantile(shares, tail)...quantile(shares, 1 - tail)
    }

    /// Tells these numbers from others of the same seed: "tests".
    private static let testPurpose: UInt64 = 0x74_6573_7473
}

/// What a calibration has of a stretch of time.
private struct HistoryPart {
    let coverage: IntervalCoverage
    /// The widest range of the best x.
    let best: ClosedRange<Double>?
    let weights: [UInt64]
    let empty: UInt64
    let known: UInt64

    init(_ calibration: HistoryCalibration, from start: Int64, to end: Int64) {
        let rows = calibration.history.rows
        var lower: [Double] = []
        var upper: [Double] = []
        var (innerLower, innerUpper): ([Double], [Double]) = ([], [])
        var references: [Double] = []
        var weights: [UInt64] = []
        var (empty, known): (UInt64, UInt64) = (0, 0)
        for (index, weight) in calibration.history.parts(from: start, to: end) {
            known += weight
            guard let range = calibration.range(of: index) else {
                empty += weight
                continue
            }
            lower.append(range.lowerBound)
            upper.append(range.upperBound)
            let reference = calibration.references?[index]
            let inner = HistoryCalibration.target(rows[index], range, reference, calibration.goal)
            innerLower.append(inner.0)
            innerUpper.append(inner.1)
            references.append(reference ?? 1)
            weights.append(weight)
        }
        coverage = IntervalCoverage(from: lower, to: upper)
        let goal = calibration.goal
        let target = goal.margin == .tokens(0) ? coverage : IntervalCoverage(from: innerLower, to: innerUpper)
        let distance =
            goal.loss == .shortfall
            ? BandDistance(
                from: innerLower, to: innerUpper, references: calibration.references.map { _ in references }) : nil
        best = HistoryCalibration.best(target, distance, weights).widest
        self.weights = weights
        self.empty = empty
        self.known = known
    }

    func shares(at x: Double) -> OutcomeShares? {
        known > 0 ? OutcomeShares(coverage.weights(at: x, weights: weights), empty: empty, of: known) : nil
    }
}
