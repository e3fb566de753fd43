/// Finds every sign change of some functions of the state within a step.
///
/// Comparing the signs at both ends of a step misses two crossings in one, and the steps of an eighth-order method are long.
/// So each function is sampled within the step through dense output, and the polynomial through the samples shows where it
/// may come near 0 (``ChebyshevPiece``). Where that does not describe the function, or where it comes so near 0 that the
/// polynomial's error matters, the interval is halved, again and again: until what is left undecided is less than an error of
/// the size of the tolerances, or rounding, makes of the function. What has different signs at both ends is a bracket, and
/// Brent's method on the function itself shrinks that to a few units in the last place of the time. A function that needs
/// more than 65,536 pieces in a step ends the integration, so that no crossing is passed over in silence.
///
/// **What counts.** The first change of sign does, whatever the tolerances are. But rounding makes a value that is 0 in truth
/// change its sign at random, and an explicit method at a stable equilibrium makes it do so with an amplitude of the size
/// of the tolerances. So a function of the state that has changed its sign counts again only after it has left 0 by more
/// than 16 times what the tolerances amount to, or by a thousandth of all that it has gone through where they are loose.
/// What is counted late is told where it was: each change of sign is located when it is met. A shallow dip that leaves 0 on
/// its old side is told nevertheless, with both of its crossings.
struct EventSearch {
    /// A crossing of function `index`.
    struct Crossing {
        let index: Int
        /// The end of the bracket behind the change.
        let time: Double
        let isRising: Bool
        /// The state then, where it was in an earlier step: the function has since left 0 by enough to count.
        let state: [Double]?
    }

    enum Failure: Error {
        /// The value of a function is not finite.
        case notFinite(Int)
        /// Dense output failed.
        case undefined
        /// A function changes too often to be followed.
        case unresolved(Int)
    }

    /// On which side of 0 a function is.
    private struct Side {
        /// −1 or 1; 0 where it has been 0 from the start.
        var sign = 0
        /// Whether it has been there by more than a change at random.
        var isFirm = false
        /// Where it went to the other side last, if it is there and that does not count yet.
        var left: (time: Double, state: [Double])?
    }

    /// A value of a function.
    private struct Point {
        let time: Double
        let value: Double
    }

    /// What is 0 to a function.
    private struct Blur {
        /// What rounding makes of 0.
        var noise: Double
        /// What errors of the size of the tolerances make of 0, or rounding, whichever is more.
        var tolerance: Double
        /// How far a function must leave 0 before it counts again.
        var band: Double
    }

    private static let mostPieces = 1 << 16
    private static let bandInTolerances = 16.0
    /// The most that tolerances may forgive of what a function has gone through, and the most by which they leave it
    /// undecided: loose ones would hide crossings of the path itself.
    private static let largestBand = 1e-3
    private static let largestDoubt = 1e-6

    /// The number of functions.
    let count: Int
    /// How many of them, from the first, are forgiven changes of the size of the tolerances; the others mark where the
    /// motion itself changes, and each of their changes counts.
    private let forgivenCount: Int
    private let dimension: Int
    private let algorithm: ODEAlgorithm
    /// g_i(t, y).
    private let value: (Int, Double, UnsafePointer<Double>) -> Double
    private var sides: [Side]
    /// The sides of the functions at the end of the step that was searched last.
    private var endSides: [Side]
    /// The smallest and the largest value of each function so far.
    private var ranges: [(low: Double, high: Double)]
    /// The samples of a step: ``ChebyshevPiece/count`` in a row for each function.
    private var samples: [Double]
    private var sampleTimes: [Double]

    init(
        count: Int, forgiven: Int, dimension: Int, algorithm: ODEAlgorithm,
        value: @escaping (Int, Double, UnsafePointer<Double>) -> Double
    ) {
        self.count = count
        forgivenCount = forgiven
        self.dimension = dimension
        self.algorithm = algorithm
        self.value = value
        sides = Array(repeating: Side(), count: count)
        endSides = sides
        ranges = Array(repeating: (.infinity, -.infinity), count: count)
        samples = Array(repeating: 0, count: count * ChebyshevPiece.count)
        sampleTimes = Array(repeating: 0, count: ChebyshevPiece.count)
    }

    /// Takes the signs from a state, as at the start.
    ///
    /// - Returns: the first function whose value is not finite.
    mutating func reset(at time: Double, _ state: UnsafePointer<Double>) -> Int? {
        for index in 0..<count {
            let value = value(index, time, state)
            guard value.isFinite else { return index }
            let blur = blur(index, at: time, state)
            let isOff = abs(value) > blur.noise
            sides[index] = Side(sign: !isOff ? 0 : value > 0 ? 1 : -1, isFirm: isOff)
            ranges[index] = (value, value)
        }
        return nil
    }

    /// Takes a sign as given.
    mutating func setSign(_ sign: Int, of index: Int) { sides[index] = Side(sign: sign) }

    /// Takes the signs of the functions of the state from a state that was put in the place of the last one: what lies
    /// between the two is no motion, and no crossing.
    mutating func jump(at time: Double, to state: UnsafePointer<Double>) {
        for index in 0..<forgivenCount {
            let value = value(index, time, state)
            guard value.isFinite else { continue }
            let sign = value > 0 ? 1 : -1
            let isOff = abs(value) > blur(index, at: time, state).noise
            if isOff, sign != sides[index].sign { sides[index] = Side(sign: sign, isFirm: true) }
        }
    }

    /// The step that was searched stands.
    mutating func acceptStep() { swap(&sides, &endSides) }

    /// The step that was searched stands up to a crossing.
    mutating func accept(_ crossing: Crossing) { sides[crossing.index] = Side(sign: crossing.isRising ? 1 : -1) }

    /// The crossings within the engine's last step, in order.
    mutating func crossings(in engine: ODEEngine) throws(Failure) -> [Crossing] {
        for index in 0..<count { endSides[index] = sides[index] }
        let (start, end) = (engine.stepStart, engine.time)
        guard count > 0, start != end else { return [] }
        try sample(engine)
        var found: [Crossing] = []
        for index in 0..<count where !isQuiet(index) { try search(index, engine, into: &found) }
        guard found.count > 1 else { return found }
        // Forwards or backwards in time, and in the order of the functions where times agree.
        let forwards = end > start
        return found.enumerated().sorted { first, second in
            let (a, b) = (first.element.time, second.element.time)
            return a == b ? first.offset < second.offset : forwards ? a < b : a > b
        }.map(\.element)
    }

    // MARK: - Samples

    private mutating func sample(_ engine: ODEEngine) throws(Failure) {
        let (start, end) = (engine.stepStart, engine.time)
        let last = ChebyshevPiece.count - 1
        for place in 0...last {
            let time = place == 0 ? start : place == last ? end : start + ChebyshevPiece.shares[place] * (end - start)
            guard let state = engine.denseOutput(at: time) else { throw .undefined }
            sampleTimes[place] = time
            for index in 0..<count {
                let value = value(index, time, state)
                guard value.isFinite else { throw .notFinite(index) }
                samples[index * ChebyshevPiece.count + place] = value
                ranges[index] = (min(ranges[index].low, value), max(ranges[index].high, value))
            }
        }
    }

    /// Whether a function is on its side all along, and far from 0: most are in most steps.
    private func isQuiet(_ index: Int) -> Bool {
        guard sides[index].isFirm else { return false }
        return samples.withUnsafeBufferPointer { samples in
            let first = index * ChebyshevPiece.count
            let values = UnsafeBufferPointer(rebasing: samples[first..<first + ChebyshevPiece.count])
            guard values.allSatisfy({ sides[index].sign > 0 ? $0 > 0 : $0 < 0 }) else { return false }
            let piece = ChebyshevPiece(values)
            return piece.isResolved(to: 0) && piece.staysAway(from0By: 3 * piece.error)
        }
    }

    private func evaluate(_ index: Int, _ engine: ODEEngine, at time: Double) throws(Failure) -> Double {
        guard let state = engine.denseOutput(at: time) else { throw .undefined }
        let value = value(index, time, state)
        guard value.isFinite else { throw .notFinite(index) }
        return value
    }

    // MARK: - What is 0

    /// What is 0 to a function, by its differences at a state over the tolerances.
    private func blur(_ index: Int, at time: Double, _ state: UnsafePointer<Double>) -> Blur {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension) { moved in
            guard let base = moved.baseAddress else { return Blur(noise: 0, tolerance: 0, band: 0) }
            base.initialize(from: state, count: dimension)
            let here = value(index, time, base)
            // Of the value, and of the time.
            let tick = time.ulp
            let ofTime = abs(value(index, time + 64 * tick, base) - here) / 16
            var (noise, error) = (8 * here.ulp + (ofTime.isFinite ? ofTime : 0), 0.0)
            for component in 0..<dimension {
                let y = state[component]
                let tolerance = algorithm.absoluteTolerance + algorithm.relativeTolerance * abs(y)
                let step = max(tolerance, 64 * y.ulp)
                base[component] = y + step
                let difference = abs(value(index, time, base) - here)
                base[component] = y
                guard difference.isFinite else { continue }
                noise += difference * (4 * y.ulp / step)
                error += difference * (tolerance / step)
            }
            let tolerance = max(error, noise)
            let isForgiven = index < forgivenCount
            return Blur(
                noise: noise, tolerance: tolerance, band: isForgiven ? max(Self.bandInTolerances * error, noise) : noise
            )
        }
    }

    /// The larger one at both ends of the step, with the roundings of the time and of the function.
    private func blur(_ index: Int, in engine: ODEEngine) -> Blur {
        let atStart = blur(index, at: engine.stepStart, engine.startState)
        let atEnd = blur(index, at: engine.time, engine.state)
        let first = index * ChebyshevPiece.count
        var (size, slope) = (abs(samples[first]), 0.0)
        for place in 1..<ChebyshevPiece.count {
            size = max(size, abs(samples[first + place]))
            let length = abs(sampleTimes[place] - sampleTimes[place - 1])
            if length > 0 { slope = max(slope, abs(samples[first + place] - samples[first + place - 1]) / length) }
        }
        let tick = max(engine.time.ulp, engine.stepStart.ulp)
        // Two points less than a tick apart have no slope.
        let ofTime = min(16 * tick * slope, size)
        let noise = max(atStart.noise, atEnd.noise) + 8 * size.ulp + ofTime
        let extent = ranges[index].high - ranges[index].low
        let tolerance = min(max(atStart.tolerance, atEnd.tolerance), Self.largestDoubt * extent)
        let band = min(max(atStart.band, atEnd.band), Self.largestBand * extent)
        return Blur(noise: noise, tolerance: max(noise, tolerance), band: max(noise, band))
    }

    // MARK: - Search

    private mutating func search(
        _ index: Int, _ engine: ODEEngine, into found: inout [Crossing]
    ) throws(Failure) {
        let blur = blur(index, in: engine)
        let points = try points(index, engine, blur)
        var side = sides[index]
        // A surface that has just been met may be off 0 by its roundings, on the side that it was met from.
        var band = blur.band
        if index >= forgivenCount, !side.isFirm { band = max(band, min(4 * abs(points[0].value), 4 * band)) }
        /// The last point with a sign.
        var anchor: Point?
        for point in points where abs(point.value) > blur.noise {
            let sign = point.value > 0 ? 1 : -1
            let isBeyond = abs(point.value) > band
            let before = anchor.map { $0.value > 0 ? 1 : -1 } ?? (side.left == nil ? side.sign : -side.sign)
            if sign == side.sign {
                side.left = nil
            } else if sign != before, side.sign != 0 {
                let time = try located(index, engine, from: anchor ?? points[0], to: point)
                guard let state = engine.denseOutput(at: time) else { throw .undefined }
                side.left = (time, engine.array(state))
            }
            anchor = point
            if side.sign == 0 || sign == side.sign {
                side.isFirm = side.isFirm && side.sign != 0 || isBeyond
                side.sign = sign
            } else if side.isFirm || isBeyond {
                var crossing = Crossing(
                    index: index, time: side.left?.time ?? engine.stepStart, isRising: sign > 0, state: nil)
                if engine.time > engine.stepStart
                    ? crossing.time < engine.stepStart : crossing.time > engine.stepStart
                {
                    // A surface ends the step that it is met in, or at the latest this one at its beginning.
                    crossing =
                        index < forgivenCount
                        ? Crossing(index: index, time: crossing.time, isRising: sign > 0, state: side.left?.state)
                        : Crossing(index: index, time: engine.stepStart, isRising: sign > 0, state: nil)
                }
                found.append(crossing)
                side = Side(sign: sign, isFirm: isBeyond)
            }
        }
        endSides[index] = side
    }

    /// Points of a function in order, from the step's start to its end, with at most one change of sign between neighbours.
    private func points(_ index: Int, _ engine: ODEEngine, _ blur: Blur) throws(Failure) -> [Point] {
        let last = ChebyshevPiece.count - 1
        var piece = (0...last).map { place in
            Point(time: sampleTimes[place], value: samples[index * ChebyshevPiece.count + place])
        }
        var points = [piece[0]]
        var waiting: [(left: Point, right: Point)] = []
        var count = 1
        while true {
            if let inner = try innerPoints(of: piece, index, engine, blur) {
                points.append(contentsOf: inner)
                points.append(piece[last])
                guard let next = waiting.popLast() else { return points }
                piece = try sampled(next.left, next.right, index, engine)
            } else {
                count += 1
                guard count <= Self.mostPieces else { throw .unresolved(index) }
                let middle = piece[ChebyshevPiece.middle]
                waiting.append((middle, piece[last]))
                piece = try sampled(piece[0], middle, index, engine)
            }
        }
    }

    private func sampled(_ left: Point, _ right: Point, _ index: Int, _ engine: ODEEngine) throws(Failure) -> [Point] {
        var points = [left]
        for share in ChebyshevPiece.shares.dropFirst().dropLast() {
            let time = left.time + share * (right.time - left.time)
            points.append(Point(time: time, value: try evaluate(index, engine, at: time)))
        }
        points.append(right)
        return points
    }

    /// The points of a piece, without its ends, that have to be known for each change of sign in it; nil where it has to be
    /// halved.
    private func innerPoints(
        of piece: [Point], _ index: Int, _ engine: ODEEngine, _ blur: Blur
    ) throws(Failure) -> [Point]? {
        let last = ChebyshevPiece.count - 1
        let (start, end) = (piece[0].time, piece[last].time)
        // Too short for points in between to mean anything.
        guard abs(end - start) > 32 * max(start.ulp, end.ulp) else { return [] }
        let series = piece.map(\.value).withUnsafeBufferPointer { ChebyshevPiece($0) }
        // As good as 0 all along.
        if series.size <= blur.tolerance { return Array(piece.dropFirst().dropLast()) }
        guard series.isResolved(to: blur.tolerance) else { return nil }
        let samples = Array(piece.dropFirst().dropLast())
        let error = 3 * series.error
        if series.staysAway(from0By: error + blur.noise) { return samples }
        let isExact = error <= blur.tolerance
        let doubt = 2 * (error + blur.noise)
        // What is left out between the nodes, of degree 7 and more, has slopes of 49 times its size and more.
        let turns = series.turningPoints(flat: 100 * (error + blur.noise))
        var extrema: [Point] = []
        for turn in turns {
            let isDecided = abs(turn.value) > doubt
            if !isDecided, !isExact { return nil }
            // Those on the other side of 0 than the samples around them tell of two crossings.
            let time = start + turn.share * (end - start)
            let value = try evaluate(index, engine, at: time)
            // The polynomial is not what it was taken for.
            if isDecided, !isExact, turn.value > 0 ? value < 0 : value > 0 { return nil }
            extrema.append(Point(time: time, value: value))
        }
        let forwards = start < end
        return (samples + extrema).sorted { forwards ? $0.time < $1.time : $0.time > $1.time }
    }

    /// The time on the far side of the change of sign.
    private func located(
        _ index: Int, _ engine: ODEEngine, from left: Point, to right: Point
    ) throws(Failure) -> Double {
        // It was over when the step began.
        if left.value == 0 || (left.value > 0) == (right.value > 0) { return left.time }
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
