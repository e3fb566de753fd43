import CPeers
import DissipativeMarket
import Foundation
import NumericalMethods
import Parallelism
import Reporting
import RoleDynamics

/// Final states of 10,000 trajectories of the baseline logit system, 100 rewards by 100 starts, against GSL's rk8pd one by
/// one in C.
///
/// Both start from the arrays of rewards and log prices, and have the same threads through the same helper.
struct EnsembleBenchmark {
    private static let end = 20.0
    private static let tolerances = (relative: 1e-8, absolute: 1e-10)
    private let rewards: [Double]
    private let logPrices: [Double]

    init() {
        let cells = 0..<10_000
        rewards = cells.map { 0.5 + 0.6 * Double($0 % 100) / 99 }
        logPrices = cells.map { log(0.3 + 2.2 * Double($0 / 100) / 99) }
    }

    func rows(threads: Int, pairs: Int) throws -> [BenchmarkRow] {
        let costs = try PairedCosts(pairs: pairs) {
            try cost { try ours(threads: threads) }
        } peer: {
            try cost { try peer(threads: threads, Self.tolerances) }
        }
        let time = 1e6 * costs.seconds / Double(rewards.count)
        return [
            BenchmarkRow(
                "ensemble", threads: threads, costs: costs, peer: "GSL's rk8pd, one by one",
                rate: formatRounded(time, digits: 3) + " µs a trajectory")
        ]
    }

    /// The worst errors of both, against GSL's rk8pd at a tolerance of 1e−13.
    func accuracy() throws -> [String] {
        let reference = try peer(threads: 2, (1e-13, 1e-14))
        func worst(_ states: [Double]) -> String {
            formatRounded(zip(states, reference).map { abs($0 - $1) }.max() ?? .nan, digits: 3)
        }
        let ours = try ours(threads: 2).flatMap { outcome in
            let shares = outcome.last.shares
            return [outcome.last.logPrice, shares.liquidityProviders, shares.sellers, shares.external]
        }
        return [
            "ensemble: worst error of a final state \(worst(ours)), of the peer's "
                + worst(try peer(threads: 2, Self.tolerances))
        ]
    }

    private func ours(threads: Int) throws -> [RoleEnsemble.Outcome] {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.1)
        let cells = try zip(rewards, logPrices).map { reward, logPrice in
            RoleEnsemble.Cell(
                game: try RoleGame(market: market, blockReward: reward), logPrice: logPrice, shares: shares)
        }
        let algorithm = try EnsembleAlgorithm(
            relativeTolerance: Self.tolerances.relative, absoluteTolerance: Self.tolerances.absolute)
        return try RoleEnsemble(until: Self.end, algorithm: algorithm).solve(cells, threads: threads)
    }

    private func peer(threads: Int, _ tolerances: (relative: Double, absolute: Double)) throws -> [Double] {
        var states = [Double](repeating: 0, count: 4 * rewards.count)
        try states.withUnsafeMutableBufferPointer { states in
            try forEachChunk(of: states, chunkSize: 4 * Ensemble.blockSize, threads: threads) { start, chunk in
                let first = start / 4
                let count = chunk.count / 4
                let status = rewards[first..<(first + count)].withUnsafeBufferPointer { rewards in
                    logPrices[first..<(first + count)].withUnsafeBufferPointer { logPrices in
                        peer_logit_paths(
                            rewards.baseAddress, logPrices.baseAddress, count, Self.end, tolerances.relative,
                            tolerances.absolute, chunk.baseAddress)
                    }
                }
                guard status == 0 else { throw BenchmarkFailure("the peer's integration failed with code \(status)") }
            }
        }
        return states
    }
}
