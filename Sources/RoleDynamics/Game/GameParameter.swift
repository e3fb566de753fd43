import DissipativeMarket

/// A parameter by which games of a family differ: of the market, raw or as a ratio to the seller's cost c, of the trade
/// intensities, and of role dynamics. The names are those of options and columns.
public enum GameParameter: String, CaseIterable, Sendable {
    /// β, p, θ, δ, φ and γ.
    case beta, p, theta, delta, fee, gamma
    /// b = β/c, d = δ/c and y = γ/c: the price in question changes, and with b pθ as well, so that c stays.
    case b, d, y
    /// κ_g, κ_b and κ_s.
    case kappaG = "kappa-g"
    case kappaB = "kappa-b"
    case kappaS = "kappa-s"
    /// w, λ, ρ, η and the lag τ.
    case demandWidth = "demand-width"
    case rationality
    case revisionRate = "revision-rate"
    case depthExponent = "depth-exponent"
    case lag
}

/// What makes a game, as plain numbers that have not been checked: for families of games some of which may lie outside of
/// a domain.
public struct GameValues: Equatable, Sendable {
    /// β, p, θ, δ, φ, T.
    public var externalPrice, failureProbability, collateral, reservationPrice, swapFee, stakingPeriod: Double
    /// γ.
    public var blockReward: Double
    /// κ_g, κ_b, κ_s.
    public var kappaG, kappaB, kappaS: Double
    /// w, λ, ρ, η, τ.
    public var demandWidth, rationality, revisionRate, depthExponent, lag: Double
    /// How holders revise their role.
    public var revisionProtocol: RevisionProtocol
    /// c, in which ratios are given.
    public let unit: Double

    /// Values that have not been checked.
    ///
    /// - Parameters:
    ///   - externalPrice: β.
    ///   - failureProbability: p.
    ///   - collateral: θ.
    ///   - reservationPrice: δ.
    ///   - swapFee: φ.
    ///   - stakingPeriod: T.
    ///   - blockReward: γ.
    ///   - intensities: κ_g, κ_b, κ_s.
    ///   - parameters: w, λ, ρ, η, τ.
    ///   - revisionProtocol: how holders revise their role.
    ///   - unit: c of ratios; 1 for a market in ratio form.
    public init(
        externalPrice: Double, failureProbability: Double, collateral: Double, reservationPrice: Double,
        swapFee: Double, stakingPeriod: Double, blockReward: Double, intensities: TradeIntensities,
        parameters: RevisionParameters, revisionProtocol: RevisionProtocol, unit: Double
    ) {
        self.externalPrice = externalPrice
        self.failureProbability = failureProbability
        self.collateral = collateral
        self.reservationPrice = reservationPrice
        self.swapFee = swapFee
        self.stakingPeriod = stakingPeriod
        self.blockReward = blockReward
        kappaG = intensities.genuineBuyers
        kappaB = intensities.speculatingBuyers
        kappaS = intensities.sellers
        demandWidth = parameters.demandWidth
        rationality = parameters.rationality
        revisionRate = parameters.revisionRate
        depthExponent = parameters.depthExponent
        lag = parameters.observationLag
        self.revisionProtocol = revisionProtocol
        self.unit = unit
    }

    /// Those of a game.
    public init(_ game: RoleGame) {
        let market = game.market
        self.init(
            externalPrice: market.externalPrice, failureProbability: market.failureProbability,
            collateral: market.collateral, reservationPrice: market.reservationPrice, swapFee: market.swapFee,
            stakingPeriod: market.stakingPeriod, blockReward: game.blockReward, intensities: game.intensities,
            parameters: game.parameters, revisionProtocol: game.revisionProtocol, unit: market.sellerCost)
    }

    /// Gives a parameter a value.
    ///
    /// - Throws: `ParameterError` for a ratio outside of its domain; the others are checked where the game is made.
    public mutating func set(_ parameter: GameParameter, to value: Double) throws(ParameterError) {
        func check(_ isAllowed: Bool, _ title: String, _ allowed: String) throws(ParameterError) {
            guard isAllowed, value.isFinite else {
                throw ParameterError(name: parameter.rawValue, title: title, value: value, allowed: allowed)
            }
        }
        switch parameter {
        case .beta: externalPrice = value
        case .p: failureProbability = value
        case .theta: collateral = value
        case .delta: reservationPrice = value
        case .fee: swapFee = value
        case .gamma: blockReward = value
        case .b:
            try check(
                value > 0 && value <= 1, "external price over seller's cost", "a number greater than 0 and at most 1")
            externalPrice = value * unit
            failureProbability = 1
            collateral = (1 - value) * unit
        case .d:
            try check(value > 0, "reservation price over seller's cost", MarketParameter.delta.allowed)
            reservationPrice = value * unit
        case .y:
            try check(value >= 0, "block reward over seller's cost", MarketParameter.gamma.allowed)
            blockReward = value * unit
        case .kappaG: kappaG = value
        case .kappaB: kappaB = value
        case .kappaS: kappaS = value
        case .demandWidth: demandWidth = value
        case .rationality: rationality = value
        case .revisionRate: revisionRate = value
        case .depthExponent: depthExponent = value
        case .lag: lag = value
        }
    }

    /// The game.
    ///
    /// - Throws: `ParameterError` for a value outside of its domain.
    public func game() throws(ParameterError) -> RoleGame {
        try RoleGame(
            market: Market(
                externalPrice: externalPrice, failureProbability: failureProbability, collateral: collateral,
                reservationPrice: reservationPrice, swapFee: swapFee, stakingPeriod: stakingPeriod),
            blockReward: blockReward,
            intensities: TradeIntensities(genuineBuyers: kappaG, speculatingBuyers: kappaB, sellers: kappaS),
            parameters: RevisionParameters(
                demandWidth: demandWidth, rationality: rationality, revisionRate: revisionRate,
                depthExponent: depthExponent, observationLag: lag),
            revisionProtocol: revisionProtocol)
    }
}
