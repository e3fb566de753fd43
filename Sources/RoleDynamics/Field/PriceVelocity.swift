import Foundation

/// What moves the price, with the constants of the game that it takes: (demand − κ_s s)/ℓ^η.
struct PriceVelocity: Sendable {
    let genuineBuyersLimit: Double
    let speculatingBuyersLimit: Double
    let width: Double
    let kappaG: Double
    let kappaB: Double
    let kappaS: Double
    let depthExponent: Double

    init(_ game: RoleGame) {
        genuineBuyersLimit = game.genuineBuyersLimit
        speculatingBuyersLimit = game.speculatingBuyersLimit
        width = game.parameters.demandWidth
        kappaG = game.intensities.genuineBuyers
        kappaB = game.intensities.speculatingBuyers
        kappaS = game.intensities.sellers
        depthExponent = game.parameters.depthExponent
    }

    /// The share of genuine buyers who buy at a price x, with its complement.
    @inline(__always)
    func genuineBuyers(at x: Double) -> Logistic { Logistic((genuineBuyersLimit - x) / width) }

    /// The share of speculating buyers who buy at a price x, with its complement.
    @inline(__always)
    func speculatingBuyers(at x: Double) -> Logistic { Logistic((speculatingBuyersLimit - x) / width) }

    /// Demand − κ_s s at a price x.
    @inline(__always)
    func excessDemand(at x: Double, sellers s: Double) -> Double {
        (kappaG * genuineBuyers(at: x).value + kappaB * speculatingBuyers(at: x).value) - kappaS * s
    }

    /// The derivative of the demand by z = ln x, ≤ 0.
    @inline(__always)
    func demandSlope(at x: Double) -> Double {
        // x/w last: it may overflow where the slopes underflow, and then 0 is right.
        let density = kappaG * genuineBuyers(at: x).slope + kappaB * speculatingBuyers(at: x).slope
        return density == 0 ? 0 : -density * (x / width)
    }

    /// 1/ℓ^η; +∞ where it exceeds the largest double.
    @inline(__always)
    func depthFactor(_ l: Double) -> Double {
        if depthExponent == 0 { return 1 }
        return depthExponent == 1 ? 1 / l : pow(l, -depthExponent)
    }
}
