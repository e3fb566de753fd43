import DissipativeMarket
import Foundation
import RoleDynamics
import TestSupport
import Testing

@testable import PopulationSimulation

/// The fluctuations at rest against the linear noise, and of the two methods against each other.
@Suite struct StationaryCovarianceTests {
    private static func solution(
        _ game: RoleGame, holders: Int, price: PriceProcess, method: PopulationMethod, until: Double, seed: UInt64
    ) throws -> PopulationSolution {
        let rest = try #require(try game.restPoints().points.first)
        return PopulationSolution(
            of: try PopulationEnsemble(
                Population(game, holders: holders, price: price), logPrice: rest.logPrice, shares: rest.shares,
                times: times(0.25, until: until), method: method, runs: 64, seed: seed))
    }

    private static let pairs: [(StationaryVariable, StationaryVariable, NoiseVariable, NoiseVariable)] = [
        (.liquidityProviders, .liquidityProviders, .liquidityProviders, .liquidityProviders),
        (.sellers, .sellers, .sellers, .sellers), (.logPrice, .logPrice, .logPrice, .logPrice),
        (.liquidityProviders, .sellers, .liquidityProviders, .sellers), (.sellers, .logPrice, .sellers, .logPrice),
    ]

    /// N, method, trades or flow, and the relative bias that the model allows: O(1/N).
    @Test(arguments: [
        (1000, PopulationMethod.leap(step: 0.02), false, 0.03), (10_000, .leap(step: 0.02), false, 0.01),
        (100_000, .leap(step: 0.02), true, 150.0 / 100_000 + 0.01),
    ])
    func agreesWithLinearNoise(_ holders: Int, _ method: PopulationMethod, _ trades: Bool, _ bias: Double) throws {
        for game in [try RoleGame.baseline(), try .offBaseline()] {
            let price = trades ? try PriceProcess.trades(size: 1) : .flow
            let noise = try #require(try game.restPoints().points.first).linearNoise(price: price)
            let solution = try Self.solution(
                game, holders: holders, price: price, method: method, until: SampleSize.choose(60, full: 500), seed: 8)
            for (a, b, u, v) in Self.pairs {
                let found = try #require(solution.stationaryCovariance(a, b))
                let expected = noise.covariance(u, v)
                #expect(abs(found.mean - expected) < bias * abs(expected) + 5 * (found.standardError ?? .nan))
            }
        }
    }

    @Test func withLag() throws {
        let game = try RoleGame.baseline(parameters: RevisionParameters(observationLag: 0.1))
        let solution = try Self.solution(
            game, holders: 10_000, price: .flow, method: .leap(step: 0.01), until: SampleSize.choose(80, full: 500),
            seed: 9)
        let prices = try #require(solution.stationaryCovariance(.logPrice, .logPrice))
        // The linear noise of the model, and 1 % for the leap and for N.
        #expect(abs(prices.mean - 0.0418161) < 0.01 * 0.0418161 + 5 * (prices.standardError ?? .nan))
        let sellers = try #require(solution.stationaryCovariance(.sellers, .sellers))
        #expect(abs(sellers.mean - 0.5327533) < 0.01 * 0.5327533 + 5 * (sellers.standardError ?? .nan))
    }

    /// Leap against exact at N = 300, where both are off the linear noise, in every protocol that leaps.
    @Test(arguments: [
        (PopulationProtocol.logit, false, 0.0), (.logit, true, 0), (.logit, true, 0.05), (.smith, false, 0),
        (.bnn, true, 0),
        (.replicator, false, 0), (.fermi, true, 0), (.smith, true, 0.05),
    ])
    func leapAgainstExact(_ kind: PopulationProtocol, _ trades: Bool, _ lag: Double) throws {
        let game = try RoleGame.baseline(
            parameters: RevisionParameters(demandWidth: 0.1, rationality: 10, observationLag: lag))
        let population = try Population(
            game, revisionProtocol: kind, holders: 300, price: trades ? .trades(size: 1) : .flow, mutation: 0.1)
        func solution(_ method: PopulationMethod, _ seed: UInt64) throws -> PopulationSolution {
            PopulationSolution(
                of: try PopulationEnsemble(
                    population, logPrice: 0.15, shares: .example(),
                    times: times(0.25, until: SampleSize.choose(40, full: 200)),
                    method: method, runs: 64, seed: seed))
        }
        let (leap, exact) = (try solution(.leap(step: 0.01), 10), try solution(.exact, 11))
        for variable in StationaryVariable.allCases {
            let one = try #require(leap.stationaryMean(variable))
            let other = try #require(exact.stationaryMean(variable))
            let error = Self.error(one, other)
            // Five standard errors, and the leap's bias of h² ≈ 1e−4.
            #expect(abs(one.mean - other.mean) < 5 * error + 2e-4)
            let (c, d) = (
                try #require(leap.stationaryCovariance(variable, variable)),
                try #require(exact.stationaryCovariance(variable, variable))
            )
            let spread = Self.error(c, d)
            // Five standard errors, and the leap's bias of h to the variances.
            #expect(abs(c.mean - d.mean) < 5 * spread + 0.02 * d.mean)
        }
    }

    /// The standard error of the difference of two means.
    private static func error(_ one: SampleMoments, _ other: SampleMoments) -> Double {
        let (first, second) = (one.standardError ?? .nan, other.standardError ?? .nan)
        return (first * first + second * second).squareRoot()
    }

    /// One run has standard errors from twenty parts of its time.
    @Test func oneRun() throws {
        let game = try RoleGame.baseline()
        let rest = try #require(try game.restPoints().points.first)
        let solution = PopulationSolution(
            of: try PopulationEnsemble(
                Population(game, holders: 1000), logPrice: rest.logPrice, shares: rest.shares,
                times: times(0.25, until: 110), method: .leap(step: 0.02), runs: 1, seed: 12))
        let found = try #require(solution.stationaryCovariance(.sellers, .sellers))
        #expect(found.count == PopulationSolution.batches)
        #expect(abs(found.mean - 0.23872552) < 5 * (found.standardError ?? .nan))
    }
}
