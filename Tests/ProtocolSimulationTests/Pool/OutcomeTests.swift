import DissipativeMarket
import RoleDynamics
import Testing

@testable import ProtocolSimulation

/// What becomes of the pool along the block reward, against the bounds of the sharp market.
@Suite struct OutcomeTests {
    private func outcome(
        gamma: Double, _ dissipation: Dissipation, belief: SellerBelief = .run
    ) throws -> (exodus: Double, balanced: Double, scarcity: Double, price: Double) {
        let pool = try baselinePool(
            providers: 1500, gamma: gamma, price: 1.18, kappa: (0.5, 0), width: 0.002, rationality: 400)
        var parameters = ProtocolParameters(pools: [pool], times: grid(18, 0.5), burnIn: 10)
        parameters.dissipation = dissipation
        parameters.sellerBelief = belief
        parameters.audit = .sample
        let ensemble = try ProtocolEnsemble(parameters, runs: 4, seed: 2)
        func share(_ metric: ProtocolMetric) -> Double { ensemble.values(metric, pool: 0).reduce(0, +) / 4 }
        return (
            share(.outcomeExodus), share(.outcomeBalanced), share(.outcomeScarcity),
            ensemble.timeMean(.price, from: 10).mean
        )
    }

    /// Rewards outside of the band by 5/λ or more lead to exodus and scarcity, those within it to balance.
    @Test(arguments: [0.60, 0.68, 0.72, 0.79, 0.83, 0.87, 0.95], Dissipation.allCases)
    func outcomesFollowTheBounds(_ gamma: Double, _ dissipation: Dissipation) throws {
        let market = try baselinePool(providers: 1).market
        let bounds = try #require(market.rewardBounds)
        let found = try outcome(gamma: gamma, dissipation)
        if gamma <= bounds.lower - 5.0 / 400 {
            #expect(found.exodus == 1)
        } else if gamma >= bounds.upper + 5.0 / 400 {
            #expect(found.scarcity == 1)
            // Frozen between α_g and α*(γ), wherever sold lots that go on expiring have carried it.
            let highest = try #require(Equilibrium(market: market, blockReward: gamma).equilibriumPrice)
            #expect(found.price >= market.limits.genuineBuyer - 0.01)
            #expect(found.price <= highest + 0.01)
        } else {
            #expect(found.balanced == 1)
            let rest = try #require(Equilibrium(market: market, blockReward: gamma).equilibriumPrice)
            // Payoffs tell roles apart to 1/λ, and S has a slope of a half.
            #expect(abs(found.price - rest) <= 2.0 / 400 + 4 / 1500)
        }
    }

    /// Whoever believes in the price of the moment sells up to (1 − φ)δ − pθ = 1.
    @Test func spotBeliefMovesTheUpperBound() throws {
        #expect(try outcome(gamma: 0.99, .expiry, belief: .spot).balanced == 1)
        #expect(try outcome(gamma: 1.05, .expiry, belief: .spot).scarcity == 1)
        #expect(try outcome(gamma: 0.95, .expiry, belief: .run).scarcity == 1)
    }
}
