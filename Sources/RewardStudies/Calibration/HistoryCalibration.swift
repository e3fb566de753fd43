/// The block reward that keeps the market of a history inside its band the largest share of the time.
///
/// What is looked for is γ, or the factor k of a ``RewardRule``; here it is called x. Each row of the history is balanced for
/// the x of a closed interval, and the share of the time that is balanced is a step function of x with a step at every end of
/// such an interval: its maximum is found exactly, with all x that reach it.
public struct HistoryCalibration: Sendable {
    /// The history.
    public let history: PriceHistory
    /// How the reward is set.
    public let rule: RewardRule
    /// What is looked for.
    public let goal: CalibrationGoal
    /// What x is multiplied by in each row; nil for a constant reward.
    public let references: [Double]?
    /// The intervals of x for which each row is balanced.
    public let coverage: IntervalCoverage
    /// The intervals of x for which each row is balanced by the margin of the goal.
    let target: IntervalCoverage
    /// How far x is outside of these; nil where it does not matter.
    let distance: BandDistance?
    /// How long each row is known, in nanoseconds.
    public let weights: [UInt64]
    /// Every x that is best.
    public let best: HeaviestPoints
    /// How long the band is empty, in nanoseconds.
    public let emptyDuration: UInt64
    /// How long the market is known, in nanoseconds; above 0.
    public let duration: UInt64

    /// Looks for the best x.
    ///
    /// - Parameter threads: the most threads; the result does not depend on it.
    public init(
        _ history: PriceHistory, rule: RewardRule = .constant, goal: CalibrationGoal = CalibrationGoal(),
        threads: Int = 1
    ) {
        self.history = history
        self.rule = rule
        self.goal = goal
        let rows = history.rows
        let references = history.references(rule)
        self.references = references
        var lower = [Double](repeating: .nan, count: rows.count)
        var upper = lower
        var (innerLower, innerUpper) = (lower, lower)
        var weights = history.durations
        var (empty, all): (UInt64, UInt64) = (0, 0)
        for (index, row) in rows.enumerated() {
            guard row.isKnown else {
                weights[index] = 0
                continue
            }
            all += weights[index]
            guard let range = Self.range(row, reference: references?[index]) else {
                empty += weights[index]
                continue
            }
            lower[index] = range.lowerBound
            upper[index] = range.upperBound
            (innerLower[index], innerUpper[index]) = Self.target(row, range, references?[index], goal)
        }
        coverage = IntervalCoverage(from: lower, to: upper, threads: threads)
        target =
            goal.margin == .tokens(0)
            ? coverage : IntervalCoverage(from: innerLower, to: innerUpper, threads: threads)
        distance =
            goal.loss == .shortfall ? BandDistance(from: innerLower, to: innerUpper, references: references) : nil
        self.weights = weights
        emptyDuration = empty
        duration = all
        best = Self.best(target, distance, weights)
    }

    /// The ends of x between which a row that is balanced for the x of a range is balanced by the margin of a goal; the lower
    /// may be above the upper.
    static func target(
        _ row: PriceHistory.Row, _ range: ClosedRange<Double>, _ reference: Double?, _ goal: CalibrationGoal
    ) -> (Double, Double) {
        guard goal.margin != .tokens(0) else { return (range.lowerBound, range.upperBound) }
        let ends = goal.narrowed(row.externalPrice, row.upperBound)
        return (ends.lower / (reference ?? 1), ends.upper / (reference ?? 1))
    }

    /// The best x under other weights of the rows.
    func best(weights: [UInt64]) -> HeaviestPoints { Self.best(target, distance, weights) }

    /// The best x: of most weight inside, or least distance outside.
    static func best(_ target: IntervalCoverage, _ distance: BandDistance?, _ weights: [UInt64]) -> HeaviestPoints {
        guard let distance else { return target.heaviest(weights: weights) }
        guard let range = distance.minimum(weights: weights) else { return HeaviestPoints(ranges: [], weight: 0) }
        return HeaviestPoints(
            ranges: [range], weight: target.weights(at: range.lowerBound, weights: weights).covered)
    }

    /// How far x is outside of the band less the margin, on average over the known time in which there is a band; nil where the goal
    /// does not count that.
    public func meanShortfall(at x: Double) -> Double? {
        distance.map { $0.sum(at: x, weights: weights) / Double(duration) }
    }

    /// The share of the known time in which x is inside the band by the margin of the goal.
    public func shareInside(at x: Double) -> Double {
        Double(target.weights(at: x, weights: weights).covered) / Double(duration)
    }

    /// The x for which a row is balanced: the doubles x whose reward, γ = x or the product of x and the reference as rounded,
    /// is not outside of the row's band. Nil where the band is empty or not known.
    public func range(of row: Int) -> ClosedRange<Double>? {
        Self.range(history.rows[row], reference: references?[row])
    }

    private static func range(_ row: PriceHistory.Row, reference: Double?) -> ClosedRange<Double>? {
        guard row.upperBound >= row.externalPrice else { return nil }
        guard let reference else { return row.externalPrice...row.upperBound }
        let lower = smallestFactor(of: reference, reaching: row.externalPrice)
        let upper = largestFactor(of: reference, within: row.upperBound)
        // A band that is a point may lie between two steps of the product; its factor is the quotient all the same.
        return lower <= upper ? lower...upper : upper...upper
    }

    /// How long the blocks of a bootstrap should be, in nanoseconds, by the rule of ``BlockLength``: of the time that is balanced
    /// under the best x, or of the external price where that never changes; nil where it does not either.
    public var blockLength: UInt64? {
        let x = best.widest?.lowerBound ?? 0
        let balanced = history.rows.indices.map { row in range(of: row).map { $0.contains(x) ? 1.0 : 0 } ?? 0 }
        return BlockLength.ofSteps(balanced, durations: weights)
            ?? BlockLength.ofSteps(history.rows.map { $0.isKnown ? $0.externalPrice : 0 }, durations: weights)
    }

    /// What share of the known time has which outcome under x.
    public func shares(at x: Double) -> OutcomeShares {
        OutcomeShares(coverage.weights(at: x, weights: weights), empty: emptyDuration, of: duration)
    }

    /// The shares as a step function of x ≥ 0: each holds from its x up to the next one's, exclusive.
    public func profile() -> some Sequence<(x: Double, shares: OutcomeShares)> {
        coverage.steps(weights: weights).lazy.map {
            (max($0.start, 0), OutcomeShares($0, empty: emptyDuration, of: duration))
        }
    }
}

/// The shares of the time, or of whatever has weight, that have an outcome; they add up to 1.
public struct OutcomeShares: Equatable, Sendable {
    /// LPs, sellers and genuine buyers coexist.
    public let balanced: Double
    /// γ < γ_min.
    public let exodus: Double
    /// γ > γ_max.
    public let scarcity: Double
    /// There is no band.
    public let emptyBand: Double

    /// The mean of shares, weighted; nil without weight.
    init?(mean shares: [(shares: OutcomeShares, weight: Double)]) {
        let total = shares.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        func mean(_ share: KeyPath<OutcomeShares, Double>) -> Double {
            shares.reduce(0) { $0 + $1.shares[keyPath: share] * $1.weight } / total
        }
        balanced = mean(\.balanced)
        exodus = mean(\.exodus)
        scarcity = mean(\.scarcity)
        emptyBand = mean(\.emptyBand)
    }

    /// The shares of weights in a total above 0.
    init(_ step: CoverageStep, empty: UInt64, of total: UInt64) {
        balanced = Double(step.covered) / Double(total)
        exodus = Double(step.above) / Double(total)
        scarcity = Double(step.below) / Double(total)
        emptyBand = Double(empty) / Double(total)
    }
}

/// The largest double k whose product with `reference` > 0, rounded, is at most `bound`: the quotient, or a neighbour.
func largestFactor(of reference: Double, within bound: Double) -> Double {
    var k = min(bound / reference, .greatestFiniteMagnitude)
    // The quotient is off by half an ulp, and the product by another half: few steps are enough where nothing is subnormal.
    for _ in 0..<4 where k * reference > bound { k = k.nextDown }
    for _ in 0..<4 where k.nextUp * reference <= bound { k = k.nextUp }
    return min(k, .greatestFiniteMagnitude)
}

/// The smallest double k whose product with `reference` > 0, rounded, is at least `bound`.
func smallestFactor(of reference: Double, reaching bound: Double) -> Double {
    var k = min(bound / reference, .greatestFiniteMagnitude)
    for _ in 0..<4 where k * reference < bound { k = k.nextUp }
    for _ in 0..<4 where k.nextDown * reference >= bound { k = k.nextDown }
    return min(k, .greatestFiniteMagnitude)
}
