import DissipativeMarket

/// A quantity that takes every value of a range in an ensemble or a study.
public enum VariedQuantity: Hashable, Sendable {
    /// A parameter of the market or of role dynamics.
    case parameter(ParameterName)
    /// The share of LPs at the start.
    case liquidityProviders
    /// The share of sellers at the start.
    case sellers

    /// All quantities that can be varied: the pool price has a range of its own, and the unit of time is none.
    public static let all: [VariedQuantity] =
        ParameterName.ofGames.map(VariedQuantity.parameter) + [.liquidityProviders, .sellers]

    /// The short name of the parameter; `lp` or `seller` for a share.
    public var name: String {
        switch self {
        case .parameter(let parameter): parameter.short
        case .liquidityProviders: "lp"
        case .sellers: "seller"
        }
    }

    /// The column's name: that of a share at the start is not that of the share at the end.
    public var column: String {
        switch self {
        case .parameter(let parameter): parameter.column
        case .liquidityProviders: "lp0"
        case .sellers: "seller0"
        }
    }

    /// The values that the quantity may have.
    public var domain: ParameterDomain {
        switch self {
        case .parameter(let parameter): parameter.domain
        case .liquidityProviders, .sellers: .unit
        }
    }
}

/// A quantity with the range of values that it takes.
public struct VariedAxis: Sendable {
    public let quantity: VariedQuantity
    public let axis: GridAxis

    public init(quantity: VariedQuantity, axis: GridAxis) {
        self.quantity = quantity
        self.axis = axis
    }
}
