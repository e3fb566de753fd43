import Foundation
import RoleDynamics
import Testing

@testable import ProtocolSimulation

@Suite struct RoleRevisionTests {
    private let payoffs = RevisionPayoffs(liquidityProvider: 0.79, seller: 0.85, external: 0.7)
    private let shares = (0.5, 0.3, 0.2)

    private func probabilities(
        _ revisionProtocol: RevisionProtocol, from role: HolderRole, rate: Double = 2
    ) -> (Double, Double, Double) {
        RoleRevision(revisionProtocol: revisionProtocol, rationality: 50, revisionRate: rate).probabilities(
            from: role, payoffs: payoffs, shares: shares)
    }

    /// Rates by hand: 2 · 0.3 · 0.06 for an LP who imitates a seller, and so on.
    @Test func ratesAreTheProtocols() {
        let replicator = probabilities(.replicator, from: .liquidityProvider)
        #expect(abs(replicator.1 - 0.036) <= 1e-15)
        #expect(replicator.2 == 0)
        #expect(abs(replicator.0 - 0.964) <= 1e-15)
        let smith = probabilities(.smith, from: .external)
        #expect(abs(smith.0 - 0.18) <= 1e-15)
        #expect(abs(smith.1 - 0.3) <= 1e-15)
        let bnn = probabilities(.bnn, from: .external)
        let mean = 0.5 * 0.79 + 0.3 * 0.85 + 0.2 * 0.7
        // The mean is 0.79 but for rounding.
        #expect(abs(bnn.0 - 2 * max(0.79 - mean, 0)) <= 1e-15)
        #expect(abs(bnn.1 - 2 * (0.85 - mean)) <= 1e-15)
        let best = probabilities(.bestResponse, from: .external)
        #expect(best == (0, 1, 0))
    }

    /// Rates that exceed 1 together are scaled to it.
    @Test func ratesAreScaledToOne() {
        let p = probabilities(.smith, from: .external, rate: 100)
        #expect(abs(p.0 + p.1 - 1) <= 1e-15)
        #expect(p.2 == 0)
        #expect(abs(p.1 / p.0 - 15.0 / 9) <= 1e-12)
    }

    /// The draw takes the roles in their order, by their probabilities.
    @Test(arguments: RevisionProtocol.allCases, HolderRole.allCases)
    func drawsFollowTheProbabilities(_ revisionProtocol: RevisionProtocol, _ role: HolderRole) {
        let revision = RoleRevision(revisionProtocol: revisionProtocol, rationality: 20, revisionRate: 2)
        let p = revision.probabilities(from: role, payoffs: payoffs, shares: shares)
        #expect(abs(p.0 + p.1 + p.2 - 1) <= 1e-15)
        var counts = [0.0, 0, 0]
        let n = 20_000
        for k in 0..<n {
            let chosen = revision.choose(
                from: role, payoffs: payoffs, shares: shares, uniform: (Double(k) + 0.5) / Double(n))
            counts[chosen.rawValue] += 1
        }
        // A grid of n points counts a probability to 1/n.
        #expect(abs(counts[0] / Double(n) - p.0) <= 1.01 / Double(n))
        #expect(abs(counts[1] / Double(n) - p.1) <= 1.01 / Double(n))
    }
}
