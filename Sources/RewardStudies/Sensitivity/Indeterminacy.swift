/// Why there are no indices.
public enum Indeterminacy: Error, Equatable, Sendable, CustomStringConvertible {
    /// The outputs are the same but for rounding: no variance that parameters could have shares in.
    case noVariance(value: Double)
    /// An estimator has nothing to divide by: of the parameter, counted from 0, whose outputs do not vary though others do.
    case undefinedEstimator(parameter: Int)
    /// Fewer samples without a failure than an index needs.
    case tooFewSamples(count: Int, needed: Int)
    /// Some evaluations have no value, where an index takes one at every point.
    case missingValues(count: Int, evaluations: Int)

    /// The reason in a line.
    public var description: String {
        switch self {
        case .noVariance(let value): "no variance: all outputs are \(value)"
        case .undefinedEstimator(let parameter):
            "the outputs of parameter \(parameter + 1) do not vary, which leaves its index undefined; another estimator may do"
        case .tooFewSamples(let count, let needed): "too few samples: \(count) without a failure; needed: \(needed)"
        case .missingValues(let count, let evaluations):
            "\(count) of \(evaluations) evaluations have no value, and a share of the variance takes one at every point"
        }
    }
}
