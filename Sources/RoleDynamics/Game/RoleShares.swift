import DissipativeMarket

/// The spread of the unit holders over the three roles: a point of the simplex ℓ, s, e ≥ 0, ℓ + s + e = 1.
public struct RoleShares: Equatable, Hashable, Sendable {
    /// ℓ, the share that provides liquidity.
    public let liquidityProviders: Double
    /// s, the share that sells in the pool.
    public let sellers: Double
    /// e, the share that sells externally.
    public let external: Double

    /// A third each.
    public static let even = RoleShares(unchecked: 1.0 / 3, 1.0 / 3, 1.0 / 3)

    /// The shares of LPs and sellers; the rest sells externally.
    ///
    /// - Throws: `ParameterError` naming `lp` or `seller` where one is outside 0 … 1, and `seller` where both together
    ///   exceed 1 by more than 1e−12, what decimals of that many digits may be off by.
    public init(liquidityProviders: Double, sellers: Double) throws(ParameterError) {
        try Self.check("lp", "share of LPs", liquidityProviders)
        try Self.check("seller", "share of sellers", sellers)
        guard liquidityProviders + sellers <= 1 + 1e-12 else {
            throw ParameterError(
                name: "seller", title: "share of sellers", value: sellers,
                allowed: "a number from 0 to \(1 - liquidityProviders), what the LPs leave")
        }
        let sum = max(liquidityProviders + sellers, 1)
        self.init(
            unchecked: liquidityProviders / sum, sellers / sum, max((1 - liquidityProviders) - sellers, 0))
    }

    /// The three shares. They are divided by their sum, which is 1 up to the 1e−12 that decimals may be off by.
    ///
    /// - Throws: `ParameterError` naming `lp`, `seller` or `external` where one is outside 0 … 1, and `external` where
    ///   the sum is not 1.
    public init(liquidityProviders: Double, sellers: Double, external: Double) throws(ParameterError) {
        try Self.check("lp", "share of LPs", liquidityProviders)
        try Self.check("seller", "share of sellers", sellers)
        try Self.check("external", "share of external sellers", external)
        let sum = liquidityProviders + sellers + external
        guard abs(sum - 1) <= 1e-12 else {
            throw ParameterError(
                name: "external", title: "share of external sellers", value: external,
                allowed: "a number that makes the three shares 1 together; they are \(sum)")
        }
        self.init(unchecked: liquidityProviders / sum, sellers / sum, external / sum)
    }

    /// Shares that are known to be on the simplex.
    init(unchecked liquidityProviders: Double, _ sellers: Double, _ external: Double) {
        self.liquidityProviders = liquidityProviders
        self.sellers = sellers
        self.external = external
    }

    private static func check(_ name: String, _ title: String, _ value: Double) throws(ParameterError) {
        guard value >= 0, value <= 1 else {
            throw ParameterError(name: name, title: title, value: value, allowed: MarketParameter.p.allowed)
        }
    }
}
