import NumericalMethods

/// Intervals by resampling: the half-width of the interval of a confidence level is z·σ̂, where σ̂ is the standard deviation
/// of the estimator over resamples of the rows and z the normal quantile of (1 + level)/2.
///
/// Percentile intervals, rejected here, need many times the resamples for the same noise in their ends, and are no
/// half-widths. A resample is a function of the seed and its index.
public struct Bootstrap: Equatable, Sendable {
    /// R, the number of resamples; 0 for no intervals.
    public let resamples: Int
    /// The level, between 0 and 1.
    public let confidence: Double
    /// Any number.
    public let seed: UInt64
    /// The normal quantile of (1 + level)/2.
    public let quantile: Double

    /// No intervals.
    public static let none = Bootstrap(unchecked: 0, confidence: 0.95, seed: 0)

    /// Intervals of a level.
    ///
    /// - Parameters:
    ///   - resamples: 0, or from 2 to 1,000,000.
    ///   - confidence: between 0 and 1, both excluded.
    ///   - seed: any number.
    /// - Throws: ``AnalysisError/outOfRange(name:value:allowed:)``.
    public init(resamples: Int, confidence: Double = 0.95, seed: UInt64) throws(AnalysisError) {
        guard resamples == 0 || (2...1_000_000).contains(resamples) else {
            throw .outOfRange(name: "the number of resamples", value: Double(resamples), allowed: "0, or 2 to 1000000")
        }
        // Closer to 1 than that the quantile is infinite.
        guard confidence > 0, confidence <= 1 - 0x1p-50 else {
            throw .outOfRange(name: "the confidence level", value: confidence, allowed: "a number between 0 and 1")
        }
        self.init(unchecked: resamples, confidence: confidence, seed: seed)
    }

    private init(unchecked resamples: Int, confidence: Double, seed: UInt64) {
        self.resamples = resamples
        self.confidence = confidence
        self.seed = seed
        // By the lower tail, which keeps the digits of levels near 1.
        quantile = -NormalDistribution.quantile((1 - confidence) / 2)
    }

    /// The estimate with the interval that its values in the resamples give; those that are not finite, where the resample
    /// does not determine it, are left out, and there is no interval where fewer than half are left.
    func estimate(_ value: Double, replicates: some Sequence<Double>) -> Estimate {
        var count = 0.0
        var mean = 0.0
        var squares = 0.0
        for replicate in replicates where replicate.isFinite {
            count += 1
            let difference = replicate - mean
            mean += difference / count
            squares += difference * (replicate - mean)
        }
        guard count >= 2, 2 * count >= Double(resamples) else { return Estimate(value: value, halfWidth: nil) }
        return Estimate(value: value, halfWidth: quantile * (squares / (count - 1)).squareRoot())
    }
}
