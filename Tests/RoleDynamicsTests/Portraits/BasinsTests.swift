import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct BasinsTests {
    private static func attractors(
        _ game: RoleGame, _ points: [PlanePoint], logPrice: Double? = nil, until end: Double, radius: Double = 1e-6
    ) throws -> [RoleEnsemble.Outcome] {
        let section: PortraitSection =
            if let logPrice {
                try .simplex(of: game, logPrice: logPrice)
            } else {
                try PortraitSection(
                    x: .price, y: .sellers, of: game, heldLogPrice: 0, heldShares: .proportion(.even))
            }
        let portrait = try PhasePortrait(of: game, in: section, window: PhaseWindow(x: 0.5...2, y: 0...1))
        let ensemble = try RoleEnsemble(
            until: end, algorithm: EnsembleAlgorithm(),
            settling: RoleEnsemble.SettlingRule(radius: radius, hold: 1, endsTrajectory: true))
        return try portrait.basins(of: points, by: ensemble).map { try #require($0) }
    }

    private static let plane: [PlanePoint] = (0..<5).flatMap { i in
        (0..<5).map { PlanePoint(0.5 + 0.37 * Double(i), 0.25 * Double($0)) }
    }

    /// The lattice of the simplex in so many steps.
    private static func simplex(_ n: Int) -> [PlanePoint] {
        (0...n).flatMap { j in (0...n - j).map { PlanePoint(Double($0) / Double(n), Double(j) / Double(n)) } }
    }

    /// A stable logit market has one rest point, to which everything goes, and the time to it is not before it is near.
    @Test func logit() throws {
        for game in [
            try RoleGame.baseline(0.79), try .baseline(0.6), try .offBaseline(), try .offBaseline(depthExponent: 1),
        ] {
            let starts = Self.plane.filter { $0.y < 1 }
            let basins = try Self.attractors(game, starts, until: 200)
            #expect(basins.allSatisfy { $0.attractor == .restPoint(1) })
            #expect(basins.allSatisfy { ($0.settledSince ?? -1) > 0 })
        }
    }

    /// Smith and BNN go to the Nash point; BNN's idle role dies out like 1/t, so within 1e−3.
    @Test(arguments: [RevisionProtocol.smith, .bnn]) func nash(_ kind: RevisionProtocol) throws {
        let game = try RoleGame.baseline(0.79, kind)
        let basins = try Self.attractors(game, Self.plane, until: 9000, radius: 2e-3)
        #expect(basins.allSatisfy { $0.attractor == .restPoint(1) })
    }

    /// Under the replicator faces are invariant: from the edge without LPs to its own rest point, from the inside and from the
    /// edge without external sellers to the Nash point, and from where nobody sells to none.
    @Test func replicator() throws {
        let game = try RoleGame.baseline(0.79, .replicator)
        let points = try game.restPoints().points
        let nash = try #require(points.firstIndex { $0.isNash == true }) + 1
        let edge = try #require(points.firstIndex { $0.face == .sellersAndExternal }) + 1
        let starts = Self.simplex(6)
        // κ_s = κ_g + κ_b: with sellers only the price falls ever more slowly, and no vertex is a rest point.
        let basins = try Self.attractors(game, starts, logPrice: 0.1, until: 4000)
        let interior = try Self.attractors(game, [PlanePoint(0.3, 0.3)], logPrice: 0.1, until: 4000)
        #expect(interior[0].attractor == .restPoint(nash))
        for (start, basin) in zip(starts, basins) {
            let (l, s) = (start.x, start.y)
            let expected: Attractor =
                s == 0 || s == 1 ? .notSettled : l == 0 ? .restPoint(edge) : .restPoint(nash)
            // At w = 0.02 the edge's point is damped by 7.65e−6 only: far too slow to be reached by then.
            if l == 0, s > 0, s < 1 {
                #expect(basin.attractor == .notSettled)
                continue
            }
            #expect(basin.attractor == expected, "\(start)")
        }
        // With a wider demand it is reached.
        let wide = try RoleGame.baseline(0.79, .replicator, parameters: RevisionParameters(demandWidth: 0.3))
        let number = try #require(try wide.restPoints().points.firstIndex { $0.face == .sellersAndExternal }) + 1
        let onEdge = try Self.attractors(wide, [PlanePoint(0, 0.3), PlanePoint(0, 0.7)], logPrice: 0.1, until: 400)
        #expect(onEdge.map(\.attractor) == [.restPoint(number), .restPoint(number)])
        // The face is kept to the bit.
        #expect(onEdge.allSatisfy { $0.last.shares.liquidityProviders == 0 })
    }

    /// Beyond the critical lag the attractor is the cycle of the model, whose period is 2.58566.
    @Test func cycle() throws {
        let game = try RoleGame.baseline(0.79, parameters: RevisionParameters(observationLag: 0.5))
        let basins = try Self.attractors(game, Self.plane, until: 300)
        #expect(basins.allSatisfy { $0.attractor == .cycle })
        for basin in basins { #expect(abs(try #require(basin.cycle).period - 2.58566) < 2e-5) }
    }

    /// Too short to settle, too few steps: never counted as settled.
    @Test func notSettled() throws {
        for game in [try RoleGame.baseline(0.79), try .baseline(0.79, .smith), try .baseline(0.79, .replicator)] {
            let basins = try Self.attractors(game, Self.plane, until: 1.5)
            #expect(basins.allSatisfy { $0.attractor == .notSettled && $0.settledSince == nil })
        }
        let game = try RoleGame.baseline(0.79)
        let portrait = try PhasePortrait(
            of: game,
            in: PortraitSection(x: .price, y: .sellers, of: game, heldLogPrice: 0, heldShares: .proportion(.even)),
            window: PhaseWindow(x: 0.5...2, y: 0...1))
        let limited = try RoleEnsemble(
            until: 100, algorithm: EnsembleAlgorithm(maximumSteps: 5), settling: RoleEnsemble.SettlingRule())
        let points = Self.plane + [PlanePoint(0, 0.5), PlanePoint(1, 1.5)]
        let basins = try portrait.basins(of: points, by: limited)
        #expect(basins.suffix(2) == [nil, nil])
        for basin in basins.dropLast(2) {
            #expect(basin?.attractor == .notSettled)
            #expect(basin?.ending == .stepLimit)
        }
    }

    /// The model's game without a rest point: the price falls for ever from every start, and that is only said once it is far
    /// down: not by t = 20, at a speed below 0.2.
    @Test func escape() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.1, speculatingBuyers: 0.1, sellers: 1),
            parameters: RevisionParameters(rationality: 0.1))
        #expect(try game.restPoints().points.isEmpty)
        let starts = Self.plane
        #expect(try Self.attractors(game, starts, until: 20).allSatisfy { $0.attractor == .notSettled })
        let basins = try Self.attractors(game, starts, until: 400)
        #expect(basins.allSatisfy { $0.attractor == .escapeToZero })
        for basin in basins { #expect((basin.settledSince ?? 0) > 20) }
    }

    /// q at the start is that of the plane where it is an axis: a start on it differs from one with q = z.
    @Test func seenPrice() throws {
        let game = try RoleGame.baseline(0.79, parameters: RevisionParameters(observationLag: 0.5))
        let portrait = try PhasePortrait(
            of: game,
            in: PortraitSection(
                x: .logPrice, y: .observedLogPrice, of: game, heldLogPrice: 0, heldShares: .proportion(.even)),
            window: PhaseWindow(x: 0...0.3, y: 0...0.3))
        let ensemble = try RoleEnsemble(until: 0, algorithm: EnsembleAlgorithm(), settling: RoleEnsemble.SettlingRule())
        let basin = try #require(try portrait.basins(of: [PlanePoint(0.1, 0.3)], by: ensemble)[0])
        #expect(basin.last.logPrice == 0.1)
        #expect(basin.last.observedLogPrice == 0.3)
        let velocity = try portrait.velocity(at: PlanePoint(0.1, 0.3))
        #expect(abs(velocity.observedLogPrice + 0.4) < 1e-15)
    }
}
