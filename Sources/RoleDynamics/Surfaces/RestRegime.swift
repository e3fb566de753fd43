/// What kind of market a rest point of role dynamics is, by its shares and price: the smooth counterpart of the sharp
/// outcomes. Whether the point is stable is another question. An extension of this project, and a convention where the
/// smooth market has no boundaries of its own.
public enum RestRegime: String, CaseIterable, Sendable {
    /// More holders sell externally than provide liquidity (e > ℓ).
    case exodus
    /// Neither exodus nor scarcity.
    case balanced
    /// Half of the genuine buyers or fewer still buy (x ≥ d′), and e ≤ ℓ.
    case scarcity
}

extension RestRegime {
    init(price: Double, shares: RoleShares, of game: RoleGame) {
        self =
            if shares.external > shares.liquidityProviders {
                .exodus
            } else {
                price >= game.genuineBuyersLimit ? .scarcity : .balanced
            }
    }
}

extension RestPoint {
    /// The regime of the point.
    public var regime: RestRegime { RestRegime(price: price, shares: shares, of: game) }
}

extension BriefRestPoint {
    /// The regime of the point.
    public var regime: RestRegime { RestRegime(price: price, shares: shares, of: game) }
}
