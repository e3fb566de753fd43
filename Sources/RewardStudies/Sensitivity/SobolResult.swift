/// The Sobol indices of an output, or why there are none, with the counts.
public struct SobolResult: Equatable, Sendable {
    /// The base samples that were used.
    public let samples: Int
    /// The evaluations without a value, of all those of these samples.
    public let failed: Int
    /// The indices, or why there are none.
    public let indices: Result<SobolIndices, Indeterminacy>
}

/// The Sobol indices of an output, of all points of the parameters or of those that meet a condition.
public struct SobolIndices: Equatable, Sendable {
    /// Which points the indices are of.
    public enum Population: Equatable, Sendable {
        /// All points: the parameters are independent, and the indices are shares of one variance.
        case all
        /// The points with a value, or with a value and an outcome: the parameters are dependent.
        case conditional
    }

    /// Which points the indices are of.
    public let population: Population
    /// The mean over A and B.
    public let mean: Double
    /// V, the variance over A and B.
    public let variance: Double
    /// S_j, one a parameter.
    public let first: [Estimate]
    /// T_j, one a parameter; nil for a parameter that has none: see ``SobolAnalysis``.
    public let total: [Estimate?]
    /// S_jk for each j < k, of a design for second order: (0, 1), (0, 2), …, (1, 2), …; none given a condition.
    public let second: [PairEstimate]
    /// The resamples in which the output varies; without variance in most of them the intervals are nil.
    public let resamples: Int
}

/// The index of a pair of parameters.
public struct PairEstimate: Equatable, Sendable {
    /// The first parameter, counted from 0.
    public let j: Int
    /// The second parameter, j < k.
    public let k: Int
    /// S_jk.
    public let estimate: Estimate
}
