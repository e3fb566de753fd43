import CPeers
import DissipativeMarket
import Foundation
import Parallelism
import PopulationSimulation
import Reporting
import RoleDynamics

/// Runs of finitely many holders under logit at the baseline: 64 runs of 2000 leaps with 10⁴ and with 10⁶ holders, the first
/// against a C program for that one case, and a million events of the exact chain.
struct PopulationBenchmark {
    private static let runs = 64
    private static let end = 20.0
    private static let step = 0.01
    private let game: RoleGame
    private let shares: RoleShares

    init() throws {
        game = try RoleGame(market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79)
        shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.1)
    }

    func rows(threads: Int, pairs: Int) throws -> [BenchmarkRow] {
        let leaps = Double(Self.runs) * Self.end / Self.step
        func each(_ seconds: Double, _ count: Double, _ what: String) -> String {
            formatRounded(1e6 * seconds / count, digits: 3) + " µs \(what)"
        }
        let costs = try PairedCosts(pairs: pairs) {
            try cost { try ours(holders: 10_000, threads: threads) }
        } peer: {
            cost { peer(holders: 10_000, threads: threads) }
        }
        let large = try PairedCosts(pairs: pairs) {
            try cost { try ours(holders: 1_000_000, threads: threads) }
        } peer: {
            cost { peer(holders: 1_000_000, threads: threads) }
        }
        var rows = [
            BenchmarkRow(
                "population-leap", threads: threads, costs: costs, peer: "a C program for this case",
                rate: each(costs.seconds, leaps, "a leap")),
            BenchmarkRow(
                "population-leap-million", threads: threads, costs: large, peer: "a C program for this case",
                rate: each(large.seconds, leaps, "a leap")),
        ]
        if threads == 1 {
            // ρN t = 2 · 10⁴ · 50 events.
            let exact = try PairedCosts(pairs: pairs) {
                let ensemble = try ensemble(holders: 10_000, times: [50], method: .exact, runs: 1)
                return cost { ensemble.run(0) }
            } peer: {
                nil
            }
            rows.append(
                BenchmarkRow(
                    "population-exact", threads: 1, costs: exact, peer: "",
                    rate: each(exact.seconds, 1e6, "an event")))
        }
        return rows
    }

    /// How far the means of the two programs are apart.
    func agreement() throws -> [String] {
        let states = peer(holders: 10_000, threads: 2)
        let peers = SampleMoments(stride(from: 2, to: states.count, by: 3).map { states[$0] })
        let own = try ours(holders: 10_000, threads: 2).moments(.sellers, 0)
        let error = ((peers.standardError ?? .nan), (own.standardError ?? .nan))
        let score = (own.mean - peers.mean) / (error.0 * error.0 + error.1 * error.1).squareRoot()
        return [
            "population: the mean share of sellers is \(formatRounded(own.mean, digits: 5)), the peer's "
                + "\(formatRounded(peers.mean, digits: 5)), \(formatRounded(score, digits: 2)) standard errors apart"
        ]
    }

    private func ensemble(
        holders: Int, times: [Double], method: PopulationMethod, runs: Int
    ) throws -> PopulationEnsemble {
        try PopulationEnsemble(
            Population(game, holders: holders), logPrice: log(2), shares: shares, times: times, method: method,
            runs: runs,
            seed: 1)
    }

    private func ours(holders: Int, threads: Int) throws -> PopulationSolution {
        PopulationSolution(
            of: try ensemble(holders: holders, times: [Self.end], method: .leap(step: Self.step), runs: Self.runs),
            threads: threads)
    }

    private func peer(holders: Int, threads: Int) -> [Double] {
        var states = [Double](repeating: 0, count: 3 * Self.runs)
        states.withUnsafeMutableBufferPointer { states in
            forEachChunk(of: states, chunkSize: 3, threads: threads) { start, chunk in
                peer_population_leaps(
                    1, start / 3, chunk.count / 3, holders, log(2), Int(Self.end / Self.step), Self.step,
                    chunk.baseAddress)
            }
        }
        return states
    }
}
