import Foundation

/// The logistic distribution function F(u) = 1/(1 + e^{−u}) with what goes with it, each from the one exponential e^{−|u|},
/// so that neither tail cancels.
package struct Logistic {
    /// F(u).
    package let value: Double
    /// 1 − F(u) = F(−u).
    package let complement: Double

    @inlinable @inline(__always)
    package init(_ u: Double) {
        let small = exp(-abs(u))
        let large = 1 / (1 + small)
        value = u >= 0 ? large : small * large
        complement = u >= 0 ? small * large : large
    }

    /// A share with its complement, however they were come by.
    @inlinable @inline(__always)
    package init(value: Double, complement: Double) {
        self.value = value
        self.complement = complement
    }

    /// F′(u) = F(1 − F).
    @inlinable @inline(__always)
    package var slope: Double { value * complement }

    /// ln F(u), finite for every finite u: u itself far to the left, where F underflows.
    static func logarithm(_ u: Double) -> Double { min(u, 0) - log1p(exp(-abs(u))) }
}

/// ln(e^a + e^b) without overflow; −∞ of two −∞.
func logarithmOfSum(_ a: Double, _ b: Double) -> Double {
    let larger = max(a, b)
    guard larger > -.infinity else { return larger }
    return larger + log1p(exp(min(a, b) - larger))
}
