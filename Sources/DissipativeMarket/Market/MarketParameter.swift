/// A parameter of the market.
///
/// | case | symbol | what | domain |
/// |---|---|---|---|
/// | `alpha` | α | pool price | > 0 |
/// | `beta` | β | external price | > 0 |
/// | `p` | p | failure probability | 0 … 1 |
/// | `theta` | θ | collateral | ≥ 0 |
/// | `gamma` | γ | block reward | ≥ 0 |
/// | `delta` | δ | reservation price | > 0 |
/// | `fee` | φ | swap fee | 0 ≤ φ < 1 |
/// | `period` | T | staking period | > 0 |
public enum MarketParameter: String, CaseIterable, Sendable, DefinedParameter {
    case alpha, beta, p, theta, gamma, delta, fee, period

    /// The values that the model allows.
    @inline(__always)
    public var domain: ParameterDomain {
        switch self {
        case .alpha, .beta, .delta, .period: .positive
        case .theta, .gamma: .notNegative
        case .p: .unit
        case .fee: ParameterDomain(0, 1, includesUpper: false)
        }
    }

    /// The value that is used where none is given.
    @inline(__always)
    public var defaultValue: Double? {
        switch self {
        case .p, .theta, .fee: 0
        case .period: 1
        case .alpha, .beta, .gamma, .delta: nil
        }
    }

    /// The parameter's definition; p, θ and φ are 0 and T is 1 where they are not given.
    @inline(__always)
    public var definition: ParameterDefinition {
        switch self {
        case .alpha:
            ParameterDefinition(
                rawValue, alias: "pool-price", symbol: "α", title: "pool price", summary: "spot price in the pool",
                unit: "tokens per unit", domain: domain)
        case .beta:
            ParameterDefinition(
                rawValue, alias: "external-price", symbol: "β", title: "external price",
                summary: "price in the external market", unit: "tokens per unit", domain: domain)
        case .p:
            ParameterDefinition(
                rawValue, alias: "failure-probability", symbol: "p", title: "failure probability",
                summary: "probability that a seller's delivery fails verification within the period", domain: domain,
                default: defaultValue)
        case .theta:
            ParameterDefinition(
                rawValue, alias: "collateral", symbol: "θ", title: "collateral",
                summary: "collateral that a seller forfeits on failure", unit: "tokens per unit", domain: domain,
                default: defaultValue)
        case .gamma:
            ParameterDefinition(
                rawValue, alias: "block-reward", symbol: "γ", title: "block reward",
                summary: "reward an LP receives per unit staked for one period", unit: "tokens per unit",
                domain: domain)
        case .delta:
            ParameterDefinition(
                rawValue, alias: "reservation-price", symbol: "δ", title: "reservation price",
                summary: "highest price that genuine buyers pay", unit: "tokens per unit", domain: domain)
        case .fee:
            ParameterDefinition(
                rawValue, alias: "swap-fee", symbol: "φ", title: "swap fee",
                summary: "fraction of each swap that is burned (an extension; 0 in the paper)",
                domain: domain, default: defaultValue)
        case .period:
            ParameterDefinition(
                rawValue, alias: "staking-period", symbol: "T", title: "staking period",
                summary: "lifetime of a staked unit", unit: "time", domain: domain, default: defaultValue)
        }
    }
}
