import CGSL

/// The standard normal distribution.
public enum NormalDistribution {
    /// Φ(x), by GSL.
    public static func cumulative(_ x: Double) -> Double { gsl_cdf_ugaussian_P(x) }

    /// Φ⁻¹(u), by GSL (Wichura's AS 241, relative error 1e−15); −∞ and +∞ at 0 and 1, NaN beyond.
    public static func quantile(_ u: Double) -> Double {
        guard u >= 0, u <= 1 else { return .nan }
        return u == 0 ? -.infinity : u == 1 ? .infinity : gsl_cdf_ugaussian_Pinv(u)
    }
}
