import NumericalMethods
import Parallelism
import Synchronization

/// What may become of a best reward when a history is drawn again, in blocks of its time.
///
/// The circular block bootstrap over time (Politis, Romano 1992): the known time of the history is bent into a circle, and
/// blocks of equal duration are cut out of it, each from a moment that is uniform on the circle, until together they are as long
/// as the history; the last one is cut short. A row weighs what the blocks have of its time. Blocks should be longer than the
/// market remembers, and much shorter than the history. References of a rule stay what they were in the history.
///
/// A percentile interval of the share of time that one and the same x is balanced is an ordinary one, of a mean. That of the
/// best x is not: a maximum of a step function converges like the cube root of the history's length, where the bootstrap is
/// known not to have the level that it is asked for (Abrevaya, Huang 2005): of level 0.9 it held a best x that was known in
/// 0.7 of 200 histories. It tells how much the best x depends on the history.
public struct BlockBootstrap: Sendable {
    /// How often the history is drawn again, at least 2.
    public let resamples: Int
    /// The blocks' duration, in nanoseconds, at least 1.
    public let block: UInt64
    /// What the blocks are drawn by.
    public let seed: UInt64

    /// nil for fewer than 2 resamples or a block without length.
    public init?(resamples: Int, block: UInt64, seed: UInt64) {
        guard resamples >= 2, block >= 1 else { return nil }
        self.resamples = resamples
        self.block = block
        self.seed = seed
    }

    /// The most blocks that all resamples together may be cut of: a minute of a processor's time.
    public static let mostBlocks: UInt64 = 1_000_000_000

    /// The most rows that all resamples together may weigh: some minutes of a processor's time.
    public static let mostRows = 1e11

    /// How many blocks all resamples of a history together are cut of; `UInt64.max` where they are more than that.
    public func blockCount(_ calibration: HistoryCalibration) -> UInt64 {
        let (whole, rest) = calibration.duration.quotientAndRemainder(dividingBy: block)
        let (count, overflow) = (whole + (rest > 0 ? 1 : 0)).multipliedReportingOverflow(by: UInt64(resamples))
        return overflow ? .max : count
    }

    /// What came out of one resample.
    public struct Resample: Equatable, Sendable {
        /// The widest range of its own best x; NaN where nothing is ever balanced.
        public let bestLower: Double
        /// The end of that range.
        public let bestUpper: Double
        /// The share of its time that is balanced under the x that is best for the history.
        public let shareAtBest: Double

        /// What came out.
        public init(bestLower: Double, bestUpper: Double, shareAtBest: Double) {
            self.bestLower = bestLower
            self.bestUpper = bestUpper
            self.shareAtBest = shareAtBest
        }
    }

    /// Draws the history again; the result depends on the seed, not on `threads`.
    ///
    /// - Parameters:
    ///   - calibration: the history, and what is best for it.
    ///   - threads: the most that are used.
    ///   - progress: called with the number of resamples so far, from any thread.
    public func resample(
        _ calibration: HistoryCalibration, threads: Int = availableProcessors,
        progress: (@Sendable (Int) -> Void)? = nil
    ) -> [Resample] {
        let done = Mutex(0)
        var result = [Resample](
            repeating: Resample(bestLower: .nan, bestUpper: .nan, shareAtBest: 0), count: resamples)
        let circle = TimeCircle(calibration.weights)
        let best = calibration.best.widest?.lowerBound
        result.withUnsafeMutableBufferPointer { buffer in
            forEachChunk(of: buffer, chunkSize: 1, threads: threads) { index, chunk in
                var generator = Philox(seed: seed, stream: UInt64(index), purpose: Self.purpose)
                let weights = circle.draw(block: block, using: &generator)
                let own = calibration.best(weights: weights).widest
                let share = best.map {
                    Double(calibration.coverage.weights(at: $0, weights: weights).covered) / Double(circle.length)
                }
                chunk[0] = Resample(
                    bestLower: own?.lowerBound ?? .nan, bestUpper: own?.upperBound ?? .nan, shareAtBest: share ?? 0)
                progress?(
                    done.withLock { count in
                        count += 1
                        return count
                    })
            }
        }
        return result
    }

    /// Tells these numbers from others of the same seed: "block".
    private static let purpose: UInt64 = 0x62_6c6f_636b
}

/// The known time of a history as a circle.
private struct TimeCircle: Sendable {
    /// Where each row ends on it.
    let ends: [UInt64]
    let length: UInt64

    init(_ weights: [UInt64]) {
        var sum: UInt64 = 0
        ends = weights.map {
            sum &+= $0
            return sum
        }
        length = sum
    }

    /// How much of each row is in blocks that are drawn from the circle until they are as long as it is.
    func draw(block: UInt64, using generator: inout Philox) -> [UInt64] {
        // By how much more often each row is drawn as a whole than the one before it.
        var changes = [Int](repeating: 0, count: ends.count + 1)
        var weights = [UInt64](repeating: 0, count: ends.count)
        var left = length
        while left > 0 {
            let part = min(block, left)
            left -= part
            let start = UInt64.random(in: 0..<length, using: &generator)
            let (stop, overflow) = start.addingReportingOverflow(part)
            if !overflow, stop <= length {
                cut(start, stop, &changes, &weights)
            } else {
                cut(start, length, &changes, &weights)
                cut(0, part - (length - start), &changes, &weights)
            }
        }
        var count = 0
        for index in weights.indices {
            count += changes[index]
            weights[index] &+= UInt64(count) &* (ends[index] - (index > 0 ? ends[index - 1] : 0))
        }
        return weights
    }

    /// Adds the time from `start` to `stop`.
    private func cut(_ start: UInt64, _ stop: UInt64, _ changes: inout [Int], _ weights: inout [UInt64]) {
        guard start < stop else { return }
        let first = row(of: start)
        let last = row(of: stop - 1)
        if first == last {
            weights[first] &+= stop - start
            return
        }
        weights[first] &+= ends[first] - start
        weights[last] &+= stop - ends[last - 1]
        changes[first + 1] += 1
        changes[last] -= 1
    }

    /// The row that the moment lies in: the first that ends after it.
    private func row(of moment: UInt64) -> Int {
        var (low, high) = (0, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > moment { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The percentile intervals of a bootstrap.
public struct BootstrapIntervals: Equatable, Sendable {
    /// The interval of the best x, from the lower quantile of the resamples' lowest best to the upper quantile of their
    /// highest; nil where no resample has a best.
    public let best: ClosedRange<Double>?
    /// The interval of the share of time that the x which is best for the history is balanced.
    public let share: ClosedRange<Double>

    /// - Parameters:
    ///   - resamples: at least one.
    ///   - confidence: between 0 and 1.
    public init(_ resamples: [BlockBootstrap.Resample], confidence: Double) {
        let tail = (1 - confidence) / 2
        let lower = resamples.map(\.bestLower).filter { !$0.isNaN }.sorted()
        let upper = resamples.map(\.bestUpper).filter { !$0.isNaN }.sorted()
        best = lower.isEmpty ? nil : quantile(lower, tail)...quantile(upper, 1 - tail)
        let shares = resamples.map(\.shareAtBest).sorted()
        share = shares.isEmpty ? 0...1 : quantile(shares, tail)...quantile(shares, 1 - tail)
    }
}
