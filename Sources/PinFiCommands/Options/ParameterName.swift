import DissipativeMarket
import RoleDynamics

/// A parameter as options and the keys of a market file name it: the market's own, their ratios, the trade intensities,
/// and those of role dynamics.
enum ParameterName: Hashable {
    case market(MarketParameter)
    case x, y, b, d
    case kappaG, kappaB, kappaS
    case demandWidth, rationality, revisionRate, depthExponent, lag

    /// Those of a point in the diagram.
    static let point: Set<ParameterName> = [.market(.alpha), .market(.gamma), .x, .y]
    /// Those of role dynamics.
    static let role: Set<ParameterName> = [.demandWidth, .rationality, .revisionRate, .depthExponent, .lag]

    static let all: [ParameterName] =
        MarketParameter.allCases.map(ParameterName.market) + [
            .x, .y, .b, .d, .kappaG, .kappaB, .kappaS, .demandWidth, .rationality, .revisionRate, .depthExponent, .lag,
        ]

    /// Short names and names in words.
    static let allNames = all.map(\.short) + MarketParameter.allCases.map(\.optionInWords)

    /// From a short name or a name in words.
    init?(rawValue: String) {
        let found = Self.all.first { name in
            if case .market(let parameter) = name, parameter.optionInWords == rawValue { return true }
            return name.short == rawValue
        }
        guard let found else { return nil }
        self = found
    }

    var short: String {
        switch self {
        case .market(let parameter): parameter.rawValue
        case .x: "x"
        case .y: "y"
        case .b: "b"
        case .d: "d"
        case .kappaG: "kappa-g"
        case .kappaB: "kappa-b"
        case .kappaS: "kappa-s"
        case .demandWidth: "demand-width"
        case .rationality: "rationality"
        case .revisionRate: "revision-rate"
        case .depthExponent: "depth-exponent"
        case .lag: "lag"
        }
    }

    /// The same as a parameter of a game; nil for the pool price, which is none, and for the unit of time.
    var gameParameter: GameParameter? { GameParameter(rawValue: short) }

    var allowed: String {
        switch self {
        case .market(let parameter): parameter.allowed
        case .x, .d, .kappaG, .kappaS, .demandWidth, .rationality, .revisionRate: "a finite number greater than 0"
        case .y, .kappaB, .depthExponent, .lag: "a finite number of at least 0"
        case .b: "a number greater than 0 and at most 1"
        }
    }

    func allows(_ value: Double) -> Bool {
        switch self {
        case .market(let parameter): parameter.allows(value)
        case .x, .d, .kappaG, .kappaS, .demandWidth, .rationality, .revisionRate: value.isFinite && value > 0
        case .y, .kappaB, .depthExponent, .lag: value.isFinite && value >= 0
        case .b: value > 0 && value <= 1
        }
    }
}

extension MarketParameter {
    /// The option's name in words, "pool-price"; p and T are the failure probability and the staking period.
    var optionInWords: String { title.replacing(" ", with: "-") }

    /// What is used where neither option, file nor column gives it; nil for what must be given, or may be left open.
    var defaultValue: Double? {
        switch self {
        case .p, .theta, .fee: 0
        case .period: 1
        case .alpha, .beta, .gamma, .delta: nil
        }
    }
}
