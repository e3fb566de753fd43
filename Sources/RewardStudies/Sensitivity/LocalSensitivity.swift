import NumericalMethods

/// How an output answers to one parameter at a point.
public struct LocalSensitivity: Equatable, Sendable {
    /// ∂f/∂x with its error, or why there is none.
    public let derivative: Result<Derivative, DerivativeError>
    /// (x/f)·∂f/∂x, the relative change of f over that of x; nil without a derivative and where f is 0.
    public let elasticity: Double?
    /// The error of the elasticity.
    public let elasticityError: Double?
}

/// The derivatives and elasticities of a function at a point by central differences, one a parameter; see
/// `derivative(at:in:step:of:)` of `NumericalMethods`.
///
/// - Parameters:
///   - point: the parameters.
///   - domains: where each may be; one-sided differences at the edges. As many as parameters; without bounds by default.
///   - f: the output; what is not finite is taken as undefined.
/// - Throws: ``AnalysisError/wrongLength(name:count:expected:)`` for another number of domains.
public func localSensitivities(
    at point: [Double], domains: [ClosedRange<Double>]? = nil, of f: ([Double]) -> Double
) throws(AnalysisError) -> [LocalSensitivity] {
    let domains = domains ?? [ClosedRange<Double>](repeating: -Double.infinity...Double.infinity, count: point.count)
    guard domains.count == point.count else {
        throw .wrongLength(name: "the list of domains", count: domains.count, expected: point.count)
    }
    let value = f(point)
    return point.indices.map { j in
        let result = Result { () throws(DerivativeError) in
            try derivative(at: point[j], in: domains[j]) { x in
                var moved = point
                moved[j] = x
                return f(moved)
            }
        }
        guard case .success(let derivative) = result, value != 0, value.isFinite else {
            return LocalSensitivity(derivative: result, elasticity: nil, elasticityError: nil)
        }
        let ratio = point[j] / value
        return LocalSensitivity(
            derivative: result, elasticity: ratio * derivative.value, elasticityError: abs(ratio) * derivative.error)
    }
}
