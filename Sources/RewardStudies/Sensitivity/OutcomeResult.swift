/// How often there is an outcome, and what decides it.
public struct OutcomeResult: Equatable, Sendable {
    /// The points of A and B with the outcome.
    public let count: Int
    /// The points of A and B that did not fail.
    public let points: Int
    /// The points of A and B that failed.
    public let failed: Int
    /// The share of points with the outcome; nil where all failed.
    public let probability: Estimate?
    /// The indices of its indicator.
    public let indicator: SobolResult
}

/// The indices of an output given an outcome and a value, or why there are none, with the counts.
public struct ConditionalResult: Equatable, Sendable {
    /// The points of A and B with the outcome and an output.
    public let points: Int
    /// The points of A and B with the outcome and no output.
    public let failed: Int
    /// The indices, or why there are none.
    public let indices: Result<SobolIndices, Indeterminacy>
}
