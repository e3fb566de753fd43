import Foundation
import NumericalMethods

/// A full turn about a rest point at a kink, with an observation lag τ > 0: once through the half space in which sellers
/// earn more, once through the other.
///
/// On either side of the tie q = q* the disturbance δ of the price that holders see obeys the linear equation
///
///     τδ‴ + (1 + aτ)δ″ + aδ′ + Kδ = 0,      K = κB_s of the side,
///
/// with a the price's damping; δ, δ′ and δ″ are continuous across the tie, and the idle role dies out by itself. A linear
/// flow on both sides takes rays to rays. So where δ = 0 a turn takes the direction of (δ′, δ″) to another one, and the
/// distance from the rest point is multiplied by a factor that depends on the direction alone. The map of directions is
/// increasing and bounded; what it converges to is the cone on which a trajectory turns in the end, and the factor there
/// says whether it grows. Neither side's eigenvalues do: at a = 0.17, K = 0.115 and 1.0055 the factor is 1 at τ = 0.6107
/// while the pairs of the two sides cross the axis at 1.98 and 0.175.
///
/// **How often the factor is 1.** With a = 1, 60 ratios of K and 81 lags each from e⁻¹⁰ to e¹⁰ the directions converged to
/// one within four turns, from either end, and the factor passed 1 once, upwards, if √(K₊K₋) > a², and never otherwise.
/// That is what its expansion for large lags says too, ln(factor) ~ (√K₊ + √K₋)(1/a² − 1/√(K₊K₋)) times a positive number;
/// with K₊ = K₋ both statements are those of Routh and Hurwitz.
struct KinkTurn: Equatable {
    /// a, of both sides.
    private let damping: Double
    /// K above the tie and below it.
    private let above, below: Double

    init?(above: Linearisation, below: Linearisation) {
        self.init(
            damping: above.priceDamping, above: above.sellersEffect * above.seenBySellers,
            below: below.sellersEffect * below.seenBySellers)
    }

    /// nil unless a ≥ 0 and both K > 0, without which nobody is driven back from the tie on one side.
    init?(damping: Double, above: Double, below: Double) {
        guard damping >= 0, damping < .infinity, above > 0, above < .infinity, below > 0, below < .infinity else {
            return nil
        }
        self.damping = damping
        self.above = above
        self.below = below
    }

    /// What a turn does in the end.
    struct Growth: Equatable {
        /// The logarithm of the factor; −∞ where a trajectory comes to rest without another turn.
        let logarithm: Double
        /// How long the turn takes, in units of T; ∞ where there is none.
        let period: Double
        /// The rate at which it grows, in 1/T: the logarithm over the period, or without a turn the slowest rate of the side on
        /// which the trajectory comes to rest.
        let rate: Double
    }

    private static let mostTurns = 1000

    /// The growth at a lag τ > 0; nil where the directions do not converge or the numbers leave the range of doubles.
    func growth(lag: Double) -> Growth? {
        guard let first = HalfTurn(damping: damping * lag, effect: above * lag * lag),
            let second = HalfTurn(damping: damping * lag, effect: below * lag * lag)
        else { return nil }
        func rest(_ rate: Double) -> Growth { Growth(logarithm: -.infinity, period: .infinity, rate: rate / lag) }
        // Begun where a trajectory touches the tie of a side on which it turns: the last direction that comes back.
        let sides = first.turns ? (first, second) : (second, first)
        guard sides.0.turns else { return rest(max(first.slowestRate, second.slowestRate)) }
        var (speed, curvature) = (0.0, 1.0)
        for _ in 0..<Self.mostTurns {
            let before = (speed, curvature)
            var (logarithm, duration) = (0.0, 0.0)
            for side in [sides.0, sides.1] {
                switch side.passage(speed: speed, curvature: curvature) {
                case .stays: return rest(side.slowestRate)
                case .unknown: return nil
                case .returns(let speedThen, let curvatureThen, let exponent, let time):
                    let size = hypot(speedThen, curvatureThen)
                    if size == 0 { return rest(min(side.slowestRate, 0)) }
                    // The other side is entered downwards: the same equation with the opposite sign.
                    (speed, curvature) = (-speedThen / size, -curvatureThen / size)
                    logarithm += exponent + log(size)
                    duration += time
                }
            }
            // The sine of the angle between two directions, to a few roundings.
            if abs(before.0 * curvature - before.1 * speed) <= 16 * Double.ulpOfOne {
                guard logarithm.isFinite, duration.isFinite else { return nil }
                let period = duration * lag
                return Growth(logarithm: logarithm, period: period, rate: logarithm / period)
            }
        }
        return nil
    }

    /// What a lag does to the rest point.
    enum LagEffect: Equatable {
        /// Disturbances grow beyond this lag; the period is that of a turn there; both are in units of T.
        case grows(beyond: Double, period: Double)
        /// Disturbances die out at every lag.
        case none
        /// The growth could not be followed.
        case unknown
    }

    /// The only lag at which the factor is 1.
    var lagEffect: LagEffect {
        let scale = max(damping, above.squareRoot(), below.squareRoot())
        // √(√K₊√K₋), so that nothing overflows.
        let mean = above.squareRoot().squareRoot() * below.squareRoot().squareRoot()
        let (a, k) = (damping / scale, mean / scale)
        // To the roundings of both roots.
        guard k - a > 4 * Double.ulpOfOne * a else { return .none }
        /// The logarithm at e^u, bounded.
        func height(_ u: Double) -> Double {
            guard let growth = growth(lag: exp(u)) else { return .nan }
            return max(growth.logarithm, -50)
        }
        // Where the two sides are alike it is a/(K − a²).
        let guess = log(a) - log((k - a) * (k + a)) - log(scale)
        guard guess.isFinite else { return .unknown }
        var (low, high) = (guess, guess)
        var step = 0.5
        while true {
            let (atLow, atHigh) = (height(low), height(high))
            if atLow <= 0, atHigh >= 0 { break }
            guard !atLow.isNaN, !atHigh.isNaN, step < 1000 else { return .unknown }
            if atLow > 0 { low -= step }
            if atHigh < 0 { high += step }
            step *= 1.5
        }
        // The factor is known to some roundings, and so is the lag.
        guard let root = try? bracketedRoot(in: low...high, absoluteTolerance: 1e-15, of: height).value,
            let growth = growth(lag: exp(root)), growth.period < .infinity
        else { return .unknown }
        return .grows(beyond: exp(root), period: growth.period)
    }
}

/// The way through one half space, in units of the lag: δ‴ + (1 + A)δ″ + Aδ′ + kδ = 0 from δ = 0 with δ′ > 0, or with δ′ = 0
/// and δ″ > 0, to the next δ = 0. A = aτ and k = Kτ².
///
/// The characteristic polynomial μ(μ + 1)(μ + A) + k has one root −λ < −max(1, A), and two more, α ± iω or α ± Ω.
private struct HalfTurn {
    private let lambda, alpha: Double
    /// k/λ, the product of the two slower roots.
    private let product: Double
    /// ω², or −Ω² where the roots are real.
    private let frequencySquared: Double

    /// Whether the two slower roots are a pair, so that every trajectory comes back.
    var turns: Bool { frequencySquared > 0 }

    /// The largest real part of a root, α or α + Ω; the latter as the product over the other root, which cancels nothing.
    var slowestRate: Double {
        guard !turns else { return alpha }
        let omega = (-frequencySquared).squareRoot()
        return alpha < 0 ? product / (alpha - omega) : alpha + omega
    }

    /// nil where a root is no number or the pair is beyond the range of doubles.
    init?(damping: Double, effect: Double) {
        let (larger, smaller) = (max(1, damping), min(1, damping))
        guard larger < .infinity, effect > 0, effect < .infinity else { return nil }
        // λ = max(1, A) + ε by Newton's steps from above, where the function of ε is convex. ε and not λ keeps the digits of
        // 2α = ε − min(1, A).
        var excess = cbrt(effect)
        for _ in 0..<100 {
            let (first, second) = (larger + excess, larger + excess - smaller)
            let value = excess * first * second - effect
            let slope = first * second + excess * (first + second)
            let next = max(excess - value / slope, 0)
            if !(next < excess) { break }
            excess = next
        }
        lambda = larger + excess
        alpha = 0.5 * (excess - smaller)
        product = effect / lambda
        frequencySquared = product - alpha * alpha
        guard excess > 0, frequencySquared.isFinite else { return nil }
    }

    enum Passage {
        /// The way comes back to δ = 0: δ′ and δ″ there over e^exponent, and the time that it took.
        case returns(speed: Double, curvature: Double, exponent: Double, time: Double)
        /// The way tends to the rest point on this side.
        case stays
        /// The time was not found.
        case unknown
    }

    /// The way from δ = 0 with δ′ = v and δ″ = w.
    ///
    /// With m = λ + α, δe^{−αt} = c(e^{−mt} − cos ωt) + (v + cm)(sin ωt)/ω, v = δ′(0) and c = (δ″(0) − 2αv)/(m² + ω²).
    ///
    /// The first return is bracketed (Sturm's comparison with sin ωt): at ωt = π if c = 0, before if c < 0 and from there to
    /// 2π if c > 0. With real roots, ω = iΩ, there is one if c < 0 and v + c(m − Ω) < 0.
    func passage(speed v: Double, curvature w: Double) -> Passage {
        let m = lambda + alpha
        let c = (w - 2 * alpha * v) / (m * m + frequencySquared)
        guard turns else { return passageWithoutTurning(v, c, m) }
        let omega = frequencySquared.squareRoot()
        let ratio = m / omega
        /// δe^{−αt} as a function of φ = ωt, without the cancellation of the terms of first order.
        func height(_ phi: Double) -> Double {
            let half = sin(0.5 * phi)
            return c * ((expm1(-ratio * phi) + ratio * sin(phi)) + 2 * half * half) + v / omega * sin(phi)
        }
        let phi: Double
        if abs(c) * omega <= 4 * Double.ulpOfOne * v {
            // The sine of the double π is no longer less than what the rest makes of it.
            phi = Double.pi
        } else {
            let root =
                c > 0
                ? try? bracketedRoot(in: Double.pi...(2 * Double.pi), of: height)
                : try? bracketedRoot(in: 0...Double.pi) { $0 == 0 ? v / omega : height($0) / $0 }
            guard let root else { return .unknown }
            phi = root.value
        }
        let time = phi / omega
        return end(
            time: time, v, c, m, fast: exp(-m * time), cosine: cos(phi), sine: sin(phi) / omega, exponent: alpha * time)
    }

    private func passageWithoutTurning(_ v: Double, _ c: Double, _ m: Double) -> Passage {
        let omega = (-frequencySquared).squareRoot()
        guard c < 0, v + c * (m - omega) < 0 else { return .stays }
        /// e^{−Ωt} sinh(Ωt)/Ω.
        func sine(_ t: Double) -> Double { omega > 0 ? -expm1(-2 * omega * t) / (2 * omega) : t }
        /// δe^{−(α + Ω)t}.
        func height(_ t: Double) -> Double {
            let half = expm1(-omega * t)
            return c * (exp(-omega * t) * expm1(-m * t) - 0.5 * half * half + m * sine(t)) + v * sine(t)
        }
        var end = 1 / m
        while height(end) > 0 {
            end *= 2
            // Slower than anything that counts: the growth is e^{(α + Ω)t}.
            if (alpha + omega) * end < -1000 || end == .infinity { return .stays }
        }
        guard let time = try? bracketedRoot(in: 0...end, of: { $0 == 0 ? v : height($0) / $0 }).value else {
            return .unknown
        }
        return self.end(
            time: time, v, c, m, fast: exp(-(m + omega) * time), cosine: 0.5 * (1 + exp(-2 * omega * time)),
            sine: sine(time), exponent: (alpha + omega) * time)
    }

    private func end(
        time: Double, _ v: Double, _ c: Double, _ m: Double, fast: Double, cosine: Double, sine: Double,
        exponent: Double
    ) -> Passage {
        // The part of the pair, and its derivative, over e^exponent.
        let g = v + c * m
        let pair = g * sine - c * cosine
        let slope = c * frequencySquared * sine + g * cosine
        return .returns(
            speed: alpha * pair + slope - lambda * c * fast,
            curvature: (alpha * alpha - frequencySquared) * pair + 2 * alpha * slope + lambda * lambda * c * fast,
            exponent: exponent, time: time)
    }
}
