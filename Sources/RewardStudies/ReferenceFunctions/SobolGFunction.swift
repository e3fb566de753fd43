/// Sobol's G function ∏ (|4x_j − 2| + a_j)/(1 + a_j), every x uniform on 0 … 1: the larger a_j, the less x_j matters.
///
/// Source: Saltelli, Sobol', *About the use of rank transformation in sensitivity analysis of model output* (1995).
public struct SobolGFunction: ReferenceFunction {
    /// a_j ≥ 0, one an argument.
    public let a: [Double]
    public let space: ParameterSpace

    /// - Parameter a: one an argument; (0, 1, 4.5, 9, 99, 99, 99, 99) by default.
    /// - Throws: ``DesignError`` for no argument.
    public init(a: [Double] = [0, 1, 4.5, 9, 99, 99, 99, 99]) throws {
        self.a = a
        space = try Self.space(nil, a.count)
    }

    public func value(_ point: [Double]) -> Double {
        var product = 1.0
        for j in a.indices { product *= (abs(4 * point[j] - 2) + a[j]) / (1 + a[j]) }
        return product
    }

    /// V_j = 1/(3(1 + a_j)²).
    private var parts: [Double] { a.map { 1 / (3 * (1 + $0) * (1 + $0)) } }

    public var mean: Double { 1 }
    public var variance: Double { parts.reduce(1) { $0 * (1 + $1) } - 1 }
    public var first: [Double] { parts.map { $0 / variance } }
    public var total: [Double] {
        let all = parts.reduce(1) { $0 * (1 + $1) }
        return parts.map { $0 * all / (1 + $0) / variance }
    }
    public func second(_ j: Int, _ k: Int) -> Double { parts[j] * parts[k] / variance }
}
