/// The integration of a piecewise-smooth system: every crossing of a surface ends a step, and the motion goes on with the
/// right-hand side of the other side, or along the surface where both sides push towards it (Filippov).
///
/// A surface that both right-hand sides cross is crossed; one that both push towards is slid along, until one of them stops
/// pushing; where neither has to be followed (both push away, or several surfaces meet and more than one way leads on)
/// the integration ends with ``ODEEnding/notUnique(surface:time:)``. Surfaces that coincide are crossed, or slid along,
/// together.
///
/// Two right-hand sides with the same dh/dt, as in best-response dynamics, make no sliding but a spiral that crosses the
/// surface ever faster. It is followed until a crossing moves no component by more than `chatterTolerance`.
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
    /// The surface crossed last, the state then, and how many crossings in a row have changed little.
    private var lastCrossing: (surface: Int, state: [Double], small: Int)?

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
        guard access.count <= 64 else {
            throw ODEError.setting(name: "number of surfaces", value: Double(access.count), allowed: "at most 64")
        }
        guard state.count == callbacks.dimension, state.allSatisfy(\.isFinite) else {
            // Told in the engine's words; the motion below needs a state that is one.
            _ = try ODEEngine(checking: callbacks, from: start, to: end, state: state, algorithm: algorithm)
            throw ODEError.dimension(system: callbacks.dimension, state: state.count)
        }
        var undecided: ODEEnding?
        let first: PiecewiseMotion
        switch access.motion(atStart: start, state) {
        case .success(let motion): first = motion
        case .failure(let failure):
            first = .smooth(SurfaceSides())
            undecided = failure.ending
        }
        motionBox.value = first
        // The engine's first step depends on the motion.
        let engine = try ODEEngine(checking: callbacks, from: start, to: end, state: state, algorithm: algorithm)
        let n = callbacks.dimension
        let (eventCount, surfaceCount) = (events.count, access.count)
        search = EventSearch(count: eventCount + surfaceCount + 2) { index, time, y in
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

    /// What it has cost so far.
    public var statistics: ODEStatistics { engine.statistics }

    /// The motion from ``time`` on.
    public var motionAhead: PiecewiseMotion { nextMotion ?? motion }

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
        if let next = nextMotion {
            // Only now: up to here the last step's states are asked for.
            motion = next
            nextMotion = nil
            motionBox.value = next
            engine.restart(at: time, span: end - time)
        }
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
                guard let state = engine.denseOutput(at: crossing.time) else { throw .undefined }
                occurrences.append(
                    ODEOccurrence(
                        event: crossing.index, time: crossing.time, state: engine.array(state),
                        isRising: crossing.isRising))
                if event.endsIntegration {
                    guard engine.cut(at: crossing.time) else { throw .undefined }
                    ending = .event(crossing.index, time: crossing.time)
                    return true
                }
            }
            if !isCut {
                search.acceptStep()
                project()
            }
        } catch {
            ending = error.ending(at: engine.stepStart)
            return true
        }
        if ending == nil, engine.time == end { ending = .reachedEnd }
        return true
    }

    /// The state at a time within the last step; see ``ODEIntegrator/state(at:)``.
    public func state(at time: Double) throws(ODEError) -> [Double] {
        guard time >= stepStart, time <= self.time, let state = engine.denseOutput(at: time) else {
            throw ODEError.timeOutOfOrder(
                time: time, allowed: "a time within the last step, from \(stepStart) to \(self.time)")
        }
        return engine.array(state)
    }

    /// Goes on to a time and gives the state there; nil where the integration ends before it.
    public mutating func advance(to time: Double) throws(ODEError) -> [Double]? {
        while self.time < time {
            guard step() else { return nil }
        }
        return try state(at: time)
    }

    // MARK: - Changes of motion

    /// Decides how the motion goes on from the end of the step, which lies on a surface or at the end of sliding.
    private mutating func change(at crossing: EventSearch.Crossing) {
        let monitor = crossing.index - events.count
        var state = engine.array(engine.state)
        // Between its steps a multistep method's state depends, within the tolerance, on what was asked before; that must
        // not leave it on the side that it has just left.
        if algorithm.method.isMultistep, monitor < access.count,
            let placed = access.placed(state, on: monitor, at: time)
        {
            state = placed
            for (index, value) in placed.enumerated() { engine.state[index] = value }
        }
        var surfaces: [Int] = []
        let outcome: Result<PiecewiseMotion, SurfaceAccess.Undecided>
        switch motion {
        case .smooth(let sides):
            surfaces = access.group(of: monitor, at: time, state, algorithm: algorithm)
            outcome = access.motion(across: monitor, surfaces, from: sides, at: time, state)
        case .sliding(let surface, let below, let above):
            if monitor >= access.count {
                // One of the two has stopped pushing: on with the other one's side.
                surfaces = [surface]
                outcome = .success(.smooth(monitor == access.count ? above : below))
            } else {
                surfaces = [surface, monitor]
                outcome = access.sliding(surface, below, above, across: monitor, at: time, state)
            }
        }
        switch outcome {
        case .failure(let failure): ending = failure.ending
        case .success(let next):
            changes.append(MotionChange(time: time, state: state, surfaces: surfaces, before: motion, after: next))
            nextMotion = next
            if changes.count >= maximumSwitches { ending = .switchLimit(time: time) }
            noteCrossing(of: monitor, state, isSmooth: !motion.isSliding && !next.isSliding)
            setSurfaceSigns()
        }
    }

    private mutating func noteCrossing(of surface: Int, _ state: [Double], isSmooth: Bool) {
        guard let tolerance = chatterTolerance, isSmooth else {
            lastCrossing = nil
            return
        }
        var small = 0
        if let last = lastCrossing, last.surface == surface,
            zip(last.state, state).allSatisfy({ abs($0 - $1) <= tolerance })
        {
            small = last.small + 1
        }
        lastCrossing = (surface, state, small)
        if small >= 2 { ending = .chattering(surface: surface, time: time) }
    }

    /// The sides of the motion ahead are the signs that later ones are compared with.
    private mutating func setSurfaceSigns() {
        for index in 0..<access.count {
            switch motionAhead {
            case .smooth(let sides): search.setSign(sides[index] ? 1 : -1, of: events.count + index)
            case .sliding(_, let below, let above):
                // Those that are slid along are not looked at.
                search.setSign(below[index] == above[index] ? (below[index] ? 1 : -1) : 0, of: events.count + index)
            }
        }
        // −n⁺ > 0 and n⁻ > 0 while it slides.
        for exit in 0..<2 { search.setSign(-1, of: events.count + access.count + exit) }
    }

    /// A sliding motion that has drifted off its surface by more than the tolerance is put back, along the gradient.
    private mutating func project() {
        guard case .sliding(let surface, _, _) = motion else { return }
        let state = engine.array(engine.state)
        guard let moved = access.projected(state, on: surface, at: time, algorithm: algorithm) else { return }
        for (index, value) in moved.enumerated() { engine.state[index] = value }
        engine.restart(at: time, span: end - time)
    }
}
