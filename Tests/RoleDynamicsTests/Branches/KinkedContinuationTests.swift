import DissipativeMarket
import Foundation
import Testing

@testable import RoleDynamics

/// Smith and BNN along a parameter: kinks where a full turn neither grows nor falls off, and at the ends of the segment.
@Suite struct KinkedContinuationTests {
    @Test(arguments: [RevisionProtocol.smith, .bnn]) func theKinkIsAtTheCriticalLag(kind: RevisionProtocol) throws {
        let game = try RoleEquationsTests.game(kind: kind)
        let critical = try #require(try game.restPoints().points.first?.criticalLag.found)
        let diagram = try KinkedContinuation(
            game, BranchParameter(.lag, range: 0.01...1, isLogarithmic: true), .init()
        ).run()
        let kinks = diagram.events.filter { $0.label == .kink }
        try #require(kinks.count == 1)
        // Both by bisection of a growth that is known to 1e−13.
        #expect(abs(kinks[0].parameter / critical.lag - 1) < 1e-10)
        #expect(kinks[0].hopf == nil)
        #expect(kinks[0].reason?.contains("no Hopf point in the usual sense") == true)
        #expect(!diagram.events.contains { $0.label == .branchPoint })
    }

    @Test func bothSidesOfSmithAreTold() throws {
        let diagram = try KinkedContinuation(
            RoleEquationsTests.game(kind: .smith), BranchParameter(.lag, range: 0.01...1, isLogarithmic: true), .init()
        ).run()
        // Each side linearised: multilinear forms in 40 digits.
        let reason = try #require(diagram.events.first { $0.label == .kink }?.reason)
        #expect(reason.contains("0.1714600220640"))
        #expect(reason.contains("0.1725829734291"))
    }

    @Test func theSegmentHasTwoEnds() throws {
        let diagram = try KinkedContinuation(
            RoleEquationsTests.game(kind: .smith), BranchParameter(.y, range: 0.6...0.8, isLogarithmic: false), .init()
        ).run()
        let kinks = diagram.events.filter { $0.label == .kink }
        try #require(kinks.count == 2)
        #expect(kinks.allSatisfy { $0.parameter == 0.7 })
        // From the edge s–e, ℓ = 0, to the edge ℓ–s, ℓ = 1 − s = ½.
        #expect(kinks[0].shares[0] == 0)
        #expect(abs(kinks[1].shares[0] - 0.5) < 1e-5)
        #expect(abs(kinks[1].price - 1) < 1e-12)
    }

    @Test func cyclesThroughAKinkAreNotOffered() throws {
        var settings = RoleContinuation.Settings()
        settings.switching = .hopf
        let parameter = try BranchParameter(.lag, range: 0.01...1, isLogarithmic: true)
        let game = try RoleEquationsTests.game(kind: .bnn)
        #expect(throws: ContinuationError.self) { try KinkedContinuation(game, parameter, settings) }
        #expect(throws: ContinuationError.self) { try RoleContinuation(game, parameter, settings) }
    }

    @Test func bestResponseIsRefused() throws {
        let parameter = try BranchParameter(.y, range: 0.6...0.8, isLogarithmic: false)
        let game = try RoleEquationsTests.game(kind: .bestResponse)
        #expect(throws: ContinuationError.noDerivatives(.bestResponse)) { try RoleContinuation(game, parameter) }
        #expect(throws: ContinuationError.noDerivatives(.bestResponse)) {
            try KinkedContinuation(game, parameter, .init())
        }
    }
}
