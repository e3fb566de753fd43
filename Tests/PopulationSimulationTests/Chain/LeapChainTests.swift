import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics
import TestSupport
import Testing

@testable import PopulationSimulation

@Suite struct LeapChainTests {
    /// (ℓ, s, z) at the end of one run of 2⁵³ holders, whose noise is of 1e−8.
    private static func end(
        _ population: Population, step: Double, until end: Double
    ) throws -> [Double] {
        let run = try PopulationEnsemble(
            population, logPrice: log(2), shares: .example(), times: [end], method: .leap(step: step), runs: 1, seed: 0
        ).run(0)
        return [PopulationQuantity.liquidityProviders, .sellers, .logPrice].map { run.value($0, 0, of: population) }
    }

    private static func meanField(_ population: Population, at time: Double) throws -> [Double] {
        let samples = try #require(
            try population.meanField(
                logPrice: log(2), shares: .example(), times: [time],
                algorithm: ODEAlgorithm(relativeTolerance: 1e-12, absoluteTolerance: 1e-13)))
        let sample = try #require(samples.last)
        return [sample.shares.liquidityProviders, sample.shares.sellers, sample.logPrice]
    }

    /// The model's errors of the leap without noise, by step.
    @Test(arguments: [
        (0.1, [-3.05e-3, 3.09e-3, 5.0e-4]), (0.05, [-7.4e-4, 7.5e-4, 1.27e-4]), (0.025, [-1.85e-4, 1.87e-4, 3.2e-5]),
        (0.0125, [-4.6e-5, 4.7e-5, 7.9e-6]),
    ])
    func biasWithoutNoise(_ step: Double, _ expected: [Double]) throws {
        let population = try Population(.baseline(), holders: 1 << 53)
        let errors = zip(
            try Self.end(population, step: step, until: 1), try Self.meanField(population, at: 1)
        ).map { $0 - $1 }
        // The model's are given to two or three digits.
        for (error, expected) in zip(errors, expected) { #expect(abs(error - expected) < 0.015 * abs(expected) + 3e-8) }
    }

    /// Half the step leaves a quarter of the error, where the rates are smooth.
    @Test(arguments: [
        (PopulationProtocol.logit, 0.0, 0.0), (.logit, 0.3, 0.2), (.fermi, 0, 0), (.fermi, 0.3, 0.2),
        (.replicator, 0, 0),
        (.replicator, 0.3, 0.2),
    ])
    func order(_ kind: PopulationProtocol, _ mutation: Double, _ lag: Double) throws {
        // Wide demand and a low rationality: the error's leading term decides at these steps.
        let game = try RoleGame.baseline(
            parameters: RevisionParameters(demandWidth: 0.2, rationality: 5, observationLag: lag))
        let population = try Population(game, revisionProtocol: kind, holders: 1 << 53, mutation: mutation)
        // Before the price reaches the tie, where the replicator's rates have a kink.
        let time = 0.5
        let exact = try Self.meanField(population, at: time)
        func error(_ step: Double) throws -> Double {
            zip(try Self.end(population, step: step, until: time), exact).reduce(0) { max($0, abs($1.0 - $1.1)) }
        }
        let (coarse, fine) = (try error(0.02), try error(0.01))
        #expect(coarse < 1e-3)
        // Order 2 makes 4; the next term changes that by some h.
        #expect(abs(coarse / fine - 4) < 0.4)
    }

    /// The model's mean fields of the other protocols at t = 2, by leaps of many holders.
    @Test(arguments: [
        (RevisionProtocol.smith, [0.33891514, 0.55158991, 0.19466435]),
        (.replicator, [0.48110169, 0.25037571, 0.33597544]), (.bnn, [0.29510165, 0.47254278, 0.22710813]),
    ])
    func otherProtocols(_ kind: RevisionProtocol, _ expected: [Double]) throws {
        let population = try Population(.baseline(0.79, kind), holders: 100_000)
        let exact = try Self.meanField(population, at: 2)
        for (value, expected) in zip(exact, expected) { #expect(abs(value - expected) < 1e-7) }
        let solution = PopulationSolution(
            of: try PopulationEnsemble(
                population, logPrice: log(2), shares: .example(), times: [2], method: .leap(step: 0.02), runs: 64,
                seed: 6))
        for (quantity, expected) in zip([PopulationQuantity.liquidityProviders, .sellers, .logPrice], expected) {
            let moments = solution.moments(quantity, 0)
            // The model saw the leap's bias to be below 2e−4.
            #expect(abs(moments.mean - expected) < 2e-4 + 5 * (moments.standardError ?? .nan))
        }
    }

    /// The root of N·MSE at t = 1 is flat in N: the rate is N^−1/2, and its constant that of the linear noise.
    @Test func convergesAtTheRate() throws {
        let runs = SampleSize.choose(512, full: 4000)
        for holders in [100, 1000, 10_000, 100_000] {
            let population = try Population(.baseline(), holders: holders)
            let exact = try Self.meanField(population, at: 1)
            let solution = PopulationSolution(
                of: try PopulationEnsemble(
                    population, logPrice: log(2), shares: .example(), times: [1], method: .leap(step: 0.01), runs: runs,
                    seed: 7))
            for (quantity, exact, expected) in [
                (PopulationQuantity.liquidityProviders, exact[0], 0.3304), (.logPrice, exact[2], 0.1303),
            ] {
                let errors = try #require(solution.sortedValues(quantity, 0)).map { $0 - exact }
                let root = (Double(holders) * errors.reduce(0) { $0 + $1 * $1 } / Double(runs)).squareRoot()
                // A root of a mean of squares of R normal numbers has the relative error 1/√(2R); at N = 100 the noise itself is
                // off the linear one by some hundredths.
                #expect(abs(root / expected - 1) < 5 / (2 * Double(runs)).squareRoot() + 3 / Double(holders))
            }
        }
    }
}
