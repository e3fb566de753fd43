import Foundation
import NumericalMethods

/// The vector field of a population game, with its Jacobian.
///
/// y = (z, ℓ, s, e), and (z, q, ℓ, s, e) where there is an observation lag. All three shares are in it, so that none is a
/// difference: the small ones keep their digits. They move on the simplex: their derivatives add up to 0 within the
/// rounding of the terms.
///
/// Not defined, so that `derivative` returns false: where the pool is empty (ℓ ≤ 0) and the depth exponent η > 0, and
/// where the seller's payoff or a derivative exceeds the largest double.
///
/// Smith's and BNN's fields have kinks where two payoffs are equal, or one is the mean; the Jacobian at such a point is
/// that of the side on which sellers earn more. The best response jumps at a tie; there the field is that of the other
/// roles, LPs before external sellers, and ``BestResponseField`` says which side is which.
public struct RoleField: DifferentiableODESystem, Sendable {
    /// The game whose field it is.
    public let game: RoleGame
    /// Whether there is an observation lag, and with it a component q.
    public let hasLag: Bool
    let price: PriceVelocity
    let choice: LogitChoice
    private let revisionProtocol: RevisionProtocol
    private let rewardExcess: Double
    private let logarithmOfKept: Double
    private let revisionRate: Double
    private let lag: Double

    /// The field of a game.
    public init(_ game: RoleGame) {
        self.game = game
        price = PriceVelocity(game)
        choice = LogitChoice(rationality: game.parameters.rationality, rewardExcess: game.rewardExcess)
        revisionProtocol = game.revisionProtocol
        rewardExcess = game.rewardExcess
        logarithmOfKept = game.logarithmOfKept
        revisionRate = game.parameters.revisionRate
        lag = game.parameters.observationLag
        hasLag = lag > 0
    }

    /// 4, or 5 with an observation lag.
    public var dimension: Int { hasLag ? 5 : 4 }

    /// The index of ℓ, which s and e follow: 1, or 2 with an observation lag.
    public var firstShare: Int { hasLag ? 2 : 1 }

    /// The state at a log price and shares, observed as it is.
    public func state(logPrice z: Double, shares: RoleShares) -> [Double] {
        (hasLag ? [z, z] : [z]) + [shares.liquidityProviders, shares.sellers, shares.external]
    }

    // Inlined into the closure that GSL calls, which then reads the constants where they are; a call would copy them all.
    @inline(__always)
    public func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        // Behind this the subscripts need no check of their own.
        guard y.count >= dimension, dydt.count >= dimension else { return false }
        let first = firstShare
        let z = y[unchecked: 0]
        let q = y[unchecked: first - 1]
        let l = y[unchecked: first]
        let s = y[unchecked: first + 1]
        let e = y[unchecked: first + 2]
        if price.depthExponent > 0, l <= 0 { return false }

        let u = MeanSellingPrice(q + logarithmOfKept).excess
        let velocity = ShareVelocity(
            revisionProtocol, choice: choice, rewardExcess: rewardExcess, sellerExcess: u, l, s, e)
        let dz = price.excessDemand(at: exp(z), sellers: s) * price.depthFactor(l)
        let dl = revisionRate * velocity.liquidityProviders
        let ds = revisionRate * velocity.sellers
        let de = revisionRate * velocity.external
        dydt[unchecked: 0] = dz
        dydt[unchecked: first] = dl
        dydt[unchecked: first + 1] = ds
        dydt[unchecked: first + 2] = de
        // 0 times what is not finite is NaN, and so is a sum with it.
        var finite = 0 * dz + 0 * dl + (0 * ds + 0 * de)
        if hasLag {
            let dq = (z - q) / lag
            dydt[unchecked: 1] = dq
            finite += 0 * dq
        }
        return u < .infinity && finite == 0
    }

    public func jacobian(
        _ t: Double, _ y: Span<Double>, _ dfdy: inout MutableSpan<Double>, _ dfdt: inout MutableSpan<Double>
    ) -> Bool {
        let (n, first) = (dimension, firstShare)
        guard y.count >= n, dfdt.count >= n, dfdy.count >= n * n else { return false }
        let z = y[0]
        let q = hasLag ? y[1] : z
        let (l, s, e) = (y[first], y[first + 1], y[first + 2])
        if price.depthExponent > 0, l <= 0 { return false }

        let mean = MeanSellingPrice(q + logarithmOfKept)
        guard mean.slope < .infinity else { return false }
        let shares = ShareJacobian(
            revisionProtocol, choice: choice, rewardExcess: rewardExcess, sellerExcess: mean.excess, l, s, e)
        let x = exp(z)
        let factor = price.depthFactor(l)

        for i in 0..<n { dfdt[i] = 0 }
        for i in 0..<(n * n) { dfdy[i] = 0 }
        dfdy[0] = price.demandSlope(at: x) * factor
        if price.depthExponent > 0 {
            dfdy[first] = -price.depthExponent * (price.excessDemand(at: x, sellers: s) * factor / l)
        }
        dfdy[first + 1] = -price.kappaS * factor
        if hasLag {
            dfdy[n] = 1 / lag
            dfdy[n + 1] = -1 / lag
        }
        // The shares, by the price that holders see (the column before ℓ) and by each other.
        let scale = revisionRate * mean.slope
        var row = first * n
        let seen = first - 1
        Self.write(revisionRate, shares.ll, shares.ls, shares.le, scale * shares.lu, to: &dfdy, row, seen)
        row += n
        Self.write(revisionRate, shares.sl, shares.ss, shares.se, scale * shares.su, to: &dfdy, row, seen)
        row += n
        Self.write(revisionRate, shares.el, shares.es, shares.ee, scale * shares.eu, to: &dfdy, row, seen)
        for i in 0..<(n * n) where !dfdy[i].isFinite { return false }
        return true
    }

    @inline(__always)
    private static func write(
        _ rate: Double, _ l: Double, _ s: Double, _ e: Double, _ price: Double, to dfdy: inout MutableSpan<Double>,
        _ row: Int, _ seen: Int
    ) {
        dfdy[row + seen] = price
        dfdy[row + seen + 1] = rate * l
        dfdy[row + seen + 2] = rate * s
        dfdy[row + seen + 3] = rate * e
    }
}
