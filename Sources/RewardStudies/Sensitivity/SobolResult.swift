/// The Sobol indices of an output, or why there are none, with the counts.
public struct SobolResult: Equatable, Sendable {
    /// The base samples that were used.
    public let samples: Int
    /// The base samples that were left out, since an evaluation failed.
    public let failed: Int
    /// The evaluations that failed, of all of these samples.
    public let failedEvaluations: Int
    /// The indices, or why there are none.
    public let indices: Result<SobolIndices, Indeterminacy>
}

/// The Sobol indices of an output.
public struct SobolIndices: Equatable, Sendable {
    /// The mean of A and B.
    public let mean: Double
    /// V, the variance of A and B.
    public let variance: Double
    /// S_j, one a parameter.
    public let first: [Estimate]
    /// T_j, one a parameter.
    public let total: [Estimate]
    /// S_jk for each j < k, of a design for second order: (0, 1), (0, 2), …, (1, 2), ….
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
