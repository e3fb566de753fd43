import Foundation

/// The logit choice P = softmax(λπ) as a function of the seller's payoff, the other two being constants of the game.
///
/// With the LPs' excess a = y − b over the external sale and the seller's u = π_s − b,
///
///     P_s = F(λ(u − max(a, 0)) − ln(1 + e^{−λ|a|})),    P_ℓ : P_e = e^{λa} : 1,
///
/// so that one exponential gives all three and none overflows. The payoffs enter as differences only: λ times a payoff
/// itself would lose λπ ulp.
package struct LogitChoice: Sendable {
    package let rationality: Double
    /// max(a, 0), the better of the two constant payoffs.
    package let bestOfOthers: Double
    /// ln(1 + e^{−λ|a|}), what the worse of them adds.
    package let weightOfWorse: Double
    /// P_ℓ and P_e over their sum.
    package let liquidityProvidersAmongOthers: Double
    package let externalAmongOthers: Double

    package init(rationality: Double, rewardExcess: Double) {
        self.rationality = rationality
        bestOfOthers = max(rewardExcess, 0)
        let odds = Logistic(rationality * rewardExcess)
        weightOfWorse = log1p(exp(-abs(rationality * rewardExcess)))
        liquidityProvidersAmongOthers = odds.value
        externalAmongOthers = odds.complement
    }

    /// The log odds of selling in the pool, ln(P_s/(1 − P_s)).
    @inlinable @inline(__always)
    package func logOdds(sellerExcess u: Double) -> Double { rationality * (u - bestOfOthers) - weightOfWorse }

    /// P_s with its complement P_ℓ + P_e.
    @inlinable @inline(__always)
    package func sellers(sellerExcess u: Double) -> Logistic { Logistic(logOdds(sellerExcess: u)) }
}
