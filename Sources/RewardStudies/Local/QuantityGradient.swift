import DissipativeMarket
import RealModule
import RoleDynamics

/// The exact partial derivatives of a quantity of the closed forms.
struct QuantityGradient: Equatable {
    /// The derivatives by β, p, θ, γ, δ and φ.
    var market = ParameterGradient()
    /// The derivative by α.
    var alpha = 0.0
    /// The derivative by the one κ that the quantity depends on.
    var kappa = 0.0
    /// The derivative by T.
    var period = 0.0

    /// The derivative by a parameter of any kind. Along b, with p = 1 and θ = 1 − b, it is ∂/∂β − ∂/∂θ.
    subscript(name: ParameterName) -> Double {
        let value =
            switch name {
            case .market(.alpha), .ratio(.x): alpha
            case .market(.period): period
            case .market(let parameter): market[parameter]
            case .ratio(.b): market.beta - market.theta
            case .ratio(let ratio): market[ratio.parameter]
            case .intensity: kappa
            case .revision: 0.0
            }
        return value + 0  // no −0
    }

    static func - (a: QuantityGradient, b: QuantityGradient) -> QuantityGradient {
        QuantityGradient(
            market: ParameterGradient(
                beta: a.market.beta - b.market.beta, p: a.market.p - b.market.p, theta: a.market.theta - b.market.theta,
                gamma: a.market.gamma - b.market.gamma, delta: a.market.delta - b.market.delta,
                fee: a.market.fee - b.market.fee),
            alpha: a.alpha - b.alpha, kappa: a.kappa - b.kappa, period: a.period - b.period)
    }
}

/// What is known of the derivatives at a point.
enum GradientAnswer: Equatable {
    case gradient(QuantityGradient)
    /// The derivatives on the two sides differ, since the quantity is the larger or the smaller of two that are equal here.
    case kink
    /// The quantity has no value here.
    case none
}

/// A point at which the exact derivatives of the closed forms are taken.
struct GradientPoint {
    let market: Market
    /// α; NaN where it has no value, and nothing depends on it.
    let alpha: Double
    /// γ; NaN where it has no value, and nothing depends on it.
    let gamma: Double
    let kappa: (g: Double, b: Double, s: Double)

    /// The derivatives of a quantity that is not of role dynamics.
    func gradient(of quantity: Quantity) -> GradientAnswer {
        func optional(_ gradient: ParameterGradient?) -> GradientAnswer {
            gradient.map { .gradient(QuantityGradient(market: $0)) } ?? .none
        }
        switch quantity {
        case .gammaMin: return market.rewardBounds == nil ? .none : .gradient(external)
        case .gammaMax: return optional(market.upperBoundGradient)
        case .bandWidth: return optional(market.bandWidthGradient)
        case .relativeBandWidth: return optional(relativeWidth)
        case .bandMargin: return bandMargin
        case .alphaStar: return optional(market.equilibriumPriceGradient(blockReward: gamma))
        case .restPrice: return restPrice(from: 0)
        case .restPriceFromAlpha: return restPrice(from: alpha)
        case .outcome: return .none
        case .alphaB: return .gradient(speculatingBuyersLimit)
        case .alphaS: return .gradient(sellersLimit)
        case .alphaG: return .gradient(genuineBuyersLimit)
        case .sellerCost: return .gradient(QuantityGradient(market: market.sellerCostGradient))
        case .payoffLP: return .gradient(reward)
        case .payoffSeller: return .gradient(sellerPayoff)
        case .payoffExternal: return .gradient(external)
        case .regretLP: return regret(reward)
        case .regretSeller: return regret(sellerPayoff)
        case .regretExternal: return regret(external)
        case .cessationTimeSeller: return cessation(.sellers, kappa.s, sellersLimit)
        case .cessationTimeSpeculatingBuyer: return cessation(.speculatingBuyers, kappa.b, speculatingBuyersLimit)
        case .cessationTimeGenuineBuyer: return cessation(.genuineBuyers, kappa.g, genuineBuyersLimit)
        case .shareLP, .shareSeller, .shareExternal, .slowestEigenvalue, .criticalLag, .regime, .stable,
            .deviationPrice, .deviationLP, .deviationSeller, .deviationExternal:
            return .none
        }
    }

    // MARK: - Limits and payoffs

    private var kept: Double { 1 - market.swapFee }
    private var external: QuantityGradient { QuantityGradient(market: ParameterGradient(beta: 1)) }
    private var reward: QuantityGradient { QuantityGradient(market: ParameterGradient(gamma: 1)) }

    /// The gradient of α_b = (1 − φ)β.
    private var speculatingBuyersLimit: QuantityGradient {
        QuantityGradient(market: ParameterGradient(beta: kept, fee: -market.externalPrice))
    }

    /// The gradient of α_g = (1 − φ)δ.
    private var genuineBuyersLimit: QuantityGradient {
        QuantityGradient(market: ParameterGradient(delta: kept, fee: -market.reservationPrice))
    }

    /// The gradient of α_s = c/(1 − φ).
    private var sellersLimit: QuantityGradient {
        var gradient = market.sellerCostGradient
        gradient.beta /= kept
        gradient.p /= kept
        gradient.theta /= kept
        gradient.fee = market.limits.seller / kept
        return QuantityGradient(market: gradient)
    }

    /// The gradient of S(α) = L((1 − φ)α, c) − pθ; L's own derivatives depend on the ratio of its arguments alone.
    private var sellerPayoff: QuantityGradient {
        let mean = LogarithmicMean(alpha, market.limits.seller).gradient
        return QuantityGradient(
            market: ParameterGradient(
                beta: mean.dv, p: market.collateral * (mean.dv - 1), theta: market.failureProbability * (mean.dv - 1),
                fee: -alpha * mean.du),
            alpha: kept * mean.du)
    }

    // MARK: - The band and the rest price

    /// The gradient of w/β.
    private var relativeWidth: ParameterGradient? {
        guard var gradient = market.bandWidthGradient, let bounds = market.rewardBounds else { return nil }
        let beta = market.externalPrice
        gradient.beta = (gradient.beta - bounds.relativeWidth) / beta
        gradient.p /= beta
        gradient.theta /= beta
        gradient.delta /= beta
        gradient.fee /= beta
        return gradient
    }

    /// The gradient of min(γ − γ_min, γ_max − γ).
    private var bandMargin: GradientAnswer {
        guard let bounds = market.rewardBounds, let upper = market.upperBoundGradient else { return .none }
        let (low, high) = (gamma - bounds.lower, bounds.width - (gamma - bounds.lower))
        if low == high { return .kink }
        return .gradient(low < high ? reward - external : QuantityGradient(market: upper) - reward)
    }

    /// The gradient of the rest price: D where U ≥ D, else min(max(start, U), D); from a low start min(U, D).
    private func restPrice(from start: Double) -> GradientAnswer {
        let equilibrium = Equilibrium(market: market, speculates: kappa.b > 0, blockReward: gamma)
        let (upper, lower) = (equilibrium.buyersStop, equilibrium.sellersStop)
        if upper == lower { return .kink }
        if upper > lower { return sellersStop }
        if start == upper || start == lower { return .kink }
        return start < upper ? buyersStop : start > lower ? sellersStop : .gradient(QuantityGradient(alpha: 1))
    }

    /// The gradient of U, the price up to which buyers raise it.
    private var buyersStop: GradientAnswer {
        let (genuine, speculating) = (market.limits.genuineBuyer, market.limits.speculatingBuyer)
        guard kappa.b > 0, genuine <= speculating, gamma <= market.externalPrice else {
            return .gradient(genuineBuyersLimit)
        }
        // Where genuine buyers stop earlier, others beside them begin to matter at γ = β.
        if genuine == speculating { return gamma < market.externalPrice ? .kink : .gradient(genuineBuyersLimit) }
        return gamma == market.externalPrice ? .kink : .gradient(speculatingBuyersLimit)
    }

    /// The gradient of D, the price down to which sellers lower it.
    private var sellersStop: GradientAnswer {
        if gamma == market.externalPrice { return .kink }
        if gamma < market.externalPrice { return .gradient(sellersLimit) }
        return market.equilibriumPriceGradient(blockReward: gamma).map { .gradient(QuantityGradient(market: $0)) }
            ?? .none
    }

    // MARK: - Regrets and times

    /// The gradient of the regret max(γ, S(α), β) less a payoff, whose gradient is `own`.
    private func regret(_ own: QuantityGradient) -> GradientAnswer {
        let payoffs = Payoffs(market: market, poolPrice: alpha, blockReward: gamma)
        let roles = [
            (payoffs.liquidityProvider, reward), (payoffs.seller, sellerPayoff), (payoffs.external, external),
        ]
        let best = roles.filter { $0.0 == payoffs.best }
        guard best.count == 1 else { return .kink }
        return .gradient(best[0].1 - own)
    }

    /// The gradient of (T/κ)|ln(α/limit)|.
    private func cessation(_ trade: OneSidedTrade, _ kappa: Double, _ limitGradient: QuantityGradient) -> GradientAnswer
    {
        let limit = trade.limit(in: market)
        if alpha == limit { return .kink }
        guard kappa > 0, trade.isActive(at: alpha, in: market) else { return .none }
        let sign = trade == .sellers ? 1.0 : -1.0
        let rate = market.stakingPeriod / kappa
        let byLimit = -sign * rate / limit
        let logarithm = Double.log(alpha / limit) * sign
        return .gradient(
            QuantityGradient(
                market: ParameterGradient(
                    beta: byLimit * limitGradient.market.beta, p: byLimit * limitGradient.market.p,
                    theta: byLimit * limitGradient.market.theta, delta: byLimit * limitGradient.market.delta,
                    fee: byLimit * limitGradient.market.fee),
                alpha: sign * rate / alpha, kappa: -rate / kappa * logarithm, period: logarithm / kappa))
    }
}
