/// The earnings of a unit's holder from each use of it over one staking period, in tokens per unit.
public struct Payoffs: Equatable, Sendable {
    /// γ, the payoff of providing liquidity.
    public let liquidityProvider: Double
    /// S(α), the payoff of selling in the pool.
    public let seller: Double
    /// β, the payoff of selling externally.
    public let external: Double

    /// The payoffs at a point of the phase diagram.
    ///
    /// - Parameters:
    ///   - market: gives β, c, pθ and φ.
    ///   - alpha: pool price, ≥ 0; 0 is the edge of a diagram.
    ///   - gamma: block reward, ≥ 0.
    public init(market: Market, poolPrice alpha: Double, blockReward gamma: Double) {
        self.init(market: market, blockReward: gamma, sellerPayoff: market.sellerPayoff(at: alpha))
    }

    /// The payoffs where S(α) is known, as it is all along a column of a diagram.
    public init(market: Market, blockReward gamma: Double, sellerPayoff: Double) {
        liquidityProvider = gamma
        seller = sellerPayoff
        external = market.externalPrice
    }

    /// The largest of the three payoffs, max(γ, S(α), β).
    public var best: Double { max(liquidityProvider, seller, external) }

    /// The best payoff minus the LPs' own.
    public var regretLiquidityProvider: Double { best - liquidityProvider }
    /// The best payoff minus the sellers' own.
    public var regretSeller: Double { best - seller }
    /// The best payoff minus the external sale's own.
    public var regretExternal: Double { best - external }
}

extension Market {
    /// S(α) = L((1 − φ)α, c) − pθ, what selling along the whole path from α down to α_s earns per unit, collateral
    /// forfeited included. Increasing in α, S(α_s) = β to the bit, and the limit −pθ at α = 0. The same formula below α_s.
    ///
    /// Formed as β + (1 − φ)(L(α, α_s) − α_s), which is the same since L is homogeneous: both parts are positive above α_s,
    /// so that nothing cancels where the payoff is compared with the reward, and α is compared with the limit that
    /// everything else compares it with. (With (1 − φ)α against c, rounding makes sellers gain at their limit in one market
    /// of a hundred that have a fee.) Far below α_s, where L ≪ α_s, as L − pθ.
    public func sellerPayoff(at alpha: Double) -> Double {
        let mean = LogarithmicMean(alpha, limits.seller)
        return alpha > 0.25 * limits.seller
            ? externalPrice + (1 - swapFee) * mean.excessOverV : (1 - swapFee) * mean.value - expectedForfeit
    }

    /// dS/dα = (1 − φ) ∂L/∂u at u = (1 − φ)α, for α > 0.
    public func sellerPayoffSlope(at alpha: Double) -> Double {
        (1 - swapFee) * LogarithmicMean(alpha, limits.seller).gradient.du
    }
}
