import CGSL

/// The beta distribution on 0 … 1 with the shapes a, b > 0.
public struct BetaDistribution: Equatable, Hashable, Sendable {
    /// The exponent of x is a − 1.
    public let a: Double
    /// The exponent of 1 − x is b − 1.
    public let b: Double

    /// - Parameters:
    ///   - a: > 0; not checked.
    ///   - b: > 0; not checked.
    public init(a: Double, b: Double) {
        self.a = a
        self.b = b
    }

    /// The regularised incomplete beta function I_x(a, b), by GSL.
    public func cumulative(_ x: Double) -> Double {
        _ = GSLErrors.silenced
        return x <= 0 ? 0 : x >= 1 ? 1 : gsl_cdf_beta_P(x, a, b)
    }

    /// The x with I_x(a, b) = u; 0 and 1 at 0 and 1, NaN beyond.
    ///
    /// GSL's `gsl_cdf_beta_Pinv` where its answer holds, which for small or large shapes it may not: then the root of
    /// I_x − u by a bracket.
    public func quantile(_ u: Double) -> Double {
        guard u >= 0, u <= 1 else { return .nan }
        if u == 0 || u == 1 { return u }
        _ = GSLErrors.silenced
        let x = gsl_cdf_beta_Pinv(u, a, b)
        if x >= 0, x <= 1, abs(cumulative(x) - u) <= 1e-12 * min(u, 1 - u) { return x }
        let root = try? bracketedRoot(in: 0...1) { cumulative($0) - u }
        return root?.value ?? x
    }
}
