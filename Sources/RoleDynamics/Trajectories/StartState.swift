import DissipativeMarket

/// A state in which trajectories start, as it was given: the pool price in one of its units, or not at all, and the shares.
public struct StartState: Equatable, Sendable {
    /// The pool price, in one of its units.
    public enum Price: Equatable, Sendable {
        /// x = α/c.
        case ratio(Double)
        /// α, in tokens per unit.
        case tokens(Double)

        /// x, given c in tokens per unit.
        public func ratio(sellerCost: Double) -> Double {
            switch self {
            case .ratio(let x): x
            case .tokens(let alpha): alpha / sellerCost
            }
        }
    }

    /// The pool price; nil where something else gives it.
    public let price: Price?
    /// The shares, with what was not given made up for.
    public let shares: RoleShares
    /// The shares that were given; the others follow from them.
    public let givenShares: [PortraitVariable]

    /// A state as it was given.
    public init(price: Price?, shares: RoleShares, givenShares: [PortraitVariable]) {
        self.price = price
        self.shares = shares
        self.givenShares = givenShares
    }

    /// Whether any share was given.
    public var givesShares: Bool { !givenShares.isEmpty }

    /// The shares with one or two of them replaced; external sellers are the rest. Of a share that is not replaced it is the
    /// one given; where none is, and one share alone is replaced, the two others have the rest in equal parts.
    ///
    /// - Throws: `ParameterError` for shares off the simplex.
    public func shares(liquidityProviders lp: Double?, sellers: Double?) throws(ParameterError) -> RoleShares {
        if lp == nil, sellers == nil { return shares }
        return try RoleShares(
            liquidityProviders: lp ?? (givesShares ? shares.liquidityProviders : (1 - (sellers ?? 0)) / 2),
            sellers: sellers ?? (givesShares ? shares.sellers : (1 - (lp ?? 0)) / 2))
    }
}
