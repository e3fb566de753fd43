/// A number with its derivatives by up to eight variables.
public struct GradientNumber: SmoothNumber {
    public let value: Double
    /// The first derivatives.
    public let gradient: SIMD8<Double>

    @inlinable @inline(__always)
    public init(_ value: Double, gradient: SIMD8<Double>) {
        self.value = value
        self.gradient = gradient
    }

    @inlinable @inline(__always)
    public init(_ constant: Double) { self.init(constant, gradient: .zero) }

    /// The k-th variable itself, k from 0 to 7.
    @inlinable
    public init(_ value: Double, variable k: Int) {
        var gradient = SIMD8<Double>.zero
        gradient[k] = 1
        self.init(value, gradient: gradient)
    }

    @inlinable @inline(__always)
    public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value, gradient: a.gradient + b.gradient) }
    @inlinable @inline(__always)
    public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value, gradient: a.gradient - b.gradient) }
    @inlinable @inline(__always)
    public static func * (a: Self, b: Self) -> Self {
        Self(a.value * b.value, gradient: a.value * b.gradient + b.value * a.gradient)
    }
    @inlinable @inline(__always)
    public static func * (a: Double, b: Self) -> Self { Self(a * b.value, gradient: a * b.gradient) }
    @inlinable @inline(__always)
    public static func + (a: Self, b: Double) -> Self { Self(a.value + b, gradient: a.gradient) }

    @inlinable @inline(__always)
    public func composed(_ f: Double, _ first: Double, _ second: Double, _ third: Double) -> Self {
        Self(f, gradient: first * gradient)
    }
}
