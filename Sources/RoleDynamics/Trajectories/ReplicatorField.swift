import Foundation
import NumericalMethods

/// Replicator dynamics in log odds, in which no share can become negative, none leaves the simplex, and an absent role stays
/// absent, whatever the step.
///
/// From ds_i/dt = ρs_i(π_i − π̄) it follows that d ln(s_i/s_j)/dt = ρ(π_i − π_j), of which only the seller's payoff is not
/// constant. With m = max(y, b) the state is (z, J), or (z, q, J) with a lag, where
///
///     dJ/dt = ρ(π_s(q) − m),    s_i ∝ s_i(0) e^{a_i},    a_ℓ = ρ(y − m)t,  a_s = J,  a_e = ρ(b − m)t.
///
/// Shares integrated as they are would lose the digits of a small one to the tolerance of the others, and with them when
/// it comes back.
struct ReplicatorField: DifferentiableODESystem {
    let hasLag: Bool
    private let price: PriceVelocity
    private let logarithmOfKept: Double
    private let rewardExcess: Double
    private let revisionRate: Double
    private let lag: Double
    private let start: RoleShares

    init(_ game: RoleGame, start: RoleShares) {
        price = PriceVelocity(game)
        logarithmOfKept = game.logarithmOfKept
        rewardExcess = game.rewardExcess
        revisionRate = game.parameters.revisionRate
        lag = game.parameters.observationLag
        hasLag = lag > 0
        self.start = start
    }

    var dimension: Int { hasLag ? 3 : 2 }

    /// The rates of a_ℓ and a_e, one of which is 0 and the other negative.
    private var rates: (liquidityProviders: Double, external: Double) {
        (revisionRate * min(rewardExcess, 0), -revisionRate * max(rewardExcess, 0))
    }

    /// The shares at a time and J.
    func shares(_ t: Double, _ j: Double) -> RoleShares {
        let (a, b) = (rates.liquidityProviders * t, rates.external * t)
        // Only roles that are there count towards the largest exponent, so that their sum is never 0.
        var largest = -Double.infinity
        if start.liquidityProviders > 0 { largest = max(largest, a) }
        if start.sellers > 0 { largest = max(largest, j) }
        if start.external > 0 { largest = max(largest, b) }
        func weight(_ share: Double, _ exponent: Double) -> Double {
            share > 0 ? share * exp(exponent - largest) : 0
        }
        let l = weight(start.liquidityProviders, a)
        let s = weight(start.sellers, j)
        let e = weight(start.external, b)
        let sum = l + s + e
        return RoleShares(unchecked: l / sum, s / sum, e / sum)
    }

    @inline(__always)
    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        let last = hasLag ? 2 : 1
        guard y.count > last, dydt.count > last else { return false }
        let z = y[0]
        let q = hasLag ? y[1] : z
        let shares = shares(t, y[last])
        if price.depthExponent > 0, shares.liquidityProviders <= 0 { return false }
        let u = MeanSellingPrice(q + logarithmOfKept).excess
        dydt[0] =
            price.excessDemand(at: exp(z), sellers: shares.sellers) * price.depthFactor(shares.liquidityProviders)
        if hasLag { dydt[1] = (z - q) / lag }
        dydt[last] = revisionRate * (u - max(rewardExcess, 0))
        return dydt[0].isFinite && dydt[1].isFinite && dydt[last].isFinite
    }

    func jacobian(
        _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>, _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        let n = dimension
        let last = n - 1
        guard y.count >= n, dfdt.count >= n, dfdy.count >= n * n else { return false }
        let z = y[0]
        let q = hasLag ? y[1] : z
        let shares = shares(t, y[last])
        let (l, s, e) = (shares.liquidityProviders, shares.sellers, shares.external)
        if price.depthExponent > 0, l <= 0 { return false }
        let x = exp(z)
        let factor = price.depthFactor(l)
        let slope = MeanSellingPrice(q + logarithmOfKept).slope
        for i in 0..<n { dfdt[i] = 0 }
        for i in 0..<(n * n) { dfdy[i] = 0 }
        // d ln ℓ = −s dJ, ds = s(1 − s) dJ; and by t at a given J, with r̄ the mean of the rates.
        let r = rates
        let mean = l * r.liquidityProviders + e * r.external
        let velocity = price.excessDemand(at: x, sellers: s) * factor
        let byLogDepth = -price.depthExponent * velocity
        dfdy[0] = price.demandSlope(at: x) * factor
        dfdy[last] = -price.kappaS * factor * (s * (1 - s)) + (price.depthExponent > 0 ? byLogDepth * -s : 0)
        dfdt[0] =
            price.kappaS * factor * (s * mean)
            + (price.depthExponent > 0 ? byLogDepth * (r.liquidityProviders - mean) : 0)
        if hasLag {
            dfdy[n] = 1 / lag
            dfdy[n + 1] = -1 / lag
        }
        dfdy[last * n + (hasLag ? 1 : 0)] = revisionRate * slope
        for i in 0..<(n * n) where !dfdy[i].isFinite { return false }
        return dfdt[0].isFinite
    }
}
