/// What keeps a search for a root from having an answer.
public enum RootError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The function has the same sign at both ends of the interval.
    case noSignChange(lower: Double, upper: Double, atLower: Double, atUpper: Double)
    /// The function is infinite or NaN at a point where the search needs it.
    case notFinite(at: Double)
    /// An end of the interval is infinite.
    case infiniteInterval(lower: Double, upper: Double)
    /// A function of several variables is infinite or NaN at the start.
    case residualNotFinite(at: [Double])
    /// A function of several variables, or its Jacobian, has another number of values than there are unknowns.
    case wrongShape(name: String, count: Int, expected: Int)
    /// Newton's method ended, but at no root: the run says where and how.
    case newtonStopped(NewtonSolution)
    /// A number that steers a search is outside of its range.
    case outOfRange(name: String, value: Double, allowed: String)
    /// The limit on evaluations came before the bracket was as short as asked. The sign change is still in this
    /// bracket.
    case notConverged(lower: Double, upper: Double, evaluations: Int)

    /// The error in a line.
    public var description: String {
        switch self {
        case .noSignChange(let lower, let upper, let atLower, let atUpper):
            "no change of sign from \(atLower) at \(lower) to \(atUpper) at \(upper)"
        case .notFinite(let x): "the function is not finite at \(x)"
        case .residualNotFinite(let x): "the function is not finite at the start \(x)"
        case .wrongShape(let name, let count, let expected): "\(name): \(count); allowed: \(expected)"
        case .newtonStopped(let run):
            "no root after \(run.iterations) iterations: \(run.ending); the residual is "
                + "\(run.residualNorms.last ?? .nan) at \(run.x)"
        case .infiniteInterval(let lower, let upper):
            "the interval is from \(lower) to \(upper); allowed: two finite numbers"
        case .outOfRange(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
        case .notConverged(let lower, let upper, let evaluations):
            "after \(evaluations) evaluations the sign changes between \(lower) and \(upper), farther apart than asked"
        }
    }
}
