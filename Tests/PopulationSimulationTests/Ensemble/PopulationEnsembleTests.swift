import DissipativeMarket
import Foundation
import RoleDynamics
import TestSupport
import Testing

@testable import PopulationSimulation

@Suite struct PopulationEnsembleTests {
    private static func ensemble(
        _ kind: PopulationProtocol = .logit, holders: Int = 500, trades: Bool = false, lag: Double = 0,
        depth: Double = 0,
        mutation: Double = 0, method: PopulationMethod = .leap(step: 0.02), runs: Int = 20, firstRun: Int = 0,
        x: Double = 1.1, times given: [Double] = [0.5, 1, 2], band: ClosedRange<Double>? = nil
    ) throws -> PopulationEnsemble {
        let game = try RoleGame.baseline(
            parameters: RevisionParameters(depthExponent: depth, observationLag: lag))
        return try PopulationEnsemble(
            Population(
                game, revisionProtocol: kind, holders: holders, price: trades ? .trades(size: 1) : .flow,
                mutation: mutation),
            logPrice: log(x), shares: .example(), times: given, method: method, runs: runs, firstRun: firstRun,
            seed: 42,
            band: band)
    }

    static let variants: [(PopulationProtocol, Bool, Double, PopulationMethod)] =
        PopulationProtocol.allCases.flatMap { kind in
            [false, true].flatMap { trades in
                [0, 0.1].flatMap { lag in
                    (kind == .bestResponse ? [PopulationMethod.exact] : [.exact, .leap(step: 0.02)]).map {
                        (kind, trades, lag, $0)
                    }
                }
            }
        }

    /// A run is the same alone, in any company and at any number of threads; and no two runs are alike.
    @Test(arguments: variants)
    func runsAreTheSameInAnyCompany(
        _ kind: PopulationProtocol, _ trades: Bool, _ lag: Double, _ method: PopulationMethod
    ) throws {
        func samples(_ runs: Int, first: Int, threads: Int) throws -> [[Double]] {
            PopulationSolution(
                of: try Self.ensemble(
                    kind, trades: trades, lag: lag, depth: 0.5, mutation: 0.2, method: method, runs: runs,
                    firstRun: first),
                threads: threads
            ).runs.map(\.samples)
        }
        let all = try samples(20, first: 0, threads: 1)
        #expect(try samples(20, first: 0, threads: 3) == all)
        #expect(try samples(1, first: 7, threads: 1) == [all[7]])
        #expect(Set(all).count == 20)
        #expect(all.allSatisfy { $0.count == 9 })
    }

    /// Holders are neither made nor lost, and no count is negative.
    @Test(arguments: variants)
    func countsStayCounts(
        _ kind: PopulationProtocol, _ trades: Bool, _ lag: Double, _ method: PopulationMethod
    ) throws {
        for holders in [1, 2, 37] {
            let ensemble = try Self.ensemble(
                kind, holders: holders, trades: trades, lag: lag, method: method, times: [1, 2, 3, 4])
            for run in PopulationSolution(of: ensemble).runs {
                for index in 0..<run.sampleCount {
                    let counts = run.counts(index, of: holders)
                    #expect(min(counts.liquidityProviders, counts.sellers, counts.external) >= 0)
                    #expect(counts.total == holders)
                }
            }
        }
    }

    /// A role that is lost under imitation stays lost, and the loss is told at its time.
    @Test(arguments: [PopulationProtocol.replicator, .fermi], [PopulationMethod.exact, .leap(step: 0.02)])
    func imitationAbsorbs(_ kind: PopulationProtocol, _ method: PopulationMethod) throws {
        let grid = times(1, until: 60)
        let solution = PopulationSolution(
            of: try Self.ensemble(kind, holders: 10, method: method, runs: 64, times: grid))
        var losses = 0
        for run in solution.runs {
            guard let loss = run.firstLoss else { continue }
            losses += 1
            for index in 0..<run.sampleCount {
                let left = run.counts(index, of: 10)[loss.role]
                if grid[index] >= loss.time { #expect(left == 0) }
            }
            #expect(loss.time > 0)
        }
        #expect(losses > 32)
        let mutated = PopulationSolution(
            of: try Self.ensemble(kind, holders: 10, mutation: 0.1, method: method, times: grid))
        #expect(mutated.runs.allSatisfy { $0.firstLoss == nil })
    }

    /// Without sellers and without anybody to imitate the price rises for ever; the run says so and has the samples before.
    @Test(arguments: [PopulationMethod.exact, .leap(step: 0.1)])
    func escapes(_ method: PopulationMethod) throws {
        // Demand is gone above the limits, so the price falls for ever: κ_s s = 1 against G(0+) = 0.2 of few buyers.
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.1, speculatingBuyers: 0.1, sellers: 1))
        let ensemble = try PopulationEnsemble(
            Population(game, revisionProtocol: .replicator, holders: 20), logPrice: -650,
            shares: RoleShares(liquidityProviders: 0, sellers: 1), times: [10, 20, 2000], method: method, runs: 2,
            seed: 0)
        for run in PopulationSolution(of: ensemble).runs {
            #expect(run.ending.status == "price-escaped")
            #expect(run.sampleCount == 2)
        }
    }

    @Test func bandIsWatched() throws {
        // A price at frozen z inside and outside of the band.
        for (method, x) in [(PopulationMethod.exact, 1.1), (.leap(step: 0.1), 1.1), (.exact, 2), (.leap(step: 0.1), 2)]
        {
            let game = try RoleGame.baseline()
            let run = try PopulationEnsemble(
                Population(game, holders: 50, isPriceFrozen: true), logPrice: log(x), shares: .example(),
                times: [1, 3],
                method: method, runs: 1, seed: 0, band: 0...log(1.3)
            ).run(0)
            #expect(abs((run.shareInBand ?? .nan) - (x < 1.3 ? 1 : 0)) < 1e-12)
            #expect(run.firstExit == (x < 1.3 ? nil : 0))
        }
        // From x = 1.25 up and out of the band: there is too little to sell.
        let ensemble = try Self.ensemble(
            holders: 1 << 50, runs: 1, x: 1.25, times: [0.05], band: log(1.2)...log(1.26))
        let run = ensemble.run(0)
        let exit = try #require(run.firstExit)
        // The share of the time before the exit.
        #expect(abs((run.shareInBand ?? .nan) - exit / 0.05) < 1e-9)
        #expect(exit > 0 && exit < 0.05)
    }

    /// A stretch that is partly inside the band counts for that part.
    @Test func stretchesAreCut() {
        let start = ChainState(
            counts: RoleCounts(liquidityProviders: 1, sellers: 0, external: 0), logPrice: 0, seenLogPrice: 0)
        var record = PathRecord(band: 0...1, watchesRoles: false, start: start)
        record.move(from: 0, at: 0, to: 4, at: 1)
        #expect(record.timeInBand == 0.25)
        #expect(record.firstExit == 0.25)
        record.move(from: 4, at: 1, to: -4, at: 2)
        #expect(record.timeInBand == 0.375)
        record.jump(to: 9, at: 3)
        #expect(record.firstExit == 0.25)
        record.move(from: 9, at: 3, to: 9, at: 4)
        #expect(record.timeInBand == 0.375)
    }

    /// A million holders take as many draws as a thousand; a count never depends on memory for holders.
    @Test func leapsDoNotGrowWithHolders() throws {
        let small = try Self.ensemble(holders: 1000, runs: 1).run(0)
        let large = try Self.ensemble(holders: 1_000_000_000_000, runs: 1).run(0)
        #expect(small.work == large.work)
    }

    @Test func momentsAloneAreTheSame() throws {
        let ensemble = try Self.ensemble()
        let (full, brief) = (PopulationSolution(of: ensemble), PopulationSolution(of: ensemble, mostBytes: 100))
        #expect(!brief.keepsSamples)
        for quantity in PopulationQuantity.allCases {
            #expect(brief.moments(quantity, 1) == full.moments(quantity, 1))
        }
        #expect(brief.sortedValues(.price, 0) == nil)
        #expect(full.sortedValues(.price, 0)?.count == 20)
    }

    // MARK: - Faults

    @Test func faults() throws {
        #expect(throws: ParameterError.self) { try Self.ensemble(holders: 0) }
        #expect(throws: ParameterError.self) { try Self.ensemble(holders: (1 << 53) + 1) }
        #expect(throws: ParameterError.self) { try Self.ensemble(runs: 0) }
        #expect(throws: ParameterError.self) { try Self.ensemble(times: [0]) }
        #expect(throws: ParameterError.self) { try Self.ensemble(times: []) }
        #expect(throws: ParameterError.self) { try Self.ensemble(times: [2, 1]) }
        #expect(throws: ParameterError.self) { try Self.ensemble(method: .leap(step: 3)) }
        #expect(throws: ParameterError.self) { try Self.ensemble(method: .leap(step: 0)) }
        #expect(throws: ParameterError.self) { try Self.ensemble(mutation: -1) }
        #expect(throws: ParameterError.self) { try Self.ensemble(x: 1e305) }
        #expect(throws: PopulationError.leapNeedsRates) { try Self.ensemble(.bestResponse) }
        #expect(throws: PopulationError.self) { try Self.ensemble(holders: 1_000_000_000_000, method: .exact) }
    }

    /// A step that the price's relaxation leaves behind is told from the rates.
    @Test func resolution() throws {
        #expect(try Self.ensemble().stepResolution < 0.5)
        #expect(try Self.ensemble(method: .leap(step: 0.5)).stepResolution > 1)
    }
}
