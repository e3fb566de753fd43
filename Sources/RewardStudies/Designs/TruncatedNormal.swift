import NumericalMethods
import RealModule

/// The normal distribution of a mean and a standard deviation, given that the value is between two bounds.
///
/// In z = (x − mean)/sd, from z_low to z_high, tails are kept by the side on which they are small: above the mean by
/// Q(z) = 1 − Φ(z), below by Φ. (Φ alone, rejected, has no digits left of 1 − Φ(8.3), and quantiles between 9 and 10 standard
/// deviations would all be infinite.)
public struct TruncatedNormal: Equatable, Sendable {
    /// The mean of the normal distribution; that of this one is ``mean``.
    public let location: Double
    /// The standard deviation of the normal distribution.
    public let deviation: Double
    /// The lower bound.
    public let low: Double
    /// The upper bound.
    public let high: Double

    /// How many standard deviations the nearer bound may be away from the mean: beyond that tails underflow.
    static let reach = 37.0

    private var zLow: Double { (low - location) / deviation }
    private var zHigh: Double { (high - location) / deviation }
    /// Whether all of it is nearer to the upper tail, and so is counted from above.
    private var isAbove: Bool { zLow > 0 }

    /// Φ(z), or Q(z) from above.
    private func tail(_ z: Double) -> Double { NormalDistribution.cumulative(isAbove ? -z : z) }

    /// The x below which the probability is u, from 0 to 1.
    func quantile(_ u: Double) -> Double {
        if u == 0 || u == 1 { return u == 0 ? low : high }
        let (first, last) = (tail(zLow), tail(zHigh))
        // From the nearer end, so that nothing cancels.
        let probability = u < 0.5 ? first + u * (last - first) : last - (1 - u) * (last - first)
        var z = NormalDistribution.quantile(probability)
        if !isAbove, probability > 0.5 {
            // The upper tail of an interval around the mean.
            let upper = NormalDistribution.cumulative(-zHigh)
            z = -NormalDistribution.quantile(upper + (1 - u) * (last - first))
        }
        return min(max(location + deviation * (isAbove ? -z : z), low), high)
    }

    /// The probability of values up to x.
    func cumulative(_ x: Double) -> Double {
        if x <= low { return 0 }
        if x >= high { return 1 }
        return (tail((x - location) / deviation) - tail(zLow)) / (tail(zHigh) - tail(zLow))
    }

    /// The mean.
    var mean: Double {
        let rule = quadrature()
        return rule.points.indices.reduce(0) { $0 + rule.weights[$1] * rule.points[$1] }
    }

    /// Points x with weights that sum to 1: sums of polynomials up to degree 60 are those of the distribution to rounding.
    ///
    /// Fejér's first rule over the part whose density is at least e^−300 of the largest, of which polynomials of that degree see
    /// no end. The closed forms of moments, rejected, are differences of densities, which cancel where the interval is narrow
    /// or far from the mean.
    func quadrature() -> (points: [Double], weights: [Double]) {
        // The densest z, and how far e^(−(z² − z₀²)/2) reaches.
        let densest = min(max(0, zLow), zHigh)
        let end = (densest * densest + 600).squareRoot()
        let (from, to) = (max(zLow, -end), min(zHigh, end))
        let (middle, half) = (from / 2 + to / 2, to / 2 - from / 2)
        let count = 512
        var points: [Double] = []
        var weights: [Double] = []
        for k in stride(from: count, through: 1, by: -1) {
            let angle = (Double(k) - 0.5) * .pi / Double(count)
            let z = middle + half * Double.cos(angle)
            var sum = 0.0
            for j in stride(from: count / 2, through: 1, by: -1) {
                sum += Double.cos(2 * Double(j) * angle) / Double(4 * j * j - 1)
            }
            points.append(min(max(location + deviation * z, low), high))
            weights.append((1 - 2 * sum) * Double.exp(-(z - densest) * (z + densest) / 2))
        }
        let total = weights.reduce(0, +)
        return (points, weights.map { $0 / total })
    }
}
