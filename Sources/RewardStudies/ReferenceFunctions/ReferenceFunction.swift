/// A function with known sensitivity indices, to test a method with, the variance and the indices being exact.
public protocol ReferenceFunction: Sendable {
    /// The distributions of its arguments, which are independent.
    var space: ParameterSpace { get }
    /// The function at a point.
    func value(_ point: [Double]) -> Double
    /// The mean.
    var mean: Double { get }
    /// The variance.
    var variance: Double { get }
    /// S_j, one an argument.
    var first: [Double] { get }
    /// T_j, one an argument.
    var total: [Double] { get }
    /// S_jk for two different arguments, counted from 0.
    func second(_ j: Int, _ k: Int) -> Double
}

extension ReferenceFunction {
    /// The number of arguments.
    public var dimension: Int { space.dimension }

    /// The function at many points, for ``PointSet/evaluate(quantities:threads:model:)``.
    public var model: BatchModel<Never> {
        { parameters, quantities in
            var point = [Double](repeating: 0, count: parameters.count)
            for row in quantities[0].indices {
                for j in point.indices { point[j] = parameters[j][row] }
                quantities[0][row] = value(point)
            }
        }
    }

    /// A space of parameters with the same distribution, uniform on 0 … 1 by default.
    static func space(_ distribution: Distribution?, _ dimension: Int) throws -> ParameterSpace {
        try ParameterSpace([Distribution](repeating: distribution ?? .uniform(low: 0, high: 1), count: dimension))
    }
}
