import DissipativeMarket

/// A parameter that can be given and varied, as options and the keys of a market file name it: one of the market, a ratio to
/// the seller's cost c, a trade intensity, or one of role dynamics.
public enum ParameterName: Hashable, Sendable, DefinedParameter {
    /// A parameter of the market, in its own unit.
    case market(MarketParameter)
    /// A price of the market over the seller's cost, in the form in which c = 1; b goes with p = 1 and θ = 1 − b.
    case ratio(MarketRatio)
    /// The trade intensity of a group.
    case intensity(OneSidedTrade)
    /// A parameter of role dynamics.
    case revision(RevisionParameter)

    /// Every parameter, in the order in which they are told.
    public static let all: [ParameterName] =
        MarketParameter.allCases.map(ParameterName.market) + MarketRatio.allCases.map(ParameterName.ratio)
        + [.kappaG, .kappaB, .kappaS] + RevisionParameter.allCases.map(ParameterName.revision)

    /// The parameters that can be varied: all but the unit of time.
    public static let variable = all.filter { $0 != .market(.period) }

    /// The parameters by which games differ: all but the pool price, which is part of a state, and the unit of time.
    public static let ofGames = variable.filter { $0 != .market(.alpha) && $0 != .x }

    /// Short names and names in words.
    public static let allNames = all.map(\.short) + all.compactMap(\.definition.alias)

    /// The parameter of a short name or a name in words; an underscore is as good as a hyphen.
    public init?(rawValue: String) {
        let wanted = String(rawValue.map { $0 == "_" ? "-" : $0 })
        let found = Self.all.first { name in
            let definition = name.definition
            return definition.name == wanted || definition.alias == wanted
        }
        guard let found else { return nil }
        self = found
    }

    /// The parameter's definition.
    public var definition: ParameterDefinition {
        switch self {
        case .market(let parameter): parameter.definition
        case .ratio(let ratio): ratio.definition
        case .intensity(let group): TradeIntensities.definition(of: group)
        case .revision(let parameter): parameter.definition
        }
    }

    /// The values that the model allows.
    public var domain: ParameterDomain {
        switch self {
        case .market(let parameter): parameter.domain
        case .ratio(let ratio): ratio.domain
        case .intensity(let group): TradeIntensities.domain(of: group)
        case .revision(let parameter): parameter.domain
        }
    }

    /// The parameters of the market that this one sets: of a ratio the price, of b p and θ as well; none for what is not the
    /// market's.
    public var rawParameters: [MarketParameter] {
        switch self {
        case .market(let parameter): [parameter]
        case .ratio(.b): [.beta, .p, .theta]
        case .ratio(let ratio): [ratio.parameter]
        case .intensity, .revision: []
        }
    }
}

/// Short forms.
extension ParameterName {
    public static var x: ParameterName { .ratio(.x) }
    public static var y: ParameterName { .ratio(.y) }
    public static var b: ParameterName { .ratio(.b) }
    public static var d: ParameterName { .ratio(.d) }
    public static var kappaG: ParameterName { .intensity(.genuineBuyers) }
    public static var kappaB: ParameterName { .intensity(.speculatingBuyers) }
    public static var kappaS: ParameterName { .intensity(.sellers) }
    public static var demandWidth: ParameterName { .revision(.demandWidth) }
    public static var rationality: ParameterName { .revision(.rationality) }
    public static var revisionRate: ParameterName { .revision(.revisionRate) }
    public static var depthExponent: ParameterName { .revision(.depthExponent) }
    public static var lag: ParameterName { .revision(.lag) }
}
