/// A solution at the times that were asked for, with the events on its way, its cost, and how it ended.
public struct ODESolution: Equatable, Sendable {
    /// The method, its tolerances and its limits.
    public let algorithm: ODEAlgorithm
    /// The start of the interval that was asked for.
    public let start: Double
    /// The end of the interval.
    public let end: Double
    /// The times that were reached of those asked for, or the ends of the steps where none were, the start first.
    public let times: [Double]
    /// The state at each of the times.
    public let states: [[Double]]
    /// The crossings of the events, in order.
    public let occurrences: [ODEOccurrence]
    /// The steps and evaluations that the solution took.
    public let statistics: ODEStatistics
    /// How the integration ended. Where that is not as asked (``ODEEnding/isExpected``), ``times`` ends before.
    public let ending: ODEEnding

    /// The solution of a system without a Jacobian.
    ///
    /// - Parameters:
    ///   - system: n equations.
    ///   - start: the time of the initial state.
    ///   - end: the end of the interval, which may lie before the start.
    ///   - state: n finite numbers.
    ///   - algorithm: the method, its tolerances and its limits.
    ///   - times: times from start to end, in that order, repetitions allowed; nil for the ends of the steps.
    ///   - events: functions whose sign changes are looked for.
    /// - Throws: ``ODEError``. That an integration did not get to its end is no error but ``ending``.
    @inlinable
    public init<System: ODESystem>(
        of system: System, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm,
        times: [Double]? = nil, events: [ODEEvent] = []
    ) throws(ODEError) {
        var integrator = try ODEIntegrator(
            system, from: start, to: end, state: state, algorithm: algorithm, events: events)
        try self.init(&integrator, from: start, times: times)
    }

    /// The solution of a system with a Jacobian, by any method.
    @inlinable
    public init<System: DifferentiableODESystem>(
        of system: System, from start: Double, to end: Double, state: [Double], algorithm: ODEAlgorithm,
        times: [Double]? = nil, events: [ODEEvent] = []
    ) throws(ODEError) {
        var integrator = try ODEIntegrator(
            system, from: start, to: end, state: state, algorithm: algorithm, events: events)
        try self.init(&integrator, from: start, times: times)
    }

    @usableFromInline
    init(_ integrator: inout ODEIntegrator, from start: Double, times wanted: [Double]?) throws(ODEError) {
        var times: [Double] = []
        var states: [[Double]] = []
        if let wanted {
            // Before anything is computed.
            let forwards = start <= integrator.end
            var last = start
            for time in wanted {
                guard forwards ? time >= last && time <= integrator.end : time <= last && time >= integrator.end else {
                    throw ODEError.timeOutOfOrder(
                        time: time, allowed: "a time from \(last), the one before, to \(integrator.end), the end")
                }
                last = time
            }
            for time in wanted {
                guard let state = try integrator.advance(to: time) else { break }
                times.append(time)
                states.append(state)
            }
            while integrator.step() {}
        } else {
            times.append(integrator.time)
            states.append(integrator.state)
            while integrator.step() {
                guard integrator.time != times[times.count - 1] else { continue }
                times.append(integrator.time)
                states.append(integrator.state)
            }
        }
        algorithm = integrator.algorithm
        self.start = start
        end = integrator.end
        self.times = times
        self.states = states
        occurrences = integrator.occurrences
        statistics = integrator.statistics
        ending = integrator.ending ?? .reachedEnd
    }
}
