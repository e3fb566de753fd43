import DissipativeMarket

/// A parameter of role dynamics that is not the market's; its value is one of ``RevisionParameters``.
public enum RevisionParameter: String, CaseIterable, Sendable, DefinedParameter {
    case demandWidth = "demand-width"
    case rationality
    case revisionRate = "revision-rate"
    case depthExponent = "depth-exponent"
    case lag

    /// The values that the model allows.
    public var domain: ParameterDomain {
        switch self {
        case .demandWidth, .rationality, .revisionRate: .positive
        case .depthExponent, .lag: .notNegative
        }
    }

    /// The parameter's definition, with its baseline as the default.
    public var definition: ParameterDefinition {
        let baseline = RevisionParameters.baseline[self]
        return switch self {
        case .demandWidth:
            ParameterDefinition(
                rawValue, symbol: "w", title: "width of the buyers' reservation prices", unit: "c", domain: domain,
                default: baseline)
        case .rationality:
            ParameterDefinition(
                rawValue, symbol: "λ", title: "rationality of logit holders",
                summary: "how sharply logit holders tell payoffs apart", unit: "1/c", domain: domain,
                default: baseline)
        case .revisionRate:
            ParameterDefinition(
                rawValue, symbol: "ρ", title: "rate of revision", summary: "rate at which holders revise their role",
                unit: "1/T", domain: domain, default: baseline)
        case .depthExponent:
            ParameterDefinition(
                rawValue, symbol: "η", title: "exponent of the pool depth",
                summary: "exponent of the pool depth: the price's speed is divided by ℓ^η", domain: domain,
                default: baseline)
        case .lag:
            ParameterDefinition(
                rawValue, symbol: "τ", title: "observation lag", summary: "lag with which holders see the price",
                unit: "T", domain: domain, default: baseline)
        }
    }
}
