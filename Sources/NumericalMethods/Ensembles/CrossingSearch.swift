/// Steps in which a trajectory came near a target or rose through its level, gathered from the lanes: when that was, and
/// the state then, is found for many of them together.
///
/// A step that was accepted is repeated from the same state with a shorter length, eight of them at a time. Where to is
/// predicted by the polynomial that has the states and the slopes of the nearest points in common with the trajectory, from
/// the second point on of degree 5; mostly two repetitions do.
///
/// Rejected: the interpolants of orders 7 and 4 that belong to the methods. Where a step is bounded by stability and not by
/// the error, as it is near every rest point, they are off by ten thousand times the tolerance, whereas a shorter step is no
/// worse than the step. A search for one lane at a time, by secants alone: it took half of an ensemble's time.
struct CrossingSearch: ~Copyable {
    /// What has happened in a step.
    enum Event {
        /// The trajectory came near the target of this number.
        case arrival(target: Int)
        /// The watched component rose through this level.
        case rise(level: Double)
    }

    /// A step in which something happened, and what was known of the trajectory at its end.
    struct Crossing {
        let event: Event
        let trajectory: Int
        let lane: Int
        let begin: Double
        let length: Double
        let end: Double
        let acceptedSteps: Int
        let rejectedSteps: Int
        /// How many numbers of its samples were kept.
        let sampleCount: Int
        /// The number of the target that it is near; −1 for none.
        let target: Int
        /// The distance from the target less 1, or the level less the component, at the end; ≤ 0.
        let valueAtEnd: Double
    }

    /// The part of a step within which it happened: not yet at `low`, done at `high`.
    private struct Bracket {
        var low = 0.0
        var high = 1.0
        var valueAtLow = 0.0
        var valueAtHigh: Double
        /// The places among the three points of those at `low` and at `high`, and of one beyond.
        var lowPoint = 0
        var highPoint = 1
        var thirdPoint = 2
        var third: Double?
        /// Where to look next, or where it happened.
        var fraction = 1.0
        var rounds = 0
    }

    /// The most that are gathered: so many that the lanes are full most of the time.
    private static let capacity = 64
    /// The part of a step to which times are known.
    private static let accuracy = 0x1p-40
    /// A predicted place this near the last point is taken for where it happened. Not farther for an arrival: what a shorter
    /// step gets at has an error of its own, which changes with its length, and the slopes do not know of it; near a rest
    /// point it is as large as what the trajectory still moves.
    private static func nearPoint(_ event: Event) -> Double {
        switch event {
        case .arrival: 0x1p-32
        case .rise: 0x1p-24
        }
    }
    /// Points nearer one another leave rounding errors in a polynomial of degree 5.
    private static let leastSpacing = 0x1p-6

    private let block: LaneBlock
    private let n: Int
    private let newSlope: Int
    private(set) var crossings: [Crossing] = []
    private var brackets: [Bracket] = []
    private var parameters: [Double]
    /// Three points of each: n components of the state, and of its slope.
    private var points: [Double]
    private var polynomials: [StepPolynomial] = []
    /// The state where a search has arrived, and the slope there.
    private var stateBuffer: [Double]
    private var slopeBuffer: [Double]
    /// For whoever asks, n components of each: the state when it happened; the state at the end of the step; the least and
    /// the largest that the components have been at the ends of steps since the rise before.
    private(set) var states: [Double]
    private(set) var ends: [Double]
    private(set) var lows: [Double]
    private(set) var highs: [Double]

    init(_ stepper: LaneStepper) {
        block = stepper.makeBlock()
        newSlope = stepper.newSlope
        n = block.dimension
        parameters = Array(repeating: 0, count: Self.capacity * block.parameterCount)
        points = Array(repeating: 0, count: Self.capacity * 6 * n)
        stateBuffer = Array(repeating: 0, count: n)
        slopeBuffer = Array(repeating: 0, count: n)
        states = Array(repeating: 0, count: Self.capacity * n)
        ends = states
        lows = states
        highs = states
        crossings.reserveCapacity(Self.capacity)
        brackets.reserveCapacity(Self.capacity)
    }

    var isFull: Bool { crossings.count == Self.capacity }

    mutating func removeAll() {
        crossings.removeAll(keepingCapacity: true)
        brackets.removeAll(keepingCapacity: true)
    }

    /// Takes a step that was tried in a lane of a block.
    mutating func gather(_ crossing: Crossing, from source: LaneBlock, lows: [Double], highs: [Double]) {
        let (number, lane, p) = (crossings.count, crossing.lane, block.parameterCount)
        for i in 0..<p { parameters[number * p + i] = source.parameters[8 * i + lane] }
        let first = number * 6 * n
        for i in 0..<n {
            points[first + i] = source.state[8 * i + lane]
            points[first + n + i] = source.stages[8 * i + lane]
            points[first + 2 * n + i] = source.newState[8 * i + lane]
            points[first + 3 * n + i] = source.stages[8 * (newSlope * n + i) + lane]
            ends[number * n + i] = source.newState[8 * i + lane]
            self.lows[number * n + i] = lows[lane * n + i]
            self.highs[number * n + i] = highs[lane * n + i]
        }
        crossings.append(crossing)
        brackets.append(Bracket(valueAtHigh: crossing.valueAtEnd))
    }

    /// When it happened.
    func time(_ number: Int) -> Double { time(number, brackets[number].fraction) }

    private func time(_ number: Int, _ fraction: Double) -> Double {
        fraction == 1 ? crossings[number].end : crossings[number].begin + fraction * crossings[number].length
    }

    // MARK: - The search

    /// Finds all that were gathered.
    mutating func find(_ stepper: LaneStepper, _ ensemble: Ensemble) {
        var waiting = 0
        var sought: [Int?] = Array(repeating: nil, count: LaneBlock.laneCount)
        for lane in sought.indices { sought[lane] = fill(lane, &waiting, ensemble) }
        while sought.contains(where: { $0 != nil }) {
            for lane in sought.indices {
                guard let number = sought[lane] else { continue }
                block.step[lane] = brackets[number].fraction * crossings[number].length
            }
            stepper.attempt(block)
            for lane in sought.indices {
                guard let number = sought[lane] else { continue }
                if narrow(number, lane, ensemble) { sought[lane] = fill(lane, &waiting, ensemble) }
            }
        }
    }

    /// Puts the next one into a lane whose ends do not tell already; nil where none is left.
    private mutating func fill(_ lane: Int, _ waiting: inout Int, _ ensemble: Ensemble) -> Int? {
        while waiting < crossings.count {
            let number = waiting
            waiting += 1
            if !begin(number, ensemble) { continue }
            let p = block.parameterCount
            block.time[lane] = crossings[number].begin
            for i in 0..<p { block.parameters[8 * i + lane] = parameters[number * p + i] }
            for i in 0..<n {
                block.state[8 * i + lane] = points[number * 6 * n + i]
                block.stages[8 * i + lane] = points[number * 6 * n + n + i]
            }
            return number
        }
        // An idle lane goes on with what it has, to no effect.
        block.step[lane] = 0
        return nil
    }

    /// Looks at the ends of the step; false where it happened at one of them.
    private mutating func begin(_ number: Int, _ ensemble: Ensemble) -> Bool {
        read(number, point: 0)
        let atStart = value(number, 0, ensemble)
        brackets[number].valueAtLow = atStart
        if atStart > 0, brackets[number].valueAtHigh < 0 {
            predict(number, ensemble)
            return true
        }
        if atStart > 0 { read(number, point: 1) }
        keep(number, at: atStart > 0 ? 1 : 0)
        return false
    }

    /// Takes in the point that was computed in a lane; true where the search ends with it.
    private mutating func narrow(_ number: Int, _ lane: Int, _ ensemble: Ensemble) -> Bool {
        var bracket = brackets[number]
        let fraction = bracket.fraction
        let point = bracket.thirdPoint
        let first = (6 * number + 2 * point) * n
        for i in 0..<n {
            points[first + i] = block.newState[8 * i + lane]
            points[first + n + i] = block.stages[8 * (newSlope * n + i) + lane]
        }
        read(number, point: point)
        let value = value(number, fraction, ensemble)
        if value <= 0 {
            (bracket.third, bracket.thirdPoint) = (bracket.high, bracket.highPoint)
            (bracket.high, bracket.highPoint, bracket.valueAtHigh) = (fraction, point, value)
        } else {
            // NaN counts as not having fallen.
            (bracket.third, bracket.thirdPoint) = (bracket.low, bracket.lowPoint)
            (bracket.low, bracket.lowPoint) = (fraction, point)
            bracket.valueAtLow = value.isNaN ? .infinity : value
        }
        bracket.rounds += 1
        brackets[number] = bracket
        if value == 0 || bracket.high - bracket.low <= Self.accuracy {
            read(number, point: bracket.highPoint)
            keep(number, at: bracket.high)
            return true
        }
        predict(number, ensemble)
        let next = brackets[number].fraction
        guard abs(next - fraction) <= Self.nearPoint(crossings[number].event) else { return false }
        fit(number, 0..<n)
        for i in 0..<n { stateBuffer[i] = polynomials[i].value(next) }
        keep(number, at: next)
        return true
    }

    /// Notes that it happened there, with the state in the buffer.
    private mutating func keep(_ number: Int, at fraction: Double) {
        brackets[number].fraction = fraction
        for i in 0..<n { states[number * n + i] = stateBuffer[i] }
    }

    /// Puts a point's state and slope into the buffers.
    private mutating func read(_ number: Int, point: Int) {
        let first = (6 * number + 2 * point) * n
        for i in 0..<n {
            stateBuffer[i] = points[first + i]
            slopeBuffer[i] = points[first + n + i]
        }
    }

    /// What falls through 0, of the state and the slope in the buffers.
    private func value(_ number: Int, _ fraction: Double, _ ensemble: Ensemble) -> Double {
        switch crossings[number].event {
        case .rise(let level): return level - stateBuffer[ensemble.recurrence?.component ?? 0]
        case .arrival(let target):
            guard let settling = ensemble.settling else { return .nan }
            let reading = settling.reading(
                crossings[number].trajectory, time(number, fraction), stateBuffer.span, slopeBuffer.span)
            return reading.target == target ? reading.distance - 1 : .infinity
        }
    }

    // MARK: - Where to look next

    /// Sets where the polynomial through the points falls to 0, or the middle where that says nothing.
    private mutating func predict(_ number: Int, _ ensemble: Ensemble) {
        let bracket = brackets[number]
        // A function that is not as smooth as the trajectory may hold up the predictions; halves end in any case.
        var fraction = bracket.high
        if bracket.rounds < 8 {
            switch crossings[number].event {
            case .rise(let level):
                let component = ensemble.recurrence?.component ?? 0
                fit(number, component..<(component + 1))
                let polynomial = polynomials[0]
                fraction = Self.fall(in: bracket) { level - polynomial.value($0) }
            case .arrival:
                fit(number, 0..<n)
                let needsSlope = ensemble.settling?.needsSlope ?? false
                fraction = Self.fall(in: bracket) { fraction in
                    for i in 0..<n { stateBuffer[i] = polynomials[i].value(fraction) }
                    if needsSlope {
                        let length = crossings[number].length
                        for i in 0..<n { slopeBuffer[i] = polynomials[i].slope(fraction) / length }
                    }
                    return value(number, fraction, ensemble)
                }
            }
        }
        brackets[number].fraction = fraction < bracket.high ? fraction : 0.5 * (bracket.low + bracket.high)
    }

    /// Where a function falls to 0 within a bracket, by regula falsi with the Illinois rule.
    @inline(__always)
    private static func fall(in bracket: Bracket, _ value: (Double) -> Double) -> Double {
        var (low, high) = (bracket.low, bracket.high)
        var (atLow, atHigh) = (bracket.valueAtLow, bracket.valueAtHigh)
        var (lastSide, last) = (0, high)
        var rounds = 0
        while rounds < 60, high - low > accuracy, atHigh < 0 {
            rounds += 1
            let secant = high - (high - low) * (atHigh / (atHigh - atLow))
            let fraction = secant > low && secant < high ? secant : 0.5 * (low + high)
            if abs(fraction - last) <= accuracy { return fraction }
            last = fraction
            let found = value(fraction)
            if found <= 0 {
                (high, atHigh) = (fraction, found)
                if lastSide == 1 { atLow *= 0.5 }
                lastSide = 1
            } else {
                (low, atLow) = (fraction, found.isNaN ? .infinity : found)
                if lastSide == -1 { atHigh *= 0.5 }
                lastSide = -1
            }
        }
        return high
    }

    /// The polynomials of components, of degree 5 where three points stand apart, else 3.
    private mutating func fit(_ number: Int, _ components: Range<Int>) {
        let bracket = brackets[number]
        let length = crossings[number].length
        let third = bracket.third.flatMap { t in
            min(bracket.high - bracket.low, abs(t - bracket.low), abs(t - bracket.high)) >= Self.leastSpacing ? t : nil
        }
        polynomials.removeAll(keepingCapacity: true)
        for i in components {
            func point(_ place: Int, _ fraction: Double) -> StepPolynomial.Point {
                let first = (6 * number + 2 * place) * n + i
                return .init(fraction: fraction, value: points[first], slope: length * points[first + n])
            }
            polynomials.append(
                StepPolynomial(
                    point(bracket.lowPoint, bracket.low), point(bracket.highPoint, bracket.high),
                    third.map { point(bracket.thirdPoint, $0) }))
        }
    }
}
