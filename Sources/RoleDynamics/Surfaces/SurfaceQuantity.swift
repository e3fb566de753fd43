import DissipativeMarket

/// What a surface may show of a game's rest point.
public enum SurfaceQuantity: String, CaseIterable, Sendable {
    /// α, in tokens per unit.
    case restPrice = "rest_price"
    /// x = α/c.
    case x
    /// ℓ, s and e.
    case shareLP = "share_lp"
    case shareSeller = "share_seller"
    case shareExternal = "share_external"
    /// The largest real part of an eigenvalue, in 1/T.
    case slowestEigenvalue = "slowest_eigenvalue"
    /// The smallest lag that takes the point's stability, in T, whatever the game's own lag is; above a kink where there is one.
    case criticalLag = "critical_lag"
    /// The regime, and the sharp model's outcome beside it.
    case regime

    /// Whether it is a number; ``regime`` is a word.
    public var isNumber: Bool { self != .regime }
}

/// How a cell of a surface fares.
public enum SurfaceStatus: Equatable, Sendable, CustomStringConvertible {
    /// All quantities are there.
    case ok
    /// The rest point keeps its stability at every lag, or has none without one: an answer, and no failure.
    case noCriticalLag
    /// A parameter is outside of its domain.
    case outOfDomain(ParameterError)
    /// The price never comes to rest.
    case noRestPoint
    /// The search found no rest point.
    case notFound(RestPointError)
    /// The rest point has no eigenvalues: a sliding point, or an empty pool with a depth exponent.
    case noEigenvalues
    /// The price is outside of the range of doubles.
    case priceNotRepresentable

    /// Whether something is missing that should be there.
    public var isFailure: Bool { self != .ok && self != .noCriticalLag }

    /// "ok", or what is the matter.
    public var description: String {
        switch self {
        case .ok: "ok"
        case .noCriticalLag: "no critical lag"
        case .outOfDomain(let error): error.description
        case .noRestPoint: "no rest point"
        case .notFound(let error): error.description
        case .noEigenvalues: "no eigenvalues at the rest point"
        case .priceNotRepresentable: "the price is outside the range of double-precision numbers"
        }
    }
}
