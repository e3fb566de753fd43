import DissipativeMarket
import RoleDynamics

/// A parameter that can be given and varied, as options and the keys of a market file name it: the market's own, their
/// ratios to the seller's cost c, the trade intensities, and those of role dynamics.
public enum ParameterName: Hashable, Sendable {
    case market(MarketParameter)
    /// The ratio form, in which c = 1: x = α/c, y = γ/c, b = β/c (with p = 1 and θ = 1 − b), d = δ/c.
    case x, y, b, d
    case kappaG, kappaB, kappaS
    case demandWidth, rationality, revisionRate, depthExponent, lag

    /// Those of a point in the diagram.
    public static let point: Set<ParameterName> = [.market(.alpha), .market(.gamma), .x, .y]
    /// Those of role dynamics.
    public static let role: Set<ParameterName> = [.demandWidth, .rationality, .revisionRate, .depthExponent, .lag]

    /// All of them, in the order in which they are told.
    public static let all: [ParameterName] =
        MarketParameter.allCases.map(ParameterName.market) + [
            .x, .y, .b, .d, .kappaG, .kappaB, .kappaS, .demandWidth, .rationality, .revisionRate, .depthExponent, .lag,
        ]

    /// Those that can be varied: all but the unit of time.
    public static let variable = all.filter { $0 != .market(.period) }

    /// Short names and names in words.
    public static let allNames = all.map(\.short) + MarketParameter.allCases.map(\.optionInWords)

    /// From a short name or a name in words; an underscore is as good as a hyphen.
    public init?(rawValue: String) {
        let wanted = String(rawValue.map { $0 == "_" ? "-" : $0 })
        let found = Self.all.first { name in
            if case .market(let parameter) = name, parameter.optionInWords == wanted { return true }
            return name.short == wanted
        }
        guard let found else { return nil }
        self = found
    }

    /// The name of the option: "kappa-g".
    public var short: String {
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
    public var gameParameter: GameParameter? { GameParameter(rawValue: short) }

    /// The name of a column: "kappa_g".
    public var column: String { String(short.map { $0 == "-" ? "_" : $0 }) }

    /// The name in words: "external price".
    public var title: String {
        switch self {
        case .market(let parameter): parameter.title
        case .x: "pool price over seller's cost"
        case .y: "block reward over seller's cost"
        case .b: "external price over seller's cost"
        case .d: "reservation price over seller's cost"
        case .kappaG: "trade intensity of genuine buyers"
        case .kappaB: "trade intensity of speculating buyers"
        case .kappaS: "trade intensity of sellers"
        case .demandWidth: "width of the buyers' reservation prices"
        case .rationality: "rationality of logit holders"
        case .revisionRate: "rate of revision"
        case .depthExponent: "exponent of the pool depth"
        case .lag: "observation lag"
        }
    }

    /// The symbol of the model: "β", "κ_g".
    public var symbol: String {
        switch self {
        case .market(let parameter): parameter.symbol
        case .x, .y, .b, .d: short
        case .kappaG: "κ_g"
        case .kappaB: "κ_b"
        case .kappaS: "κ_s"
        case .demandWidth: "w"
        case .rationality: "λ"
        case .revisionRate: "ρ"
        case .depthExponent: "η"
        case .lag: "τ"
        }
    }

    /// The unit, "" for a pure number; c is the seller's cost and T the staking period.
    public var unit: String {
        switch self {
        case .market(let parameter): parameter.unit
        case .x, .y, .b, .d, .kappaG, .kappaB, .kappaS, .depthExponent: ""
        case .demandWidth: "c"
        case .rationality: "1/c"
        case .revisionRate: "1/T"
        case .lag: "T"
        }
    }

    /// The values that the model allows.
    public var domain: ParameterDomain {
        switch self {
        case .market(let parameter):
            switch parameter {
            case .alpha, .beta, .delta, .period: .positive
            case .theta, .gamma: .notNegative
            case .p: ParameterDomain(0, 1)
            case .fee: ParameterDomain(0, 1, includesUpper: false)
            }
        case .x, .d, .kappaG, .kappaS, .demandWidth, .rationality, .revisionRate: .positive
        case .y, .kappaB, .depthExponent, .lag: .notNegative
        case .b: ParameterDomain(0, 1, includesLower: false)
        }
    }

    /// The allowed values in words.
    public var allowed: String {
        switch self {
        case .market(let parameter): parameter.allowed
        case .x, .d, .kappaG, .kappaS, .demandWidth, .rationality, .revisionRate: MarketParameter.beta.allowed
        case .y, .kappaB, .depthExponent, .lag: MarketParameter.theta.allowed
        case .b: "a number greater than 0 and at most 1"
        }
    }

    /// Whether a value is allowed. NaN and infinities never are.
    public func allows(_ value: Double) -> Bool { domain.contains(value) }

    /// Throws a `ParameterError` that names the parameter unless `value` is allowed.
    public func validate(_ value: Double) throws(ParameterError) {
        guard allows(value) else {
            throw ParameterError(name: short, title: title, value: value, allowed: allowed)
        }
    }
}

/// An interval of finite numbers.
public struct ParameterDomain: Equatable, Sendable {
    /// The lower end.
    public let lower: Double
    /// The upper end; +∞ where there is none.
    public let upper: Double
    /// Whether the ends belong to it.
    public let includesLower: Bool
    public let includesUpper: Bool

    static let positive = ParameterDomain(0, .infinity, includesLower: false, includesUpper: false)
    static let notNegative = ParameterDomain(0, .infinity, includesUpper: false)

    init(_ lower: Double, _ upper: Double, includesLower: Bool = true, includesUpper: Bool = true) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower
        self.includesUpper = includesUpper
    }

    /// With both of its ends.
    var closure: ClosedRange<Double> { lower...upper }

    /// Whether all of the numbers are in it, by their range; a NaN is in none.
    func containsAll(_ values: [Double]) -> Bool {
        var (low, high, check) = (Double.infinity, -Double.infinity, 0.0)
        for value in values {
            low = value < low ? value : low
            high = value > high ? value : high
            // 0 unless a value is infinite or NaN.
            check += value * 0
        }
        return check == 0 && (values.isEmpty || contains(low) && contains(high))
    }

    /// Whether a number is in it.
    public func contains(_ value: Double) -> Bool {
        (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
    }
}

extension MarketParameter {
    /// The name in words as an option has it, "pool-price"; p and T are the failure probability and the staking period.
    public var optionInWords: String { String(title.map { $0 == " " ? "-" : $0 }) }

    /// What is used where it is not given: p = θ = φ = 0, T = 1; nil for what must be given, or may be left open.
    public var defaultValue: Double? {
        switch self {
        case .p, .theta, .fee: 0
        case .period: 1
        case .alpha, .beta, .gamma, .delta: nil
        }
    }
}
