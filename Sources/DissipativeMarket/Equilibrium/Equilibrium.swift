/// The end of a market under a block reward.
public enum Outcome: String, CaseIterable, Sendable {
    /// α_g < α_s: genuine buyers stop below the price at which sellers start, whatever the reward.
    case emptyBand = "empty-band"
    /// γ < γ_min: LPs would rather sell externally, and the pool dries up.
    case exodus = "lp-exodus"
    /// γ > γ_max: nobody sells, and buyers have stopped.
    case scarcity = "seller-scarcity"
    /// LPs, sellers and genuine buyers coexist.
    case balanced
}

/// The pool price at rest under a block reward, and what that means for the market. Prices are in tokens per unit.
///
/// Buyers raise the price below U, sellers lower it above D:
///
///     U = α_g if γ ≥ β, else max(α_g, α_b);      D = α_s if γ ≤ β, else α*(γ)
///
/// (Without speculating buyers, κ_b = 0, U = α_g always.)
/// If U ≥ D the price comes to D from every start (by sliding, if U > D). If U < D it is frozen in between: it comes to
/// min(max(α₀, U), D).
///
/// Derived here; that the price comes to D while genuine buyers are active rests on κ_s > κ_g, see ``SharpFlow``.
public struct Equilibrium: Equatable, Sendable {
    /// γ, in tokens per unit.
    public let blockReward: Double
    /// U, the price up to which buyers raise it.
    public let buyersStop: Double
    /// D, the price down to which sellers lower it; +∞ where α*(γ) exceeds the largest double.
    public let sellersStop: Double
    /// α*(γ), where it exists (γ ≥ β).
    public let equilibriumPrice: Double?
    /// The end of the market under this reward.
    public let outcome: Outcome

    /// The equilibrium under a block reward.
    ///
    /// - Parameters:
    ///   - market: gives the limits and the bounds.
    ///   - speculates: whether speculating buyers trade at all, κ_b > 0.
    ///   - gamma: block reward ≥ 0, in tokens per unit; not checked.
    public init(market: Market, speculates: Bool = true, blockReward gamma: Double) {
        self.init(
            market: market, speculates: speculates, blockReward: gamma,
            equilibriumPrice: market.equilibriumPrice(blockReward: gamma))
    }

    /// The equilibrium, given α*(γ), which an array of rewards has cheaper than one by one.
    ///
    /// - Parameters:
    ///   - market: gives the limits and the bounds.
    ///   - speculates: whether speculating buyers trade at all, κ_b > 0.
    ///   - gamma: block reward ≥ 0, in tokens per unit; not checked.
    ///   - price: α*(γ); nil for γ < β. Not checked.
    public init(
        market: Market, speculates: Bool = true, blockReward gamma: Double, equilibriumPrice price: Double?
    ) {
        let limits = market.limits
        blockReward = gamma
        equilibriumPrice = price
        buyersStop =
            speculates && gamma < market.externalPrice
            ? max(limits.genuineBuyer, limits.speculatingBuyer) : limits.genuineBuyer
        sellersStop = gamma <= market.externalPrice ? limits.seller : price ?? limits.seller
        outcome = market.outcome(blockReward: gamma)
    }

    /// The rest price from a low start, min(U, D).
    public var restPrice: Double { min(buyersStop, sellersStop) }

    /// The rest price from the pool price `start` > 0: D where U ≥ D, else min(max(start, U), D).
    public func restPrice(from start: Double) -> Double {
        buyersStop >= sellersStop ? sellersStop : min(max(start, buyersStop), sellersStop)
    }
}

extension Market {
    /// The end of the market under a block reward γ ≥ 0, in tokens per unit.
    public func outcome(blockReward gamma: Double) -> Outcome {
        guard let bounds = rewardBounds else { return .emptyBand }
        return gamma < bounds.lower ? .exodus : gamma > bounds.upper ? .scarcity : .balanced
    }
}
