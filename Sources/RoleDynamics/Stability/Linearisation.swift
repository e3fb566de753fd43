import ComplexModule
import RealModule

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
    /// B_ℓ ≤ 0 and B_s ≥ 0.
    let seenByLPs: Double
    let seenBySellers: Double
    /// r′, by which a disturbance of the shares dies out that the price answers: ρ for logit, where it is that of every
    /// disturbance; 0 at a tie.
    let sharesDamping: Double

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
        sharesDamping = game.revisionProtocol == .logit ? rate : 0
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

    /// −r, the eigenvalue of the role that is idle, whatever the lag is; of logit −ρ.
    var idleRate: Double { -(sharesDamping > 0 ? sharesDamping : cancelling(-ll, ss)) }

    /// The eigenvalues without a lag, in closed form and with certain signs, in the order of `eigenvalues(of:)`.
    ///
    /// With B = 0, as at the vertex, they are −a and those of S. Otherwise the characteristic polynomial has the factors
    ///
    ///     (μ + r)(μ² + (a + r′)μ + ar′ + κB_s),     r + r′ = −tr S,  rr′ = det S,
    ///
    /// r = r′ = ρ for logit and r′ = 0 at a tie, r being the rate at which the idle role dies out. The real part of a pair is
    /// −(a + r′)/2 exactly, where LAPACK's is off by ε‖J‖: as w → 0, or as sellers die out, a is far below that, and a
    /// stable focus would be called a centre.
    var eigenvaluesWithoutLag: [Complex<Double>] {
        let a = priceDamping
        let (first, second, third): (Complex<Double>, Complex<Double>, Complex<Double>)
        if seenByLPs == 0, seenBySellers == 0 {
            first = Complex(-a)
            (second, third) = eigenvaluesOfShares
        } else {
            first = Complex(idleRate)
            // ((a − r′)/2)² − κB_s as a product, which neither overflows nor underflows by itself.
            let half = 0.5 * abs(a - sharesDamping)
            let effect = sellersEffect.squareRoot() * seenBySellers.squareRoot()
            let mean = 0.5 * (a + sharesDamping)
            if half < effect {
                let imaginary = (effect - half).squareRoot() * (effect + half).squareRoot()
                (second, third) = (Complex(-mean, -imaginary), Complex(-mean, imaginary))
            } else {
                let faster = mean + (half - effect).squareRoot() * (half + effect).squareRoot()
                // The product ar′ + κB_s over the faster root, term by term.
                let slower =
                    faster > 0 ? a * (sharesDamping / faster) + sellersEffect * (seenBySellers / faster) : 0
                (second, third) = (Complex(-faster), Complex(-slower))
            }
        }
        // No −0; the second is not after the third, and pairs stay together.
        let values = [first, second, third].map { Complex($0.real + 0, $0.imaginary + 0) }
        func precedes(_ a: Complex<Double>, _ b: Complex<Double>) -> Bool {
            (a.real, abs(a.imaginary), a.imaginary) < (b.real, abs(b.imaginary), b.imaginary)
        }
        if precedes(values[2], values[0]) { return [values[1], values[2], values[0]] }
        return precedes(values[1], values[0]) ? [values[1], values[0], values[2]] : values
    }

    /// The eigenvalues of S where the payoffs do not answer: real, for the shares' motion under fixed payoffs does not turn.
    private var eigenvaluesOfShares: (Complex<Double>, Complex<Double>) {
        let half = 0.5 * ll - 0.5 * ss
        let scale = max(abs(half), abs(ls), abs(sl))
        // ((S_ℓℓ − S_ss)/2)² + S_ℓs S_sℓ, in units in which no square overflows.
        let root =
            scale > 0 ? scale * max(half / scale * (half / scale) + ls / scale * (sl / scale), 0).squareRoot() : 0
        let mean = 0.5 * ll + 0.5 * ss
        return (Complex(mean - root), Complex(mean + root))
    }

    /// x − y where that is a number and 0 where it is what rounding leaves of two that cancel.
    ///
    /// Where shares are exchanged one for one at a tie, det S is 0, and for BNN tr S. Left as 1e−17 they would make an
    /// eigenvalue.
    private func cancelling(_ x: Double, _ y: Double) -> Double {
        let value = x - y
        return abs(value) <= 16 * Double.ulpOfOne * max(abs(x), abs(y)) ? 0 : value
    }
}
