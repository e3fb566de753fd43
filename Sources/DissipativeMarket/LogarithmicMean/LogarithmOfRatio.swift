import Foundation

/// ln(u/v) of two positive finite numbers u ≥ v, with the two differences that go with it.
///
/// Each field has a relative error of at most 2 ulp, whatever u and v:
///
/// - u ≤ 2v: u − v is exact (Sterbenz), and ln(u/v) = ln(1 + t) with t = (u − v)/v has a condition number of at most 1
///   in t. Forming u/v first would lose all digits as u → v: at u = v(1 + 2⁻⁵²) the error of ln(u/v) is 50 %.
/// - u > 2v: the condition number of the logarithm in u/v is 1/ln(u/v) < 1.45.
/// - u/v beyond the largest double: both are scaled by a power of two first. Then ln u − ln v would do as well, but for
///   2.1 ulp against 1.3 here.
struct LogarithmOfRatio {
    /// ln(u/v) ≥ 0.
    let value: Double
    /// (u − v)/v; +∞ where that exceeds the largest double.
    let above: Double
    /// (u − v)/u, in 0 … 1.
    let below: Double

    init(_ u: Double, _ v: Double) {
        let difference = u - v
        above = difference / v
        below = difference / u
        if above <= 1 {
            value = log1p(above)
        } else if above < 0x1p1000 {
            value = log(u / v)
        } else {
            // Here u > 2⁻⁷⁵ and v < 2²⁵, so neither scaling rounds.
            value = log((u * 0x1p-540) / (v * 0x1p540)) + 1080 * 0.693147180559945309417
        }
    }

    /// The logarithm and its differences from ln(u/v) and (u − v)/v, where those are what is known.
    init(value: Double, above: Double) {
        self.value = value
        self.above = above
        below = above < .infinity ? above / (1 + above) : 1
    }
}
