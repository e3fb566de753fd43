import Foundation

/// The mean price that a run of sales from x down to the seller's limit earns, in units of c, as a function of
/// v = ln((1 − φ)x): L(e^v, 1) = φ₁(v) = (e^v − 1)/v, with its difference from 1 and its slope.
///
/// Defined for every v, and by the logarithm of the price alone: below v = −745, where e^v underflows, φ₁ goes on falling
/// like −1/v, and rest points do lie there. Forming x first, as a logarithmic mean of x and 1 does, ends the function at 0.
///
/// Error: `mean` within 3 ulp, `excess` and `slope` within 8 ulp, for every v up to 709.78; above that all three are +∞.
package struct MeanSellingPrice {
    /// φ₁(v) > 0.
    package let mean: Double
    /// φ₁(v) − 1 = vφ₂(v), by which sellers are ahead of the external sale (v > 0) or behind it (v < 0).
    package let excess: Double
    /// φ₁′(v) > 0; ½ at v = 0.
    package let slope: Double

    @inlinable @inline(__always)
    package init(_ v: Double) {
        if abs(v) <= 0.5 {
            let phi2 = Self.secondPhi(v)
            excess = v * phi2
            mean = 1 + excess
            // φ₁′ = φ₁ − φ₂, of which φ₂ is about a half: (e^v − φ₁)/v would lose 1/v ulp.
            slope = 1 + (excess - phi2)
        } else if v <= 709.78 {
            let exponentialMinusOne = expm1(v)
            mean = exponentialMinusOne / v
            excess = mean - 1
            // Below −1, φ₁ − φ₂ would cancel and leave nothing of 1/v²; above, e^v − φ₁ overflows no earlier than e^v.
            slope =
                v < -1
                ? (exponentialMinusOne + 1 - mean) / v
                : mean - (exponentialMinusOne - v) / v / v
        } else {
            // NaN too comes here, and stays one.
            let limit = v + .infinity
            mean = limit
            excess = limit
            slope = limit
        }
    }

    /// φ₁″(v) and φ₁‴(v), v ≤ 709: ∫ t^k e^{tv} dt over 0 … 1 for k = 2 and 3.
    ///
    /// By the series ∑ v^j/(j!(j + k + 1)) for |v| ≤ 1, else by I_k = (e^v − kI_{k−1})/v from k = 1 on, within 30 ulp; below 1 that
    /// recurrence would lose k!/v^k ulp.
    @inline(__always)
    static func higherDerivatives(_ v: Double) -> (second: Double, third: Double) {
        if abs(v) <= 1 {
            var (second, third, term) = (0.0, 0.0, 1.0)
            for j in 0..<20 {
                let j = Double(j)
                second += term / (j + 3)
                third += term / (j + 4)
                term *= v / (j + 1)
            }
            return (second, third)
        }
        let exponential = exp(v)
        let first = MeanSellingPrice(v).slope
        let second = (exponential - 2 * first) / v
        return (second, (exponential - 3 * second) / v)
    }

    /// φ₂(v) = (e^v − 1 − v)/v² = ∑ v^k/(k + 2)! for |v| ≤ ½: fifteen terms, the next is 2e−19 of the sum. Summed by
    /// halves (Estrin's scheme): Horner's takes 40 ns for its chain of dependent operations, this a third of it.
    @inlinable @inline(__always)
    package static func secondPhi(_ v: Double) -> Double {
        let v2 = v * v
        let v4 = v2 * v2
        let v8 = v4 * v4
        let p0 = (0.5 + v * (1.0 / 6)) + v2 * ((1.0 / 24) + v * (1.0 / 120))
        let p1 = ((1.0 / 720) + v * (1.0 / 5040)) + v2 * ((1.0 / 40320) + v * (1.0 / 362880))
        let p2 =
            ((1.0 / 3_628_800) + v * (1.0 / 39_916_800))
            + v2 * ((1.0 / 479_001_600) + v * (1.0 / 6_227_020_800))
        let p3 =
            ((1.0 / 87_178_291_200) + v * (1.0 / 1_307_674_368_000)) + v2 * (1.0 / 20_922_789_888_000)
        return (p0 + v4 * p1) + v8 * (p2 + v4 * p3)
    }
}
