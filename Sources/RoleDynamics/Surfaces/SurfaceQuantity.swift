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
    /// The smallest lag that takes the point's stability, in T, whatever the game's own lag is.
    case criticalLag = "critical_lag"
    /// The regime by shares, and the sharp model's outcome beside it.
    case regime
    /// Whether the point is stable, at the game's own lag.
    case stable

    /// Whether it is a number; ``regime`` and ``stable`` are words.
    public var isNumber: Bool { self != .regime && self != .stable }
}

/// How a cell of a surface fares.
public enum SurfaceStatus: Equatable, Sendable, CustomStringConvertible {
    /// All quantities are there.
    case ok
    /// The rest point keeps its stability at every lag: an answer, and no failure.
    case stableAtEveryLag
    /// The rest point is not stable without a lag, and so has no critical one: an answer, and no failure.
    case unstableWithoutLag
    /// The rest points form a segment, γ = β, along which the shares of LPs and external sellers, and the regime, differ.
    case segment
    /// A parameter is outside of its domain.
    case outOfDomain(ParameterError)
    /// The price never comes to rest.
    case noRestPoint
    /// The search found no rest point.
    case notFound(RestPointError)
    /// The rest point has no eigenvalues: a sliding point, or an empty pool with a depth exponent.
    case noEigenvalues
    /// The growth over a turn about a kink, which decides the stability where there is a lag, was not found.
    case growthNotFound
    /// The first order does not say whether the rest point is stable.
    case stabilityUndecided
    /// The price is outside of the range of doubles.
    case priceNotRepresentable

    /// Whether something is missing that should be there.
    public var isFailure: Bool {
        switch self {
        case .ok, .stableAtEveryLag, .unstableWithoutLag, .segment: false
        default: true
        }
    }

    /// "ok", or what is the matter.
    public var description: String {
        switch self {
        case .ok: "ok"
        case .stableAtEveryLag: "no critical lag: stable at every lag"
        case .unstableWithoutLag: "no critical lag: unstable without lag"
        case .segment: "a segment of rest points, along which shares differ"
        case .outOfDomain(let error): error.description
        case .noRestPoint: "no rest point"
        case .notFound(let error): error.description
        case .noEigenvalues: "no eigenvalues at the rest point"
        case .growthNotFound: "growth over a turn about the kink not found"
        case .stabilityUndecided: "eigenvalues do not decide the stability"
        case .priceNotRepresentable: "the price is outside the range of double-precision numbers"
        }
    }
}
