/// The distributions of the parameters that are varied, and how they hang together.
public struct ParameterSpace: Equatable, Sendable {
    /// One a parameter.
    public let distributions: [Distribution]
    /// nil where the parameters are independent.
    public let correlation: RankCorrelation?

    /// A space of parameters.
    ///
    /// - Throws: ``DesignError`` for no parameter, and for a correlation matrix of another size.
    public init(_ distributions: [Distribution], correlation: RankCorrelation? = nil) throws(DesignError) {
        guard !distributions.isEmpty else {
            throw .outOfRange(name: "the number of varied parameters", value: 0, allowed: "1 or more")
        }
        if let matrix = correlation?.matrix, matrix.rows != distributions.count {
            throw .correlationSize(rows: matrix.rows, columns: matrix.columns, parameters: distributions.count)
        }
        self.distributions = distributions
        self.correlation = correlation?.isIndependence == true ? nil : correlation
    }

    /// The number of parameters.
    public var dimension: Int { distributions.count }

    /// Replaces independent uniform numbers of (0, 1), one column a parameter, by the parameters' values.
    func map(_ columns: [UnsafeMutableBufferPointer<Double>]) {
        correlation?.apply(to: columns)
        for (distribution, column) in zip(distributions, columns) { distribution.mapToQuantiles(column) }
    }

    func requireIndependence(_ method: String) throws(DesignError) {
        guard correlation == nil else { throw .correlatedParameters(method: method) }
    }
}
