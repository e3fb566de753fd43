import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct RoleEnsembleTests {
    typealias Cell = RoleEnsemble.Cell

    private static func cells(
        _ count: Int, _ kind: RevisionProtocol, depth: Bool = false, lag: Bool = false, seed: UInt64
    ) throws -> [Cell] {
        var generator = SeededGenerator(seed: seed)
        return try (0..<count).map { _ in
            let game = try RoleGame.random(&generator, kind, depth: depth, lag: lag)
            return Cell(
                game: game, logPrice: generator.uniform(-0.5...0.7), shares: RoleShares.random(&generator))
        }
    }

    private static func ensemble(
        until end: Double, _ method: EnsembleMethod = .dormandPrince8, rtol: Double = 1e-8, atol: Double = 1e-10,
        times: [Double] = [], settling: RoleEnsemble.SettlingRule? = nil
    ) throws -> RoleEnsemble {
        try RoleEnsemble(
            until: end,
            algorithm: EnsembleAlgorithm(method: method, relativeTolerance: rtol, absoluteTolerance: atol),
            sampleTimes: times, settling: settling)
    }

    struct Row: Sendable {
        let kind: RevisionProtocol
        let depth: Bool
        let lag: Bool
    }

    static let rows: [Row] = [RevisionProtocol.logit, .smith, .bnn, .replicator].flatMap { kind in
        [(false, false), (true, false), (false, true), (true, true)].map { Row(kind: kind, depth: $0.0, lag: $0.1) }
    }

    /// Both methods against GSL's rk8pd one by one at a tolerance of 1e−13, on the way and at the end: within 1e−9, a hundred
    /// times the tolerance of 1e−11 in the lanes; 2e−8 with a kink, where an estimate made for smooth fields says too little.
    @Test(arguments: RevisionProtocol.allCases.filter { $0 != .logit && $0 != .bestResponse })
    func aSegmentIsOneTarget(_ revision: RevisionProtocol) throws {
        let market = try Market(
            externalPrice: 0.7, failureProbability: 1, collateral: 0.3, reservationPrice: 1.3)
        let game = try RoleGame(market: market, blockReward: 0.7, revisionProtocol: revision)
        let rest = try game.restPoints()
        #expect(rest.points.contains { $0.degeneracies.contains(.segmentEnd) })
        let cell = try rest.trajectory(
            logPrice: 0.2, shares: RoleShares(liquidityProviders: 0.3, sellers: 0.3))
        #expect(cell.targets.map(\.attractor).filter { $0 != .escapeToZero } == [.segment])
        // It comes to rest on it, in between the ends; replicator and Smith's dynamics have a damping of 1.5e−5 at w = 0.02.
        var wide = cell
        wide.game = try game.with(parameters: RevisionParameters(demandWidth: 0.3))
        wide = try wide.game.restPoints().trajectory(logPrice: 0.2, shares: cell.shares)
        let outcome = try Self.ensemble(until: 2000, settling: RoleEnsemble.SettlingRule(radius: 1e-5)).solve([wide])[0]
        #expect(outcome.attractor == .segment)
        #expect(outcome.last.shares.liquidityProviders > 0.01)
    }

    @Test(arguments: rows, EnsembleMethod.allCases) func agreesWithGSL(_ row: Row, _ method: EnsembleMethod) throws {
        let cells = try Self.cells(11, row.kind, depth: row.depth, lag: row.lag, seed: 60)
        let times = [0, 0.5, 1.7, 3]
        let outcomes = try Self.ensemble(until: 3, method, rtol: 1e-11, atol: 1e-12, times: times).solve(cells)
        let algorithm = try ODEAlgorithm(method: .rk8pd, relativeTolerance: 1e-13, absoluteTolerance: 1e-14)
        for (cell, outcome) in zip(cells, outcomes) {
            let path = try RoleTrajectory(
                cell.game, logPrice: cell.logPrice, shares: cell.shares, until: 3, algorithm: algorithm)
            #expect(outcome.ending == .reachedEnd)
            #expect(outcome.samples.map(\.time) == times)
            #expect(outcome.samples.last == outcome.last)
            let allowed = row.kind == .smith || row.kind == .bnn ? 2e-8 : 1e-9
            for sample in outcome.samples {
                let exact = try #require(try path.advance(to: sample.time))
                #expect(abs(sample.logPrice - exact.logPrice) < allowed)
                #expect(abs(sample.observedLogPrice - exact.observedLogPrice) < allowed)
                #expect(abs(sample.shares.liquidityProviders - exact.shares.liquidityProviders) < allowed)
                #expect(abs(sample.shares.sellers - exact.shares.sellers) < allowed)
                #expect(abs(sample.shares.external - exact.shares.external) < allowed)
            }
        }
    }

    /// The grid of the benchmark, thinned: final states within 1e−8 of GSL's at 1e−13.
    @Test func benchmarkGrid() throws {
        let shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.1)
        let cells = try (0..<400).map { index in
            Cell(
                game: try .baseline(0.5 + 0.6 * Double(index % 20) / 19),
                logPrice: log(0.3 + 2.2 * Double(index / 20) / 19), shares: shares)
        }
        let outcomes = try Self.ensemble(until: 20).solve(cells)
        let algorithm = try ODEAlgorithm(method: .rk8pd, relativeTolerance: 1e-13, absoluteTolerance: 1e-14)
        for (cell, outcome) in zip(cells, outcomes) {
            let path = try RoleTrajectory(
                cell.game, logPrice: cell.logPrice, shares: shares, until: 20, algorithm: algorithm)
            let exact = try #require(try path.advance(to: 20))
            #expect(abs(outcome.last.logPrice - exact.logPrice) < 1e-8)
            #expect(abs(outcome.last.shares.liquidityProviders - exact.shares.liquidityProviders) < 1e-8)
            #expect(abs(outcome.last.shares.sellers - exact.shares.sellers) < 1e-8)
            #expect(abs(outcome.last.shares.external - exact.shares.external) < 1e-8)
        }
    }

    /// Games of all kinds beside each other: each as it is alone, on any number of threads.
    @Test func kindsMix() throws {
        var cells: [Cell] = []
        for (index, row) in Self.rows.enumerated() {
            cells += try Self.cells(9, row.kind, depth: row.depth, lag: row.lag, seed: 70 + UInt64(index))
        }
        var generator = SeededGenerator(seed: 69)
        cells.shuffle(using: &generator)
        let ensemble = try Self.ensemble(until: 2, times: [1], settling: RoleEnsemble.SettlingRule())
        let all = try ensemble.solve(cells, threads: 2)
        #expect(try ensemble.solve(cells) == all)
        for index in stride(from: 0, to: cells.count, by: 7) {
            #expect(try ensemble.solve([cells[index]]) == [all[index]])
        }
        #expect(try ensemble.solve([]).isEmpty)
    }

    /// Shares on the simplex, from its vertices and edges too.
    @Test(arguments: rows.filter { !$0.depth }) func simplex(_ row: Row) throws {
        var cells = try Self.cells(60, row.kind, lag: row.lag, seed: 61)
        let corners = [(1.0, 0.0, 0.0), (0, 1, 0), (0, 0, 1), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
        for (index, corner) in corners.enumerated() {
            cells[index].shares = RoleShares(unchecked: corner.0, corner.1, corner.2)
        }
        let outcomes = try Self.ensemble(until: 10, times: [0.1, 1, 5]).solve(cells)
        for (cell, outcome) in zip(cells, outcomes) {
            for sample in outcome.samples + [outcome.last] {
                let shares = sample.shares
                #expect(min(shares.liquidityProviders, shares.sellers, shares.external) >= 0)
                #expect(abs(shares.liquidityProviders + shares.sellers + shares.external - 1) <= 4e-16)
                if row.kind == .replicator, cell.shares.sellers == 0 { #expect(shares.sellers == 0) }
            }
        }
    }

    // MARK: - Where they go

    private static func cell(
        _ game: RoleGame, x: Double, _ shares: RoleShares
    ) throws -> (cell: Cell, points: [RestPoint], all: RestPointSolution) {
        let rest = try game.restPoints()
        let cell = rest.trajectory(logPrice: log(x), shares: shares)
        let points = cell.targets.compactMap { target in
            if case .restPoint(let number) = target.attractor { rest.points[number - 1] } else { nil }
        }
        return (cell, points, rest)
    }

    /// The baseline of the model: every start settles at the one rest point, and from `settledSince` on it is within the
    /// radius, just outside before.
    @Test(arguments: [0.5, 0.79, 1.0]) func logitSettles(_ y: Double) throws {
        let shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.1)
        let game = try RoleGame.baseline(y)
        let cells = try [0.3, 1, 2.5].map { try Self.cell(game, x: $0, shares).cell }
        let rule = try RoleEnsemble.SettlingRule(radius: 1e-5, hold: 1)
        let outcomes = try Self.ensemble(until: 60, settling: rule).solve(cells)
        let algorithm = try ODEAlgorithm(method: .rk8pd, relativeTolerance: 1e-13, absoluteTolerance: 1e-14)
        for (cell, outcome) in zip(cells, outcomes) {
            #expect(outcome.attractor == .restPoint(1))
            let since = try #require(outcome.settledSince)
            let path = try RoleTrajectory(
                game, logPrice: cell.logPrice, shares: shares, until: 60, algorithm: algorithm)
            // The distance there is the radius, up to the errors of both, 1e−8 of 1e−5 with a margin.
            let there = try #require(try path.advance(to: since))
            #expect(abs(cell.targets[0].distance(of: there) - 1e-5) < 1e-7)
            for k in 1...40 {
                let later = try #require(try path.advance(to: since + 0.1 * Double(k)))
                #expect(cell.targets[0].distance(of: later) < 1.01e-5)
            }
        }
        // Ended there.
        let early = try Self.ensemble(
            until: 60, settling: RoleEnsemble.SettlingRule(radius: 1e-5, hold: 1, endsTrajectory: true)
        ).solve(cells)
        for (one, other) in zip(outcomes, early) {
            #expect(other.ending == .settled)
            #expect(other.last.time < 60)
            #expect(one.settledSince == other.settledSince)
        }
        // Too short a time to settle: it says so.
        for outcome in try Self.ensemble(until: 2, settling: rule).solve(cells) {
            #expect(outcome.ending == .reachedEnd)
            #expect(outcome.attractor == .notSettled)
            #expect(outcome.settledSince == nil)
        }
    }

    /// Beyond the critical lag: the model's limit cycle at lag 0.5, y = 0.79, period 2.58566; below it the rest point.
    @Test(arguments: EnsembleMethod.allCases) func lagMakesACycle(_ method: EnsembleMethod) throws {
        let shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.5)
        let cells = try [0.5, 0.1].map { lag in
            let game = try RoleGame.baseline(0.79).with(parameters: RevisionParameters(observationLag: lag))
            return try Self.cell(game, x: 1.25, shares)
        }
        // Beyond the critical lag no rest point attracts.
        #expect(cells[0].points.isEmpty)
        #expect(cells[1].points.count == 1)
        let rule = try RoleEnsemble.SettlingRule(hold: 1, endsTrajectory: true)
        let outcomes = try Self.ensemble(until: 400, method, rtol: 1e-9, atol: 1e-12, settling: rule)
            .solve(cells.map(\.cell))
        let cycle = try #require(outcomes[0].cycle)
        #expect(outcomes[0].ending == .settled)
        #expect(outcomes[0].attractor == .cycle)
        // The period is given to five decimals; a recurrence to 1e−5 of the extent leaves no more.
        #expect(abs(cycle.period - 2.58566) < 1.5e-5)
        #expect(outcomes[1].ending == .settled)
        #expect(outcomes[1].attractor == .restPoint(1))
    }

    /// Replicator, y = 0.79: the Nash point on the edge of LPs and sellers; without LPs at the start that of external
    /// sellers, which is a saddle for everyone else and attracts nobody else. It is slow: −0.047 and −7.65e−6.
    @Test func replicatorEdges() throws {
        let game = try RoleGame.baseline(0.79, .replicator)
        let inside = try Self.cell(game, x: 1.1, RoleShares(liquidityProviders: 0.4, sellers: 0.4))
        let withoutLPs = try Self.cell(game, x: 1.1, RoleShares(liquidityProviders: 0, sellers: 0.4))
        let withoutSellers = try Self.cell(game, x: 1.1, RoleShares(liquidityProviders: 0.5, sellers: 0))
        #expect(inside.points.map(\.face) == [.liquidityProvidersAndSellers])
        #expect(withoutLPs.points.map(\.face) == [.sellersAndExternal])
        #expect(withoutSellers.points.isEmpty)
        let rule = try RoleEnsemble.SettlingRule(radius: 1e-4, hold: 1)
        let outcomes = try Self.ensemble(until: 300, settling: rule)
            .solve([inside.cell, withoutLPs.cell, withoutSellers.cell])
        #expect(outcomes[0].attractor == inside.cell.targets[0].attractor)
        // Its spiral takes 1e5 times as long: it has not settled, and is on no cycle.
        #expect(outcomes[1].attractor == .notSettled)
        #expect(outcomes[2].attractor == .notSettled)
        #expect(outcomes[2].last.shares.sellers == 0)
    }

    @Test(arguments: [RevisionProtocol.smith, .bnn]) func kinkedProtocolsSettle(_ kind: RevisionProtocol) throws {
        let game = try RoleGame.baseline(0.79, kind)
        let cell = try Self.cell(game, x: 1.3, RoleShares(liquidityProviders: 0.5, sellers: 0.4))
        let rule = try RoleEnsemble.SettlingRule(radius: 1e-3, hold: 5, endsTrajectory: true)
        let outcome = try Self.ensemble(until: 5000, settling: rule).solve([cell.cell])[0]
        #expect(outcome.ending == .settled)
        #expect(outcome.attractor == .restPoint(1))
        #expect(abs(exp(outcome.last.logPrice) - 1.185244498) < 2e-3)
    }

    /// At a kink with a lag below the critical one, 0.6107, a run comes to rest, above it goes to a cycle.
    @Test(arguments: [(0.55, Attractor.restPoint(1)), (0.65, .cycle)])
    func aKinkWithALag(_ lag: Double, _ attractor: Attractor) throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.9, speculatingBuyers: 0.5, sellers: 1),
            parameters: RevisionParameters(demandWidth: 0.02, observationLag: lag), revisionProtocol: .smith)
        let start = try Self.cell(game, x: 1.19, RoleShares(liquidityProviders: 0.11, sellers: 0.89))
        let rule = try RoleEnsemble.SettlingRule(radius: 1e-4, hold: 30, endsTrajectory: true)
        let outcome = try Self.ensemble(until: 5000, settling: rule).solve([start.cell])[0]
        #expect(outcome.attractor == attractor)
    }

    /// A rest point whose stability the first order does not decide is a target all the same: distance and dwell decide.
    @Test func undecidedPointsAreTargets() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.9, speculatingBuyers: 0.5, sellers: 1),
            parameters: RevisionParameters(demandWidth: 0.05, observationLag: 1.5), revisionProtocol: .smith)
        let start = try Self.cell(game, x: 1.2, RoleShares(liquidityProviders: 0.2, sellers: 0.7))
        let rule = try RoleEnsemble.SettlingRule()
        #expect(try Self.ensemble(until: 2000, settling: rule).solve([start.cell])[0].attractor == .restPoint(1))
        let idle = try #require(try RoleGame.baseline(0.79, .bnn).restPoints().points.first)
        #expect(idle.degeneracies == [.idleRoleDiesSlowly])
        #expect(try Self.cell(.baseline(0.79, .bnn), x: 1, .even).points == [idle])
    }

    /// No rest point: the price falls for ever, and by t = 200 is far below all that means something to it, as
    /// ``BasinsTests/escape()`` has it of the same game.
    @Test func fallsForEver() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.1, speculatingBuyers: 0.1, sellers: 1),
            parameters: RevisionParameters(rationality: 0.1))
        let cell = try Self.cell(game, x: 1, .even)
        #expect(cell.points.isEmpty)
        #expect(cell.all.points.isEmpty)
        let outcome = try Self.ensemble(until: 200, settling: RoleEnsemble.SettlingRule()).solve([cell.cell])[0]
        #expect(outcome.ending == .reachedEnd)
        #expect(outcome.attractor == .escapeToZero)
        #expect(outcome.last.logPrice < -10)
    }

    // MARK: - What ends otherwise

    /// Demand at any price and a pool that empties: a cell that meets its limit leaves the others as they are.
    @Test func oneOfManyFails() throws {
        var cells = try Self.cells(20, .logit, seed: 62)
        let ensemble = try Self.ensemble(until: 5)
        let well = try ensemble.solve(cells)
        cells[7].logPrice = 709.5
        cells[13].game = try cells[13].game.with(parameters: RevisionParameters(demandWidth: 1e-9, revisionRate: 1e7))
        let limited = try RoleEnsemble(until: 5, algorithm: EnsembleAlgorithm(maximumSteps: 2000))
        let outcomes = try limited.solve(cells)
        #expect(outcomes[7].ending == .undefined)
        #expect(outcomes[13].ending == .stepLimit)
        for index in cells.indices where ![7, 13].contains(index) { #expect(outcomes[index] == well[index]) }
    }

    @Test func refused() throws {
        #expect(throws: ParameterError.self) { try Self.ensemble(until: -1) }
        #expect(throws: ParameterError.self) { try Self.ensemble(until: .nan) }
        #expect(throws: EnsembleError.self) { try Self.ensemble(until: 1, times: [2]) }
        for radius in [0, -1, .nan, .infinity] {
            #expect(throws: ParameterError.self) { try RoleEnsemble.SettlingRule(radius: radius) }
        }
        #expect(throws: ParameterError.self) { try RoleEnsemble.SettlingRule(hold: -1) }
        let ensemble = try Self.ensemble(until: 1)
        let best = try RoleGame.baseline(0.79, .bestResponse)
        #expect(throws: BestResponseNeedsItsOwn.self) {
            try ensemble.solve([Cell(game: best, logPrice: 0, shares: .even)])
        }
        let logit = try RoleGame.baseline(0.79)
        #expect(throws: ParameterError.self) {
            try ensemble.solve([Cell(game: logit, logPrice: .infinity, shares: .even)])
        }
        let deep = try logit.with(parameters: RevisionParameters(depthExponent: 1))
        #expect(throws: ParameterError.self) {
            try ensemble.solve([Cell(game: deep, logPrice: 0, shares: RoleShares(unchecked: 0, 0.5, 0.5))])
        }
    }

    /// An ensemble that is cancelled gives a row for each cell.
    @Test func cancelled() throws {
        let cells = try Self.cells(100, .logit, seed: 63)
        let cancellation = Cancellation()
        cancellation.cancel()
        let outcomes = try Self.ensemble(until: 1e6).solve(cells, cancellation: cancellation)
        #expect(outcomes.count == 100)
        #expect(outcomes.contains { $0.ending == .cancelled })
    }
}
