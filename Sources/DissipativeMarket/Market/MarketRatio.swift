/// A price of the market as a ratio to the seller's cost c: the form in which c = 1.
///
/// | case | ratio | domain |
/// |---|---|---|
/// | `x` | α/c | > 0 |
/// | `y` | γ/c | ≥ 0 |
/// | `b` | β/c, with p = 1 and θ = 1 − b | 0 < b ≤ 1 |
/// | `d` | δ/c | > 0 |
public enum MarketRatio: String, CaseIterable, Sendable, DefinedParameter {
    case x, y, b, d

    /// The price that is divided by c.
    public var parameter: MarketParameter {
        switch self {
        case .x: .alpha
        case .y: .gamma
        case .b: .beta
        case .d: .delta
        }
    }

    /// The ratio in which a price is the dividend; nil for what is no price.
    public init?(of parameter: MarketParameter) {
        guard let ratio = Self.allCases.first(where: { $0.parameter == parameter }) else { return nil }
        self = ratio
    }

    /// The values that the model allows; c ≥ β bounds b.
    @inline(__always)
    public var domain: ParameterDomain { self == .b ? ParameterDomain(0, 1, includesLower: false) : parameter.domain }

    /// The ratio's definition.
    public var definition: ParameterDefinition {
        let price = parameter.definition
        return ParameterDefinition(
            rawValue, alias: self == .y ? "reward-ratio" : nil, symbol: rawValue,
            title: price.title + " over seller's cost", domain: domain)
    }
}
