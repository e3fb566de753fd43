/// A problem that cannot be set up as it was asked for.
public enum ODEError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting of the algorithm outside its domain.
    case setting(name: String, value: Double, allowed: String)
    /// The system says that it has no components, or the state has not as many.
    case dimension(system: Int, state: Int)
    /// A component of the initial state is not finite.
    case initialState(component: Int, value: Double)
    /// The start or the end of the integration is not finite.
    case time(name: String, value: Double)
    /// A time that is asked for lies before the one asked for last, or outside of the steps.
    case timeOutOfOrder(time: Double, allowed: String)
    /// The method needs a Jacobian and the system has none.
    case jacobianMissing(ODEMethod)
    /// A multistep method chooses its steps along with its order.
    case fixedStepUnsupported(ODEMethod)
    /// The state at a time within a step cannot be computed: the right-hand side is not defined on the way to it.
    case stateUndefined(time: Double)
    /// The library ran out of memory.
    case outOfMemory

    /// A sentence for people.
    public var description: String {
        switch self {
        case .setting(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
        case .dimension(let system, let state):
            system < 1
                ? "the system has \(system) components; allowed: at least 1"
                : "the initial state has \(state) components; allowed: \(system), as many as the system"
        case .initialState(let component, let value):
            "component \(component) of the initial state is \(value); allowed: a finite number"
        case .time(let name, let value): "the \(name) of the integration is \(value); allowed: a finite number"
        case .timeOutOfOrder(let time, let allowed): "the state at time \(time) was asked for; allowed: \(allowed)"
        case .jacobianMissing(let method):
            "the method \(method.rawValue) needs the Jacobian of the system; allowed without it: "
                + ODEMethod.allCases.filter { !$0.needsJacobian }.map(\.rawValue).joined(separator: ", ")
        case .fixedStepUnsupported(let method):
            "the method \(method.rawValue) has no fixed steps; allowed with them: "
                + ODEMethod.allCases.filter { !$0.isMultistep }.map(\.rawValue).joined(separator: ", ")
        case .stateUndefined(let time): "the state at time \(time), within a step, is not defined"
        case .outOfMemory: "there is not enough memory for the state of the integration"
        }
    }
}
