import Foundation
import NumericalMethods

/// A root in z of a function that falls with z, or on which side there is none.
enum FallingRoot {
    case root(PriceRoot)
    /// Negative as far down as was looked.
    case below
    /// Positive as far up as was looked.
    case above
}

/// A log price with its bracket and what the equation is there.
struct PriceRoot {
    let value: Double
    let bracket: ClosedRange<Double>
    let residual: Double

    init(value: Double, bracket: ClosedRange<Double>, residual: Double) {
        self.value = value
        self.bracket = bracket
        self.residual = residual
    }

    /// Where the equation is exactly 0.
    init(exactly value: Double) { self.init(value: value, bracket: value...value, residual: 0) }

    init(_ root: BracketedRoot) { self.init(value: root.value, bracket: root.bracket, residual: root.residual) }
}

/// A value of a function with its derivative.
struct SlopedValue {
    let value: Double
    let slope: Double
}

/// A root in z of a function that falls with z, to 2 ulp of z, or on which side there is none.
///
/// Newton's method first, held between the points where the sign is known: some eight evaluations where the search by values
/// alone takes twenty. A Newton step proves nothing, so the point it ends at counts only if the function changes sign
/// within 2 ulp of it. Whatever else happens (no slope, an overflow, no root between the limits, steps that do not
/// shorten) is left to ``fallingRoot(from:in:evaluations:of:)``.
@inline(__always)
func fallingRoot(
    from start: Double, in limits: ClosedRange<Double>, evaluations: inout Int,
    withSlope sloped: (Double) -> SlopedValue, of f: (Double) -> Double
) throws(RootError) -> FallingRoot {
    if let root = heldNewtonRoot(from: start, in: limits, evaluations: &evaluations, of: sloped) { return .root(root) }
    return try fallingRoot(from: start, in: limits, evaluations: &evaluations, of: f)
}

/// A root by Newton's method, held between the points where the sign is known; nil where it is not sure of one.
@inline(__always)
private func heldNewtonRoot(
    from start: Double, in limits: ClosedRange<Double>, evaluations: inout Int, of f: (Double) -> SlopedValue
) -> PriceRoot? {
    // The ends of what is known, where f > 0 and where f < 0.
    var (low, high) = (limits.lowerBound, limits.upperBound)
    var (atLow, atHigh) = (Double.nan, Double.nan)
    var z = start
    // While one side is unknown, a Newton step may be far too long.
    var longest = 0.25
    var count = 0
    defer { evaluations += count }
    var step = Double.infinity
    while count < 24 {
        let at = f(z)
        count += 1
        // Not NaN either.
        guard at.value.magnitude < .infinity, at.slope < 0, at.slope > -.infinity else { return nil }
        if at.value == 0 { return PriceRoot(exactly: z) }
        if at.value > 0 { (low, atLow) = (z, at.value) } else { (high, atHigh) = (z, at.value) }
        if high - low <= 2 * min(low.magnitude, high.magnitude).ulp { break }
        let newton = -at.value / at.slope
        // Below the rounding of the value, which is some ulp of one, or of z: look for the change of sign itself.
        let rounding = max(2 * z.ulp, 2 * Double.ulpOfOne / -at.slope)
        if newton.magnitude <= rounding {
            var width = max(2 * z.ulp, newton.magnitude)
            let side: Double = at.value > 0 ? 1 : -1
            var near = z
            while count < 24 {
                let far = near + side * width
                guard far > low, far < high else { break }
                let value = f(far).value
                count += 1
                guard value.magnitude < .infinity else { return nil }
                if value == 0 { return PriceRoot(exactly: far) }
                if value > 0 { (low, atLow) = (far, value) } else { (high, atHigh) = (far, value) }
                if (value > 0) != (at.value > 0) { break }
                near = far
                width *= 4
            }
            // Bisection of what is left, a few ulp as a rule.
            while count < 64, high - low > 2 * min(low.magnitude, high.magnitude).ulp {
                let middle = low + (high - low) / 2
                let value = f(middle).value
                count += 1
                guard value.magnitude < .infinity, middle > low, middle < high else { return nil }
                if value == 0 { return PriceRoot(exactly: middle) }
                if value > 0 { (low, atLow) = (middle, value) } else { (high, atHigh) = (middle, value) }
            }
            break
        }
        var next = z + min(max(newton, -longest), longest)
        if next <= low || next >= high || newton.magnitude > 0.75 * step {
            // Where both sides are known, by halves; else Newton's method goes on outwards.
            guard !atLow.isNaN, !atHigh.isNaN else {
                guard next > low, next < high else { return nil }
                step = .infinity
                longest *= 4
                z = next
                continue
            }
            next = low + (high - low) / 2
            step = .infinity
        } else {
            step = newton.magnitude
        }
        longest *= 4
        z = next
    }
    guard !atLow.isNaN, !atHigh.isNaN, high - low <= 2 * min(low.magnitude, high.magnitude).ulp else { return nil }
    let isLow = abs(atLow) <= abs(atHigh)
    return PriceRoot(value: isLow ? low : high, bracket: low...high, residual: isLow ? atLow : atHigh)
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
            return .root(PriceRoot(root))
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
