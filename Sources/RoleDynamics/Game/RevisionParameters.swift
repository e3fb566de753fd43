import DissipativeMarket

/// The parameters of role dynamics that are not the market's: how buyers and holders react, and how fast.
///
/// | field | symbol | ``RevisionParameter`` | domain |
/// |---|---|---|---|
/// | ``demandWidth`` | w | `demandWidth` | > 0 |
/// | ``rationality`` | λ | `rationality` | > 0 |
/// | ``revisionRate`` | ρ | `revisionRate` | > 0 |
/// | ``depthExponent`` | η | `depthExponent` | ≥ 0 |
/// | ``observationLag`` | τ | `lag` | ≥ 0 |
///
/// Payoffs and prices are in units of the seller's cost c, times in units of the staking period T.
public struct RevisionParameters: Equatable, Hashable, Sendable {
    /// w > 0, the width of the logistic distribution of the buyers' reservation prices, in units of c.
    public private(set) var demandWidth: Double
    /// λ > 0, how sharply logit holders tell payoffs apart, per c. The other protocols do not use it.
    public private(set) var rationality: Double
    /// ρ > 0, the rate of revision: per T for logit and best response, per T and c for the others.
    public private(set) var revisionRate: Double
    /// η ≥ 0: the price equation is divided by ℓ^η, so that a pool with few LPs moves faster. 0 for none.
    public private(set) var depthExponent: Double
    /// τ ≥ 0, the lag with which holders see the price, in units of T: dq/dt = (z − q)/τ. 0 for none.
    public private(set) var observationLag: Double

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
        self = .baseline
        try set(.demandWidth, to: demandWidth)
        try set(.rationality, to: rationality)
        try set(.revisionRate, to: revisionRate)
        try set(.depthExponent, to: depthExponent)
        try set(.lag, to: observationLag)
    }

    private init(unchecked values: (w: Double, lambda: Double, rho: Double, eta: Double, tau: Double)) {
        demandWidth = values.w
        rationality = values.lambda
        revisionRate = values.rho
        depthExponent = values.eta
        observationLag = values.tau
    }

    /// The value of a parameter.
    public subscript(parameter: RevisionParameter) -> Double {
        switch parameter {
        case .demandWidth: demandWidth
        case .rationality: rationality
        case .revisionRate: revisionRate
        case .depthExponent: depthExponent
        case .lag: observationLag
        }
    }

    /// Gives a parameter another value.
    ///
    /// - Throws: `ParameterError` naming the parameter where the value is outside of its domain.
    public mutating func set(_ parameter: RevisionParameter, to value: Double) throws(ParameterError) {
        try parameter.validate(value)
        switch parameter {
        case .demandWidth: demandWidth = value
        case .rationality: rationality = value
        case .revisionRate: revisionRate = value
        // No −0.
        case .depthExponent: depthExponent = value + 0
        case .lag: observationLag = value + 0
        }
    }

    /// The same parameters with another observation lag.
    ///
    /// - Throws: `ParameterError` naming `lag`.
    public func with(observationLag: Double) throws(ParameterError) -> RevisionParameters {
        var parameters = self
        try parameters.set(.lag, to: observationLag)
        return parameters
    }
}
