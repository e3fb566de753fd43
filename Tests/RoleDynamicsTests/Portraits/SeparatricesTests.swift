import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

private func portrait(_ game: RoleGame) throws -> PhasePortrait {
    try PhasePortrait(
        of: game,
        in: PortraitSection(x: .price, y: .sellers, of: game, heldLogPrice: 0, heldShares: .proportion(.even)),
        window: PhaseWindow(x: 0.8...1.5, y: 0...1))
}

@Suite struct SeparatricesTests {
    private static func algorithm() throws -> ODEAlgorithm {
        try ODEAlgorithm(relativeTolerance: 1e-11, absoluteTolerance: 1e-13)
    }

    /// The replicator's saddle on the edge of sellers and external sellers: LPs come in along +0.18 and lead to the Nash
    /// point. The stable manifold is the edge, of two dimensions.
    @Test func replicator() throws {
        let game = try RoleGame.baseline(0.79, .replicator)
        let portrait = try portrait(game)
        let saddle = try #require(portrait.restPoints.points.first { $0.type == .saddle })
        let nash = try #require(portrait.restPoints.nashPoints.first)
        let found = try portrait.separatrices(until: 600, algorithm: Self.algorithm())
        #expect(found.curves.count == 1)
        let curve = try #require(found.curves.first)
        #expect(!curve.isStable)
        #expect(abs(curve.eigenvalue - 0.18) < 1e-12)
        #expect(curve.startError <= 1e-9)
        #expect(
            found.untraced == [
                UntracedManifold(
                    restPoint: curve.restPoint, isStable: true,
                    reason: "has 2 dimensions and is no curve; the borders of the basins show it")
            ])
        #expect(portrait.restPoints.points[curve.restPoint - 1] == saddle)
        #expect(curve.path.samples[0] == portrait.sample(saddle))
        // It leaves along the eigenvector, into the simplex: the direction of the first step, whose length is the start's, is
        // that of the vector but for the curvature.
        let vector = try #require(
            saddle.stability.eigenvectors?[saddle.stability.eigenvalues?.firstIndex { $0.real > 0 } ?? 0]
        )
        .map(\.real)
        let first = curve.path.samples[1]
        let step = [
            first.logPrice - saddle.logPrice, first.shares.liquidityProviders,
            first.shares.sellers - saddle.shares.sellers,
        ]
        let sign = curve.side == .plus ? 1.0 : -1
        for (a, b) in zip(step, vector) { #expect(abs(a / curve.startDistance - sign * b) < 20 * curve.startDistance) }
        #expect(first.shares.liquidityProviders > 0)
        let last = try #require(curve.path.samples.last)
        #expect(last.time == 600)
        #expect(last.distance(from: nash.logPrice, nash.shares) < 1e-6)
        // The same orbit by log odds, from the first point on.
        let exact = try RoleTrajectory(
            game, logPrice: first.logPrice, shares: first.shares, until: 40, algorithm: Self.algorithm())
        for sample in curve.path.samples.dropFirst() where sample.time <= 40 {
            let other = try #require(try exact.advance(to: sample.time))
            #expect(sample.distance(from: other.logPrice, other.shares) < 1e-8)
        }
    }

    /// Where κ_s is small the vertex s = 1 is a rest point of the replicator, a saddle where others earn more: what is a curve
    /// is followed, in and out, and backwards in time the rest point is come back to.
    @Test func vertex() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.95,
            intensities: TradeIntensities(genuineBuyers: 0.5, speculatingBuyers: 0.5, sellers: 0.6),
            revisionProtocol: .replicator)
        let portrait = try portrait(game)
        let found = try portrait.separatrices(until: 200, algorithm: Self.algorithm())
        for (index, point) in portrait.restPoints.points.enumerated() where point.type == .saddle {
            let values = try #require(point.stability.eigenvalues)
            for isStable in [true, false] {
                let count = values.count { isStable ? $0.real < 0 : $0.real > 0 }
                let curves = found.curves.filter { $0.restPoint == index + 1 && $0.isStable == isStable }
                #expect(count == 1 ? (1...2).contains(curves.count) : curves.isEmpty)
            }
        }
        let stable = found.curves.filter(\.isStable)
        #expect(!stable.isEmpty)
        for curve in stable {
            // From a point a little way out forwards again: nearer to the saddle than the start is, in the end.
            let saddle = portrait.restPoints.points[curve.restPoint - 1]
            let out = try #require(curve.path.samples.first { $0.time >= 2 / abs(curve.eigenvalue) })
            let back = try RoleTrajectory(
                game, logPrice: out.logPrice, shares: out.shares, until: out.time, algorithm: Self.algorithm())
            let there = try #require(try back.advance(to: out.time))
            #expect(
                there.distance(from: saddle.logPrice, saddle.shares) < 1.1
                    * curve.startDistance)
        }
    }

    /// With a lag beyond the critical one logit's rest point has an unstable plane: told, not followed.
    @Test func plane() throws {
        let game = try RoleGame.baseline(0.79, parameters: RevisionParameters(observationLag: 0.5))
        let found = try portrait(game).separatrices(until: 10, algorithm: Self.algorithm())
        #expect(found.curves.isEmpty)
        #expect(found.untraced.map(\.isStable) == [true, false])
        let none = try portrait(RoleGame.baseline(0.79)).separatrices(until: 10, algorithm: Self.algorithm())
        #expect(none.curves.isEmpty)
        #expect(none.untraced.isEmpty)
    }

    /// A path's polyline follows it: the trajectory at the middles of its times is within the tolerance of the chords, along
    /// the whole of it; under best responses as long as they switch at times that can be told apart.
    @Test(arguments: RevisionProtocol.allCases) func paths(_ kind: RevisionProtocol) throws {
        let game = try RoleGame.baseline(0.79, kind)
        let portrait = try portrait(game)
        let shares = try RoleShares(liquidityProviders: 0.5, sellers: 0.1)
        let algorithm = try Self.algorithm()
        let end = kind == .bestResponse ? 2.0 : 6
        let path = try portrait.trajectory(
            logPrice: log(1.4), shares: shares, until: end, algorithm: algorithm, tolerance: 1e-3)
        #expect(path.isResolved)
        #expect(path.samples.first?.time == 0)
        #expect(path.samples.last?.time == end)
        let exact = try game.trajectory(logPrice: log(1.4), shares: shares, until: end, algorithm: algorithm)
        for (a, b) in zip(path.samples, path.samples.dropFirst()) {
            let middle = portrait.section.point(of: try #require(try exact.advance(to: (a.time + b.time) / 2)))
            let (p, q) = (portrait.section.point(of: a), portrait.section.point(of: b))
            // The window is 0.7 wide and 1 high.
            let (dx, dy) = ((q.x - p.x) / 0.7, q.y - p.y)
            let (mx, my) = ((middle.x - p.x) / 0.7, middle.y - p.y)
            let square = dx * dx + dy * dy
            let t = square > 0 ? min(max((mx * dx + my * dy) / square, 0), 1) : 0
            #expect(hypot(mx - t * dx, my - t * dy) < 1e-3)
        }
    }
}
