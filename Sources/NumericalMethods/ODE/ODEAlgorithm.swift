/// The methods of integration, all of the GNU Scientific Library's odeiv2.
public enum ODEMethod: String, CaseIterable, Sendable {
    /// Explicit Runge–Kutta–Fehlberg, order 5 with an error estimate of order 4. A good general-purpose method.
    case rkf45
    /// Explicit Runge–Kutta–Cash–Karp, order 5 with 4.
    case rkck
    /// Explicit Runge–Kutta–Prince–Dormand, order 8 with 9: the one for tight tolerances.
    case rk8pd
    /// Linear multistep Adams in Nordsieck form, orders 1 to 12, functional iteration: for smooth systems whose right-hand
    /// side is costly.
    case adams
    /// Backward differentiation formulas in Nordsieck form, orders 1 to 5, Newton's iteration with the analytic Jacobian:
    /// for stiff systems.
    case bdf

    /// The nominal order of a step of a method with fixed order; nil for the two multistep methods, which vary it.
    public var order: Int? {
        switch self {
        case .rkf45, .rkck: 5
        case .rk8pd: 8
        case .adams, .bdf: nil
        }
    }

    /// Whether the method needs the Jacobian of the system.
    public var needsJacobian: Bool { self == .bdf }

    /// Whether a step uses what earlier steps have left behind.
    var isMultistep: Bool { order == nil }
}

/// How a system is integrated: the method, its tolerances and its limits.
public struct ODEAlgorithm: Equatable, Sendable {
    /// The method.
    public let method: ODEMethod
    /// rtol: the error of a step in component i is kept below atol + rtol·|y_i|.
    public let relativeTolerance: Double
    /// atol, in the units of the components.
    public let absoluteTolerance: Double
    /// The first step's length, > 0; nil for a guess from the size of the first derivative.
    public let initialStep: Double?
    /// The most steps, accepted ones and rejected ones together.
    public let maximumSteps: Int
    /// The most evaluations of the right-hand side. It is looked at between steps, so that one step's may come on top.
    public let maximumEvaluations: Int
    /// The length of every step, > 0, the last one but for what is left of the interval; nil for steps that follow the
    /// tolerances. With it errors are neither estimated nor kept small: it is there to see a method's order, and to
    /// compare with others. Runge–Kutta methods only.
    public let fixedStep: Double?

    /// The tolerance below which rounding alone makes up the error estimate: 1e−15, four units of the last place.
    public static let smallestRelativeTolerance = 1e-15

    /// An algorithm.
    ///
    /// - Parameters:
    ///   - method: the method of integration.
    ///   - relativeTolerance: 0 or at least 1e−15; below 1.
    ///   - absoluteTolerance: ≥ 0 and finite. One of the two tolerances must be positive.
    ///   - initialStep: > 0 and finite; its sign follows from the direction of integration.
    ///   - maximumSteps: ≥ 1.
    ///   - maximumEvaluations: ≥ 1.
    ///   - fixedStep: > 0 and finite, and then the method one of Runge and Kutta's; the initial step is of no meaning.
    /// - Throws: ``ODEError`` naming the setting.
    public init(
        method: ODEMethod = .rk8pd, relativeTolerance: Double = 1e-10, absoluteTolerance: Double = 1e-12,
        initialStep: Double? = nil, maximumSteps: Int = 1_000_000, maximumEvaluations: Int = .max,
        fixedStep: Double? = nil
    ) throws(ODEError) {
        guard relativeTolerance == 0 || relativeTolerance >= Self.smallestRelativeTolerance, relativeTolerance < 1
        else {
            throw ODEError.setting(
                name: "rtol", value: relativeTolerance, allowed: "0, or a number from 1e-15 to less than 1")
        }
        guard absoluteTolerance >= 0, absoluteTolerance < .infinity else {
            throw ODEError.setting(name: "atol", value: absoluteTolerance, allowed: "a finite number of at least 0")
        }
        guard relativeTolerance > 0 || absoluteTolerance > 0 else {
            throw ODEError.setting(
                name: "rtol", value: relativeTolerance, allowed: "a number greater than 0 where atol is 0 as well")
        }
        if let initialStep, !(initialStep > 0 && initialStep < .infinity) {
            throw ODEError.setting(
                name: "initial step", value: initialStep, allowed: "a finite number greater than 0")
        }
        guard maximumSteps >= 1 else {
            throw ODEError.setting(name: "step limit", value: Double(maximumSteps), allowed: "at least 1")
        }
        guard maximumEvaluations >= 1 else {
            throw ODEError.setting(name: "evaluation limit", value: Double(maximumEvaluations), allowed: "at least 1")
        }
        if let fixedStep {
            guard fixedStep > 0, fixedStep < .infinity else {
                throw ODEError.setting(name: "fixed step", value: fixedStep, allowed: "a finite number greater than 0")
            }
            guard !method.isMultistep else { throw ODEError.fixedStepUnsupported(method) }
        }
        self.method = method
        self.relativeTolerance = relativeTolerance
        self.absoluteTolerance = absoluteTolerance
        self.initialStep = initialStep
        self.maximumSteps = maximumSteps
        self.maximumEvaluations = maximumEvaluations
        self.fixedStep = fixedStep
    }
}
