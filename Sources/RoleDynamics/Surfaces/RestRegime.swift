/// What kind of market a rest point of role dynamics is: the smooth counterpart of the sharp outcomes. An extension of
/// this project, and a convention where the smooth market has no boundaries of its own.
public enum RestRegime: String, CaseIterable, Sendable {
    /// More holders sell externally than provide liquidity (e > ℓ).
    case exodus
    /// Neither of the others.
    case balanced
    /// Half of the genuine buyers or fewer still buy (x ≥ d′), and e ≤ ℓ.
    case scarcity
    /// Whatever the shares are: the rest point has lost its stability to the lag with which holders see the price.
    case oscillating
}

extension BriefRestPoint {
    /// The regime of the point.
    public var regime: RestRegime {
        if isDestabilisedByLag { return .oscillating }
        if shares.external > shares.liquidityProviders { return .exodus }
        return price >= game.genuineBuyersLimit ? .scarcity : .balanced
    }
}
