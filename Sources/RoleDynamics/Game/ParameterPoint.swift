import DissipativeMarket

/// Values of parameters: what a study holds fixed, one point of it, or what makes a market and a game.
///
/// A ratio is made raw as it is set: b gives β = b·c, p = 1 and θ = (1 − b)·c; d, y and x give δ, γ and α. The c is
/// ``ratioUnit``, 1 in ratio form. A parameter that has not been set has its default, or no value where it has none.
public struct ParameterPoint: Equatable, Sendable {
    private var market = MarketValues()
    /// The trade intensities κ_g, κ_b and κ_s.
    public private(set) var intensities = TradeIntensities.baseline
    /// The parameters w, λ, ρ, η and τ.
    public private(set) var revision = RevisionParameters.baseline
    /// The way in which holders revise their role.
    public var revisionProtocol = RevisionProtocol.logit
    /// c, in tokens per unit, of which ratios are told and set.
    public let ratioUnit: Double

    /// A point at which nothing has been set, in ratio form.
    public init() { ratioUnit = 1 }

    /// The values of a game; ratios set later are those to its seller's cost.
    public init(_ game: RoleGame) {
        for parameter in MarketParameter.allCases { market[parameter] = game.market[parameter] }
        market.gamma = game.blockReward
        intensities = game.intensities
        revision = game.parameters
        revisionProtocol = game.revisionProtocol
        ratioUnit = game.market.sellerCost
    }

    /// A parameter of the market as it was set; not its default. Setting checks nothing: ``makeMarket()`` does.
    public subscript(parameter: MarketParameter) -> Double? {
        get { market[parameter] }
        set { market[parameter] = newValue }
    }

    /// The value of a parameter, its default where it was not set.
    public subscript(name: ParameterName) -> Double? {
        switch name {
        case .market(let parameter): market[parameter] ?? parameter.defaultValue
        case .ratio(let ratio): market[ratio.parameter].map { $0 / ratioUnit }
        case .intensity(let group): intensities[group]
        case .revision(let parameter): revision[parameter]
        }
    }

    /// Sets a parameter.
    ///
    /// - Throws: `ParameterError` where the value is outside of the parameter's domain.
    public mutating func set(_ name: ParameterName, to value: Double) throws(ParameterError) {
        switch name {
        case .market(let parameter):
            try parameter.validate(value)
            market[parameter] = value
        case .ratio(let ratio):
            try ratio.validate(value)
            market[ratio.parameter] = value * ratioUnit
            if ratio == .b {
                market.p = 1
                market.theta = (1 - value) * ratioUnit
            }
        case .intensity(let group): try intensities.set(group, to: value)
        case .revision(let parameter): try revision.set(parameter, to: value)
        }
    }

    /// The market.
    ///
    /// - Throws: `ParameterError` for what is missing, a NaN, or outside of its domain.
    public func makeMarket() throws(ParameterError) -> Market {
        func value(_ parameter: MarketParameter) -> Double { market[parameter] ?? parameter.defaultValue ?? .nan }
        return try Market(
            externalPrice: value(.beta), failureProbability: value(.p), collateral: value(.theta),
            reservationPrice: value(.delta), swapFee: value(.fee), stakingPeriod: value(.period))
    }

    /// The game.
    ///
    /// - Throws: `ParameterError` for what is missing, a NaN, or outside of its domain.
    public func makeGame() throws(ParameterError) -> RoleGame {
        try RoleGame(
            market: makeMarket(), blockReward: market.gamma ?? .nan, intensities: intensities, parameters: revision,
            revisionProtocol: revisionProtocol)
    }
}

/// The parameters of the market, as far as they have been set; a dictionary would cost surfaces a fifth of their time.
private struct MarketValues: Equatable {
    var alpha, beta, p, theta, gamma, delta, fee, period: Double?

    subscript(parameter: MarketParameter) -> Double? {
        get {
            switch parameter {
            case .alpha: alpha
            case .beta: beta
            case .p: p
            case .theta: theta
            case .gamma: gamma
            case .delta: delta
            case .fee: fee
            case .period: period
            }
        }
        set {
            switch parameter {
            case .alpha: alpha = newValue
            case .beta: beta = newValue
            case .p: p = newValue
            case .theta: theta = newValue
            case .gamma: gamma = newValue
            case .delta: delta = newValue
            case .fee: fee = newValue
            case .period: period = newValue
            }
        }
    }
}
