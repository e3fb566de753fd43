import Foundation

extension RestPoint {
    /// A candidate with its payoffs, regret, residual and stability.
    init(_ candidate: RestCandidate, of game: RoleGame, field: RoleField, balance: DemandBalance) {
        self.game = game
        logPrice = candidate.logPrice
        bracket = candidate.bracket
        face = candidate.face
        shares = candidate.shares
        payoffs = game.payoffs(logPrice: logPrice)
        var degeneracies = candidate.degeneracies

        // In excesses over the external sale, whose differences are those of the payoffs.
        let excesses = [game.rewardExcess, candidate.sellerExcess, 0]
        let weights = [shares.liquidityProviders, shares.sellers, shares.external]
        let best = max(excesses[0], excesses[1], 0)
        regret = zip(excesses, weights).reduce(0) { $1.1 > 0 ? $0 + $1.1 * (best - $1.0) : $0 }
        isNash = candidate.isNash

        let isAtTie = candidate.isAtTie
        residual = Self.residual(field, logPrice: logPrice, shares: shares, isAtTie: isAtTie)
        stability = LocalStability(candidate, field: field, isAtTie: isAtTie, degeneracies: &degeneracies)

        let x = exp(logPrice)
        let alpha = x * game.market.sellerCost
        if x == 0 {
            degeneracies.append(.priceUnderflows(logPrice: logPrice))
        } else if alpha == 0 || alpha == .infinity {
            degeneracies.append(.poolPriceNotRepresentable(logPrice: logPrice))
        }
        self.degeneracies = degeneracies
    }

    private static func residual(
        _ field: RoleField, logPrice z: Double, shares: RoleShares, isAtTie: Bool
    ) -> Double? {
        let y = field.state(logPrice: z, shares: shares)
        var values = [Double](repeating: 0, count: field.dimension)
        var output = values.mutableSpan
        guard field.derivative(0, y.span, &output) else { return nil }
        // At a tie the shares themselves are a best response, and ds/dt = 0 a member of the inclusion.
        if isAtTie, field.game.revisionProtocol == .bestResponse { return abs(values[0]) }
        return values.reduce(0) { max($0, abs($1)) }
    }
}
