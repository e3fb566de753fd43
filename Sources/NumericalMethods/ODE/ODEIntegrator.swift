/// The integration of a system step by step, with every crossing of its events, and the state at any time within the last
/// step.
///
///     var integrator = try ODEIntegrator(system, from: 0, to: 20, state: [1, 0])
///     while let state = try integrator.advance(to: next) { … }
///     print(integrator.statistics, integrator.ending ?? .reachedEnd)
///
/// The state at a time between steps is as accurate as the steps (see ``state(at:)``), and asking for it does not change
/// them: the solution is the same however many times are asked for.
///
/// Time may run backwards: `to` before `from`.
public struct ODEIntegrator: ~Copyable {
    /// The method, its tolerances and its limits.
    public let algorithm: ODEAlgorithm
    /// The events that are looked for.
    public let events: [ODEEvent]
    /// The end of the interval.
    public let end: Double
    /// The crossings so far, in order.
    public private(set) var occurrences: [ODEOccurrence] = []
    /// How the integration ended; nil before it has.
    public private(set) var ending: ODEEnding?

    private let engine: ODEEngine
    private var search: EventSearch

    /// The integration of a system without a Jacobian.
    ///
    /// - Parameters:
    ///   - system: n equations.
    ///   - start: the time of the initial state.
    ///   - end: where the integration ends, after the start or before it; at the start it has ended already.
    ///   - state: n finite numbers.
    ///   - algorithm: a method that needs no Jacobian, its tolerances and limits.
    ///   - events: functions whose sign changes are looked for.
    /// - Throws: ``ODEError``.
    @inlinable
    public init<System: ODESystem>(
        _ system: System, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm,
        events: [ODEEvent] = []
    ) throws(ODEError) {
        try self.init(
            callbacks: ODECallbacks(system), from: start, to: end, state: state, algorithm: algorithm, events: events)
    }

    /// The integration of a system with a Jacobian, by any method.
    @inlinable
    public init<System: DifferentiableODESystem>(
        _ system: System, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm,
        events: [ODEEvent] = []
    ) throws(ODEError) {
        try self.init(
            callbacks: ODECallbacks(differentiable: system), from: start, to: end, state: state, algorithm: algorithm,
            events: events)
    }

    @usableFromInline
    init(
        callbacks: ODECallbacks, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm,
        events: [ODEEvent]
    ) throws(ODEError) {
        engine = try ODEEngine(checking: callbacks, from: start, to: end, state: state, algorithm: algorithm)
        let n = callbacks.dimension
        search = EventSearch(count: events.count, forgiven: events.count, dimension: n, algorithm: algorithm) {
            index, time, y in
            events[index].value(time, UnsafeBufferPointer(start: y, count: n).span)
        }
        self.algorithm = algorithm
        self.events = events
        self.end = end
        if let index = search.reset(at: start, engine.state) {
            ending = .eventNotFinite(index, time: start)
        } else if start == end {
            ending = .reachedEnd
        }
    }

    /// The time that the integration has come to.
    public var time: Double { engine.time }

    /// The time at which the last step began.
    public var stepStart: Double { engine.stepStart }

    /// The state at ``time``.
    public var state: [Double] { engine.array(engine.state) }

    /// The steps and evaluations so far.
    public var statistics: ODEStatistics { engine.statistics }

    /// Takes a step. Its crossings are added to ``occurrences``; one that ends the integration also ends the step.
    ///
    /// - Returns: false where the integration had ended before.
    @discardableResult
    public mutating func step() -> Bool {
        guard ending == nil else { return false }
        if let stop = engine.tryStep(towards: end) {
            ending = stop
            return true
        }
        if !events.isEmpty, let stop = searchStep() { ending = stop }
        if engine.time == end, ending == nil { ending = .reachedEnd }
        return true
    }

    /// Adds the crossings of the last step; what ends the integration there, or nil.
    private mutating func searchStep() -> ODEEnding? {
        do throws(EventSearch.Failure) {
            for crossing in try search.crossings(in: engine) {
                let event = events[crossing.index]
                guard event.direction == .either || (event.direction == .rising) == crossing.isRising else { continue }
                occurrences.insert(try engine.occurrence(crossing), inOrderOf: end - engine.stepStart)
                if event.endsIntegration {
                    guard engine.cut(at: crossing.state == nil ? crossing.time : engine.stepStart) else {
                        throw .undefined
                    }
                    return .event(crossing.index, time: crossing.time)
                }
            }
            search.acceptStep()
            return nil
        } catch {
            let time = engine.stepStart
            // What lies beyond has not been searched.
            _ = engine.cut(at: time)
            return error.ending(at: time)
        }
    }

    /// The state at a time within the last step, of the same accuracy as the steps.
    ///
    /// A Runge–Kutta method finds it by one step of the same method from the beginning of the step, a multistep method
    /// by an integration of its own from there; the cost is that of such a step.
    ///
    /// - Throws: ``ODEError/timeOutOfOrder(time:allowed:)`` for a time outside of the last step,
    ///   ``ODEError/stateUndefined(time:)`` where the right-hand side is not defined on the way.
    public func state(at time: Double) throws(ODEError) -> [Double] { try engine.stateWithinStep(at: time) }

    /// Goes on to a time and gives the state there; nil where the integration ends before it, ``ending`` saying how.
    ///
    /// - Parameter time: not before ``stepStart``, in the direction of integration.
    /// - Throws: ``ODEError/timeOutOfOrder(time:allowed:)``.
    public mutating func advance(to time: Double) throws(ODEError) -> [Double]? {
        let forwards = end >= stepStart
        if events.isEmpty, ending == nil {
            ending = engine.advance(to: time, towards: end)
            if ending == nil, engine.time == end { ending = .reachedEnd }
        }
        while forwards ? self.time < time : self.time > time {
            guard step() else { return nil }
        }
        return try state(at: time)
    }
}

extension ODEEngine {
    /// A crossing with the state there.
    func occurrence(_ crossing: EventSearch.Crossing) throws(EventSearch.Failure) -> ODEOccurrence {
        var state = crossing.state
        if state == nil, let dense = denseOutput(at: crossing.time) { state = array(dense) }
        guard let state else { throw .undefined }
        return ODEOccurrence(event: crossing.index, time: crossing.time, state: state, isRising: crossing.isRising)
    }
}

extension [ODEOccurrence] {
    /// Adds an occurrence behind those that are no later, most often at the end.
    ///
    /// - Parameter direction: of time, by its sign.
    mutating func insert(_ occurrence: ODEOccurrence, inOrderOf direction: Double) {
        let place = lastIndex { direction < 0 ? $0.time >= occurrence.time : $0.time <= occurrence.time }
        insert(occurrence, at: place.map { $0 + 1 } ?? 0)
    }
}

extension EventSearch.Failure {
    /// What the failure means for an integration.
    func ending(at time: Double) -> ODEEnding {
        switch self {
        case .notFinite(let index): .eventNotFinite(index, time: time)
        case .undefined: .derivativeUndefined(time: time)
        case .unresolved(let index): .eventUnresolved(index, time: time)
        }
    }
}

extension ODEEngine {
    /// Throws what is wrong with a problem.
    static func check(
        _ callbacks: ODECallbacks, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm
    ) throws(ODEError) {
        guard callbacks.dimension >= 1, state.count == callbacks.dimension else {
            throw ODEError.dimension(system: callbacks.dimension, state: state.count)
        }
        if let index = state.firstIndex(where: { !$0.isFinite }) {
            throw ODEError.initialState(component: index, value: state[index])
        }
        guard start.isFinite else { throw ODEError.time(name: "start", value: start) }
        guard end.isFinite, (end - start).isFinite else { throw ODEError.time(name: "end", value: end) }
        guard callbacks.jacobian != nil || !algorithm.method.needsJacobian else {
            throw ODEError.jacobianMissing(algorithm.method)
        }
    }

    /// An engine for a problem that is checked first.
    convenience init(
        checking callbacks: ODECallbacks, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm
    ) throws(ODEError) {
        try Self.check(callbacks, from: start, to: end, state: state, algorithm: algorithm)
        try self.init(callbacks, time: start, state: state, algorithm: algorithm, span: end - start)
    }

    /// Takes a step within the limits; what stops the integration, or nil.
    @inline(__always)
    func tryStep(towards end: Double) -> ODEEnding? {
        guard steps < algorithm.maximumSteps else { return .stepLimit(time: time) }
        guard evaluations < algorithm.maximumEvaluations else { return .evaluationLimit(time: time) }
        let attempt = step(towards: end)
        if attempt == .accepted { return nil }
        switch attempt {
        case .accepted: return nil
        case .tooSmall: return .stepTooSmall(time: time)
        case .undefined: return .derivativeUndefined(time: time)
        case .notFinite: return .notFinite(time: time)
        }
    }

    /// Takes steps towards `end` until one of them reaches a time; what stops the integration before, or nil.
    func advance(to time: Double, towards end: Double) -> ODEEnding? {
        let forwards = end >= self.time
        let time = forwards ? min(time, end) : max(time, end)
        while forwards ? self.time < time : self.time > time {
            if let stop = tryStep(towards: end) { return stop }
        }
        return nil
    }

    /// The state at a time within the last step.
    func stateWithinStep(at time: Double) throws(ODEError) -> [Double] {
        let (low, high) = (min(stepStart, self.time), max(stepStart, self.time))
        guard time >= low, time <= high else {
            throw ODEError.timeOutOfOrder(time: time, allowed: "a time within the last step, from \(low) to \(high)")
        }
        guard let state = denseOutput(at: time) else { throw ODEError.stateUndefined(time: time) }
        return array(state)
    }

    /// A state as an array.
    func array(_ state: UnsafeMutablePointer<Double>) -> [Double] {
        Array(UnsafeBufferPointer(start: state, count: dimension))
    }
}
