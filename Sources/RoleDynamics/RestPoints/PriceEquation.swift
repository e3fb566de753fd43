import Foundation
import NumericalMethods

/// A root in z of a function that falls with z, or on which side there is none.
enum FallingRoot {
    case root(BracketedRoot)
    /// Negative as far down as was looked.
    case below
    /// Positive as far up as was looked.
    case above
}

/// Looks for the root of a falling function from `start` outwards, in steps that grow fourfold, as far as `limits`, and
/// then in the bracket found, to 2 ulp of z. Infinite values are taken for the largest ones.
func fallingRoot(
    from start: Double, in limits: ClosedRange<Double>, evaluations: inout Int, of f: (Double) -> Double
) throws(RootError) -> FallingRoot {
    func bounded(_ z: Double) -> Double {
        let value = f(z)
        return value.isInfinite ? (value > 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude) : value
    }
    var near = start
    let first = bounded(near)
    evaluations += 1
    guard !first.isNaN else { throw RootError.notFinite(at: near) }
    let rises = first >= 0
    var step = 0.25
    while true {
        let far = rises ? min(near + step, limits.upperBound) : max(near - step, limits.lowerBound)
        let value = bounded(far)
        evaluations += 1
        guard !value.isNaN else { throw RootError.notFinite(at: far) }
        if rises ? value <= 0 : value >= 0 {
            let root = try bracketedRoot(in: min(near, far)...max(near, far), of: bounded)
            evaluations += root.evaluations
            return .root(root)
        }
        if far == (rises ? limits.upperBound : limits.lowerBound) { return rises ? .above : .below }
        near = far
        step *= 4
    }
}

/// The log prices that are looked at: e^z is finite with room for the seller's limit, and any double below.
let logPriceLimits: ClosedRange<Double> = -1.79e308...709.78

/// Demand against the sellers' offer, as functions of the price that keep their sign.
struct DemandBalance {
    let velocity: PriceVelocity
    /// κ_g + κ_b − κ_s, in one rounding.
    private let surplusAtZero: Double
    private let usesComplements: Bool

    init(_ velocity: PriceVelocity) {
        self.velocity = velocity
        let (g, b, s) = (velocity.kappaG, velocity.kappaB, velocity.kappaS)
        // The sum as a pair of doubles (Knuth's two-sum); the difference is exact where it matters (Sterbenz).
        let sum = g + b
        let other = sum - g
        let rest = (g - (sum - other)) + (b - other)
        surplusAtZero = (sum - s) + rest
        usesComplements = s >= 0.5 * sum
    }

    /// G(x), with a small relative error.
    func demand(at x: Double) -> Double {
        velocity.kappaG * velocity.genuineBuyers(at: x).value + velocity.kappaB
            * velocity.speculatingBuyers(at: x).value
    }

    /// G(x) − κ_s. Where κ_s is of the order of κ_g + κ_b as (κ_g + κ_b − κ_s) − κ_g(1 − F) − κ_b(1 − F): at the baseline
    /// both are 1, and all there is below x = 0.2 is those small terms, which G(x) − κ_s rounds away.
    func surplus(at x: Double) -> Double {
        if !usesComplements { return demand(at: x) - velocity.kappaS }
        return surplusAtZero - velocity.kappaG * velocity.genuineBuyers(at: x).complement - velocity.kappaB
            * velocity.speculatingBuyers(at: x).complement
    }

    /// Whether the sign of ``surplus(at:)`` is within rounding of its largest term.
    func surplusIsMarginal(at x: Double) -> Bool {
        let terms =
            usesComplements
            ? max(
                abs(surplusAtZero), velocity.kappaG * velocity.genuineBuyers(at: x).complement,
                velocity.kappaB * velocity.speculatingBuyers(at: x).complement)
            : velocity.kappaS
        return abs(surplus(at: x)) <= 8 * Double.ulpOfOne * terms
    }

    /// ln G(x), finite where G underflows.
    func logarithmOfDemand(at x: Double) -> Double {
        let g = (velocity.genuineBuyersLimit - x) / velocity.width
        let b = (velocity.speculatingBuyersLimit - x) / velocity.width
        return logarithmOfSum(
            log(velocity.kappaG) + Logistic.logarithm(g), log(velocity.kappaB) + Logistic.logarithm(b))
    }
}
