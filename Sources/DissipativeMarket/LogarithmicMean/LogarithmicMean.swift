import Foundation

/// The logarithmic mean L(u, v) = (u − v)/ln(u/v) of two positive numbers, L(u, u) = u, with its first and second derivatives.
///
/// It is the time average of a quantity that goes from u to v exponentially, and so the average price of one-sided trade
/// in a constant-product pool whose asset reserve stays put. It is symmetric, homogeneous of degree one, increasing and
/// concave in each argument, and lies between the geometric and the arithmetic mean.
///
/// Domain: u, v > 0 and finite; u = 0 or v = 0 gives the limit 0. Anything else gives NaN.
///
/// Error: the value within 4 ulp for all positive finite doubles; the derivatives within 16 ulp. Where a derivative
/// exceeds the largest double it is infinite.
public struct LogarithmicMean: Sendable {
    /// The first argument.
    public let u: Double
    /// The second argument.
    public let v: Double
    /// The larger argument's ratio to the smaller one.
    private let ratio: LogarithmOfRatio

    /// The mean of two numbers, of which the logarithm of the ratio is computed here, once for all that is asked.
    public init(_ u: Double, _ v: Double) {
        self.u = u
        self.v = v
        ratio = LogarithmOfRatio(max(u, v), min(u, v))
    }

    /// L(u, v), in the unit of u and v.
    public var value: Double {
        guard isInDomain else { return outsideDomain }
        return u == v ? u : abs(u - v) / ratio.value
    }

    /// L(u, v) − v, with a small relative error where u is near v too: with ℓ = ln(u/v) it is vℓφ₂(ℓ), so that nothing
    /// cancels. (`value − v` has an absolute error of an ulp of v.)
    public var excessOverV: Double {
        guard isInDomain else { return outsideDomain - v }
        let l = ratio.value
        if u >= v {
            return l <= 2 ? v * (l * secondPhiSeries(l)) : value - v
        }
        return l <= 1 ? -v * (l * secondPhiSeries(-l)) : value - v
    }

    /// (∂L/∂u, ∂L/∂v) = (φ₂(−ℓ), φ₂(ℓ)), ℓ = ln(u/v), φ₂(z) = (e^z − 1 − z)/z²; both are ½ at u = v.
    public var gradient: (du: Double, dv: Double) {
        guard isInDomain, u > 0, v > 0 else { return (.nan, .nan) }
        let larger = secondPhi(minus: ratio)
        let smaller: Double
        if ratio.above < .infinity {
            smaller = secondPhi(plus: ratio)
        } else {
            // u/v overflows, u/(vℓ²) may not.
            smaller = max(u, v) / (ratio.value * ratio.value) / min(u, v)
        }
        return u >= v ? (larger, smaller) : (smaller, larger)
    }

    /// (∂²L/∂u², ∂²L/∂u∂v, ∂²L/∂v²). By homogeneity u·uu + v·uv = 0 = u·uv + v·vv; at u = v they are ∓1/(6u).
    public var hessian: (uu: Double, uv: Double, vv: Double) {
        guard isInDomain, u > 0, v > 0 else { return (.nan, .nan, .nan) }
        let (large, small) = (max(u, v), min(u, v))
        let g = secondPhiDerivative(minus: ratio)
        let ofLarger = -g / large
        let mixed = g / small
        // −g·large/small² in the one order whose steps overflow only where the result does.
        let ofSmaller = -(mixed * large) / small
        return u >= v ? (ofLarger, mixed, ofSmaller) : (ofSmaller, mixed, ofLarger)
    }

    private var isInDomain: Bool { u > 0 && v > 0 && u < .infinity && v < .infinity }

    private var outsideDomain: Double {
        let isLimit = u >= 0 && v >= 0 && u < .infinity && v < .infinity
        return isLimit ? 0 : .nan
    }
}

/// L(u, v) = (u − v)/ln(u/v), the logarithmic mean of two positive numbers; see ``LogarithmicMean``.
public func logarithmicMean(_ u: Double, _ v: Double) -> Double { LogarithmicMean(u, v).value }
