/// How a run of ``newtonRoot(from:tolerance:stepTolerance:maximumIterations:residual:jacobian:)`` ended.
public enum NewtonEnding: Equatable, Sendable, CustomStringConvertible {
    /// A root: ‖F‖ and the step that would come next are both within their tolerances.
    case withinTolerance
    /// A root as near as doubles come to it: the next step would change no component by more than 2 ulp, although ‖F‖
    /// is above its tolerance.
    case roundingLimited
    /// No root: the Jacobian is singular in this column, counted from 0; nil where it is so nearly singular that the
    /// step is beyond the largest double.
    case singularJacobian(pivot: Int?)
    /// No root: an element of the Jacobian is infinite or NaN.
    case jacobianNotFinite
    /// No root: ‖F‖ falls nowhere along the step, however short it is made. So it is at a smallest ‖F‖ that is not 0,
    /// or with a Jacobian that is wrong.
    case noDescent
    /// No root so far: the limit on iterations was met.
    case maximumIterations

    /// Whether a root was found.
    public var isRoot: Bool { self == .withinTolerance || self == .roundingLimited }

    /// The ending in words.
    public var description: String {
        switch self {
        case .withinTolerance: "residual and step are within tolerance"
        case .roundingLimited: "the step is below rounding"
        case .singularJacobian(let pivot?): "the Jacobian is singular in column \(pivot), counted from 0"
        case .singularJacobian(nil): "the Jacobian is so nearly singular that the step overflows"
        case .jacobianNotFinite: "the Jacobian is not finite"
        case .noDescent: "the residual does not fall along the step, however short"
        case .maximumIterations: "the limit on iterations was met"
        }
    }
}

/// A run of Newton's method: where it came to, on which way, and how it ended.
public struct NewtonSolution: Equatable, Sendable {
    /// The last point. A root only where ``ending`` says so.
    public let x: [Double]
    /// F there.
    public let residual: [Double]
    /// ‖F‖₂ at the start and after each iteration: it falls.
    public let residualNorms: [Double]
    /// Which part of Newton's step each iteration took: 1 where it was taken in full.
    public let stepFractions: [Double]
    /// The lengths ‖J⁻¹F‖₂ of Newton's full steps, at the start and after each iteration: near a root with a regular
    /// Jacobian about the distance from it. Of the last point there is one only where the run had to see it to end.
    public let stepNorms: [Double]
    /// How often F was evaluated.
    public let residualEvaluations: Int
    /// How often the Jacobian was.
    public let jacobianEvaluations: Int
    /// The largest ‖F‖₂ of a root.
    public let tolerance: Double
    /// The largest step, in units of max(1, ‖x‖₂), of a root.
    public let stepTolerance: Double
    /// The limit on iterations.
    public let maximumIterations: Int
    /// How the run ended.
    public let ending: NewtonEnding

    /// The number of steps taken.
    public var iterations: Int { stepFractions.count }
    /// All evaluations, of F and of the Jacobian.
    public var evaluations: Int { residualEvaluations + jacobianEvaluations }
}
