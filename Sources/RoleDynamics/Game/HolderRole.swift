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
        let shares = [liquidityProviders, sellers, external]
        var counts = shares.map { Int(($0 * Double(holders)).rounded(.down)) }
        let remainders = zip(shares, counts).map { $0 * Double(holders) - Double($1) }
        let order = remainders.indices.sorted { (-remainders[$0], $0) < (-remainders[$1], $1) }
        for place in 0..<max(holders - counts.reduce(0, +), 0) { counts[order[place % 3]] += 1 }
        return counts
    }
}
