/// a₀ + Σ a_j x_j, with any distributions of which the variance is given.
public struct LinearFunction: ReferenceFunction {
    /// a₀.
    public let constant: Double
    /// a_j, one an argument.
    public let coefficients: [Double]
    public let space: ParameterSpace
    private let means: [Double]

    /// Every argument uniform on 0 … 1.
    ///
    /// - Throws: ``DesignError`` for no argument.
    public init(constant: Double = 0, coefficients: [Double]) throws {
        self.constant = constant
        self.coefficients = coefficients
        space = try Self.space(nil, coefficients.count)
        means = space.distributions.map(\.mean)
    }

    public func value(_ point: [Double]) -> Double {
        var sum = constant
        for j in coefficients.indices { sum += coefficients[j] * point[j] }
        return sum
    }

    public var mean: Double { value(means) }
    public var variance: Double { coefficients.reduce(0) { $0 + $1 * $1 / 12 } }
    public var first: [Double] { coefficients.map { $0 * $0 / 12 / variance } }
    public var total: [Double] { first }
    public func second(_ j: Int, _ k: Int) -> Double { 0 }
}
