import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

/// A portrait in (x, s), the other two shares in the proportion of the first stable rest point.
private func portrait(
    _ game: RoleGame, _ x: PortraitVariable = .price, _ y: PortraitVariable = .sellers, window: PhaseWindow? = nil
) throws -> PhasePortrait {
    let points = try game.restPoints().points
    let rest = try #require(points.first { $0.type?.isStable ?? false } ?? points.first)
    let section = try PortraitSection(
        x: x, y: y, of: game, heldLogPrice: rest.logPrice, heldShares: .proportion(rest.shares))
    return try PhasePortrait(
        of: game, in: section, window: window ?? PhaseWindow(x: 0.6 * rest.price...1.5 * rest.price, y: 0...1))
}

/// The distance of a point from polylines, in shares of a window.
private func distance(_ point: PlanePoint, _ curves: [PhasePortrait.Nullcline], in window: PhaseWindow) -> Double {
    let (width, height) = (window.x.upperBound - window.x.lowerBound, window.y.upperBound - window.y.lowerBound)
    var nearest = Double.infinity
    for curve in curves {
        for (a, b) in zip(curve.points, curve.points.dropFirst()) {
            let (dx, dy) = ((b.x - a.x) / width, (b.y - a.y) / height)
            let (px, py) = ((point.x - a.x) / width, (point.y - a.y) / height)
            let square = dx * dx + dy * dy
            let t = square > 0 ? min(max((px * dx + py * dy) / square, 0), 1) : 0
            nearest = min(nearest, hypot(px - t * dx, py - t * dy))
        }
    }
    return nearest
}

@Suite struct PortraitSectionTests {
    @Test func states() throws {
        let game = try RoleGame.baseline(0.79)
        let shares = try RoleShares(liquidityProviders: 0.6, sellers: 0.2)
        func section(_ x: PortraitVariable, _ y: PortraitVariable, _ held: PortraitSection.HeldShares) throws
            -> PortraitSection
        {
            try PortraitSection(x: x, y: y, of: game, heldLogPrice: 0.25, heldShares: held)
        }
        let point = PlanePoint(1.5, 0.4)
        // ℓ : e = 3 : 1.
        let proportion = try section(.price, .sellers, .proportion(shares)).state(at: point)
        #expect(proportion.price == 1.5)
        #expect(proportion.logPrice == log(1.5))
        #expect(proportion.observedLogPrice == log(1.5))
        for (share, expected) in zip(proportion.shares, [0.45, 0.4, 0.15]) { #expect(abs(share - expected) < 1e-15) }
        let held = try section(.price, .sellers, .value(.external, 0.1)).state(at: point)
        for (share, expected) in zip(held.shares, [0.5, 0.4, 0.1]) { #expect(abs(share - expected) < 1e-15) }
        let two = try section(.liquidityProviders, .external, .proportion(shares)).state(at: PlanePoint(0.3, 0.1))
        #expect(two.logPrice == 0.25)
        #expect(two.price == exp(0.25))
        #expect(abs(two.shares[1] - 0.6) < 1e-15)
        #expect(two[.liquidityProviders] == 0.3)
        #expect(two[.external] == 0.1)
        #expect(two[.price] == exp(0.25))
        let lagged = try RoleGame.baseline(0.79, parameters: RevisionParameters(observationLag: 0.5))
        let seen = try PortraitSection(
            x: .logPrice, y: .observedLogPrice, of: lagged, heldLogPrice: 0, heldShares: .proportion(shares)
        ).state(at: PlanePoint(0.1, 0.2))
        #expect(seen.logPrice == 0.1)
        #expect(seen.observedLogPrice == 0.2)
        #expect(seen.shares == [0.6, 0.2, 1 - 0.6 - 0.2])
    }

    @Test func refuses() throws {
        let game = try RoleGame.baseline(0.79)
        func section(
            _ x: PortraitVariable, _ y: PortraitVariable, _ held: PortraitSection.HeldShares = .proportion(.even),
            price: Double = 0
        ) throws {
            _ = try PortraitSection(x: x, y: y, of: game, heldLogPrice: price, heldShares: held)
        }
        #expect(throws: PortraitError.sameAxis(.price, .price)) { try section(.price, .price) }
        #expect(throws: PortraitError.sameAxis(.price, .logPrice)) { try section(.price, .logPrice) }
        #expect(throws: PortraitError.noLag) { try section(.price, .observedLogPrice) }
        #expect(throws: PortraitError.heldPrice(-.infinity)) {
            try section(.liquidityProviders, .sellers, price: -.infinity)
        }
        #expect(throws: PortraitError.heldShare(.sellers, 0.2)) { try section(.price, .sellers, .value(.sellers, 0.2)) }
        #expect(throws: PortraitError.heldShare(.external, 1.2)) {
            try section(.price, .sellers, .value(.external, 1.2))
        }
        #expect(throws: PortraitError.heldShare(.external, 0.2)) {
            try section(.liquidityProviders, .sellers, .value(.external, 0.2))
        }
    }
}

@Suite struct PortraitFieldTests {
    /// The components are those of the field, dx/dt = x dz/dt; at the rest points they are 0 to rounding. Products of λ, ρ
    /// and the roundings of the price come to 1e−11 in the sharpest of the random games.
    @Test(arguments: RevisionProtocol.allCases) func components(_ kind: RevisionProtocol) throws {
        var generator = SeededGenerator(seed: 70)
        for round in 0..<40 {
            let game = try RoleGame.random(&generator, kind, depth: round % 4 == 1, lag: round % 4 >= 2)
            guard let rest = try game.restPoints().points.first else { continue }
            let (x, s) = (generator.uniform(0.5...2), generator.uniform(0...1))
            let section = try PortraitSection(
                x: .price, y: .sellers, of: game, heldLogPrice: 0, heldShares: .proportion(.even))
            let portrait = try PhasePortrait(of: game, in: section, window: PhaseWindow(x: 0.5...2, y: 0...1))
            let velocity = try portrait.velocity(at: PlanePoint(x, s))
            let shares = [(1 - s) / 2, s, (1 - s) / 2]
            let field = RoleField(game)
            let y = (field.hasLag ? [log(x), log(x)] : [log(x)]) + shares
            let exact = try #require(derivative(field, y))
            // Shares whose sum is 1 but for an ulp are divided by it.
            let scale = exact.reduce(1) { max($0, abs($1)) }
            #expect(abs(velocity.price - x * exact[0]) <= 1e-14 * scale * x * game.parameters.rationality)
            for (a, b) in zip(velocity.shares, exact.suffix(3)) {
                #expect(abs(a - b) <= 1e-14 * scale * game.parameters.rationality)
            }
            guard kind != .bestResponse, rest.shares.liquidityProviders > 0, rest.degeneracies.isEmpty else { continue }
            let there = try PortraitSection(
                x: .logPrice, y: .sellers, of: game, heldLogPrice: 0, heldShares: .proportion(rest.shares))
            let atRest = try PhasePortrait(of: game, in: there, window: PhaseWindow(x: -1...1, y: 0...1))
                .velocity(at: PlanePoint(rest.logPrice, rest.shares.sellers))
            let stiffness = max(
                1, game.parameters.rationality, game.parameters.revisionRate, 1 / game.parameters.demandWidth)
            let depth = 1 / pow(rest.shares.liquidityProviders, game.parameters.depthExponent)
            for variable in PortraitVariable.allCases where variable != .price {
                #expect(abs(atRest[variable]) <= 1e-13 * stiffness * depth * max(1, rest.price), "\(variable) \(game)")
            }
        }
    }

    @Test func outsideOfTheDomain() throws {
        let game = try RoleGame.baseline(0.79)
        let section = try PortraitSection.simplex(of: game, logPrice: 0)
        let portrait = try PhasePortrait(of: game, in: section, window: PhaseWindow(x: 0...1, y: 0...1))
        #expect(throws: PhasePortrait.Absence.self) { try portrait.velocity(at: PlanePoint(0.7, 0.7)) }
        #expect(throws: PhasePortrait.Absence.self) { try portrait.velocity(at: PlanePoint(-0.1, 0.7)) }
        // What rounding leaves of e is none: 1 − 0.7 − 0.3 is 5.6e−17 in doubles.
        #expect(try portrait.start(at: PlanePoint(0.7, 0.3)).shares.external == 0)
        #expect(try portrait.start(at: PlanePoint(0.1, 0.9)).shares.external == 0)
        let prices = try PhasePortrait(
            of: game,
            in: PortraitSection(x: .price, y: .sellers, of: game, heldLogPrice: 0, heldShares: .proportion(.even)),
            window: PhaseWindow(x: 0...1, y: 0...1))
        #expect(throws: PhasePortrait.Absence.price(0)) { try prices.velocity(at: PlanePoint(0, 0.5)) }
        let deep = try RoleGame.offBaseline(depthExponent: 1)
        let pool = try PhasePortrait(
            of: deep, in: PortraitSection.simplex(of: deep, logPrice: 0), window: PhaseWindow(x: 0...1, y: 0...1))
        #expect(throws: PhasePortrait.Absence.emptyPool) { try pool.velocity(at: PlanePoint(0, 0.5)) }
    }
}

@Suite struct NullclineTests {
    /// The closed forms of logit: s = G(x)/κ_s and s = P_s(x), as the other route to every vertex.
    @Test func logitInClosedForm() throws {
        for game in [try RoleGame.baseline(0.79), try .offBaseline(), try .offBaseline(fee: 0.1)] {
            let portrait = try portrait(game)
            let found = try portrait.nullclines(of: [.price, .sellers])
            #expect(found.unresolved == 0)
            #expect(Set(found.curves.map(\.variable)) == [.price, .sellers])
            for curve in found.curves {
                for point in curve.points {
                    let payoffs = game.payoffs(logPrice: log(point.x))
                    let lambda = game.parameters.rationality
                    let exact =
                        curve.variable == .price
                        ? game.demand(logPrice: log(point.x)) / game.intensities.sellers
                        : 1
                            / (1 + exp(lambda * (payoffs.liquidityProvider - payoffs.seller))
                                + exp(lambda * (payoffs.external - payoffs.seller)))
                    // Along an edge of x the root is known to 2 ulp of x, of which the curves' slopes, up to λ/4 and 1/w/4,
                    // make 30 times as much.
                    #expect(abs(point.y - exact) < 2e-14)
                }
            }
        }
    }

    /// The middles of chords lie within the tolerance of the closed form, along s or along x.
    @Test(arguments: [1e-4, 1e-6]) func tolerance(_ tolerance: Double) throws {
        let game = try RoleGame.baseline(0.79)
        let portrait = try portrait(game)
        let width = portrait.window.x.upperBound - portrait.window.x.lowerBound
        let curve = try #require(try portrait.nullclines(of: [.price], tolerance: tolerance).curves.first)
        func exact(_ x: Double) -> Double { game.demand(logPrice: log(x)) / game.intensities.sellers }
        for (a, b) in zip(curve.points, curve.points.dropFirst()) {
            let middle = PlanePoint((a.x + b.x) / 2, (a.y + b.y) / 2)
            let slope = (exact(middle.x + 1e-6) - exact(middle.x - 1e-6)) / 2e-6 * width
            #expect(abs(middle.y - exact(middle.x)) / (1 + slope * slope).squareRoot() <= 1.05 * tolerance)
        }
    }

    /// Every vertex of every protocol, in planes and in the simplex: the component there is 0 within the rounding of its
    /// terms, in units of ρ.
    @Test(arguments: RevisionProtocol.allCases.filter { $0 != .bestResponse }) func componentsVanish(
        _ kind: RevisionProtocol
    ) throws {
        var vertices = 0
        for game in [try RoleGame.baseline(0.79, kind), try .offBaseline(kind), try .baseline(0.6, kind)] {
            let rest = try #require(try game.restPoints().points.first)
            let simplex = try PhasePortrait(
                of: game, in: .simplex(of: game, logPrice: rest.logPrice + 0.05),
                window: PhaseWindow(x: 0...1, y: 0...1))
            let lpPlane = try portrait(game, .price, .liquidityProviders)
            for (portrait, variables) in [
                (try portrait(game), [PortraitVariable.price, .sellers]), (lpPlane, [.price, .liquidityProviders]),
                (simplex, [.price] + PortraitVariable.shares),
            ] {
                let found = try portrait.nullclines(of: variables, tolerance: 1e-4, cells: 64)
                for curve in found.curves {
                    for point in curve.points {
                        let velocity = try portrait.velocity(at: point)
                        vertices += 1
                        // The payoffs' slope and 1/w times the rounding of x.
                        #expect(
                            abs(velocity[curve.variable]) < 3e-14 * game.parameters.revisionRate,
                            "\(kind) \(curve.variable) \(point)")
                    }
                }
            }
        }
        #expect(vertices > 500)
    }

    /// Both nullclines go through every rest point that is in the plane: within the tolerance of the polyline.
    @Test(arguments: RevisionProtocol.allCases) func crossAtRestPoints(_ kind: RevisionProtocol) throws {
        for game in [try RoleGame.baseline(0.79, kind), try .offBaseline(kind)] {
            let portrait = try portrait(game)
            let found = try portrait.nullclines(of: [.price, .sellers], tolerance: 1e-5)
            let inPlane = portrait.restPoints.points.filter { portrait.distance(of: portrait.sample($0)) < 1e-12 }
            #expect(!inPlane.isEmpty)
            for point in inPlane {
                let place = portrait.section.point(of: portrait.sample(point))
                guard portrait.window.x.contains(place.x) else { continue }
                for variable in [PortraitVariable.price, .sellers] {
                    let curves = found.curves.filter { $0.variable == variable }
                    #expect(distance(place, curves, in: portrait.window) < 1.1e-5, "\(kind) \(variable)")
                }
            }
        }
    }

    /// The same in the simplex at a rest point's price: the four nullclines meet there.
    @Test(arguments: [RevisionProtocol.logit, .smith]) func crossInTheSimplex(_ kind: RevisionProtocol) throws {
        let game = try RoleGame.offBaseline(kind)
        let rest = try #require(try game.restPoints().points.first)
        let portrait = try PhasePortrait(
            of: game, in: .simplex(of: game, logPrice: rest.logPrice), window: PhaseWindow(x: 0...1, y: 0...1))
        let variables: [PortraitVariable] = kind == .logit ? [.price] + PortraitVariable.shares : [.price]
        let found = try portrait.nullclines(of: variables, tolerance: 1e-6)
        for variable in variables {
            let curves = found.curves.filter { $0.variable == variable }
            #expect(
                distance(portrait.section.point(of: portrait.sample(rest)), curves, in: portrait.window) < 1.1e-6)
        }
        // Lines: as long as they are, their ends are all there is between the edges of the grid.
        for curve in found.curves {
            #expect(curve.points.allSatisfy { portrait.section.smallestShare(at: $0) >= -1e-12 })
        }
    }

    /// The faces on which a share stays 0: all of them under the replicator; under Smith that of external sellers where they
    /// earn less than everybody who is there; none under logit.
    @Test func faces() throws {
        func faces(_ kind: RevisionProtocol, _ variable: PortraitVariable, logPrice: Double) throws -> [[PlanePoint]] {
            let game = try RoleGame.baseline(0.79, kind)
            let portrait = try PhasePortrait(
                of: game, in: .simplex(of: game, logPrice: logPrice), window: PhaseWindow(x: 0...1, y: 0...1))
            return try portrait.nullclines(of: [variable], tolerance: 1e-4, cells: 32).curves.filter(\.isFace).map(
                \.points)
        }
        for variable in PortraitVariable.shares {
            #expect(try faces(.replicator, variable, logPrice: 0.1).count == 1)
            #expect(try faces(.logit, variable, logPrice: 0.1).isEmpty)
        }
        // y = 0.79 > b = 0.7: at x > 1 sellers too earn more than b.
        let external = try faces(.smith, .external, logPrice: 0.1)
        #expect(
            external == [[PlanePoint(0, 1), PlanePoint(1, 0)]] || external == [[PlanePoint(1, 0), PlanePoint(0, 1)]])
        #expect(try faces(.smith, .sellers, logPrice: 0.1).isEmpty)
        // Below x = 1 sellers earn least.
        #expect(try faces(.smith, .sellers, logPrice: -0.1).count == 1)
        // Only where all are LPs, a point.
        #expect(try faces(.smith, .external, logPrice: -0.1).isEmpty)
        // BNN: external sellers come in where they earn more than the mean, as sellers at x < 1 are many. Along ℓ + s = 1 the
        // mean is b where ℓ(y − b) = s(b − π_s).
        let game = try RoleGame.baseline(0.79, .bnn)
        let part = try #require(try faces(.bnn, .external, logPrice: -0.1).first)
        let loss = -game.sellerExcess(logPrice: -0.1)
        let border = [part[0], part[part.count - 1]].min { $0.x < $1.x }
        #expect(abs(try #require(border).x - loss / (loss + 0.09)) < 1e-14)
    }

    /// q̇ = 0 is the diagonal, and ż = 0 at held shares a straight line of one price.
    @Test func seenPrice() throws {
        let game = try RoleGame.baseline(0.79, parameters: RevisionParameters(observationLag: 0.5))
        let rest = try #require(try game.restPoints().points.first)
        let portrait = try PhasePortrait(
            of: game,
            in: PortraitSection(
                x: .logPrice, y: .observedLogPrice, of: game, heldLogPrice: 0, heldShares: .proportion(rest.shares)),
            window: PhaseWindow(x: 0...0.3, y: 0...0.3))
        let found = try portrait.nullclines(of: [.logPrice, .observedLogPrice])
        #expect(found.curves.count == 2)
        for curve in found.curves {
            for point in curve.points {
                #expect(
                    abs(curve.variable == .logPrice ? point.x - rest.logPrice : point.x - point.y) < 1e-14)
            }
        }
    }
}
