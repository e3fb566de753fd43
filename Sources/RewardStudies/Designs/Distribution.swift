import NumericalMethods
import RealModule

/// The distribution of a parameter that is varied: a value that cannot be wrong, known by its quantile function.
///
/// | text | parameters | support |
/// |---|---|---|
/// | `uniform(low,high)` | low < high | low … high |
/// | `loguniform(low,high)` | 0 < low < high; ln x is uniform | low … high |
/// | `normal(mean,sd)` | sd > 0 | −∞ … ∞ |
/// | `truncated_normal(mean,sd,low,high)` | sd > 0, low < high; normal, given low … high | low … high |
/// | `lognormal(mean,sd)` | mean and sd > 0 of ln x | 0 … ∞ |
/// | `beta(a,b)`, `beta(a,b,low,high)` | a, b > 0, low < high | low … high, 0 … 1 |
/// | `triangular(low,mode,high)` | low ≤ mode ≤ high, low < high | low … high |
/// | `empirical(…)` | values, with weights or without | the smallest … the largest of positive weight |
///
/// All parameters are finite.
public struct Distribution: Equatable, Sendable {
    /// The kinds of distributions with their parameters.
    public enum Kind: Equatable, Sendable {
        /// The density is the same from low to high.
        case uniform(low: Double, high: Double)
        /// ln x is uniform.
        case logUniform(low: Double, high: Double)
        /// The normal distribution, with this mean and standard deviation.
        case normal(mean: Double, deviation: Double)
        /// The normal distribution, given that the value is between two bounds.
        case truncatedNormal(TruncatedNormal)
        /// ln x is normal, with this mean and standard deviation.
        case logNormal(mean: Double, deviation: Double)
        /// (x − low)/(high − low) has the beta distribution.
        case beta(BetaDistribution, low: Double, high: Double)
        /// The density rises linearly to the mode and falls linearly behind it.
        case triangular(low: Double, mode: Double, high: Double)
        /// Values with their probabilities.
        case empirical(EmpiricalDistribution)
    }

    /// The kind of distribution, with its parameters.
    public let kind: Kind

    private init(kind: Kind) { self.kind = kind }

    /// The names in texts.
    public static let names = [
        "uniform", "loguniform", "normal", "truncated_normal", "lognormal", "beta", "triangular", "empirical",
    ]

    // MARK: - Making one

    /// The uniform distribution.
    ///
    /// - Throws: ``DistributionError/outOfRange(distribution:parameter:value:allowed:)`` unless low < high, both and their
    ///   difference finite.
    public static func uniform(low: Double, high: Double) throws(DistributionError) -> Distribution {
        try checkBounds("uniform", low, high)
        return Distribution(kind: .uniform(low: low, high: high))
    }

    /// The distribution of which the logarithm is uniform.
    ///
    /// - Throws: ``DistributionError/outOfRange(distribution:parameter:value:allowed:)`` unless 0 < low < high < ∞.
    public static func logUniform(low: Double, high: Double) throws(DistributionError) -> Distribution {
        try checkBounds("loguniform", low, high)
        try check("loguniform", "low", low, low > 0, "a number greater than 0")
        return Distribution(kind: .logUniform(low: low, high: high))
    }

    /// The normal distribution.
    ///
    /// - Throws: ``DistributionError/outOfRange(distribution:parameter:value:allowed:)`` unless the mean is finite and the
    ///   standard deviation positive and finite.
    public static func normal(mean: Double, deviation: Double) throws(DistributionError) -> Distribution {
        try checkMoments("normal", mean, deviation)
        return Distribution(kind: .normal(mean: mean, deviation: deviation))
    }

    /// The normal distribution, given that the value is between two bounds.
    ///
    /// - Throws: ``DistributionError/outOfRange(distribution:parameter:value:allowed:)`` unless the mean is finite, the standard
    ///   deviation positive and finite, low < high, both finite, and the nearer of them within 37 standard deviations of the
    ///   mean.
    public static func truncatedNormal(mean: Double, deviation: Double, low: Double, high: Double)
        throws(DistributionError) -> Distribution
    {
        let name = "truncated_normal"
        try checkMoments(name, mean, deviation)
        try checkBounds(name, low, high)
        let reach = TruncatedNormal.reach * deviation
        try check(name, "low", low, low < mean + reach, "a number less than mean + 37 sd, \(mean + reach)")
        try check(name, "high", high, high > mean - reach, "a number greater than mean − 37 sd, \(mean - reach)")
        return Distribution(
            kind: .truncatedNormal(TruncatedNormal(location: mean, deviation: deviation, low: low, high: high)))
    }

    /// The distribution of which the logarithm is normal, with the mean and the standard deviation of the logarithm.
    ///
    /// - Throws: ``DistributionError/outOfRange(distribution:parameter:value:allowed:)`` unless |mean| ≤ 600 and
    ///   0 < sd ≤ 10: beyond that samples leave the range of doubles.
    public static func logNormal(mean: Double, deviation: Double) throws(DistributionError) -> Distribution {
        // |z| < 8.3 for every number of (0, 1) that is sampled: 600 + 83 < 708.
        try check("lognormal", "mean of the logarithm", mean, abs(mean) <= 600, "a number from −600 to 600")
        try check(
            "lognormal", "sd of the logarithm", deviation, deviation > 0 && deviation <= 10,
            "a number greater than 0, up to 10")
        return Distribution(kind: .logNormal(mean: mean, deviation: deviation))
    }

    /// The beta distribution, on 0 … 1 or on other bounds.
    ///
    /// - Throws: ``DistributionError/outOfRange(distribution:parameter:value:allowed:)`` unless 0 < a, b ≤ 1e6 and
    ///   low < high, both finite.
    public static func beta(a: Double, b: Double, low: Double = 0, high: Double = 1) throws(DistributionError)
        -> Distribution
    {
        for (name, value) in [("a", a), ("b", b)] {
            try check("beta", name, value, value > 0 && value <= 1e6, "a number greater than 0, up to 1e6")
        }
        try checkBounds("beta", low, high)
        return Distribution(kind: .beta(BetaDistribution(a: a, b: b), low: low, high: high))
    }

    /// The triangular distribution.
    ///
    /// - Throws: ``DistributionError/outOfRange(distribution:parameter:value:allowed:)`` unless low ≤ mode ≤ high,
    ///   low < high, all finite.
    public static func triangular(low: Double, mode: Double, high: Double) throws(DistributionError) -> Distribution {
        try checkBounds("triangular", low, high)
        try check("triangular", "mode", mode, mode >= low && mode <= high, "a number from \(low) to \(high)")
        return Distribution(kind: .triangular(low: low, mode: mode, high: high))
    }

    /// The distribution of given values; see ``EmpiricalDistribution``.
    public static func empirical(_ values: [Double], weights: [Double]? = nil) throws(DistributionError)
        -> Distribution
    {
        Distribution(kind: .empirical(try EmpiricalDistribution(values, weights: weights)))
    }

    private static func checkMoments(_ name: String, _ mean: Double, _ deviation: Double) throws(DistributionError) {
        try check(name, "mean", mean, abs(mean) < 1e300, "a number from −1e300 to 1e300")
        try check(name, "sd", deviation, deviation > 0 && deviation < 1e300, "a number greater than 0, up to 1e300")
    }

    private static func checkBounds(_ name: String, _ low: Double, _ high: Double) throws(DistributionError) {
        try check(name, "low", low, low.isFinite, "a finite number")
        try check(name, "high", high, high.isFinite, "a finite number")
        try check(name, "high", high, high > low, "a number greater than low, \(low)")
        try check(name, "high", high, (high - low).isFinite, "a number within the largest double of low, \(low)")
    }

    private static func check(
        _ name: String, _ parameter: String, _ value: Double, _ holds: Bool, _ allowed: String
    ) throws(DistributionError) {
        guard holds else { throw .outOfRange(distribution: name, parameter: parameter, value: value, allowed: allowed) }
    }

    // MARK: - What it is

    /// The x below which the probability is u; the ends of the support at 0 and 1, NaN beyond.
    ///
    /// Exact inverses, rounded into the support; those of the normal distributions and the beta distribution are GSL's.
    public func quantile(_ u: Double) -> Double {
        guard u >= 0, u <= 1 else { return .nan }
        switch kind {
        case .uniform(let low, let high): return min(max(low + u * (high - low), low), high)
        case .logUniform(let low, let high):
            if u == 0 || u == 1 { return u == 0 ? low : high }
            let start = Double.log(low)
            return min(max(Double.exp(start + u * (Double.log(high) - start)), low), high)
        case .normal(let mean, let deviation): return mean + deviation * NormalDistribution.quantile(u)
        case .truncatedNormal(let truncated): return truncated.quantile(u)
        case .logNormal(let mean, let deviation):
            return Double.exp(mean + deviation * NormalDistribution.quantile(u))
        case .beta(let beta, let low, let high):
            return min(max(low + beta.quantile(u) * (high - low), low), high)
        case .triangular(let low, let mode, let high):
            let width = high - low
            // From the nearer end, so that nothing cancels.
            if u * width < mode - low { return min(low + (u * width).squareRoot() * (mode - low).squareRoot(), mode) }
            return max(high - ((1 - u) * width).squareRoot() * (high - mode).squareRoot(), mode)
        case .empirical(let empirical): return empirical.quantile(u)
        }
    }

    /// The probability of values up to x.
    public func cumulative(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        switch kind {
        case .uniform(let low, let high): return min(max((x - low) / (high - low), 0), 1)
        case .logUniform(let low, let high):
            guard x > low else { return 0 }
            return min(Self.logarithm(x, over: low) / Self.logarithm(high, over: low), 1)
        case .normal(let mean, let deviation): return NormalDistribution.cumulative((x - mean) / deviation)
        case .truncatedNormal(let truncated): return truncated.cumulative(x)
        case .logNormal(let mean, let deviation):
            return x > 0 ? NormalDistribution.cumulative((Double.log(x) - mean) / deviation) : 0
        case .beta(let beta, let low, let high): return beta.cumulative((x - low) / (high - low))
        case .triangular(let low, let mode, let high):
            if x <= low { return 0 }
            if x >= high { return 1 }
            let width = high - low
            return x < mode
                ? (x - low) / width * ((x - low) / (mode - low)) : 1 - (high - x) / width * ((high - x) / (high - mode))
        case .empirical(let empirical): return empirical.cumulative(x)
        }
    }

    /// The mean.
    public var mean: Double {
        switch kind {
        case .uniform(let low, let high): return low / 2 + high / 2
        case .logUniform(let low, let high):
            let logarithm = Self.logarithm(high, over: low)
            return (high - low) / logarithm
        case .normal(let mean, _): return mean
        case .truncatedNormal(let truncated): return truncated.mean
        case .logNormal(let mean, let deviation): return Double.exp(mean + deviation * deviation / 2)
        case .beta(let beta, let low, let high): return low + beta.a / (beta.a + beta.b) * (high - low)
        case .triangular(let low, let mode, let high): return low / 3 + mode / 3 + high / 3
        case .empirical(let empirical): return empirical.mean
        }
    }

    /// The smallest and the largest value that can occur, or their limits.
    public var support: (lower: Double, upper: Double) {
        switch kind {
        case .uniform(let low, let high), .logUniform(let low, let high), .beta(_, let low, let high),
            .triangular(let low, _, let high):
            return (low, high)
        case .truncatedNormal(let truncated): return (truncated.low, truncated.high)
        case .normal: return (-.infinity, .infinity)
        case .logNormal: return (0, .infinity)
        case .empirical(let empirical): return (empirical.quantile(0), empirical.quantile(1))
        }
    }

    /// ln(x/y) for x > y > 0, without overflow, and accurate as x → y.
    private static func logarithm(_ x: Double, over y: Double) -> Double {
        let excess = (x - y) / y
        return excess.isFinite ? Double.log(onePlus: excess) : Double.log(x) - Double.log(y)
    }

    /// Replaces numbers u of (0, 1) by their quantiles.
    public func mapToQuantiles(_ numbers: UnsafeMutableBufferPointer<Double>) {
        switch kind {
        case .uniform(let low, let high):
            let width = high - low
            for i in numbers.indices {
                let x = low + numbers[i] * width
                numbers[i] = x < low ? low : x > high ? high : x
            }
        default:
            for i in numbers.indices { numbers[i] = quantile(numbers[i]) }
        }
    }
}
