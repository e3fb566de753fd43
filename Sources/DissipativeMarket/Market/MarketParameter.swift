/// A parameter of the market: its names, its unit and the values that it may have.
///
/// The one place where these stand: validation, options, columns and messages are all made from it.
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
public enum MarketParameter: String, CaseIterable, Sendable {
    case alpha, beta, p, theta, gamma, delta, fee, period

    /// The name in words, as the field uses it: "pool price".
    public var title: String {
        switch self {
        case .alpha: "pool price"
        case .beta: "external price"
        case .p: "failure probability"
        case .theta: "collateral"
        case .gamma: "block reward"
        case .delta: "reservation price"
        case .fee: "swap fee"
        case .period: "staking period"
        }
    }

    /// The symbol of the model: "α".
    public var symbol: String {
        switch self {
        case .alpha: "α"
        case .beta: "β"
        case .p: "p"
        case .theta: "θ"
        case .gamma: "γ"
        case .delta: "δ"
        case .fee: "φ"
        case .period: "T"
        }
    }

    /// The unit, "" for a pure number.
    public var unit: String {
        switch self {
        case .alpha, .beta, .theta, .gamma, .delta: "tokens per unit"
        case .p, .fee: ""
        case .period: "time"
        }
    }

    /// What the parameter is, in a phrase.
    public var summary: String {
        switch self {
        case .alpha: "spot price in the pool"
        case .beta: "price in the external market"
        case .p: "probability that a seller's delivery fails verification within the period"
        case .theta: "collateral that a seller forfeits on failure"
        case .gamma: "reward an LP receives per unit staked for one period"
        case .delta: "highest price that genuine buyers pay"
        case .fee: "fraction of each swap that is burned (an extension; 0 in the paper)"
        case .period: "lifetime of a staked unit"
        }
    }

    /// The allowed values in words: "a number greater than 0".
    public var allowed: String {
        switch self {
        case .alpha, .beta, .delta, .period: "a finite number greater than 0"
        case .theta, .gamma: "a finite number of at least 0"
        case .p: "a number from 0 to 1"
        case .fee: "a number from 0 to less than 1"
        }
    }

    /// Whether `value` is allowed. NaN and infinities never are.
    public func allows(_ value: Double) -> Bool {
        guard value.isFinite else { return false }
        return switch self {
        case .alpha, .beta, .delta, .period: value > 0
        case .theta, .gamma: value >= 0
        case .p: value >= 0 && value <= 1
        case .fee: value >= 0 && value < 1
        }
    }

    /// Throws a ``ParameterError`` unless `value` is allowed.
    public func validate(_ value: Double) throws(ParameterError) {
        if !allows(value) { throw ParameterError(parameter: self, value: value) }
    }
}
