/// How an integration ended. Only the first two are what was asked for; nothing that was computed before any of the others
/// is lost.
public enum ODEEnding: Equatable, Sendable {
    /// The end of the interval was reached.
    case reachedEnd
    /// An event that ends the integration: its index among the events, and when.
    case event(Int, time: Double)
    /// The limit of steps was met at this time.
    case stepLimit(time: Double)
    /// The limit of evaluations was met at this time.
    case evaluationLimit(time: Double)
    /// No step is short enough for the tolerances: the error does not fall below them before the time stands still.
    case stepTooSmall(time: Double)
    /// The right-hand side is not defined beyond this time, however short the step.
    case derivativeUndefined(time: Double)
    /// The state, or the right-hand side, is no finite number beyond this time, however short the step.
    case notFinite(time: Double)
    /// The value of an event function, or of a surface, is not finite in the step from this time on.
    ///
    /// Surfaces are counted behind the events, and behind them the two conditions under which a motion slides.
    case eventNotFinite(Int, time: Double)
    /// An event function, or a surface, changes too often to be followed in the step from this time on: it needs more than
    /// 65,536 pieces that are simple. Events of time alone do this where nothing else limits the steps.
    case eventUnresolved(Int, time: Double)

    /// The limit of changes of mode was met at this time.
    case switchLimit(time: Double)
    /// A piecewise-smooth flow crosses a surface to and fro, ever faster and by no more than was asked to be resolved.
    case chattering(surface: Int, time: Double)
    /// Where a piecewise-smooth flow goes on from a surface, or from the intersection of several, is not determined.
    case notUnique(surface: Int, time: Double)

    /// Whether the integration ended as it was asked to.
    public var isExpected: Bool {
        switch self {
        case .reachedEnd, .event: true
        default: false
        }
    }

    /// The ending with its time multiplied by what the unit of time is in another one.
    public func timed(in unit: Double) -> ODEEnding {
        switch self {
        case .reachedEnd: .reachedEnd
        case .event(let index, let time): .event(index, time: time * unit)
        case .stepLimit(let time): .stepLimit(time: time * unit)
        case .evaluationLimit(let time): .evaluationLimit(time: time * unit)
        case .stepTooSmall(let time): .stepTooSmall(time: time * unit)
        case .derivativeUndefined(let time): .derivativeUndefined(time: time * unit)
        case .notFinite(let time): .notFinite(time: time * unit)
        case .eventNotFinite(let index, let time): .eventNotFinite(index, time: time * unit)
        case .eventUnresolved(let index, let time): .eventUnresolved(index, time: time * unit)
        case .switchLimit(let time): .switchLimit(time: time * unit)
        case .chattering(let surface, let time): .chattering(surface: surface, time: time * unit)
        case .notUnique(let surface, let time): .notUnique(surface: surface, time: time * unit)
        }
    }

    /// The ending as a predicate, for a sentence whose subject is the path or the integration.
    public var description: String {
        switch self {
        case .reachedEnd: "reached the end"
        case .event(_, let time): "ended by an event at t = \(time)"
        case .stepLimit(let time): "met the limit of steps at t = \(time)"
        case .evaluationLimit(let time): "met the limit of evaluations at t = \(time)"
        case .stepTooSmall(let time): "ended at t = \(time), where no step is short enough for the tolerances"
        case .derivativeUndefined(let time): "ended at t = \(time), beyond which its equations are not defined"
        case .notFinite(let time): "ended at t = \(time), beyond which its state is no finite number"
        case .switchLimit(let time): "met the limit of changes of mode at t = \(time)"
        case .chattering(_, let time): "switches ever faster, by less than is resolved, from t = \(time) on"
        case .notUnique(_, let time): "ended at t = \(time), from where its motion is not unique"
        case .eventNotFinite(_, let time): "ended at t = \(time), beyond which an event function is not finite"
        case .eventUnresolved(_, let time):
            "ended at t = \(time), from where an event function changes too often to be followed"
        }
    }
}

extension ODEEnding: CustomStringConvertible {}

/// What an integration has cost.
public struct ODEStatistics: Equatable, Sendable {
    /// Steps that were accepted.
    public var acceptedSteps = 0
    /// Steps that were tried and taken back.
    public var rejectedSteps = 0
    /// Evaluations of the right-hand side, those of dense output and of the search for events included.
    public var evaluations = 0
    /// Evaluations of the Jacobian.
    public var jacobianEvaluations = 0
    /// How often the integration began anew: at changes of mode.
    public var restarts = 0

    /// Nothing yet.
    public init() {}
}
