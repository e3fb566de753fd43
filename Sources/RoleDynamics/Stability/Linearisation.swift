import NumericalMethods

/// The linearisation of a game at a rest point, on one side of its tie if it is at one, with the external sellers'
/// share e = 1 − ℓ − s eliminated, and the observation lag left open.
///
/// With u = (z, ℓ, s) and the price q that holders see, du/dt = A·u + B·q and dq/dt = (z − q)/τ. At rest dz/dt = 0, so that
/// the depth ℓ^η enters as a factor only, and A and B have few elements:
///
///     A = ⎛−a   0     −κ ⎞         B = ⎛ 0  ⎞
///         ⎜ 0   S_ℓℓ  S_ℓs⎟             ⎜ B_ℓ⎟
///         ⎝ 0   S_sℓ  S_ss⎠             ⎝ B_s⎠
///
/// Ties are exact: the payoffs are those of the face, and which terms [·]₊ are active is said by the side.
struct Linearisation: Equatable, Sendable {
    /// a = −∂(dz/dt)/∂z ≥ 0.
    let priceDamping: Double
    /// κ = κ_s/ℓ^η > 0.
    let sellersEffect: Double
    let ll: Double
    let ls: Double
    let sl: Double
    let ss: Double
    /// B_ℓ and B_s.
    let seenByLPs: Double
    let seenBySellers: Double

    /// nil where an element exceeds the largest double, or the pool is empty and η > 0.
    init?(_ candidate: RestCandidate, field: RoleField, price x: Double, meanSlope: Double, side: TieSide) {
        let (game, shares) = (field.game, candidate.shares)
        if game.parameters.depthExponent > 0, shares.liquidityProviders <= 0 { return nil }
        let jacobian: ShareJacobian
        if game.revisionProtocol == .logit {
            jacobian = ShareJacobian(
                logit: game.parameters.rationality, liquidityProviders: shares.liquidityProviders,
                sellers: candidate.sellers, external: shares.external)
        } else {
            jacobian = ShareJacobian(
                game.revisionProtocol, choice: field.choice, rewardExcess: game.rewardExcess,
                sellerExcess: candidate.sellerExcess, shares.liquidityProviders, shares.sellers, shares.external,
                side: side)
        }
        let rate = game.parameters.revisionRate
        let factor = field.price.depthFactor(shares.liquidityProviders)
        priceDamping = -(field.price.demandSlope(at: x) * factor)
        sellersEffect = field.price.kappaS * factor
        ll = rate * (jacobian.ll - jacobian.le)
        ls = rate * (jacobian.ls - jacobian.le)
        sl = rate * (jacobian.sl - jacobian.se)
        ss = rate * (jacobian.ss - jacobian.se)
        seenByLPs = rate * (meanSlope * jacobian.lu)
        seenBySellers = rate * (meanSlope * jacobian.su)
        let elements = [priceDamping, sellersEffect, ll, ls, sl, ss, seenByLPs, seenBySellers]
        guard elements.allSatisfy({ $0.isFinite }) else { return nil }
    }

    /// The Jacobian in (z, ℓ, s), or in (z, q, ℓ, s) with a lag τ > 0.
    func matrix(lag: Double) -> [[Double]] {
        if lag > 0 {
            return [
                [-priceDamping, 0, 0, -sellersEffect],
                [1 / lag, -1 / lag, 0, 0],
                [0, seenByLPs, ll, ls],
                [0, seenBySellers, sl, ss],
            ]
        }
        return [[-priceDamping, 0, -sellersEffect], [seenByLPs, ll, ls], [seenBySellers, sl, ss]]
    }
}
