import DissipativeMarket
import RoleDynamics

/// A pool of one type of device: its market, its people and how it begins.
///
/// Prices and rewards are in tokens per unit, a unit being one device for one staking period.
public struct PoolParameters: Sendable {
    /// The name of the device type.
    public let name: String
    /// The market: β, p, θ, δ, φ and T.
    public let market: Market
    /// γ ≥ 0, the reward of a staked unit for a period where rewards are fixed.
    public let blockReward: Double
    /// κ_g ≥ 0, genuine clients' demand as a multiple of N u/T; none at 0.
    public let genuineIntensity: Double
    /// κ_b ≥ 0, that of speculating buyers.
    public let speculatingIntensity: Double
    /// w ≥ 0, the width of the buyers' reservation prices in units of c; at 0 all have the same.
    public let demandWidth: Double
    /// λ > 0, how sharply logit holders tell payoffs apart, per c.
    public let rationality: Double
    /// ρ > 0, by which the other protocols multiply differences of payoffs; see ``RoleRevision``.
    public let revisionRate: Double
    /// The way in which providers revise their role.
    public let revisionProtocol: RevisionProtocol
    /// N ≥ 1, the providers.
    public let providers: Int
    /// u > 0, the units of a provider's device.
    public var unitSize = 1.0
    /// α₀ > 0, the price at the start.
    public let initialPrice: Double
    /// The roles at the start.
    public let initialShares: RoleShares
    /// The protocol's own liquidity, > 0, as a share of N u.
    public var seedLiquidity = 0.02
    /// ω > 0, the pool's weight in the emission: β unless given.
    public var weight: Double
    /// b_c ≥ 0, what is burned for a burn certificate, per unit staked or sold.
    public var burnCertificate = 0.0
    /// a_c ≥ 0, the reward that a genuine client gets per unit.
    public var clientReward = 0.0
    /// u_c > 0, the units that a client wants.
    public var orderSize = 0.25

    /// A pool with the baseline of the model where nothing else is said.
    ///
    /// The intensities are taken over κ_s: a seller here sells the whole of a unit once a period, which is κ_s = 1.
    public init(
        name: String = "pool", game: RoleGame, providers: Int, initialPrice: Double, initialShares: RoleShares
    ) {
        self.init(
            name: name, market: game.market, blockReward: game.blockReward,
            genuineIntensity: game.intensities.genuineBuyers / game.intensities.sellers,
            speculatingIntensity: game.intensities.speculatingBuyers / game.intensities.sellers,
            demandWidth: game.parameters.demandWidth, rationality: game.parameters.rationality,
            revisionRate: game.parameters.revisionRate, revisionProtocol: game.revisionProtocol, providers: providers,
            initialPrice: initialPrice, initialShares: initialShares)
    }

    /// A pool of plain numbers.
    public init(
        name: String = "pool", market: Market, blockReward: Double, genuineIntensity: Double = 0.5,
        speculatingIntensity: Double = 0.5, demandWidth: Double = 0.02, rationality: Double = 50,
        revisionRate: Double = 2, revisionProtocol: RevisionProtocol = .logit, providers: Int, initialPrice: Double,
        initialShares: RoleShares
    ) {
        self.name = name
        self.market = market
        self.blockReward = blockReward
        self.genuineIntensity = genuineIntensity
        self.speculatingIntensity = speculatingIntensity
        self.demandWidth = demandWidth
        self.rationality = rationality
        self.revisionRate = revisionRate
        self.revisionProtocol = revisionProtocol
        self.providers = providers
        self.initialPrice = initialPrice
        self.initialShares = initialShares
        weight = market.externalPrice
    }

    /// The most providers of a pool.
    public static let mostProviders = 100_000_000

    /// cw/(1 − φ), the scale of the logistic distribution of reservation prices, in tokens per unit.
    var reservationScale: Double { demandWidth * market.sellerCost / (1 - market.swapFee) }

    /// The rate at which clients of a kind come, per T.
    func arrivalRate(of kind: ClientKind) -> Double {
        (kind == .genuine ? genuineIntensity : speculatingIntensity) * Double(providers) * unitSize / orderSize
    }

    /// The events that a staking period is expected to have.
    var eventsPerPeriod: Double {
        Double(providers) + 10 + arrivalRate(of: .genuine) + arrivalRate(of: .speculating)
    }

    /// Refuses what cannot be simulated.
    func validate() throws(ParameterError) {
        func check(_ name: String, _ title: String, _ value: Double, _ domain: ParameterDomain) throws(ParameterError) {
            guard domain.contains(value) else {
                throw ParameterError(name: name, title: title, value: value, allowed: domain.description)
            }
        }
        guard (1...Self.mostProviders).contains(providers) else {
            throw ParameterError(
                name: "providers", title: "providers of \(self.name)", value: Double(providers),
                allowed: "a whole number from 1 to \(Self.mostProviders)")
        }
        try check("alpha", "pool price at the start", initialPrice, .positive)
        try check("gamma", "block reward", blockReward, .notNegative)
        try check("kappa-g", "trade intensity of genuine buyers", genuineIntensity, .notNegative)
        try check("kappa-b", "trade intensity of speculating buyers", speculatingIntensity, .notNegative)
        try check("demand-width", "width of the buyers' reservation prices", demandWidth, .notNegative)
        try check("rationality", "rationality of logit holders", rationality, .positive)
        try check("revision-rate", "rate of revision", revisionRate, .positive)
        try check("unit-size", "units of a device", unitSize, .positive)
        try check("seed-liquidity", "seed liquidity as a share of all devices", seedLiquidity, .positive)
        try check("weight", "weight in the emission", weight, .positive)
        try check("burn-certificate", "tokens burned for a certificate", burnCertificate, .notNegative)
        try check("client-reward", "reward of a genuine client", clientReward, .notNegative)
        try check("order-size", "units that a client wants", orderSize, .positive)
    }
}
