import DissipativeMarket
import Testing

@testable import ProtocolSimulation

@Suite struct EmissionTests {
    private static let day: UInt64 = 86_400_000_000_000

    private func loopin(period: UInt64 = day) throws -> EmissionSchedule {
        try EmissionSchedule(
            tokens: 100_000, period: Self.day, start: 0, halving: 365 * Self.day, share: 0.7, capacity: 1,
            tokenPrice: 1,
            unit: period)
    }

    /// LooPIN's schedule with a stake of a week: seven days' tokens a period, halved after 365/7 periods.
    @Test func scheduleInPeriodsOfAWeek() throws {
        let emission = try Emission(schedule: try loopin(period: 7 * Self.day), until: 105)
        #expect(emission.stages.map(\.tokens) == [700_000, 350_000, 175_000])
        #expect(emission.stages.map(\.start) == [0, 365.0 / 7, 730.0 / 7])
        #expect(emission.providerShare == 0.7)
        #expect(abs(emission.teamShare - 0.1) <= 1e-15)
    }

    /// What the providers get together is the schedule's own reward of one unit.
    @Test func providersPartIsTheSchedulesReward() throws {
        let schedule = try loopin()
        let emission = try Emission(schedule: schedule, until: 1000)
        for (count, stage) in emission.stages.enumerated() {
            #expect(abs(stage.tokens * 0.7 - schedule.reward(afterHalvings: count)) <= 1e-9)
        }
    }

    @Test func anEndIsTheLastStage() throws {
        let emission = try Emission(schedule: try loopin(), end: 400, until: 2000)
        #expect(emission.stages.map(\.start) == [0, 365, 400])
        #expect(emission.stages.last?.tokens == 0)
    }

    @Test func refusesSharesThatAreNone() {
        #expect(throws: ParameterError.self) { _ = try Emission(tokens: -1) }
        #expect(throws: ParameterError.self) { _ = try Emission(tokens: 1, providerShare: 0) }
        #expect(throws: ParameterError.self) { _ = try Emission(tokens: 1, providerShare: 0.9, foundationShare: 0.2) }
        #expect(throws: ParameterError.self) { _ = try Emission(tokens: 1, end: 0) }
        #expect(throws: ParameterError.self) { _ = try Emission(tokens: .nan) }
    }

    /// An emission mints exactly what its stages come to, across a halving.
    @Test func mintsWhatTheStagesComeTo() throws {
        let pool = try baselinePool(providers: 20, gamma: 0, price: 1.1)
        var parameters = ProtocolParameters(pools: [pool], times: [0, 600])
        parameters.rewards = .emission(
            try Emission(
                schedule: try EmissionSchedule(
                    tokens: 10, period: Self.day, start: 0, halving: 365 * Self.day, share: 0.7, capacity: 1,
                    tokenPrice: 1, unit: Self.day), until: 600))
        let run = try parameters.runPool(seed: 1, run: 0)
        let minted = run.values[14 + ProtocolQuantity.allCases.firstIndex(of: .minted)!]
        // While nobody provides liquidity the LPs' part is not minted: it is at most that, and the rest at least.
        let all = 4825.0
        #expect(minted <= all + 1e-8)
        #expect(minted >= 0.95 * all)
    }
}
