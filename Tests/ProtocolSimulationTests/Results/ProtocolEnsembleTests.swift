import RoleDynamics
import Testing

@testable import ProtocolSimulation

@Suite struct ProtocolEnsembleTests {
    private func parameters(_ providers: Int = 60) throws -> ProtocolParameters {
        ProtocolParameters(
            pools: [try baselinePool(providers: providers), try baselinePool(providers: 30, name: "other")],
            times: [0, 1, 5], burnIn: 1)
    }

    /// Runs are the same at any number of threads, and alone.
    @Test func runsDependOnSeedAndNumberAlone() throws {
        let parameters = try parameters()
        let one = try ProtocolEnsemble(parameters, runs: 6, seed: 3, threads: 1)
        let four = try ProtocolEnsemble(parameters, runs: 6, seed: 3, threads: 4)
        for run in 0..<6 {
            #expect(one.runs[run].values == four.runs[run].values)
            #expect(one.runs[run].metrics.elementsEqual(four.runs[run].metrics) { $0 == $1 || $0.isNaN && $1.isNaN })
            #expect(try parameters.runPool(seed: 3, run: UInt64(run)).values == one.runs[run].values)
        }
        // Not all alike, and another with another seed.
        #expect(one.runs[0].values != one.runs[1].values)
        #expect(try parameters.runPool(seed: 4, run: 0).values != one.runs[0].values)
    }

    /// Pools that share nothing but the supply of tokens do not touch each other.
    @Test func poolsWithFixedRewardsAreTheirOwn() throws {
        let both = try ProtocolEnsemble(parameters(), runs: 3, seed: 5)
        var alone = try parameters()
        alone.pools.removeLast()
        let first = try ProtocolEnsemble(alone, runs: 3, seed: 5)
        for quantity in ProtocolQuantity.allCases {
            #expect(both.values(quantity, pool: 0, time: 2) == first.values(quantity, pool: 0, time: 2))
        }
    }

    /// Metrics at rest are what theory says, to five standard errors and 4/N.
    @Test func metricsMeetTheory() throws {
        let pool = try baselinePool(
            providers: 1000, price: baselineRest.price, shares: (0.4961, 0.4984), kappa: (0.5, 0))
        var parameters = ProtocolParameters(pools: [pool], times: [0, 60], burnIn: 10)
        parameters.audit = .sample
        let ensemble = try ProtocolEnsemble(parameters, runs: 64, seed: 1)
        for metric in ProtocolMetric.allCases {
            guard let theory = ProtocolTheory.pool(metric, parameters, pool: 0) else { continue }
            let found = SampleStatisticsOf(ensemble.values(metric, pool: 0))
            #expect(abs(found.mean - theory) <= 5 * found.error + 4.0 / 1000 * max(1, theory), "\(metric)")
        }
        // The table of the model's section 3.
        #expect(abs(SampleStatisticsOf(ensemble.values(.utilisationCapacity, pool: 0)).mean - 0.4995) <= 0.003)
        #expect(abs(SampleStatisticsOf(ensemble.values(.incomeMarket, pool: 0)).mean - 0.834) <= 0.004)
        #expect(abs(SampleStatisticsOf(ensemble.values(.volatility, pool: 0)).mean - 0.032) <= 0.002)
        #expect(abs(SampleStatisticsOf(ensemble.values(.netMintedPerUnit, pool: 0)).mean - 0.485) <= 0.01)
        #expect(abs(SampleStatisticsOf(ensemble.values(.clientSurplus, pool: 0)).mean - 0.0577) <= 0.002)
    }

    /// Differences on the same people are smaller than on others.
    @Test func commonPeopleMakeDifferencesSmall() throws {
        let pool = try baselinePool(providers: 300, price: 1.1854, shares: (0.4961, 0.4984), kappa: (0.5, 0))
        var parameters = ProtocolParameters(pools: [pool], times: [0, 30], burnIn: 5)
        parameters.audit = .sample
        let books = [OrderBookParameters(listPrice: 1.1853)]
        let inPool = try ProtocolEnsemble(parameters, runs: 64, seed: 1)
        let same = try ProtocolEnsemble(parameters, mechanism: .posted, books: books, runs: 64, seed: 1)
        let other = try ProtocolEnsemble(parameters, mechanism: .posted, books: books, runs: 64, seed: 2)
        func error(_ a: ProtocolEnsemble, _ b: ProtocolEnsemble) -> Double {
            SampleStatisticsOf(
                zip(a.values(.clientSurplus, pool: 0), b.values(.clientSurplus, pool: 0)).map { $0 - $1 }
            ).error
        }
        #expect(error(inPool, same) < 0.8 * error(inPool, other))
    }

    /// The time in the band is what the rows of the ledger say.
    @Test func bandIsWhatTheLedgerSays() throws {
        var parameters = ProtocolParameters(pools: [try baselinePool(providers: 40, price: 1.1)], times: [0, 8])
        parameters.tracksBand = true
        let band = try #require(try parameters.runPool(seed: 2, run: 1).band.first)
        var run = try ProtocolRun(parameters, seed: 2, run: 1, keepsRows: true)
        _ = try run.advance(to: 8)
        let limits = parameters.pools[0].market.limits
        var (price, time, inside) = (1.1, 0.0, 0.0)
        var exit: Double?
        var ends: [Int: LedgerRow] = [:]
        for row in run.takeRows() { ends[row.event] = row }
        for event in ends.keys.sorted() {
            let row = ends[event]!
            let isInside = price >= limits.seller && price <= limits.genuineBuyer
            if isInside { inside += row.time - time }
            if !isInside, exit == nil { exit = time }
            (time, price) = (row.time, row.reserveToken / row.reserveAsset)
        }
        if price >= limits.seller, price <= limits.genuineBuyer { inside += 8 - time }
        #expect(abs(band.share - inside / 8) <= 1e-12)
        #expect(band.firstExit == exit)
        #expect(exit != nil)
    }
}
