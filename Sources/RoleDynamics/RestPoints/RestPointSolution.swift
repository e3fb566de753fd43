import NumericalMethods

/// All rest points of a game, and the ways in which its price escapes instead.
public struct RestPointSolution: Equatable, Sendable {
    /// The game.
    public let game: RoleGame
    /// The rest points, isolated ones all of them; of a segment of them its two ends, which say so. By rising price.
    public let points: [RestPoint]
    /// The faces on which the price goes to 0 or ∞.
    public let escapes: [PriceEscape]
    /// How often an equation was evaluated on the way.
    public let evaluations: Int

    /// The points at which every role that is played is a best response.
    public var nashPoints: [RestPoint] { points.filter { $0.isNash == true } }
}

/// Why the rest points of a game were not found.
public enum RestPointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The price at rest is outside of the range of doubles: beyond e^709.78, or with a logarithm below −1.8e308.
    case priceNotRepresentable(equation: String)
    /// An equation could not be evaluated, or its root not be found.
    case root(equation: String, error: RootError)

    /// The error in a line.
    public var description: String {
        switch self {
        case .priceNotRepresentable(let equation):
            "the price at rest, of the equation \(equation), is outside the range of double-precision numbers"
        case .root(let equation, .notFinite(let logPrice)):
            "the rest point was not found: in the equation \(equation) a payoff at the price x = e^\(logPrice), or its "
                + "product with the rationality, exceeds the largest double-precision number; lower the block reward or the "
                + "rationality"
        case .root(let equation, let error): "\(equation): \(error)"
        }
    }
}

extension RoleGame {
    /// All rest points of the game under its protocol.
    ///
    /// The price is at rest where demand is κ_s s. Demand falls strictly with the price, from G(0+) = κ_g F(d′/w) +
    /// κ_b F(b′/w) to 0, and is positive: so s > 0 at every rest point, and each of the protocols leaves one equation for
    /// the price, which is monotone:
    ///
    /// - **logit**: G(x) = κ_s P_s(x), one root or, where G(0+) ≤ κ_s P_s(0+), none: the price falls for ever.
    /// - **replicator**: on each face all roles that are there earn the same. On the edges of sellers with LPs, or with
    ///   external sellers, the price is that of the tie and s = G/κ_s, if below 1. At the vertex s = 1 the price is that
    ///   of G(x) = κ_s, if G(0+) > κ_s, and otherwise falls for ever there. Without sellers it rises for ever. If y = b
    ///   there is a segment from one edge to the other.
    /// - **Smith, BNN, best response**: the Nash points: the edge of the better other role or, if G > κ_s there, the vertex,
    ///   at the higher price of G(x) = κ_s, where sellers are ahead. If y = b the segment.
    ///
    /// Each root is bracketed by a change of sign. The closed-form inverse of the logarithmic mean is not used: it is the
    /// other route to the same points.
    ///
    /// - Throws: ``RestPointError`` where a price is outside the range of doubles.
    public func restPoints() throws(RestPointError) -> RestPointSolution {
        var search = RestPointSearch(self)
        try search.run()
        return search.solution
    }
}
