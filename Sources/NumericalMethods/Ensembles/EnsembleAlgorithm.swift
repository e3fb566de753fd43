/// The methods by which an ensemble is integrated, eight trajectories at a time.
public enum EnsembleMethod: String, CaseIterable, Sendable {
    /// Explicit Runge–Kutta of Dormand and Prince, order 8 with error estimates of orders 5 and 3: Hairer's DOP853. For
    /// systems that are not stiff.
    case dormandPrince8 = "dop853"
    /// Rosenbrock method of Steinebach (2023), order 5 with an error estimate of order 4, stiffly accurate: for
    /// stiff systems. Needs the Jacobian.
    case rodas5p

    /// The order of a step.
    public var order: Int { self == .dormandPrince8 ? 8 : 5 }

    /// Whether the system must be a ``DifferentiableLaneSystem``.
    public var needsJacobian: Bool { self == .rodas5p }
}

/// How an ensemble is integrated: the method, its tolerances and its limit.
public struct EnsembleAlgorithm: Equatable, Sendable {
    /// The method.
    public let method: EnsembleMethod
    /// rtol: the error of a step in component i is held against atol + rtol·|y_i|, root mean square over the components.
    public let relativeTolerance: Double
    /// atol, in the units of the components.
    public let absoluteTolerance: Double
    /// The most steps of a trajectory, accepted ones and rejected ones together.
    public let maximumSteps: Int

    /// An algorithm.
    ///
    /// - Parameters:
    ///   - method: the method of integration.
    ///   - relativeTolerance: at least 1e−15, four units of the last place, and below 1.
    ///   - absoluteTolerance: > 0 and finite, since a component may be 0.
    ///   - maximumSteps: from 1 to 2⁵³, the whole numbers that a lane can count.
    /// - Throws: ``EnsembleError`` naming the setting.
    public init(
        method: EnsembleMethod = .dormandPrince8, relativeTolerance: Double = 1e-8, absoluteTolerance: Double = 1e-10,
        maximumSteps: Int = 1_000_000
    ) throws(EnsembleError) {
        guard relativeTolerance >= 1e-15, relativeTolerance < 1 else {
            throw EnsembleError.setting(
                name: "rtol", value: relativeTolerance, allowed: "a number from 1e-15 to less than 1")
        }
        guard absoluteTolerance > 0, absoluteTolerance < .infinity else {
            throw EnsembleError.setting(
                name: "atol", value: absoluteTolerance, allowed: "a finite number greater than 0")
        }
        guard maximumSteps >= 1, maximumSteps <= 1 << 53 else {
            throw EnsembleError.setting(
                name: "step limit", value: Double(maximumSteps), allowed: "a whole number from 1 to 2^53")
        }
        self.method = method
        self.relativeTolerance = relativeTolerance
        self.absoluteTolerance = absoluteTolerance
        self.maximumSteps = maximumSteps
    }
}

/// An ensemble that cannot be set up as it was asked for.
public enum EnsembleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting outside its domain.
    case setting(name: String, value: Double, allowed: String)
    /// The start, the end or a time that is asked for.
    case time(name: String, value: Double, allowed: String)
    /// The system says that it has no components, or a negative number of parameters.
    case dimension(Int, parameters: Int)
    /// The number of trajectories is negative, or a range of them lies outside.
    case trajectories(String)
    /// The method needs a Jacobian and the system has none.
    case jacobianMissing(EnsembleMethod)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .setting(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
        case .time(let name, let value, let allowed): "the \(name) is \(value); allowed: \(allowed)"
        case .dimension(let dimension, let parameters):
            "the system has \(dimension) components and \(parameters) parameters; allowed: at least 1 and at least 0"
        case .trajectories(let fault): fault
        case .jacobianMissing(let method):
            "the method \(method.rawValue) needs the Jacobian of the system; allowed without it: "
                + EnsembleMethod.allCases.filter { !$0.needsJacobian }.map(\.rawValue).joined(separator: ", ")
        }
    }
}
