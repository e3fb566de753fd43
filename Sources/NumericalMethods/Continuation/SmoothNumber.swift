import RealModule

/// A number that carries derivatives through a calculation, so that a formula written once gives its derivatives as well,
/// exact but for rounding: no step is chosen and nothing is subtracted.
///
/// A function of one variable enters by its value and its first three derivatives, each in the closed form that is accurate
/// for it (``composed(_:_:_:_:)``); sums and products follow the rules of Leibniz and Faà di Bruno.
public protocol SmoothNumber: Sendable {
    /// A constant, all of whose derivatives are 0.
    init(_ constant: Double)
    /// The number itself.
    var value: Double { get }
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func * (a: Double, b: Self) -> Self
    static func + (a: Self, b: Double) -> Self
    /// f(x) of this x, where f(x.value) and its first three derivatives are given.
    func composed(_ f: Double, _ first: Double, _ second: Double, _ third: Double) -> Self
}

extension SmoothNumber {
    @inlinable @inline(__always)
    public static prefix func - (a: Self) -> Self { -1.0 * a }
    @inlinable @inline(__always)
    public static func + (a: Double, b: Self) -> Self { b + a }
    @inlinable @inline(__always)
    public static func - (a: Self, b: Double) -> Self { a + -b }
    @inlinable @inline(__always)
    public static func - (a: Double, b: Self) -> Self { -b + a }
    @inlinable @inline(__always)
    public static func * (a: Self, b: Double) -> Self { b * a }
    @inlinable @inline(__always)
    public static func / (a: Self, b: Self) -> Self { a * b.reciprocal }
    @inlinable @inline(__always)
    public static func / (a: Self, b: Double) -> Self { (1 / b) * a }

    /// 1/x.
    @inlinable @inline(__always)
    public var reciprocal: Self {
        let r = 1 / value
        return composed(r, -r * r, 2 * r * r * r, -6 * r * r * r * r)
    }

    /// e^x.
    @inlinable @inline(__always)
    public var exponential: Self {
        let e = Double.exp(value)
        return composed(e, e, e, e)
    }

    /// ln x, x > 0.
    @inlinable @inline(__always)
    public var logarithm: Self {
        let r = 1 / value
        return composed(Double.log(value), r, -r * r, 2 * r * r * r)
    }
}
