import DissipativeMarket

/// The parameters of role dynamics that are not the market's: how buyers and holders react, and how fast.
///
/// | field | symbol | name in `ParameterError` | domain |
/// |---|---|---|---|
/// | ``demandWidth`` | w | demand-width | > 0 |
/// | ``rationality`` | λ | rationality | > 0 |
/// | ``revisionRate`` | ρ | revision-rate | > 0 |
/// | ``depthExponent`` | η | depth-exponent | ≥ 0 |
/// | ``observationLag`` | τ | lag | ≥ 0 |
///
/// Payoffs and prices are in units of the seller's cost c, times in units of the staking period T.
public struct RevisionParameters: Equatable, Hashable, Sendable {
    /// w > 0, the width of the logistic distribution of the buyers' reservation prices, in units of c.
    public let demandWidth: Double
    /// λ > 0, how sharply logit holders tell payoffs apart, per c. The other protocols do not use it.
    public let rationality: Double
    /// ρ > 0, the rate of revision: per T for logit and best response, per T and c for the others.
    public let revisionRate: Double
    /// η ≥ 0: the price equation is divided by ℓ^η, so that a pool with few LPs moves faster. 0 for none.
    public let depthExponent: Double
    /// τ ≥ 0, the lag with which holders see the price, in units of T: dq/dt = (z − q)/τ. 0 for none.
    public let observationLag: Double

    /// w = 0.02, λ = 50, ρ = 2, η = 0, no lag.
    public static let baseline = RevisionParameters(unchecked: (0.02, 50, 2, 0, 0))

    /// Parameters, each at its baseline unless given.
    ///
    /// - Throws: `ParameterError` naming `demand-width`, `rationality`, `revision-rate`, `depth-exponent` or `lag`.
    public init(
        demandWidth: Double = baseline.demandWidth, rationality: Double = baseline.rationality,
        revisionRate: Double = baseline.revisionRate, depthExponent: Double = baseline.depthExponent,
        observationLag: Double = baseline.observationLag
    ) throws(ParameterError) {
        func check(_ name: String, _ title: String, _ value: Double, orZero: Bool = false) throws(ParameterError) {
            guard value.isFinite, value > 0 || (orZero && value == 0) else {
                throw ParameterError(
                    name: name, title: title, value: value,
                    allowed: orZero ? MarketParameter.theta.allowed : MarketParameter.beta.allowed)
            }
        }
        try check("demand-width", "width of the buyers' reservation prices", demandWidth)
        try check("rationality", "rationality of logit holders", rationality)
        try check("revision-rate", "rate of revision", revisionRate)
        try check("depth-exponent", "exponent of the pool depth", depthExponent, orZero: true)
        try check("lag", "observation lag", observationLag, orZero: true)
        self.init(unchecked: (demandWidth, rationality, revisionRate, depthExponent, observationLag))
    }

    private init(unchecked values: (w: Double, lambda: Double, rho: Double, eta: Double, tau: Double)) {
        demandWidth = values.w
        rationality = values.lambda
        revisionRate = values.rho
        // No −0.
        depthExponent = values.eta + 0
        observationLag = values.tau + 0
    }

    /// The same with another observation lag.
    ///
    /// - Throws: `ParameterError` naming `lag`.
    public func with(observationLag: Double) throws(ParameterError) -> RevisionParameters {
        try RevisionParameters(
            demandWidth: demandWidth, rationality: rationality, revisionRate: revisionRate,
            depthExponent: depthExponent, observationLag: observationLag)
    }
}
