import Parallelism
import Synchronization

/// Closed intervals of the line, and how much of their weight covers each point: the step function
///
///     w(x) = Σ w_i over the i with a_i ≤ x ≤ b_i
///
/// with its maximum, and every point where it is reached. The ends are sorted once; each set of weights then takes one
/// sweep along them. Weights are whole numbers: their sums are exact, so that two points are equally covered if and only if
/// they compare equal, however many intervals there are and in whichever order they came. (Sums of doubles would tell apart
/// points that the same intervals cover, by their rounding.)
///
/// All weights together must be below 2⁶⁴.
public struct IntervalCoverage: Sendable {
    /// An end of an interval, and which one's it is.
    private struct End {
        var value: Double
        var index: Int
    }
    private let starts: [End]
    private let stops: [End]

    /// The intervals a_i … b_i; one that is NaN at an end, or has b_i < a_i, has no point.
    ///
    /// - Parameter threads: the most threads; the result does not depend on it.
    public init(from lower: [Double], to upper: [Double], threads: Int = 1) {
        let count = min(lower.count, upper.count)
        let sorted = Mutex<(starts: [End], stops: [End])>(([], []))
        forEachIndex(count: 2, threads: threads) { side in
            let values = side == 0 ? lower : upper
            var ends: [End] = []
            ends.reserveCapacity(count)
            for index in 0..<count where lower[index] <= upper[index] {
                ends.append(End(value: values[index], index: index))
            }
            Self.sort(&ends)
            sorted.withLock { if side == 0 { $0.starts = ends } else { $0.stops = ends } }
        }
        (starts, stops) = sorted.withLock { $0 }
    }

    /// Sorts by value; a radix sort, a byte at a time from the last on, which leaves equal values in their order.
    ///
    /// The sort of the standard library was rejected for its time, with which sorting was most of what a long history takes.
    private static func sort(_ ends: inout [End]) {
        guard ends.count > 256 else {
            ends.sort { $0.value < $1.value }
            return
        }
        /// A number that is the larger the larger the value is; −0 is 0.
        @inline(__always)
        func key(_ end: End) -> UInt64 {
            let bits = (end.value + 0).bitPattern
            return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
        }
        let digits = 8
        var counts = [Int](repeating: 0, count: digits << 8)
        for end in ends {
            let key = key(end)
            for digit in 0..<digits {
                counts[digit << 8 | Int(truncatingIfNeeded: key >> UInt64(8 * digit)) & 255] += 1
            }
        }
        var other = ends
        for digit in 0..<digits {
            let places = digit << 8..<(digit + 1) << 8
            // What all of them have alike does not order them.
            if counts[places].contains(ends.count) { continue }
            var next = 0
            for place in places {
                let count = counts[place]
                counts[place] = next
                next += count
            }
            for end in ends {
                let place = digit << 8 | Int(truncatingIfNeeded: key(end) >> UInt64(8 * digit)) & 255
                other[counts[place]] = end
                counts[place] += 1
            }
            swap(&ends, &other)
        }
    }

    /// Where the weight is greatest; no range, and a weight of 0, where nothing has weight.
    public func heaviest(weights: [UInt64]) -> HeaviestPoints {
        var (covered, best): (UInt64, UInt64) = (0, 0)
        var ranges: [ClosedRange<Double>] = []
        var (start, stop) = (0, 0)
        while start < starts.count {
            let x = starts[start].value
            // Intervals are closed: what ends at x covers x still.
            while stop < stops.count, stops[stop].value < x {
                covered &-= weights[stops[stop].index]
                stop += 1
            }
            let before = covered
            while start < starts.count, starts[start].value == x {
                covered &+= weights[starts[start].index]
                start += 1
            }
            // A start without weight is none.
            guard covered > before, covered >= best else { continue }
            if covered > best { ranges.removeAll(keepingCapacity: true) }
            best = covered
            // The weight stays until an interval ends. One that does, but has not begun by x, begins before it ends and adds
            // weight there, which makes x no maximum.
            while stop < stops.count, weights[stops[stop].index] == 0 { stop += 1 }
            guard stop < stops.count else { break }
            ranges.append(x...max(x, stops[stop].value))
        }
        return HeaviestPoints(ranges: ranges, weight: best)
    }

    /// The weights of the intervals that cover `x`, that lie above it and that lie below it.
    public func weights(at x: Double, weights: [UInt64]) -> CoverageStep {
        var (above, below, all): (UInt64, UInt64, UInt64) = (0, 0, 0)
        for end in starts {
            all &+= weights[end.index]
            if end.value > x { above &+= weights[end.index] }
        }
        for end in stops {
            guard end.value < x else { break }
            below &+= weights[end.index]
        }
        return CoverageStep(start: x, covered: all &- above &- below, above: above, below: below)
    }

    /// The step function from −∞ on: each step holds from its start up to the double before the next one's.
    ///
    /// An interval covers the doubles from a_i to b_i, so that a step starts at a_i, or at the double after b_i.
    public func steps(weights: [UInt64]) -> CoverageSteps { CoverageSteps(self, weights: weights) }

    /// Goes along the ends.
    public struct CoverageSteps: Sequence, IteratorProtocol {
        private let coverage: IntervalCoverage
        private let weights: [UInt64]
        private var (start, stop) = (0, 0)
        private var current: CoverageStep?

        fileprivate init(_ coverage: IntervalCoverage, weights: [UInt64]) {
            self.coverage = coverage
            self.weights = weights
        }

        public mutating func next() -> CoverageStep? {
            guard var step = current else {
                let all = coverage.starts.reduce(UInt64(0)) { $0 &+ weights[$1.index] }
                current = CoverageStep(start: -.infinity, covered: 0, above: all, below: 0)
                return current
            }
            // Ends without weight are none.
            while start < coverage.starts.count, weights[coverage.starts[start].index] == 0 { start += 1 }
            while stop < coverage.stops.count, weights[coverage.stops[stop].index] == 0 { stop += 1 }
            let upper = start < coverage.starts.count ? coverage.starts[start].value : .infinity
            let lower = stop < coverage.stops.count ? coverage.stops[stop].value.nextUp : .infinity
            step.start = upper < lower ? upper : lower
            guard step.start < .infinity else { return nil }
            while start < coverage.starts.count, coverage.starts[start].value <= step.start {
                let weight = weights[coverage.starts[start].index]
                step.above &-= weight
                step.covered &+= weight
                start += 1
            }
            while stop < coverage.stops.count, coverage.stops[stop].value < step.start {
                let weight = weights[coverage.stops[stop].index]
                step.covered &-= weight
                step.below &+= weight
                stop += 1
            }
            current = step
            return step
        }
    }
}

/// Where the weight of intervals is greatest.
public struct HeaviestPoints: Equatable, Sendable {
    /// Every point where it is, as disjoint closed ranges from the lowest on; one may be a single point.
    public let ranges: [ClosedRange<Double>]
    /// The weight there.
    public let weight: UInt64

    /// The widest range, the lowest of those that are equally wide.
    public var widest: ClosedRange<Double>? { ranges.widest }
}

extension [ClosedRange<Double>] {
    /// The widest range, the first of those that are equally wide; nil where there is none.
    public var widest: ClosedRange<Double>? {
        var best = first
        for range in dropFirst() {
            guard let old = best, range.upperBound - range.lowerBound > old.upperBound - old.lowerBound else {
                continue
            }
            best = range
        }
        return best
    }
}

/// The weights of intervals as they lie about a point.
public struct CoverageStep: Equatable, Sendable {
    /// The point.
    public var start: Double
    /// The weight of the intervals that the point lies in.
    public var covered: UInt64
    /// The weight of the intervals that lie above the point.
    public var above: UInt64
    /// The weight of the intervals that lie below the point.
    public var below: UInt64
}
