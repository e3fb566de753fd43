import DissipativeMarket
import RoleDynamics
import Testing

@testable import ProtocolSimulation

/// What nobody means well with has a clear outcome.
@Suite struct FaultTests {
    private func refusal(_ change: (inout PoolParameters) -> Void) throws -> String? {
        var pool = try baselinePool(providers: 5)
        change(&pool)
        do {
            _ = try ProtocolRun(ProtocolParameters(pools: [pool], times: [1]), seed: 1, run: 0)
            return nil
        } catch let error as ParameterError {
            return error.name
        }
    }

    private func last(_ outcome: RunOutcome, _ quantity: ProtocolQuantity) -> Double {
        let quantities = ProtocolQuantity.allCases
        return outcome.values[outcome.values.count - quantities.count + quantities.firstIndex(of: quantity)!]
    }

    @Test func refusesWhatCannotBe() throws {
        #expect(try refusal { $0.seedLiquidity = 0 } == "seed-liquidity")
        #expect(try refusal { $0.seedLiquidity = .nan } == "seed-liquidity")
        #expect(try refusal { $0.orderSize = -1 } == "order-size")
        #expect(try refusal { $0.unitSize = .infinity } == "unit-size")
        #expect(try refusal { $0.orderSize = 1e-12 } == "order-size")
        #expect(try refusal { _ in } == nil)
        let none = try baselinePool(providers: 0)
        #expect(throws: ParameterError.self) {
            _ = try ProtocolRun(ProtocolParameters(pools: [none], times: [1]), seed: 1, run: 0)
        }
        #expect(throws: ParameterError.self) {
            _ = try ProtocolRun(ProtocolParameters(pools: [], times: [1]), seed: 1, run: 0)
        }
        let pool = try baselinePool(providers: 5)
        #expect(throws: ParameterError.self) {
            _ = try ProtocolRun(ProtocolParameters(pools: [pool], times: [1], burnIn: 1), seed: 1, run: 0)
        }
    }

    /// Everybody leaves: what is left of the reserves is the seed.
    @Test(arguments: Dissipation.allCases) func reservesRunDownToTheSeed(_ dissipation: Dissipation) throws {
        var pool = try baselinePool(providers: 100, gamma: 0, price: 0.5, rationality: 1000)
        pool.seedLiquidity = 0.05
        var parameters = ProtocolParameters(pools: [pool], times: [0, 6])
        parameters.dissipation = dissipation
        let outcome = try parameters.runPool(seed: 1, run: 0)
        #expect(last(outcome, .external) > 0.3)
        #expect(last(outcome, .reserveAsset) > 0)
        #expect(last(outcome, .lp) <= 0.01)
    }

    /// An order larger than the pool is lost, and nothing else happens to it.
    @Test func anOrderLargerThanThePool() throws {
        let pool = try baselinePool(providers: 50, orderSize: 1000)
        let outcome = try ProtocolParameters(pools: [pool], times: [0, 400]).runPool(seed: 1, run: 0)
        #expect(last(outcome, .consumed) == 0)
        #expect(last(outcome, .lostEmpty) > 1)
        #expect(last(outcome, .lostPrice) == 0)
    }

    /// Nobody has tokens: providers who cannot lock collateral, or stake, are outside.
    @Test func aProviderWithoutTokens() throws {
        let pool = try baselinePool(providers: 50, gamma: 0.79, shares: (0, 0), kappa: (0, 0))
        var parameters = ProtocolParameters(pools: [pool], times: [0, 3])
        parameters.circulating = 0
        let outcome = try parameters.runPool(seed: 1, run: 0)
        #expect(last(outcome, .refused) > 50)
        #expect(last(outcome, .external) == 1)
    }

    /// Fees of 99 %, certain failure, no collateral, units of 10⁻⁹ and 10⁹: the books hold, and prices are finite.
    @Test(arguments: [(0.99, 0.2, 1.5), (0, 1, 1.5), (0, 0.2, 0), (0.99, 1, 0)], Dissipation.allCases)
    func extremesHold(_ values: (fee: Double, p: Double, theta: Double), _ dissipation: Dissipation) throws {
        let market = try Market(
            externalPrice: 0.7, failureProbability: values.p, collateral: values.theta, reservationPrice: 1.3,
            swapFee: values.fee)
        for size in [1e-9, 1, 1e9] {
            var pool = PoolParameters(
                market: market, blockReward: 0.79, providers: 40, initialPrice: 1, initialShares: .even)
            pool.unitSize = size
            pool.orderSize = size / 4
            var parameters = ProtocolParameters(pools: [pool], times: [0, 10])
            parameters.dissipation = dissipation
            let outcome = try parameters.runPool(seed: 1, run: 0)
            #expect(last(outcome, .price) > 0 && last(outcome, .price).isFinite)
            // The same people do the same, whatever the unit: the price does not depend on it but for rounding.
            #expect(last(outcome, .lp) >= 0)
        }
    }

    /// Rewards stop when the emission ends, and LPs leave.
    @Test func anEmissionThatEnds() throws {
        let pool = try baselinePool(providers: 200, gamma: 0, price: 1.18)
        var parameters = ProtocolParameters(pools: [pool], times: [0, 10, 11, 20])
        parameters.rewards = .emission(try Emission(tokens: 120, end: 10))
        let outcome = try parameters.runPool(seed: 1, run: 0)
        func value(_ time: Int, _ quantity: ProtocolQuantity) -> Double {
            outcome.values[time * 14 + ProtocolQuantity.allCases.firstIndex(of: quantity)!]
        }
        // Foundation's and team's part come whether there are LPs or not.
        #expect(abs(value(1, .minted) - 1200) <= 1e-9 * 1200)
        #expect(value(3, .minted) == value(1, .minted))
        #expect(value(1, .lp) > 0.2)
        #expect(value(3, .lp) < 0.05)
    }

    /// Seeds and stakes that end at one instant: the seed first, then the providers by number.
    @Test func twoEventsAtOneInstant() throws {
        let pool = try baselinePool(providers: 10, shares: (1, 0), kappa: (0, 0))
        var run = try ProtocolRun(ProtocolParameters(pools: [pool], times: [1]), seed: 1, run: 0, keepsRows: true)
        _ = try run.advance(to: 1)
        let ends = run.takeRows().filter { $0.kind == .expiry }
        var times: [Double] = []
        var actors: [Int] = []
        for place in 0..<10 {
            let time = (Double(place) + 0.5) / 10
            times += [time, time]
            actors += [10 + place, place]
        }
        #expect(ends.map(\.time) == times)
        #expect(ends.map(\.actor) == actors)
    }

    /// A run of no length tells its start.
    @Test func aRunOfNoLength() throws {
        let pool = try baselinePool(providers: 10)
        let outcome = try ProtocolParameters(pools: [pool], times: [0]).runPool(seed: 1, run: 0)
        #expect(outcome.events == 0)
        #expect(last(outcome, .price) == 1)
    }
}
