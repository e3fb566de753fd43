import Foundation

/// φ₂(z) = (e^z − 1 − z)/z² = ∑ z^k/(k + 2)! for −1 ≤ z ≤ 2, to 2 ulp.
///
/// Everything about the logarithmic mean L(u, v), with ℓ = ln(u/v), is φ₂ at ±ℓ: ∂L/∂u = φ₂(−ℓ), ∂L/∂v = φ₂(ℓ) and
/// L − v = vℓφ₂(ℓ). The series has no cancellation for z > 0 and a harmless one for z ≥ −1 (the sum of the terms' sizes
/// is twice the sum). The closed form is rejected here: its error is 2/z² ulp, half of the digits at z = 1e−4.
func secondPhiSeries(_ z: Double) -> Double {
    // Twenty-three terms: the next one is 6e−19 of the sum at z = 2. Horner's scheme, highest power first.
    var sum = 1.0 / 1.5511210043330986e25  // 1/25!
    for factorial in reciprocalFactorials { sum = sum * z + factorial }
    return sum
}

/// 1/24!, 1/23!, … 1/2!.
private let reciprocalFactorials: [Double] = {
    var factorials = [2.0]
    for k in 3...24 { factorials.append(factorials[k - 3] * Double(k)) }
    // 23! and 24! are the first that are no doubles; they are off by half an ulp, in terms of 1e−17 of the sum.
    return factorials.reversed().map { 1 / $0 }
}()

/// φ₂(−ℓ) for ℓ = ln(u/v) ≥ 0, given `below` = 1 − v/u: the derivative of L(u, v) by its larger argument.
func secondPhi(minus ratio: LogarithmOfRatio) -> Double {
    let l = ratio.value
    return l <= 1 ? secondPhiSeries(-l) : (l - ratio.below) / l / l
}

/// φ₂(ℓ) for ℓ = ln(u/v) ≥ 0, given `above` = u/v − 1: the derivative of L(u, v) by its smaller argument.
///
/// The value comes from the ratio, not from e^ℓ, which would multiply the error of ℓ by ℓ. It is +∞ where it exceeds
/// the largest double.
func secondPhi(plus ratio: LogarithmOfRatio) -> Double {
    let l = ratio.value
    return l <= 2 ? secondPhiSeries(l) : (ratio.above - l) / l / l
}

/// φ₂′(−ℓ) = (ℓ − 2 + (ℓ + 2)e^{−ℓ})/ℓ³ for ℓ = ln(u/v) ≥ 0: u times −∂²L/∂u².
///
/// For ℓ ≤ 4 as e^{−ℓ/2} times the even series ½ ∑ (ℓ/2)^{2k}/((2k)!(2k + 1)(2k + 3)), whose terms are all positive; the
/// closed form loses 12/ℓ³ ulp. Beyond 4 the closed form loses a factor of 2 at most.
func secondPhiDerivative(minus ratio: LogarithmOfRatio) -> Double {
    let l = ratio.value
    let vOverU = 1 / (1 + ratio.above)
    if l > 4 { return ((l - 2) + (l + 2) * vOverU) / l / l / l }
    let square = l * l / 4
    var power = 1.0
    var sum = 1.0 / 3
    // 4¹⁵/30! = 4e−24 of the first term.
    for k in 1...15 {
        let n = Double(2 * k)
        power *= square / (n * (n - 1))
        sum += power / ((n + 1) * (n + 3))
    }
    return 0.5 * sum * vOverU.squareRoot()
}
