import Foundation

/// What moves the price, with the constants of the game that it takes: (demand − κ_s s)/ℓ^η.
package struct PriceVelocity: Sendable {
    package let genuineBuyersLimit: Double
    package let speculatingBuyersLimit: Double
    package let width: Double
    package let kappaG: Double
    package let kappaB: Double
    package let kappaS: Double
    package let depthExponent: Double

    package init(_ game: RoleGame) {
        genuineBuyersLimit = game.genuineBuyersLimit
        speculatingBuyersLimit = game.speculatingBuyersLimit
        width = game.parameters.demandWidth
        kappaG = game.intensities.genuineBuyers
        kappaB = game.intensities.speculatingBuyers
        kappaS = game.intensities.sellers
        depthExponent = game.parameters.depthExponent
    }

    /// The share of genuine buyers who buy at a price x, with its complement.
    @inlinable @inline(__always)
    package func genuineBuyers(at x: Double) -> Logistic { Logistic((genuineBuyersLimit - x) / width) }

    /// The share of speculating buyers who buy at a price x, with its complement.
    @inlinable @inline(__always)
    package func speculatingBuyers(at x: Double) -> Logistic { Logistic((speculatingBuyersLimit - x) / width) }

    /// Demand − κ_s s at a price x.
    @inlinable @inline(__always)
    package func excessDemand(at x: Double, sellers s: Double) -> Double {
        (kappaG * genuineBuyers(at: x).value + kappaB * speculatingBuyers(at: x).value) - kappaS * s
    }

    /// The derivative of the demand by z = ln x, ≤ 0.
    @inlinable @inline(__always)
    package func demandSlope(at x: Double) -> Double {
        // x/w last: it may overflow where the slopes underflow, and then 0 is right.
        let density = kappaG * genuineBuyers(at: x).slope + kappaB * speculatingBuyers(at: x).slope
        return density == 0 ? 0 : -density * (x / width)
    }

    /// The second derivative of the demand by z = ln x.
    func demandCurvature(at x: Double) -> Double {
        func term(_ kappa: Double, _ buyers: Logistic) -> Double {
            let slope = kappa * buyers.slope
            return slope == 0 ? 0 : slope * (x / width) * ((x / width) * (buyers.complement - buyers.value) - 1)
        }
        return term(kappaG, genuineBuyers(at: x)) + term(kappaB, speculatingBuyers(at: x))
    }

    /// 1/ℓ^η; +∞ where it exceeds the largest double.
    @inlinable @inline(__always)
    package func depthFactor(_ l: Double) -> Double {
        if depthExponent == 0 { return 1 }
        return depthExponent == 1 ? 1 / l : pow(l, -depthExponent)
    }
}
