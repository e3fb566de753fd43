/// A sample of a parameter space: any number of points, each a function of the seed and of its index.
public struct SampleDesign: PointSet {
    /// What is sampled.
    public let space: ParameterSpace
    /// How.
    public let method: SamplingMethod
    public let count: Int
    /// Any number.
    public let seed: UInt64
    private let sample: UnitSample

    /// A sample.
    ///
    /// - Parameters:
    ///   - space: the distributions, with rank correlations or without.
    ///   - method: how points are drawn. With correlations the stratification of `latinHypercube` and `sobol` is kept in the
    ///     first parameter only; see ``RankCorrelation``.
    ///   - count: 1 or more; up to 2³² of a Sobol sequence, and best a power of two there.
    ///   - seed: any number.
    /// - Throws: ``DesignError``.
    public init(_ space: ParameterSpace, method: SamplingMethod, count: Int, seed: UInt64) throws(DesignError) {
        self.space = space
        self.method = method
        self.count = count
        self.seed = seed
        sample = try UnitSample(method, dimensions: space.dimension, count: count, seed: seed)
    }

    public var dimension: Int { space.dimension }

    public func fill(_ columns: [UnsafeMutableBufferPointer<Double>], from first: Int) {
        for (i, column) in columns.enumerated() { sample.fill(column, dimension: i, from: first) }
        space.map(columns)
    }
}
