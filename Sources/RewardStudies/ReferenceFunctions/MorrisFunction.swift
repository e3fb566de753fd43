/// Morris's function of 20 arguments, every x uniform on 0 … 1, for elementary effects: x₁ … x₁₀ matter most, x₁ … x₇
/// with non-linear effects and interactions, x₈ … x₁₀ nearly linearly; x₁₁ … x₂₀ matter little.
///
/// With w_i = 2(x_i − ½), except w_i = 2(1.1 x_i/(x_i + 0.1) − ½) for i = 3, 5, 7,
///
///     y = β₀ + Σ β_i w_i + Σ β_ij w_i w_j + Σ β_ijl w_i w_j w_l + β₁₂₃₄ w₁w₂w₃w₄        (sums over i < j < l)
///
/// β_i = 20 for i ≤ 10, β_ij = −15 for i, j ≤ 6, β_ijl = −10 for i, j, l ≤ 5, the one of fourth order 5; the other β_i and
/// β_ij were standard normal random numbers, and are (−1)^i and (−1)^(i + j) here, as usual; β₀ = 0.
///
/// The function has no closed form of Sobol indices, and its effects at the design's levels are what is known of it.
///
/// Source: Morris, *Factorial sampling plans for preliminary computational experiments*, Technometrics 33 (1991).
public struct MorrisFunction: Sendable {
    /// Twenty uniform distributions.
    public let space: ParameterSpace

    /// - Throws: nothing for the distributions that it has.
    public init() throws { space = try IshigamiFunction.space(nil, 20) }

    /// The function at a point of 20 coordinates.
    public func value(_ point: [Double]) -> Double {
        let w = (0..<20).map { i in
            let x = point[i]
            return i == 2 || i == 4 || i == 6 ? 2 * (1.1 * x / (x + 0.1) - 0.5) : 2 * (x - 0.5)
        }
        var sum = 0.0
        for i in 0..<20 {
            sum += (i < 10 ? 20 : i % 2 == 0 ? -1 : 1) * w[i]
            for j in i + 1..<max(20, i + 1) {
                let pair = i < 6 && j < 6 ? -15.0 : (i + j) % 2 == 0 ? 1 : -1
                sum += pair * w[i] * w[j]
            }
        }
        for i in 0..<5 {
            for j in i + 1..<max(5, i + 1) {
                for l in j + 1..<max(5, j + 1) { sum -= 10 * w[i] * w[j] * w[l] }
            }
        }
        return sum + 5 * w[0] * w[1] * w[2] * w[3]
    }
}
