import DissipativeMarket

/// The block reward that keeps an uncertain market balanced with the largest probability, and those that do so with a
/// probability that is asked for.
///
/// Each market of a sample is balanced for the γ of a closed interval: the share of the sample that is balanced is a step function
/// of γ, of which everything here is read off exactly. What is left is the error of the sample. For one γ that was chosen
/// beforehand it is that of a share, √(P(1 − P)/N), where the points of the sample are independent; points of a Sobol sequence have
/// a smaller one. The largest share is a maximum over all γ of the same sample, and so on the high side: another sample of the same
/// market is balanced a little less often under it.
public struct RobustReward: Sendable {
    /// How many markets there are.
    public let count: Int
    /// Markets that were no market, by what was wrong with the first; they are left out.
    public let failed: Int
    /// The intervals of γ for which each market is balanced.
    public let coverage: IntervalCoverage
    private let weights: [UInt64]
    /// How many markets have no band.
    public let emptyBands: Int

    /// - Parameters:
    ///   - lower: γ_min of each market; NaN for one that could not be made.
    ///   - upper: γ_max of each; NaN where the band is empty.
    public init(lower: [Double], upper: [Double]) {
        let known = lower.count { !$0.isNaN }
        count = known
        failed = lower.count - known
        coverage = IntervalCoverage(from: lower, to: upper)
        weights = [UInt64](repeating: 1, count: lower.count)
        emptyBands = zip(lower, upper).count { !$0.isNaN && !($1 >= $0) }
    }

    /// Every γ with the largest share.
    public var best: HeaviestPoints { coverage.heaviest(weights: weights) }

    /// The shares under γ; nil where there is no market.
    public func shares(at gamma: Double) -> OutcomeShares? {
        count > 0
            ? OutcomeShares(coverage.weights(at: gamma, weights: weights), empty: UInt64(emptyBands), of: UInt64(count))
            : nil
    }

    /// The shares as a step function of γ ≥ 0: each holds from its γ up to the next one's, exclusive.
    public func profile() -> some Sequence<(gamma: Double, shares: OutcomeShares)> {
        coverage.steps(weights: weights).lazy.map {
            (max($0.start, 0), OutcomeShares($0, empty: UInt64(emptyBands), of: UInt64(max(count, 1))))
        }
    }

    /// The ranges of γ in which at least so many markets are balanced, from the lowest on.
    ///
    /// - Parameter least: 1 or more.
    public func ranges(ofAtLeast least: UInt64) -> [ClosedRange<Double>] {
        var ranges: [ClosedRange<Double>] = []
        var start: Double?
        for step in coverage.steps(weights: weights) {
            if step.covered >= max(least, 1) {
                start = start ?? step.start
            } else if let from = start {
                // A step begins right behind the last double of the one before it.
                ranges.append(from...max(from, step.start.nextDown))
                start = nil
            }
        }
        return ranges
    }

    /// The widest range of γ with a share of at least `probability`, the lowest of those that are equally wide; nil where no γ
    /// has it. See ``fewest(for:deviations:)``.
    public func widest(with probability: Double, deviations: Double = 0) -> ClosedRange<Double>? {
        fewest(for: probability, deviations: deviations).flatMap { ranges(ofAtLeast: $0).widest }
    }

    /// The standard error of a share, for independent points.
    public func standardError(of share: Double) -> Double {
        count > 0 ? (share * (1 - share) / Double(count)).squareRoot() : .nan
    }

    /// The fewest balanced markets that make a share of at least `probability`; none where all are too few.
    ///
    /// - Parameters:
    ///   - probability: from 0 to 1.
    ///   - deviations: 0 for the share itself; else as many standard errors lie between the probability and the share,
    ///   by Wilson's interval: that so many markets are balanced would be that unlikely with a smaller probability.
    public func fewest(for probability: Double, deviations: Double = 0) -> UInt64? {
        func isEnough(_ balanced: Int) -> Bool {
            let (n, z) = (Double(count), deviations)
            let share = Double(balanced) / n
            let bound =
                (share + z * z / (2 * n) - z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot())
                / (1 + z * z / n)
            return bound >= probability
        }
        guard count > 0, isEnough(count) else { return nil }
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if isEnough(middle) { high = middle } else { low = middle + 1 }
        }
        return UInt64(low)
    }
}
