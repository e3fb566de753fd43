import Foundation

/// A variable of state that can be an axis of a portrait.
public enum PortraitVariable: String, CaseIterable, Sendable {
    /// x = e^z, the price in units of c.
    case price = "x"
    /// z = ln x.
    case logPrice = "z"
    /// q, the log price that holders see, where there is an observation lag.
    case observedLogPrice = "q"
    /// ℓ, the share of LPs.
    case liquidityProviders = "lp"
    /// s, the share of sellers.
    case sellers = "seller"
    /// e, the share of external sellers.
    case external

    /// The three shares, in the order of the state.
    public static let shares: [PortraitVariable] = [.liquidityProviders, .sellers, .external]

    /// The place among ``shares``; nil for a price.
    var share: Int? { Self.shares.firstIndex(of: self) }

    /// Whether it is the pool price, in one of its forms.
    public var isPoolPrice: Bool { self == .price || self == .logPrice }
}

/// A point of the state space, on the simplex or off it.
public struct PortraitState: Equatable, Sendable {
    /// x, the price in units of c.
    public let price: Double
    /// z = ln x; −∞ at x = 0 and NaN below.
    public let logPrice: Double
    /// q, the log price that holders see.
    public let observedLogPrice: Double
    /// ℓ, s and e.
    public let shares: [Double]

    /// The value of a variable.
    public subscript(variable: PortraitVariable) -> Double {
        switch variable {
        case .price: price
        case .logPrice: logPrice
        case .observedLogPrice: observedLogPrice
        case .liquidityProviders: shares[0]
        case .sellers: shares[1]
        case .external: shares[2]
        }
    }
}

extension MarketSample {
    /// The value of a variable.
    public subscript(variable: PortraitVariable) -> Double {
        switch variable {
        case .price: exp(logPrice)
        case .logPrice: logPrice
        case .observedLogPrice: observedLogPrice
        case .liquidityProviders: shares.liquidityProviders
        case .sellers: shares.sellers
        case .external: shares.external
        }
    }
}
