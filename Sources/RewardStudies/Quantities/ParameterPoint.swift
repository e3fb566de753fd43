import DissipativeMarket
import RoleDynamics

/// Values of parameters: what a study holds fixed, or one point of it.
///
/// Ratios are made raw as they are set, with c = 1: b gives β = b, p = 1 and θ = 1 − b; d, y and x give δ, γ and α. A
/// parameter that has not been set has its default, or no value where it has none.
public struct ParameterPoint: Equatable, Sendable {
    private var market: [MarketParameter: Double] = [:]
    /// κ_g, κ_b and κ_s.
    public private(set) var intensities = TradeIntensities.baseline
    /// w, λ, ρ, η and τ.
    public private(set) var revision = RevisionParameters.baseline

    /// A point at which nothing has been set.
    public init() {}

    /// A parameter of the market as it was set; not its default. Setting checks nothing: ``makeMarket()`` does.
    public subscript(parameter: MarketParameter) -> Double? {
        get { market[parameter] }
        set { market[parameter] = newValue }
    }

    /// The value of a parameter, its default where it was not set. A ratio is the value that the raw parameter has, b that
    /// of β; they are ratios where c = 1.
    public subscript(name: ParameterName) -> Double? {
        func raw(_ parameter: MarketParameter) -> Double? { market[parameter] ?? parameter.defaultValue }
        return switch name {
        case .market(let parameter): raw(parameter)
        case .x: raw(.alpha)
        case .y: raw(.gamma)
        case .b: raw(.beta)
        case .d: raw(.delta)
        case .kappaG: intensities.genuineBuyers
        case .kappaB: intensities.speculatingBuyers
        case .kappaS: intensities.sellers
        case .demandWidth: revision.demandWidth
        case .rationality: revision.rationality
        case .revisionRate: revision.revisionRate
        case .depthExponent: revision.depthExponent
        case .lag: revision.observationLag
        }
    }

    /// Sets a parameter.
    ///
    /// - Throws: `ParameterError` where the value is outside of the parameter's domain.
    public mutating func set(_ name: ParameterName, to value: Double) throws(ParameterError) {
        try name.validate(value)
        switch name {
        case .market(let parameter): market[parameter] = value
        case .x: market[.alpha] = value
        case .y: market[.gamma] = value
        case .b:
            market[.beta] = value
            market[.p] = 1
            market[.theta] = 1 - value
        case .d: market[.delta] = value
        case .kappaG, .kappaB, .kappaS:
            intensities = try TradeIntensities(
                genuineBuyers: name == .kappaG ? value : intensities.genuineBuyers,
                speculatingBuyers: name == .kappaB ? value : intensities.speculatingBuyers,
                sellers: name == .kappaS ? value : intensities.sellers)
        case .demandWidth, .rationality, .revisionRate, .depthExponent, .lag:
            revision = try RevisionParameters(
                demandWidth: name == .demandWidth ? value : revision.demandWidth,
                rationality: name == .rationality ? value : revision.rationality,
                revisionRate: name == .revisionRate ? value : revision.revisionRate,
                depthExponent: name == .depthExponent ? value : revision.depthExponent,
                observationLag: name == .lag ? value : revision.observationLag)
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
}
