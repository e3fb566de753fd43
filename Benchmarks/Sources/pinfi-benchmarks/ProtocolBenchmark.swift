import DissipativeMarket
import NumericalMethods
import ProtocolSimulation
import Reporting
import RoleDynamics

/// A run of the LooPIN protocol at the baseline, 1500 providers for 140 periods, about a million events: with the books
/// checked after each, and without. On two threads as many runs are made at once.
struct ProtocolBenchmark {
    private let parameters: ProtocolParameters

    init() throws {
        let game = try RoleGame(
            market: Market(
                externalPrice: 0.7, failureProbability: 0.2, collateral: 1.5, reservationPrice: 1.3),
            blockReward: 0.79)
        let pool = PoolParameters(game: game, providers: 1500, initialPrice: 1, initialShares: .even)
        parameters = ProtocolParameters(pools: [pool], times: [0, 140], burnIn: 10)
    }

    func rows(threads: Int, pairs: Int) throws -> [BenchmarkRow] {
        try [("protocol", AuditMode.off), ("protocol-audited", .event)].map { name, audit in
            var parameters = parameters
            parameters.audit = audit
            let events = try parameters.runPool(seed: 1, run: 0).events
            let costs = try PairedCosts(pairs: pairs) {
                try cost {
                    try ProtocolEnsemble(parameters, runs: threads, seed: 1, threads: threads).runs[0].events
                }
            } peer: {
                nil
            }
            let time = 1e9 * costs.seconds / Double(events)
            return BenchmarkRow(
                name, threads: threads, costs: costs, peer: "",
                rate: formatRounded(time, digits: 3) + " ns an event of a run, \(events) events")
        }
    }
}
