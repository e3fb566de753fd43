import DissipativeMarket

/// The block reward that keeps an uncertain market balanced with the largest probability, and those that do so with a
/// probability that is asked for.
///
/// Each market of a sample is balanced for the γ of a closed interval: the share of the sample that is balanced is a step function
/// of γ, of which everything here is read off exactly. What is left is the error of the sample. For one γ that was chosen
/// beforehand it is that of a share, √(P(1 − P)/N), where the points of the sample are independent; points of a Sobol sequence have
/// a smaller one. The largest share is one of many, and so on the high side by a little more than that.
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

/// The band of all markets in a box of parameters: the γ that keep each of them balanced.
///
/// γ_min = β is largest at the largest β. γ_max = β + L(u, c) − c, u = (1 − φ)²δ, c = β + pθ, is smallest in a corner: it
/// increases in δ and decreases in φ (through u), and increases in β where pθ stays, since ∂γ_max/∂β = ∂L/∂c > 0. In pθ it is
/// concave, since L is, so that its minimum over an interval of pθ is at an end of it: at the smaller end where the band
/// is wide (u > 6c or so), else at the larger one. So the minimum is the smaller one of two markets, and they are computed: no
/// search is needed, and nothing is assumed of what lies between. A box whose band can be empty has none; α_g − α_s is smallest
/// where u is smallest and c largest.
public struct WorstCase: Equatable, Sendable {
    /// The largest γ_min in the box.
    public let lower: Double
    /// The smallest γ_max in the box; nil where a band in it is empty.
    public let upper: Double?

    /// The γ that keep every market of the box balanced; nil where there is none.
    public var range: ClosedRange<Double>? { upper.flatMap { lower <= $0 ? lower...$0 : nil } }

    /// A box, by the ends of each parameter.
    ///
    /// - Throws: `ParameterError` where a corner is no market.
    public init(
        externalPrice: ClosedRange<Double>, failureProbability: ClosedRange<Double>, collateral: ClosedRange<Double>,
        reservationPrice: ClosedRange<Double>, swapFee: ClosedRange<Double>
    ) throws(ParameterError) {
        lower = externalPrice.upperBound
        func market(_ beta: Double, _ p: Double, _ theta: Double) throws(ParameterError) -> Market {
            try Market(
                externalPrice: beta, failureProbability: p, collateral: theta,
                reservationPrice: reservationPrice.lowerBound, swapFee: swapFee.upperBound)
        }
        let dearest = try market(
            externalPrice.upperBound, failureProbability.upperBound, collateral.upperBound)
        let few = try market(externalPrice.lowerBound, failureProbability.lowerBound, collateral.lowerBound)
        let many = try market(externalPrice.lowerBound, failureProbability.upperBound, collateral.upperBound)
        guard dearest.rewardBounds != nil, let a = few.rewardBounds, let b = many.rewardBounds else {
            upper = nil
            return
        }
        upper = min(a.upper, b.upper)
    }

    /// A box of ratios, c = 1: γ_max = L((1 − φ)²d, 1) − (1 − b) increases in b and d and decreases in φ.
    ///
    /// - Throws: `ParameterError` where a corner is no market.
    public init(
        externalRatio: ClosedRange<Double>, reservationRatio: ClosedRange<Double>, swapFee: ClosedRange<Double>
    ) throws(ParameterError) {
        lower = externalRatio.upperBound
        upper = try Market(
            externalRatio: externalRatio.lowerBound, reservationRatio: reservationRatio.lowerBound,
            swapFee: swapFee.upperBound
        ).rewardBounds?.upper
    }
}
