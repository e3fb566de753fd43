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

    /// φ₁″(v) > 0, within 32 ulp: (e^v − 2φ₁′)/v, of which near 0 nothing would be left.
    static func curvature(_ v: Double) -> Double {
        guard abs(v) < 1 else { return (exp(v) - 2 * MeanSellingPrice(v).slope) / v }
        // φ₁″ = Σ v^k/(k!(k + 3)): 20 terms, the next is 1e−20 of the sum.
        var (sum, power) = (0.0, 1.0)
        for k in 0..<20 {
            sum += power / Double(k + 3)
            power *= v / Double(k + 1)
        }
        return sum
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
