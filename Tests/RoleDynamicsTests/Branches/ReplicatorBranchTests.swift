import DissipativeMarket
import Foundation
import Testing

@testable import NumericalMethods
@testable import RoleDynamics

/// The replicator's branches: on the faces of the simplex, where they leave them, and through γ = β.
@Suite struct ReplicatorBranchTests {
    static func number(_ game: RoleGame, face: RestFace) throws -> Int {
        try #require(try game.restPoints().points.firstIndex { $0.face == face }) + 1
    }

    static func diagram(
        _ game: RoleGame, face: RestFace, _ name: ParameterName, _ range: ClosedRange<Double>,
        isLogarithmic: Bool = false, _ switching: RoleContinuation.Switching = .none, requested: [Double] = []
    ) throws -> BranchDiagram {
        var settings = RoleContinuation.Settings()
        settings.start = try number(game, face: face)
        settings.switching = switching
        settings.requested = requested
        return try RoleContinuation(
            game, BranchParameter(name, range: range, isLogarithmic: isLogarithmic), settings
        ).run()
    }

    @Test func lpsDieOutAtATranscriticalPoint() throws {
        let game = try RoleEquationsTests.game(kind: .replicator)
        let diagram = try Self.diagram(game, face: .liquidityProvidersAndSellers, .kappaS, 0.3...1.2)
        let crossing = try #require(diagram.events.first { $0.label == .branchPoint })
        let bound = try #require(diagram.events.first { $0.label == .bound })
        // κ_s = D(x*), in 40 digits.
        #expect(abs(crossing.parameter - 0.4983942093731605) < 1e-11)
        #expect(abs(bound.parameter - 0.4983942093731605) < 1e-11)
        #expect(abs(bound.shares[0]) < 1e-12)
        #expect(abs(bound.shares[1] - 1) < 1e-12)
        #expect(!diagram.events.contains { $0.label == .fold })
    }

    @Test func hopfPointsOnTheEdge() throws {
        let baseline = try RoleEquationsTests.game(kind: .replicator, [.lag: 0.2])
        let diagram = try Self.diagram(
            baseline, face: .liquidityProvidersAndSellers, .lag, 0.1...5, isLogarithmic: true)
        let event = try #require(diagram.events.first { $0.label == .hopf })
        let hopf = try #require(event.hopf)
        #expect(abs(event.parameter / 0.3497499671630442 - 1) < 1e-10)
        #expect(abs((event.period ?? 0) / 12.064901440686 - 1) < 1e-10)
        #expect(abs(hopf.firstLyapunov / -62.406027957 - 1) < 1e-8)
        #expect(abs(hopf.amplitudeSlope / 0.033702605368 - 1) < 1e-8)
        #expect(abs(hopf.periodSlope / 1.4156119159 - 1) < 1e-8)
    }

    @Test func cyclesOnTheEdge() throws {
        let game = try RoleEquationsTests.game(kind: .replicator, [.lag: 0.2])
        let diagram = try Self.diagram(
            game, face: .liquidityProvidersAndSellers, .lag, 0.1...5.5, isLogarithmic: true, .hopf,
            requested: [0.5, 1, 5])
        let wanted = [
            [12.326552667001, 1.152255948333, 1.218680358774, 0.61954852],
            [13.729422148887, 1.122380414771, 1.244695252406, 0.154687011],
            [30.504987902678, 0.939504606147, 1.289989947575, 0.223007795],
        ]
        let found = diagram.branches.last?.cycles.filter { $0.label == .requested } ?? []
        try #require(found.count == 3)
        for (cycle, exact) in zip(found, wanted) {
            #expect(abs(cycle.period / exact[0] - 1) < 1e-9, "\(cycle.parameter) \(cycle.period)")
            #expect(abs(cycle.prices.lowerBound - exact[1]) < 1e-8)
            #expect(abs(cycle.prices.upperBound - exact[2]) < 1e-8)
            #expect(cycle.multipliers.contains { abs($0.real - exact[3]) < 1e-7 }, "\(cycle.multipliers)")
        }
    }

    @Test func theEdgeCrossesTheVerticalSegment() throws {
        let game = try RoleEquationsTests.game(kind: .replicator)
        let diagram = try Self.diagram(
            game, face: .liquidityProvidersAndSellers, .y, 0.6...0.83, .all)
        let crossing = try #require(diagram.events.first { $0.label == .branchPoint && $0.branch == 1 })
        #expect(abs(crossing.parameter - 0.7) < 1e-11)
        #expect(abs(crossing.shares[0] - 0.5) < 1e-5)
        // Along the segment the parameter stands still: no fold.
        let vertical = try #require(crossing.toBranch)
        let points = diagram.branches[vertical - 1].restPoints
        #expect(points.allSatisfy { abs($0.parameter - 0.7) < 1e-11 })
        #expect(!diagram.events.contains { $0.label == .fold })
    }
}
