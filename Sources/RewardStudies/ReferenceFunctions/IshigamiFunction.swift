import RealModule

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
