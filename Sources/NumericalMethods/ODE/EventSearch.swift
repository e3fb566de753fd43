import Foundation

/// Finds every sign change of some functions of the state within a step.
///
/// Comparing the signs at both ends of a step misses two crossings in one, and the steps of an eighth-order method are long.
/// So each function is sampled at Chebyshev's nodes of the step through dense output; the polynomial through the samples,
/// which is as good as the dense output where its last coefficients are small (else the nodes are doubled), shows where
/// between two nodes the function may have come near 0; there the function itself is evaluated. What has a change of sign
/// on both sides is a bracket, and Brent's method on the function itself shrinks that to a few units in the last place
/// of the time.
struct EventSearch {
    /// A crossing of function `index`.
    struct Crossing {
        let index: Int
        /// The end of the bracket behind the change.
        let time: Double
        let isRising: Bool
    }

    enum Failure: Error {
        /// The value of a function is not finite.
        case notFinite(Int)
        /// Dense output failed.
        case undefined
    }

    private static let fewestIntervals = 8
    private static let mostIntervals = 64

    /// The number of functions.
    let count: Int
    /// g_i(t, y).
    private let value: (Int, Double, UnsafePointer<Double>) -> Double
    /// The last sign of each function, −1 or 1; 0 where it has been 0 from the start.
    private(set) var signs: [Int]
    /// The signs at the end of the step that was searched last.
    private var endSigns: [Int] = []
    /// The largest absolute value of each so far: below a few ulp of it a value is noise, and has no sign.
    private var sizes: [Double]

    /// Functions, whose signs are those at the start.
    init(count: Int, value: @escaping (Int, Double, UnsafePointer<Double>) -> Double) {
        self.count = count
        self.value = value
        signs = Array(repeating: 0, count: count)
        sizes = Array(repeating: 0, count: count)
    }

    /// Takes the signs from a state, as at the start.
    ///
    /// - Returns: the first function whose value is not finite.
    mutating func reset(at time: Double, _ state: UnsafePointer<Double>) -> Int? {
        for index in 0..<count {
            let value = value(index, time, state)
            guard value.isFinite else { return index }
            signs[index] = value == 0 ? 0 : value > 0 ? 1 : -1
            sizes[index] = abs(value)
        }
        return nil
    }

    /// Takes a sign as given.
    mutating func setSign(_ sign: Int, of index: Int) { signs[index] = sign }

    /// The step that was searched stands: its end's signs are the last ones.
    mutating func acceptStep() { signs = endSigns }

    /// The step that was searched stands up to a crossing.
    mutating func accept(_ crossing: Crossing) { signs[crossing.index] = crossing.isRising ? 1 : -1 }

    /// The crossings within the engine's last step, in order.
    mutating func crossings(in engine: ODEEngine) throws(Failure) -> [Crossing] {
        endSigns = signs
        let (start, end) = (engine.stepStart, engine.time)
        guard count > 0, start != end else { return [] }
        var samples = try sampled(engine, intervals: Self.fewestIntervals)
        var found: [Crossing] = []
        for index in 0..<count {
            var values = samples.values[index]
            var nodes = samples.times
            var series = ChebyshevSeries(values)
            var intervals = Self.fewestIntervals
            while !series.isResolved, intervals < Self.mostIntervals {
                intervals *= 2
                if samples.intervals < intervals { samples = try sampled(engine, intervals: intervals) }
                values = samples.values[index]
                nodes = samples.times
                series = ChebyshevSeries(values)
            }
            try search(index, engine, nodes: nodes, values: values, series: series, into: &found)
        }
        // Forwards or backwards in time, and in the order of the functions where times agree.
        let forwards = end > start
        return found.enumerated().sorted { first, second in
            let (a, b) = (first.element.time, second.element.time)
            return a == b ? first.offset < second.offset : forwards ? a < b : a > b
        }.map(\.element)
    }

    private struct Samples {
        let intervals: Int
        let times: [Double]
        /// A row a function.
        let values: [[Double]]
    }

    private func sampled(_ engine: ODEEngine, intervals: Int) throws(Failure) -> Samples {
        let (start, end) = (engine.stepStart, engine.time)
        var times: [Double] = []
        var values = Array(repeating: [Double](), count: count)
        for node in 0...intervals {
            let share = 0.5 - 0.5 * cos(.pi * Double(node) / Double(intervals))
            let time = node == 0 ? start : node == intervals ? end : start + share * (end - start)
            guard let state = engine.denseOutput(at: time) else { throw .undefined }
            times.append(time)
            for index in 0..<count {
                let value = value(index, time, state)
                guard value.isFinite else { throw .notFinite(index) }
                values[index].append(value)
            }
        }
        return Samples(intervals: intervals, times: times, values: values)
    }

    private mutating func search(
        _ index: Int, _ engine: ODEEngine, nodes: [Double], values: [Double], series: ChebyshevSeries,
        into found: inout [Crossing]
    ) throws(Failure) {
        for value in values { sizes[index] = max(sizes[index], abs(value)) }
        let noise = 32 * sizes[index].ulp
        var points = zip(nodes, values).map { (time: $0, value: $1) }
        for share in series.placesNearZero {
            let time = nodes[0] + share * (nodes[nodes.count - 1] - nodes[0])
            points.append((time, try evaluate(index, engine, at: time)))
        }
        if points.count > nodes.count {
            points.sort { nodes[0] < nodes[nodes.count - 1] ? $0.time < $1.time : $0.time > $1.time }
        }
        // Behind the start: what happened there belongs to the step before.
        for (left, right) in zip(points, points.dropFirst()) {
            guard abs(right.value) > noise else { continue }
            let sign = right.value > 0 ? 1 : -1
            defer { endSigns[index] = sign }
            guard endSigns[index] != 0, sign != endSigns[index] else { continue }
            // The last point before with the old sign; where that has been left for noise since, the point before this one.
            let time =
                left.value == 0 || (left.value > 0) == (sign > 0)
                ? left.time : try located(index, engine, from: left, to: right)
            found.append(Crossing(index: index, time: time, isRising: sign > 0))
        }
    }

    private func evaluate(_ index: Int, _ engine: ODEEngine, at time: Double) throws(Failure) -> Double {
        guard let state = engine.denseOutput(at: time) else { throw .undefined }
        let value = value(index, time, state)
        guard value.isFinite else { throw .notFinite(index) }
        return value
    }

    /// The time on the far side of the change of sign.
    private func located(
        _ index: Int, _ engine: ODEEngine, from left: (time: Double, value: Double),
        to right: (time: Double, value: Double)
    ) throws(Failure) -> Double {
        let (low, high) = (min(left.time, right.time), max(left.time, right.time))
        var failure: Failure?
        func value(at time: Double) -> Double {
            if time == left.time { return left.value }
            if time == right.time { return right.value }
            do throws(Failure) { return try evaluate(index, engine, at: time) } catch {
                failure = error
                return .nan
            }
        }
        do throws(RootError) {
            let root = try bracketedRoot(in: low...high, of: value(at:))
            return right.time > left.time ? root.bracket.upperBound : root.bracket.lowerBound
        } catch {
            throw failure ?? .undefined
        }
    }
}

/// The polynomial through the values at the nodes (1 − cos(πk/m))/2, k = 0 … m, of the interval from 0 to 1.
struct ChebyshevSeries {
    private let values: [Double]
    private let coefficients: [Double]
    /// The size of the last two coefficients: about what the polynomial is off by between the nodes.
    private let tail: Double
    private let size: Double

    init(_ values: [Double]) {
        self.values = values
        let m = values.count - 1
        var coefficients = [Double](repeating: 0, count: m + 1)
        // A table of the cosines would save little: there are at most 65 values.
        for k in 0...m {
            var sum = 0.0
            for (node, value) in values.enumerated() {
                // Node 0 is the left end, x = −1.
                let weight = node == 0 || node == m ? 0.5 : 1
                sum += weight * value * cos(.pi * Double(k * (m - node)) / Double(m))
            }
            coefficients[k] = sum * 2 / Double(m) * (k == 0 || k == m ? 0.5 : 1)
        }
        self.coefficients = coefficients
        tail = abs(coefficients[m]) + abs(coefficients[m - 1])
        size = values.reduce(0) { max($0, abs($1)) }
    }

    /// Whether the polynomial can be relied on to show where the function comes near 0.
    var isResolved: Bool { tail <= 1e-4 * size }

    /// The places, as shares of the interval, at which the polynomial has an extremum towards 0 that reaches it or comes near.
    var placesNearZero: [Double] {
        // Without a zero anywhere near there is nothing to look for.
        let rest = coefficients.dropFirst().reduce(0) { $0 + abs($1) }
        guard abs(coefficients[0]) <= rest + tail else { return [] }
        let m = values.count - 1
        let parts = 8
        let grid = (0...m * parts).map { point -> (angle: Double, value: Double) in
            let angle = .pi * Double(point) / Double(m * parts)
            return (angle, point % parts == 0 ? values[point / parts] : value(angle: angle))
        }
        var places: [Double] = []
        for (before, (here, after)) in zip(grid, zip(grid.dropFirst(), grid.dropFirst(2))) {
            let isMinimum = here.value <= before.value && here.value <= after.value
            let isMaximum = here.value >= before.value && here.value >= after.value
            guard isMinimum != isMaximum else { continue }
            // A minimum above 0, or a maximum below.
            guard isMinimum ? before.value > 0 : before.value < 0 else { continue }
            let (angle, value) = extremum(between: before.angle, after.angle, isMinimum: isMinimum)
            let margin = 2 * tail + 0.01 * max(abs(before.value - here.value), abs(after.value - here.value))
            if isMinimum ? value <= margin : value >= -margin { places.append(0.5 - 0.5 * cos(angle)) }
        }
        return places
    }

    /// Golden sections: there is one extremum in between.
    private func extremum(between a: Double, _ b: Double, isMinimum: Bool) -> (angle: Double, value: Double) {
        let ratio = 0.6180339887498949
        let sign: Double = isMinimum ? 1 : -1
        var (low, high) = (a, b)
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (atLeft, atRight) = (sign * value(angle: left), sign * value(angle: right))
        // To the square root of the precision, beyond which an extremum's place has no meaning.
        for _ in 0..<40 {
            if atLeft < atRight {
                (high, right, atRight) = (right, left, atLeft)
                left = high - ratio * (high - low)
                atLeft = sign * value(angle: left)
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = low + ratio * (high - low)
                atRight = sign * value(angle: right)
            }
        }
        return atLeft < atRight ? (left, sign * atLeft) : (right, sign * atRight)
    }

    /// The polynomial at x = −cos(angle), by Clenshaw's recurrence.
    private func value(angle: Double) -> Double {
        let x = -cos(angle)
        var (next, afterNext) = (0.0, 0.0)
        for coefficient in coefficients.dropFirst().reversed() {
            (next, afterNext) = (2 * x * next - afterNext + coefficient, next)
        }
        return x * next - afterNext + coefficients[0]
    }
}
