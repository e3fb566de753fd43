import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics
import TestSupport
import Testing

@testable import PopulationSimulation

@Suite struct PopulationMeanFieldTests {
    /// The drift of the chain's rates is role dynamics, of every protocol that is a field of it.
    @Test(arguments: [RevisionProtocol.logit, .replicator, .smith, .bnn], [0.0, 0.1])
    func driftIsRoleDynamics(_ kind: RevisionProtocol, _ lag: Double) throws {
        let game = try RoleGame.baseline(0.79, kind, parameters: .init(depthExponent: 0.5, observationLag: lag))
        let population = try Population(game, holders: 10)
        let field = PopulationField(rules: ChainRules(population))
        let solution = try ODESolution(
            of: field, from: 0, to: 2, state: [log(2), log(2), 0.5, 0.1, 0.4], algorithm: ODEAlgorithm(), times: [1, 2])
        let own = try #require(
            try population.meanField(
                logPrice: log(2), shares: .example(), times: [1, 2], algorithm: ODEAlgorithm()))
        for (state, sample) in zip(solution.states, own) {
            // A hundred times the tolerance.
            #expect(abs(state[0] - sample.logPrice) < 1e-8)
            #expect(abs(state[2] - sample.shares.liquidityProviders) < 1e-8)
            #expect(abs(state[3] - sample.shares.sellers) < 1e-8)
        }
    }

    /// Fermi imitation at frozen price: ds_j/dt = ρ s_j Σ s_i tanh(λ(π_j − π_i)/2) + μ(1/3 − s_j).
    @Test func fermi() throws {
        let population = try Population(
            .baseline(), revisionProtocol: .fermi, holders: 10, isPriceFrozen: true, mutation: 0.3)
        let z = log(1.2)
        let field = PopulationField(rules: ChainRules(population))
        var slopes = [Double](repeating: 0, count: 5)
        var output = slopes.mutableSpan
        let s = [0.5, 0.1, 0.4]
        #expect(field.derivative(0, ([z, z] + s).span, &output))
        let pi = [0.79, 0.2 / z - 0.3, 0.7]
        for j in 0..<3 {
            var sum = 0.0
            for i in 0..<3 { sum += s[i] * tanh(25 * (pi[j] - pi[i])) }
            let expected: Double = 2 * s[j] * sum + 0.3 * (1.0 / 3 - s[j])
            #expect(abs(slopes[2 + j] - expected) < 1e-14)
        }
        #expect(slopes[0] == 0)
    }

    @Test func whereThereIsNone() throws {
        let best = try Population(.baseline(0.79, .bestResponse), holders: 10, mutation: 0.1)
        #expect(try best.meanField(logPrice: 0, shares: .even, times: [1], algorithm: ODEAlgorithm()) == nil)
        let deep = try Population(.baseline(parameters: .init(depthExponent: 1)), holders: 10)
        #expect(
            try deep.meanField(
                logPrice: 0, shares: RoleShares(liquidityProviders: 0, sellers: 0.5), times: [1],
                algorithm: ODEAlgorithm())
                == nil)
    }
}
