import DissipativeMarket
import Foundation
import Testing

@testable import RoleDynamics

@Suite struct LongRunEndTests {
    /// The trajectory's end is the stable rest point, which is found without integrating.
    @Test(arguments: [RevisionProtocol.logit, .replicator, .smith, .bestResponse], [0.5, 0.79])
    func isTheStableRestPoint(_ kind: RevisionProtocol, _ y: Double) throws {
        let game = try RoleGame.baseline(y, kind)
        let row = try #require(Agreement(of: game).addingTrajectory().rows.last)
        #expect(row.route == .trajectory)
        let points = try game.restPoints().points
        let point = try #require(points.first { $0.type?.isStable == true || $0.type == .sliding })
        if kind == .replicator || kind == .smith, y == 0.5 {
            // They turn with a damping of 8e−6 and are not at rest by then, which the row says.
            #expect(row.price == nil)
            #expect(row.note?.contains("not come to rest") == true)
            return
        }
        // Changes below 1e−8 a half-time, over at most a few relaxation times; the best response up to its amplitude.
        let allowed = kind == .bestResponse ? 1e-4 : 1e-6
        #expect(abs(try #require(row.price) - point.price) < allowed, "\(row)")
        #expect(abs(try #require(row.shares).sellers - point.shares.sellers) < allowed)
    }

    @Test func oscillationIsNoRest() throws {
        let game = try RoleGame.baseline(0.79, parameters: RevisionParameters(observationLag: 0.5))
        let row = try #require(Agreement(of: game).addingTrajectory().rows.last)
        #expect(row.price == nil)
        #expect(row.shares == nil)
        #expect(row.note?.contains("x from 1.09") == true, "\(row)")
    }
}
