/// A number with its derivatives along three directions: an element of the algebra over 1, ε₁, ε₂, ε₃ with ε_i² = 0.
///
/// f(x + ε₁u + ε₂v + ε₃w) has Df(x)u at ε₁, D²f(x)(u, v) at ε₁ε₂ and D³f(x)(u, v, w) at ε₁ε₂ε₃.
public struct TrilinearNumber: SmoothNumber {
    /// The coefficient of a product of ε is at the index whose bits name its factors: ε₁ at 1, ε₂ at 2, ε₁ε₂ at 3, ε₃ at 4,
    /// ε₁ε₂ε₃ at 7.
    public let coefficients: SIMD8<Double>

    @inlinable @inline(__always)
    init(coefficients: SIMD8<Double>) { self.coefficients = coefficients }

    @inlinable @inline(__always)
    public init(_ constant: Double) { self.init(constant, 0, 0, 0) }

    /// x + ε₁u + ε₂v + ε₃w.
    @inlinable @inline(__always)
    public init(_ x: Double, _ u: Double, _ v: Double, _ w: Double) {
        coefficients = SIMD8(x, u, v, 0, w, 0, 0, 0)
    }

    @inlinable @inline(__always)
    public var value: Double { coefficients[0] }

    @inlinable @inline(__always)
    public static func + (a: Self, b: Self) -> Self { Self(coefficients: a.coefficients + b.coefficients) }
    @inlinable @inline(__always)
    public static func - (a: Self, b: Self) -> Self { Self(coefficients: a.coefficients - b.coefficients) }
    @inlinable @inline(__always)
    public static func * (a: Double, b: Self) -> Self { Self(coefficients: a * b.coefficients) }
    @inlinable @inline(__always)
    public static func + (a: Self, b: Double) -> Self {
        Self(coefficients: a.coefficients + SIMD8(b, 0, 0, 0, 0, 0, 0, 0))
    }

    @inlinable @inline(__always)
    public static func * (x: Self, y: Self) -> Self {
        let (a, b) = (x.coefficients, y.coefficients)
        let pair12 = a[0] * b[3] + a[1] * b[2] + a[2] * b[1] + a[3] * b[0]
        let pair13 = a[0] * b[5] + a[1] * b[4] + a[4] * b[1] + a[5] * b[0]
        let pair23 = a[0] * b[6] + a[2] * b[4] + a[4] * b[2] + a[6] * b[0]
        let outer = a[0] * b[7] + a[1] * b[6] + a[2] * b[5] + a[4] * b[3]
        let inner = a[3] * b[4] + a[5] * b[2] + a[6] * b[1] + a[7] * b[0]
        return Self(
            coefficients: SIMD8(
                a[0] * b[0], a[0] * b[1] + a[1] * b[0], a[0] * b[2] + a[2] * b[0], pair12,
                a[0] * b[4] + a[4] * b[0], pair13, pair23, outer + inner))
    }

    @inlinable @inline(__always)
    public func composed(_ f: Double, _ first: Double, _ second: Double, _ third: Double) -> Self {
        let a = coefficients
        let pairs = a[1] * a[6] + a[2] * a[5] + a[4] * a[3]
        return Self(
            coefficients: SIMD8(
                f, first * a[1], first * a[2], first * a[3] + second * (a[1] * a[2]), first * a[4],
                first * a[5] + second * (a[1] * a[4]), first * a[6] + second * (a[2] * a[4]),
                first * a[7] + second * pairs + third * (a[1] * a[2] * a[4])))
    }
}
