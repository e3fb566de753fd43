/// The role of a holder of one unit: the three among which holders revise, in the order in which shares and payoffs are told.
public enum HolderRole: Int, CaseIterable, Sendable {
    /// Provides liquidity.
    case liquidityProvider
    /// Sells in the pool.
    case seller
    /// Sells in the external market.
    case external
}

extension RoleShares {
    /// How many of N holders have each role, LPs, sellers and external ones: the largest remainders of N·shares, of equal
    /// ones the first.
    ///
    /// - Parameter holders: N ≥ 0, at most 2⁵³.
    public func counts(of holders: Int) -> [Int] {
        let exact = [liquidityProviders, sellers, external].map { $0 * Double(holders) }
        var counts: [Int] = []
        // Of 2⁵³ holders the rounding of a share is one or more.
        for value in exact { counts.append(min(Int(value.rounded(.down)), holders - counts.reduce(0, +))) }
        let remainders = zip(exact, counts).map { $0 - Double($1) }
        let order = remainders.indices.sorted { (-remainders[$0], $0) < (-remainders[$1], $1) }
        var missing = holders - counts.reduce(0, +)
        for role in order where missing > 0 {
            counts[role] += 1
            missing -= 1
        }
        counts[order[0]] += missing
        return counts
    }
}
