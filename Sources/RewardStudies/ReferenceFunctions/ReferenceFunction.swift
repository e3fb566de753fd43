import RealModule

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

    fileprivate static func space(_ distribution: Distribution?, _ dimension: Int) throws -> ParameterSpace {
        try ParameterSpace([Distribution](repeating: distribution ?? .uniform(low: 0, high: 1), count: dimension))
    }
}

/// Ishigami's function sin x₁ + a sin² x₂ + b x₃⁴ sin x₁, every x uniform on −π … π.
///
/// Source: Ishigami, Homma, *An importance quantification technique in uncertainty analysis* (1990).
public struct IshigamiFunction: ReferenceFunction {
    /// The weight of sin² x₂.
    public let a: Double
    /// The weight of x₃⁴ sin x₁.
    public let b: Double
    public let space: ParameterSpace

    /// - Parameters:
    ///   - a: any number; 7 by default.
    ///   - b: any number; 0.1 by default.
    /// - Throws: nothing for the distributions that it has.
    public init(a: Double = 7, b: Double = 0.1) throws {
        self.a = a
        self.b = b
        space = try Self.space(.uniform(low: -.pi, high: .pi), 3)
    }

    public func value(_ point: [Double]) -> Double {
        let first = Double.sin(point[0])
        let second = Double.sin(point[1])
        let square = point[2] * point[2]
        return first + a * second * second + b * square * square * first
    }

    private var pi4: Double { .pi * .pi * .pi * .pi }
    private var pi8: Double { pi4 * pi4 }
    /// (1 + bπ⁴/5)²/2, a²/8 and 8b²π⁸/225: of x₁, of x₂, of x₁ and x₃ together.
    private var parts: (one: Double, two: Double, oneAndThree: Double) {
        let factor = 1 + b * pi4 / 5
        return (factor * factor / 2, a * a / 8, 8 * b * b * pi8 / 225)
    }

    public var mean: Double { a / 2 }
    public var variance: Double { parts.one + parts.two + parts.oneAndThree }
    public var first: [Double] { [parts.one / variance, parts.two / variance, 0] }
    public var total: [Double] {
        [(parts.one + parts.oneAndThree) / variance, parts.two / variance, parts.oneAndThree / variance]
    }
    public func second(_ j: Int, _ k: Int) -> Double {
        Set([j, k]) == [0, 2] ? parts.oneAndThree / variance : 0
    }
}

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

/// Morris's function of 20 arguments, every x uniform on 0 … 1, for elementary effects: x₁ … x₁₀ matter most, x₁ … x₇
/// with non-linear effects and interactions, x₈ … x₁₀ nearly linearly; x₁₁ … x₂₀ matter little.
///
/// With w_i = 2(x_i − ½), except w_i = 2(1.1 x_i/(x_i + 0.1) − ½) for i = 3, 5, 7,
///
///     y = β₀ + Σ β_i w_i + Σ β_ij w_i w_j + Σ β_ijl w_i w_j w_l + β₁₂₃₄ w₁w₂w₃w₄        (sums over i < j < l)
///
/// β_i = 20 for i ≤ 10, β_ij = −15 for i, j ≤ 6, β_ijl = −10 for i, j, l ≤ 5, the one of fourth order 5; the other β_i and
/// β_ij were standard normal random numbers, and are (−1)^i and (−1)^(i + j) here, as usual; β₀ = 0.
///
/// It has no closed form of Sobol indices, and its effects at the design's levels are what is known of it.
///
/// Source: Morris, *Factorial sampling plans for preliminary computational experiments*, Technometrics 33 (1991).
public struct MorrisFunction: Sendable {
    /// Twenty uniform distributions.
    public let space: ParameterSpace

    /// - Throws: nothing for the distributions that it has.
    public init() throws { space = try IshigamiFunction.space(nil, 20) }

    /// The function at a point of 20 coordinates.
    public func value(_ point: [Double]) -> Double {
        let w = (0..<20).map { i in
            let x = point[i]
            return i == 2 || i == 4 || i == 6 ? 2 * (1.1 * x / (x + 0.1) - 0.5) : 2 * (x - 0.5)
        }
        var sum = 0.0
        for i in 0..<20 {
            sum += (i < 10 ? 20 : i % 2 == 0 ? -1 : 1) * w[i]
            for j in i + 1..<max(20, i + 1) {
                let pair = i < 6 && j < 6 ? -15.0 : (i + j) % 2 == 0 ? 1 : -1
                sum += pair * w[i] * w[j]
            }
        }
        for i in 0..<5 {
            for j in i + 1..<max(5, i + 1) {
                for l in j + 1..<max(5, j + 1) { sum -= 10 * w[i] * w[j] * w[l] }
            }
        }
        return sum + 5 * w[0] * w[1] * w[2] * w[3]
    }
}
