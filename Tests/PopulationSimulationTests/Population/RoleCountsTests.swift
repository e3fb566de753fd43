import RoleDynamics
import TestSupport
import Testing

@testable import PopulationSimulation

@Suite struct RoleCountsTests {
    @Test func largestRemainders() throws {
        #expect(
            RoleCounts(try RoleShares(liquidityProviders: 0.5, sellers: 0.1), of: 7)
                == RoleCounts(liquidityProviders: 3, sellers: 1, external: 3))
        #expect(RoleCounts(.even, of: 1) == RoleCounts(liquidityProviders: 1, sellers: 0, external: 0))
        #expect(RoleCounts(.even, of: 2) == RoleCounts(liquidityProviders: 1, sellers: 1, external: 0))
    }

    /// As many holders as there are, at any number of them.
    @Test func addUp() throws {
        var generator = SeededGenerator(seed: 1)
        for holders in [1, 2, 10, 1 << 31, (1 << 53) - 1, 1 << 53] {
            for _ in 0..<200 {
                let l = generator.uniform(0...1)
                let shares = try RoleShares(liquidityProviders: l, sellers: generator.uniform(0...1) * (1 - l))
                let counts = RoleCounts(shares, of: holders)
                #expect(counts.total == holders)
                #expect(min(counts.liquidityProviders, counts.sellers, counts.external) >= 0)
            }
        }
    }
}
