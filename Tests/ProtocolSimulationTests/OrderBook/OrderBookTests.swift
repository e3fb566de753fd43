import DissipativeMarket
import RoleDynamics
import Testing

@testable import ProtocolSimulation

/// The order book against Erlang's formula, Little's law and free entry.
@Suite struct OrderBookTests {
    /// Erlang's loss as the ratio of the sum that defines it.
    @Test func erlangLossIsItsDefinition() {
        for (servers, offered) in [(0, 1.0), (1, 2), (5, 3), (20, 15), (20, 20)] {
            var term = 1.0
            var sum = 1.0
            for n in stride(from: 1, through: servers, by: 1) {
                term *= offered / Double(n)
                sum += term
            }
            #expect(abs(erlangLoss(servers: servers, offered: offered) - term / sum) <= 1e-14)
        }
        #expect(abs(15 * (1 - erlangLoss(servers: 20, offered: 15)) / 20 - 0.715805) <= 5e-7)
    }

    private func ensemble(
        providers: Int, kappa: Double, price: Double, entry: OrderBookEntry = .all, delta: Double = 1.3,
        subsidy: Double = 0, rationality: Double = 50, end: Double = 200, runs: Int = 64, width: Double = 0.02
    ) throws -> ProtocolEnsemble {
        var pool = PoolParameters(
            market: try Market(
                externalPrice: 0.7, failureProbability: 0.2, collateral: 1.5, reservationPrice: delta),
            blockReward: 0.79, genuineIntensity: kappa, speculatingIntensity: 0, demandWidth: width,
            rationality: rationality, providers: providers, initialPrice: 1, initialShares: .even)
        pool.orderSize = 0.25
        let parameters = ProtocolParameters(pools: [pool], times: [0, end], burnIn: min(10, end / 2))
        return try ProtocolEnsemble(
            parameters, mechanism: .posted,
            books: [OrderBookParameters(listPrice: price, entry: entry, subsidy: subsidy)], runs: runs, seed: 17)
    }

    private func statistics(_ ensemble: ProtocolEnsemble, _ metric: ProtocolMetric) -> SampleStatisticsOf {
        SampleStatisticsOf(ensemble.values(metric, pool: 0))
    }

    /// A(1 − B)/N, and by Little's law the time to the first income.
    @Test(arguments: [(20, 15.0, 0.715805, 0.099257), (20, 20, 0.841108, 0.047227), (5, 3, 0.533967, 0.218193)])
    func utilisationIsErlangs(_ providers: Int, offered: Double, utilisation: Double, wait: Double) throws {
        // A price that everybody pays: A = κ_g N.
        let ensemble = try ensemble(providers: providers, kappa: offered / Double(providers), price: 0.8)
        let used = statistics(ensemble, .utilisationCapacity)
        #expect(abs(used.mean - utilisation) <= 5 * used.error)
        #expect(used.error <= 0.003)
        let first = statistics(ensemble, .timeToFirstIncome)
        #expect(abs(first.mean - wait) <= 5 * first.error)
        let created = statistics(ensemble, .utilisationCreated)
        #expect(abs(created.mean - used.mean) <= 1e-9)
    }

    /// Many devices: the demand at the price is served.
    @Test(arguments: [(1.25, 0.46207), (1.30, 0.25), (1.34, 0.05960)])
    func utilisationIsThinning(_ price: Double, expected: Double) throws {
        let used = statistics(
            try ensemble(providers: 1000, kappa: 0.5, price: price, end: 60, runs: 32), .utilisationCapacity)
        #expect(abs(used.mean - expected) <= 5 * used.error)
        #expect(used.error <= 0.001)
    }

    /// Free entry: who lists is as many as make utilisation (β − r)/(P₀ − pθ), above by what λ leaves (0.006 was seen).
    @Test(arguments: [
        (1.1, 1.3, 0.5, 0.0, 0.8750), (1.25, 1.3, 0.5, 0, 0.7368), (3.0, 3.2, 0.2, 0, 0.2593),
        (1.25, 1.3, 0.03, 0.65, 0.0526),
        (14.3, 16, 0.03, 0, 0.05),
    ])
    func freeEntry(_ price: Double, delta: Double, kappa: Double, subsidy: Double, expected: Double) throws {
        let used = statistics(
            try ensemble(
                providers: 1000, kappa: kappa, price: price, entry: .free, delta: delta, subsidy: subsidy,
                rationality: 400,
                end: 60, runs: 32), .utilisationCreated)
        #expect(used.mean >= expected - 5 * used.error)
        #expect(used.mean <= expected + 0.009 + 5 * used.error)
    }

    /// Nobody pays the price: every client is lost to it, and no device is ever used.
    @Test func aPriceThatNobodyPays() throws {
        let ensemble = try ensemble(providers: 10, kappa: 0.5, price: 50, end: 20, runs: 2)
        #expect(ensemble.values(.consumed, pool: 0, time: 1) == [0, 0])
        #expect(ensemble.values(.lostEmpty, pool: 0, time: 1) == [0, 0])
        #expect(ensemble.values(.lostPrice, pool: 0, time: 1).allSatisfy { $0 > 100 })
    }

    /// The clients are the pool's, one by one: as many come, whatever they do.
    @Test func clientsAreThePools() throws {
        let pool = try baselinePool(providers: 200, kappa: (0.5, 0))
        let parameters = ProtocolParameters(pools: [pool], times: [0, 20])
        let books = [OrderBookParameters(listPrice: 1.1853)]
        func clients(_ outcome: RunOutcome) -> Double {
            let quantities = ProtocolQuantity.allCases
            func value(_ quantity: ProtocolQuantity) -> Double {
                outcome.values[quantities.count + quantities.firstIndex(of: quantity)!]
            }
            return value(.consumed) / 0.25 + value(.lostPrice) + value(.lostEmpty)
        }
        for run in 0..<4 as Range<UInt64> {
            let inPool = clients(try parameters.runPool(seed: 5, run: run))
            let inBook = clients(try parameters.runOrderBooks(books, seed: 5, run: run))
            #expect(inPool == inBook)
            #expect(inPool > 7000)
        }
    }
}
