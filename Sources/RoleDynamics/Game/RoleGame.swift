import DissipativeMarket
import Foundation

/// The market as a population game: a continuum of unit holders revises its role while the pool price moves.
///
/// State: z = ln x, x = α/c the pool price in units of the seller's cost, and the shares ℓ (LPs), s (sellers), e
/// (external sellers) on the simplex; times in units of T. With x′ = (1 − φ)x, b′ = (1 − φ)b, d′ = (1 − φ)d:
///
///     π_ℓ = y          π_s = L(x′, 1) − (1 − b)          π_e = b
///     dz/dt = (κ_g F((d′ − x)/w) + κ_b F((b′ − x)/w) − κ_s s)/ℓ^η          F(u) = 1/(1 + e^{−u})
///
/// and the shares move by the ``RevisionProtocol``, with payoffs at the price q that holders see, dq/dt = (z − q)/τ, where
/// there is an observation lag τ, and at z where there is none.
///
/// An extension of ours: the paper's diagram is the sharp limit of it. A value that cannot be wrong: the parts check
/// themselves, and the initialiser what they make together.
public struct RoleGame: Equatable, Hashable, Sendable {
    /// The market, of which the staking period only scales times.
    public let market: Market
    /// γ ≥ 0, in tokens per unit.
    public let blockReward: Double
    /// κ_g, κ_b and κ_s. Nothing is asked of their order here: κ_s > κ_g is the sharp flow's condition.
    public let intensities: TradeIntensities
    /// w, λ, ρ, η and τ.
    public let parameters: RevisionParameters
    /// How holders revise their role.
    public let revisionProtocol: RevisionProtocol

    /// y = γ/c, the LPs' payoff.
    public let rewardRatio: Double
    /// y − b = (γ − β)/c, by which the LPs are ahead of the external sale: the difference of the exact prices, rounded
    /// twice. Comparing y with b would call rewards equal that are not.
    public let rewardExcess: Double
    /// y + 1 − b = (γ + pθ)/c ≥ 0, the mean price at which selling earns what providing liquidity does.
    public let rewardMean: Double

    /// A game.
    ///
    /// - Parameters:
    ///   - market: the market.
    ///   - blockReward: γ ≥ 0, in tokens per unit.
    ///   - intensities: κ_g, κ_b, κ_s.
    ///   - parameters: w, λ, ρ, η, τ.
    ///   - revisionProtocol: how holders revise their role.
    /// - Throws: `ParameterError` naming `gamma` or `delta`, also where its ratio to c exceeds the largest double.
    public init(
        market: Market, blockReward: Double, intensities: TradeIntensities = .baseline,
        parameters: RevisionParameters = .baseline, revisionProtocol: RevisionProtocol = .logit
    ) throws(ParameterError) {
        try MarketParameter.gamma.validate(blockReward)
        let c = market.sellerCost
        // γ + pθ may exceed the largest double where γ and its ratio to c do not.
        let sum = blockReward.addingProduct(market.failureProbability, market.collateral)
        let mean =
            sum < .infinity
            ? sum / c : 2 * ((0.5 * blockReward).addingProduct(0.5 * market.failureProbability, market.collateral) / c)
        guard mean < .infinity else {
            throw ParameterError(
                MarketParameter.gamma.definition, value: blockReward,
                allowed: "a number that keeps (gamma + p·theta)/c below the largest double")
        }
        guard market.reservationRatio < .infinity else {
            throw ParameterError(
                MarketParameter.delta.definition, value: market.reservationPrice,
                allowed: "a number that keeps delta/c below the largest double")
        }
        self.market = market
        // No −0.
        self.blockReward = blockReward + 0
        self.intensities = intensities
        self.parameters = parameters
        self.revisionProtocol = revisionProtocol
        rewardRatio = self.blockReward / c
        rewardExcess = (blockReward - market.externalPrice) / c
        rewardMean = mean
    }

    /// b = β/c ≤ 1, the payoff of the external sale.
    public var externalRatio: Double { market.externalRatio }

    /// d = δ/c.
    public var reservationRatio: Double { market.reservationRatio }

    /// b′ = (1 − φ)b, the price at which half of the speculating buyers buy.
    public var speculatingBuyersLimit: Double { market.limits.speculatingBuyer / market.sellerCost }

    /// d′ = (1 − φ)d, the price at which half of the genuine buyers buy.
    public var genuineBuyersLimit: Double { market.limits.genuineBuyer / market.sellerCost }

    /// 1 − b = pθ/c, what a seller expects to forfeit.
    public var forfeitRatio: Double { market.expectedForfeit / market.sellerCost }

    /// ln(1 − φ) ≤ 0, so that ln x′ = z + ln(1 − φ).
    package var logarithmOfKept: Double { log1p(-market.swapFee) }

    /// The same game under another protocol.
    public func with(revisionProtocol: RevisionProtocol) -> RoleGame {
        RoleGame(self, parameters: parameters, revisionProtocol: revisionProtocol)
    }

    /// The same game with other parameters of revision.
    public func with(parameters: RevisionParameters) -> RoleGame {
        RoleGame(self, parameters: parameters, revisionProtocol: revisionProtocol)
    }

    private init(_ game: RoleGame, parameters: RevisionParameters, revisionProtocol: RevisionProtocol) {
        market = game.market
        blockReward = game.blockReward
        intensities = game.intensities
        rewardRatio = game.rewardRatio
        rewardExcess = game.rewardExcess
        rewardMean = game.rewardMean
        self.parameters = parameters
        self.revisionProtocol = revisionProtocol
    }

    /// The payoffs at a log price z = ln x, any finite double; the seller's is +∞ above z = 709.78 − ln(1 − φ), where x′
    /// exceeds the largest double.
    public func payoffs(logPrice z: Double) -> RolePayoffs {
        let v = z + logarithmOfKept
        let price = MeanSellingPrice(v)
        return RolePayoffs(
            liquidityProvider: rewardRatio,
            // b + (L − 1) and L − (1 − b) are the same; the first is exact at the tie, the second where L is small.
            seller: v > -1 ? externalRatio + price.excess : price.mean - forfeitRatio,
            external: externalRatio)
    }

    /// π_s − b = L(x′, 1) − 1 at a log price: by what selling in the pool is ahead of the external sale, with a small
    /// relative error.
    public func sellerExcess(logPrice z: Double) -> Double { MeanSellingPrice(z + logarithmOfKept).excess }

    /// κ_g F((d′ − x)/w) + κ_b F((b′ − x)/w), the buyers' demand at a log price, as a multiple of the expiry flow.
    public func demand(logPrice z: Double) -> Double {
        let x = exp(z)
        return intensities.genuineBuyers * Logistic((genuineBuyersLimit - x) / parameters.demandWidth).value
            + intensities.speculatingBuyers * Logistic((speculatingBuyersLimit - x) / parameters.demandWidth).value
    }
}
