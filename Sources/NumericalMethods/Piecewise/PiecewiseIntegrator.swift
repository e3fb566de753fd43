/// The integration of a piecewise-smooth system: every crossing of a surface ends a step, and the motion goes on with the
/// right-hand side of the other side, or along the surface where both sides push towards it (Filippov).
///
/// A surface that both right-hand sides cross is crossed; one that both push towards is slid along, until one of them stops
/// pushing; where neither has to be followed (both push away, or several surfaces meet and more than one way leads on)
/// the integration ends with ``ODEEnding/notUnique(surface:time:)``. Surfaces that coincide are crossed, or slid along,
/// together.
///
/// Two right-hand sides with the same dh/dt, as in best-response dynamics, make no sliding but a spiral that crosses the
/// surface ever faster. It is followed until a surface is crossed three times in a row with no component moved by more than
/// `chatterTolerance`, or until the time stands still.
public struct PiecewiseIntegrator: ~Copyable {
    /// The method, its tolerances and its limits.
    public let algorithm: ODEAlgorithm
    /// The events that are looked for, beside the surfaces.
    public let events: [ODEEvent]
    /// The end of the interval.
    public let end: Double
    /// The most changes of motion.
    public let maximumSwitches: Int
    /// How much a component must change from one crossing to the next; nil for no such end.
    public let chatterTolerance: Double?
    /// The changes of motion so far, in order.
    public private(set) var changes: [MotionChange] = []
    /// The crossings of the events so far, in order.
    public private(set) var occurrences: [ODEOccurrence] = []
    /// How the integration ended; nil before it has.
    public private(set) var ending: ODEEnding?
    /// The motion in the last step, and at the start.
    public private(set) var motion: PiecewiseMotion

    private let engine: ODEEngine
    private let access: SurfaceAccess
    private let motionBox: MotionBox
    private var search: EventSearch
    /// The motion after the last step, where that ended with a change.
    private var nextMotion: PiecewiseMotion?
    /// For each surface the state at its last crossing, and how many of its crossings in a row have changed little.
    private var lastCrossings: [Int: (state: [Double], small: Int)] = [:]
    /// The times at which surfaces were met last, the changes of motion and those where it stayed what it was.
    private var lastMeetings: [Double] = []
    /// So many meetings, within as many roundings of the time each, are a pile.
    private static let pile = 128
    /// How many tolerances a sliding motion may be off its surface. A multistep method begins anew when it is put back, and
    /// its own errors add up to more.
    private var driftInTolerances: Double { algorithm.method.isMultistep ? 128 : 1 }

    /// The integration of a system without Jacobians.
    ///
    /// - Parameters:
    ///   - system: n equations.
    ///   - start: the time of the initial state.
    ///   - end: where the integration ends, not before the start: Filippov's motion cannot be followed backwards.
    ///   - state: n finite numbers.
    ///   - algorithm: a method that needs no Jacobian, its tolerances and limits.
    ///   - events: functions whose sign changes are looked for.
    ///   - maximumSwitches: the most changes of motion.
    ///   - chatterTolerance: how much a component must change from one crossing of a surface to the next.
    /// - Throws: ``ODEError``.
    @inlinable
    public init<System: PiecewiseSmoothSystem>(
        _ system: System, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm,
        events: [ODEEvent] = [], maximumSwitches: Int = 100_000, chatterTolerance: Double? = nil
    ) throws(ODEError) {
        let box = MotionBox(.smooth(SurfaceSides()))
        let filippov = FilippovSystem(system, box)
        try self.init(
            callbacks: ODECallbacks(filippov), access: SurfaceAccess(filippov), motionBox: box, from: start, to: end,
            state: state, algorithm: algorithm, events: events, maximumSwitches: maximumSwitches,
            chatterTolerance: chatterTolerance)
    }

    /// The integration of a system with Jacobians, by any method.
    @inlinable
    public init<System: DifferentiablePiecewiseSmoothSystem>(
        _ system: System, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm,
        events: [ODEEvent] = [], maximumSwitches: Int = 100_000, chatterTolerance: Double? = nil
    ) throws(ODEError) {
        let box = MotionBox(.smooth(SurfaceSides()))
        let filippov = FilippovSystem(system, box)
        try self.init(
            callbacks: ODECallbacks(differentiable: DifferentiableFilippovSystem(filippov)),
            access: SurfaceAccess(filippov), motionBox: box, from: start, to: end, state: state, algorithm: algorithm,
            events: events, maximumSwitches: maximumSwitches, chatterTolerance: chatterTolerance)
    }

    @usableFromInline
    init(
        callbacks: ODECallbacks, access: SurfaceAccess, motionBox: MotionBox, from start: Double, to end: Double,
        state: [Double], algorithm: ODEAlgorithm, events: [ODEEvent], maximumSwitches: Int, chatterTolerance: Double?
    ) throws(ODEError) {
        guard end >= start || !start.isFinite || !end.isFinite else {
            throw ODEError.timeOutOfOrder(
                time: end, allowed: "an end not before the start, \(start): a piecewise-smooth flow has no unique past")
        }
        guard (0...64).contains(access.count) else {
            throw ODEError.setting(name: "number of surfaces", value: Double(access.count), allowed: "from 0 to 64")
        }
        // The motion below needs a problem that is one.
        try ODEEngine.check(callbacks, from: start, to: end, state: state, algorithm: algorithm)
        let values = state.withUnsafeBufferPointer { y in (0..<access.count).map { access.value($0, start, y) } }
        var undecided = values.firstIndex { !$0.isFinite }.map {
            ODEEnding.eventNotFinite(events.count + $0, time: start)
        }
        var sides = SurfaceSides()
        for (index, value) in values.enumerated() { sides[index] = value > 0 }
        var first = PiecewiseMotion.smooth(sides)
        if undecided == nil {
            let group = values.indices.filter { values[$0] == 0 }
            let continuation = Continuation(access, group: group, from: sides, at: start, state)
            switch continuation.motion(preferring: [first]) {
            case .success(let motion): first = motion
            case .failure(let failure): undecided = failure.ending
            }
        }
        motionBox.value = first
        // The engine's first step depends on the motion.
        let engine = try ODEEngine(checking: callbacks, from: start, to: end, state: state, algorithm: algorithm)
        let n = callbacks.dimension
        let (eventCount, surfaceCount) = (events.count, access.count)
        search = EventSearch(
            count: eventCount + surfaceCount + 2, forgiven: eventCount, dimension: n, algorithm: algorithm
        ) { index, time, y in
            let span = UnsafeBufferPointer(start: y, count: n)
            if index < eventCount { return events[index].value(time, span.span) }
            return access.monitor(index - eventCount, motionBox.value, time, span)
        }
        self.engine = engine
        motion = first
        self.access = access
        self.motionBox = motionBox
        self.algorithm = algorithm
        self.events = events
        self.end = end
        self.maximumSwitches = maximumSwitches
        self.chatterTolerance = chatterTolerance
        if let undecided {
            ending = undecided
        } else if let index = search.reset(at: start, engine.state) {
            ending = .eventNotFinite(index, time: start)
        } else if start == end {
            ending = .reachedEnd
        }
        setSurfaceSigns()
    }

    /// The time that the integration has come to.
    public var time: Double { engine.time }

    /// The time at which the last step began.
    public var stepStart: Double { engine.stepStart }

    /// The state at ``time``.
    public var state: [Double] { engine.array(engine.state) }

    /// The steps, evaluations and restarts so far.
    public var statistics: ODEStatistics { engine.statistics }

    /// The motion from ``time`` on.
    public var motionAhead: PiecewiseMotion { nextMotion ?? motion }

    /// The motion at a time that has been passed.
    public func motion(at time: Double) -> PiecewiseMotion {
        changes.last { $0.time <= time }?.after ?? changes.first?.before ?? motion
    }

    /// λ, the share of the right-hand side above the surface in a sliding motion at a state; nil where it does not slide.
    public func slidingWeight(of motion: PiecewiseMotion, at time: Double, _ state: [Double]) -> Double? {
        access.slidingWeight(motion, time, state)
    }

    /// Takes a step, which ends where the motion changes.
    ///
    /// - Returns: false where the integration had ended before.
    @discardableResult
    public mutating func step() -> Bool {
        guard ending == nil else { return false }
        prepareStep()
        if let stop = engine.tryStep(towards: end) {
            ending = stop
            return true
        }
        do throws(EventSearch.Failure) {
            let crossings = try search.crossings(in: engine)
            var isCut = false
            for crossing in crossings {
                if crossing.index >= events.count {
                    guard engine.cut(at: crossing.time) else { throw .undefined }
                    search.accept(crossing)
                    change(at: crossing)
                    isCut = true
                    break
                }
                search.accept(crossing)
                let event = events[crossing.index]
                guard event.direction == .either || (event.direction == .rising) == crossing.isRising else { continue }
                occurrences.insert(try engine.occurrence(crossing), inOrderOf: 1)
                if event.endsIntegration {
                    guard engine.cut(at: crossing.state == nil ? crossing.time : engine.stepStart) else {
                        throw .undefined
                    }
                    ending = .event(crossing.index, time: crossing.time)
                    return true
                }
            }
            if !isCut { search.acceptStep() }
        } catch {
            ending = error.ending(at: engine.stepStart)
            _ = engine.cut(at: engine.stepStart)
            return true
        }
        if ending == nil, engine.time == end { ending = .reachedEnd }
        return true
    }

    /// The state at a time within the last step; see ``ODEIntegrator/state(at:)``.
    public func state(at time: Double) throws(ODEError) -> [Double] { try engine.stateWithinStep(at: time) }

    /// Goes on to a time and gives the state there; nil where the integration ends before it.
    public mutating func advance(to time: Double) throws(ODEError) -> [Double]? {
        while self.time < time {
            guard step() else { return nil }
        }
        return try state(at: time)
    }

    // MARK: - Changes of motion

    /// Begins the motion that the last step has led to, and puts a sliding motion that has drifted off its surface by more
    /// than the tolerances back on to it. Not before the next step: until then the last one's dense output is wanted.
    private mutating func prepareStep() {
        if let next = nextMotion {
            let last = motion
            motion = next
            motionBox.value = next
            nextMotion = nil
            // What goes on from a surface starts on it: behind it, it would seem to cross it again.
            for case .sliding(let surface, _, _) in [last, next] { project(on: surface) }
            engine.restart(at: time, span: end - time)
            setSurfaceSigns()
        } else if case .sliding(let surface, _, _) = motion,
            access.isOff(surface, at: time, state, algorithm, tolerances: driftInTolerances)
        {
            project(on: surface)
            // A one-step method goes on from any state, with the step's length that it has come to.
            if algorithm.method.isMultistep { engine.restart(at: time, span: end - time) }
        }
    }

    /// Moves the state on to a surface, along the gradient.
    private mutating func project(on surface: Int) {
        for (index, value) in access.projected(state, on: surface, at: time).enumerated() {
            engine.state[index] = value
        }
        search.jump(at: time, to: engine.state)
    }

    /// Decides how the motion goes on from the end of the step, which lies on a surface or at the end of sliding.
    private mutating func change(at crossing: EventSearch.Crossing) {
        let monitor = crossing.index - events.count
        // The dense output of a multistep method is too rough for the state to lie on the surface to a few roundings.
        if algorithm.method.isMultistep, monitor < access.count { project(on: monitor) }
        let state = engine.array(engine.state)
        let (surfaces, outcome) = continuation(at: monitor, state)
        switch outcome {
        case .failure(let failure): ending = failure.ending
        case .success(let next):
            nextMotion = next
            if next != motion {
                changes.append(MotionChange(time: time, state: state, surfaces: surfaces, before: motion, after: next))
                if changes.count >= maximumSwitches { ending = .switchLimit(time: time) }
                noteCrossing(of: surfaces, state, isSmooth: !motion.isSliding && !next.isSliding)
            }
            if lastMeetings.count == Self.pile {
                let first = lastMeetings.removeFirst()
                if time - first <= Double(Self.pile * Self.pile) * time.ulp {
                    ending = .chattering(surface: surfaces.first ?? 0, time: time)
                }
            }
            lastMeetings.append(time)
        }
    }

    /// The surfaces that are met or left at a state, and how it goes on from there.
    private func continuation(
        at monitor: Int, _ state: [Double]
    ) -> (surfaces: [Int], Result<PiecewiseMotion, Continuation.Undecided>) {
        switch motion {
        case .smooth(let sides):
            let group = access.group(of: [monitor], after: motion, at: time, state)
            let continuation = Continuation(access, group: group, from: sides, at: time, state)
            return (
                group,
                continuation.motion(preferring: [.smooth(sides.crossing([monitor])), .smooth(sides.crossing(group))])
            )
        case .sliding(let surface, let below, let above):
            let isExit = monitor >= access.count
            let slid = (0..<access.count).filter { below[$0] != above[$0] }
            let group = access.group(of: isExit ? slid : slid + [monitor], after: motion, at: time, state)
            if isExit, group == slid {
                // One of the two has stopped pushing: on with that one's side, if the other still pushes.
                let leavesUp = monitor == access.count
                let other = state.withUnsafeBufferPointer { access.rate(surface, leavesUp ? below : above, time, $0) }
                if let other, leavesUp ? other > 0 : other < 0 {
                    return (group, .success(.smooth(leavesUp ? above : below)))
                }
            }
            let continuation = Continuation(access, group: group, from: below, at: time, state)
            return (group, continuation.motion(preferring: []))
        }
    }

    private mutating func noteCrossing(of surfaces: [Int], _ state: [Double], isSmooth: Bool) {
        guard let tolerance = chatterTolerance, isSmooth else {
            lastCrossings = [:]
            return
        }
        for surface in surfaces {
            var small = 0
            if let last = lastCrossings[surface], zip(last.state, state).allSatisfy({ abs($0 - $1) <= tolerance }) {
                small = last.small + 1
            }
            lastCrossings[surface] = (state, small)
            if small >= 2 { ending = .chattering(surface: surface, time: time) }
        }
    }

    /// The sides of the motion are the signs that later ones are compared with.
    private mutating func setSurfaceSigns() {
        for index in 0..<access.count {
            switch motion {
            case .smooth(let sides): search.setSign(sides[index] ? 1 : -1, of: events.count + index)
            case .sliding(_, let below, let above):
                // Those that are slid along are not looked at.
                search.setSign(below[index] == above[index] ? (below[index] ? 1 : -1) : 0, of: events.count + index)
            }
        }
        // −n⁺ > 0 and n⁻ > 0 while it slides.
        for exit in 0..<2 { search.setSign(-1, of: events.count + access.count + exit) }
    }
}
