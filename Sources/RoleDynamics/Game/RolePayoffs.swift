/// The payoffs of the three roles, in units of the seller's cost c per unit held for one period.
public struct RolePayoffs: Equatable, Sendable {
    /// π_ℓ = y, of providing liquidity.
    public let liquidityProvider: Double
    /// π_s = L((1 − φ)x, 1) − (1 − b), of selling in the pool.
    public let seller: Double
    /// π_e = b, of selling externally.
    public let external: Double

    init(liquidityProvider: Double, seller: Double, external: Double) {
        self.liquidityProvider = liquidityProvider
        self.seller = seller
        self.external = external
    }

    /// The largest of the three.
    public var best: Double { max(liquidityProvider, seller, external) }

    /// The best payoff minus the LPs' own.
    public var regretLiquidityProvider: Double { best - liquidityProvider }
    /// The best payoff minus the sellers' own.
    public var regretSeller: Double { best - seller }
    /// The best payoff minus the external sale's own.
    public var regretExternal: Double { best - external }
}
