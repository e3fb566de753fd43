import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct RoleSurfaceTests {
    private static func axis(_ parameter: ParameterName, _ start: Double, _ stop: Double, _ count: Int) throws
        -> RoleSurface.Axis
    {
        RoleSurface.Axis(parameter, try #require(GridAxis(start: start, stop: stop, count: count)))
    }

    private static func surface(
        _ quantities: [SurfaceQuantity], x: RoleSurface.Axis, y: RoleSurface.Axis,
        _ revisionProtocol: RevisionProtocol = .logit, lag: Double = 0
    ) throws -> RoleSurface {
        let game = try RoleGame.baseline(
            0.79, revisionProtocol, parameters: RevisionParameters(observationLag: lag))
        return RoleSurface(base: ParameterPoint(game), x: x, y: y, quantities: quantities)
    }

    /// Every cell is its game's rest point.
    @Test func directCells() throws {
        let numbers = SurfaceQuantity.allCases
        let surface = try Self.surface(
            numbers, x: Self.axis(.y, 0.5, 1.1, 13), y: Self.axis(.d, 1, 1.6, 7))
        let solution = try SurfaceSolution(surface, algorithm: .direct)
        #expect(solution.blockCount == 1)
        #expect(surface.count == 91)
        let cells = solution.cells(block: 0)
        #expect(cells.range == 0..<91)
        #expect(cells.values.count == 7)
        for cell in cells.range {
            let (y, d) = (surface.x.values[cell % 13], surface.y.values[cell / 13])
            let game = try RoleGame(market: Market(externalRatio: 0.7, reservationRatio: d), blockReward: y)
            let point = try #require(try game.restPoints().points.first)
            let lag = point.criticalLag.found
            #expect(cells.values[0][cell] == point.poolPrice)
            #expect(cells.values[1][cell] == point.price)
            #expect(cells.values[2][cell] == point.shares.liquidityProviders)
            #expect(cells.values[3][cell] == point.shares.sellers)
            #expect(cells.values[4][cell] == point.shares.external)
            #expect(cells.values[5][cell] == point.stability.eigenvalues?.map(\.real).max())
            #expect(lag.map { cells.values[6][cell] == $0.lag } ?? cells.values[6][cell].isNaN)
            #expect(cells.statuses[cell] == (lag == nil ? .stableAtEveryLag : .ok))
            #expect(cells.stabilities[cell] == true)
            let regime: RestRegime =
                point.shares.external > point.shares.liquidityProviders
                ? .exodus : point.price >= d ? .scarcity : .balanced
            #expect(cells.regimes[cell] == regime)
            #expect(cells.outcomes[cell] == Equilibrium(market: game.market, blockReward: y).outcome)
        }
    }

    /// The smooth regimes tend to the sharp outcomes where there is a band: at λ = 2000 and w = 0.0005 they differ only
    /// within some 10/λ of a boundary.
    @Test func regimesTendToTheSharpOnes() throws {
        var surface = try Self.surface(
            [.regime], x: Self.axis(.y, 0.5, 1.1, 61), y: Self.axis(.d, 1.05, 1.6, 12))
        var base = surface.base
        try base.set(.rationality, to: 2000)
        try base.set(.demandWidth, to: 0.0005)
        surface = RoleSurface(base: base, x: surface.x, y: surface.y, quantities: [.regime])
        let cells = try SurfaceSolution(surface, algorithm: .direct).cells(block: 0)
        let words: [Outcome: RestRegime] = [.exodus: .exodus, .balanced: .balanced, .scarcity: .scarcity]
        var compared = 0
        for cell in cells.range {
            let (y, d) = (surface.x.values[cell % 61], surface.y.values[cell / 61])
            let bounds = try #require(Market(externalRatio: 0.7, reservationRatio: d).rewardBounds)
            guard min(abs(y - bounds.lower), abs(y - bounds.upper)) > 10 / 2000.0 else { continue }
            compared += 1
            #expect(cells.regimes[cell] == cells.outcomes[cell].flatMap { words[$0] }, "y = \(y), d = \(d)")
        }
        #expect(compared > 600)
    }

    /// With a lag beyond the critical one, and short of the one that gives stability back.
    @Test func stability() throws {
        let surface = try Self.surface(
            [.criticalLag, .stable], x: Self.axis(.y, 0.5, 1.1, 31), y: Self.axis(.lag, 0, 1, 11))
        let cells = try SurfaceSolution(surface, algorithm: .direct).cells(block: 0)
        var unstable = 0
        for cell in cells.range {
            let (lag, critical) = (surface.y.values[cell / 31], cells.values[0][cell])
            if cells.stabilities[cell] == false {
                #expect(lag > critical)
                unstable += 1
            } else {
                let game = try RoleGame.baseline(surface.x.values[cell % 31])
                let again = try game.restPoints().points.first?.criticalLag.found?.stableAgainLag ?? .infinity
                #expect(critical.isNaN || lag <= critical || lag >= again)
            }
        }
        #expect(unstable > 80)
    }

    /// The speed table's surface, coarser: both ways agree to the tolerance, and the estimate and the check say so.
    @Test func chebyshevAgreesWithDirect() throws {
        let surface = try Self.surface(
            [.restPrice, .shareLP, .shareSeller, .shareExternal], x: Self.axis(.y, 0.5, 1.1, 101),
            y: Self.axis(.d, 1, 1.6, 83))
        let direct = try SurfaceSolution(surface, algorithm: .direct)
        let chebyshev = try SurfaceSolution(surface, algorithm: .chebyshev(ChebyshevAlgorithm(tolerance: 1e-10)))
        let fit = try #require(chebyshev.fit)
        for (index, quantity) in surface.quantities.enumerated() {
            let worst = zip(direct.values(of: quantity), chebyshev.values(of: quantity)).map { abs($0 - $1) }.max() ?? 1
            // Prices up to 1.8, shares up to 1.
            #expect(worst < 2e-10, "\(quantity)")
            #expect(worst < 3 * max(fit.errorEstimates[index], fit.checkedErrors[index], 1e-14))
            #expect(max(fit.errorEstimates[index], fit.checkedErrors[index]) < 2e-10)
        }
        let cells = chebyshev.cells(block: 1)
        #expect(cells.range.lowerBound == 64 * 101)
        #expect(cells.statuses.isEmpty)
        #expect(cells.values[0] == Array(chebyshev.values(of: .restPrice)[cells.range]))
    }

    @Test func bitsDoNotDependOnThreads() throws {
        let surface = try Self.surface([.x], x: Self.axis(.y, 0.6, 0.9, 150), y: Self.axis(.d, 1.1, 1.4, 70))
        for algorithm in [SurfaceAlgorithm.direct, .chebyshev(try ChebyshevAlgorithm(tolerance: 1e-6))] {
            let one = try SurfaceSolution(surface, algorithm: algorithm, threads: 1).values(of: .x, threads: 1)
            #expect(try SurfaceSolution(surface, algorithm: algorithm, threads: 3).values(of: .x, threads: 3) == one)
        }
    }

    /// The critical lag ends where none exists; Smith's price has a kink at y = b; a focus becomes a node where the slowest
    /// eigenvalue has a square root. None of them is interpolated.
    @Test func notSmooth() throws {
        let algorithm = SurfaceAlgorithm.chebyshev(try ChebyshevAlgorithm(tolerance: 1e-9, maximumDegree: 128))
        let y = try Self.axis(.y, 0.5, 1.1, 20)
        let d = try Self.axis(.d, 1.2, 1.4, 20)
        let lag = #expect(throws: SurfaceError.self) {
            try SurfaceSolution(Self.surface([.x, .criticalLag], x: y, y: d), algorithm: algorithm)
        }
        guard case .missing(.criticalLag, let at, _, .stableAtEveryLag)? = lag else {
            Issue.record("\(String(describing: lag))")
            return
        }
        #expect(at > 0.75)
        let kink = #expect(throws: SurfaceError.self) {
            try SurfaceSolution(Self.surface([.x], x: y, y: d, .smith), algorithm: algorithm)
        }
        guard case .notSmooth(.x, let reached)? = kink else {
            Issue.record("\(String(describing: kink))")
            return
        }
        #expect(reached.error > 1e-5)
        #expect(reached.degreeX == 128)
        #expect(throws: SurfaceError.self) {
            try SurfaceSolution(Self.surface([.slowestEigenvalue], x: y, y: d), algorithm: algorithm)
        }
        #expect(throws: SurfaceError.notANumber(.regime)) {
            try SurfaceSolution(Self.surface([.regime], x: y, y: d), algorithm: algorithm)
        }
    }

    /// What lies outside of a domain or has no rest point says so, and its neighbours are as they would be without it.
    @Test func faults() throws {
        let surface = try Self.surface([.x, .regime], x: Self.axis(.b, 0, 1.2, 7), y: Self.axis(.kappaS, 0, 2, 3))
        let cells = try SurfaceSolution(surface, algorithm: .direct).cells(block: 0)
        for cell in cells.range {
            let isOutside = [0, 6].contains(cell % 7) || cell / 7 == 0
            #expect(cells.statuses[cell].isFailure == isOutside)
            #expect(cells.values[0][cell].isNaN == isOutside)
            #expect((cells.regimes[cell] == nil) == isOutside)
        }
        guard case .outOfDomain(let error) = cells.statuses[6] else {
            Issue.record("\(cells.statuses[6])")
            return
        }
        #expect(error.name == "b")
        // The price falls for ever at small demand and rationality.
        let falling = try Self.surface([.x], x: Self.axis(.kappaG, 0.01, 1, 2), y: Self.axis(.rationality, 0.01, 50, 2))
        var base = falling.base
        try base.set(.kappaB, to: 0)
        let found = try SurfaceSolution(
            RoleSurface(base: base, x: falling.x, y: falling.y, quantities: [.x]), algorithm: .direct
        ).cells(block: 0)
        #expect(found.statuses.first == .noRestPoint)
        #expect(found.statuses.last == .ok)
    }

    /// The best response slides: no eigenvalues, but a price. A single cell.
    @Test func oneCell() throws {
        let surface = try Self.surface(
            [.x, .slowestEigenvalue], x: Self.axis(.y, 0.79, 0.79, 1), y: Self.axis(.d, 1.3, 1.3, 1), .bestResponse)
        let cells = try SurfaceSolution(surface, algorithm: .direct).cells(block: 0)
        #expect(abs(cells.values[0][0] - 1.1852444979557) < 1e-12)
        #expect(cells.values[1][0].isNaN)
        #expect(cells.statuses == [.noEigenvalues])
        let smooth = try Self.surface([.x], x: Self.axis(.y, 0.79, 0.79, 1), y: Self.axis(.d, 1.3, 1.3, 1))
        let one = try SurfaceSolution(smooth, algorithm: .chebyshev(ChebyshevAlgorithm()))
        #expect(try one.values(of: .x) == SurfaceSolution(smooth, algorithm: .direct).values(of: .x))
    }

    /// In tokens every price and reward scales; ratios are those to the base's seller's cost.
    @Test func ratiosOfARawMarket() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<50 {
            let game = try RoleGame.random(&generator, .logit)
            var values = ParameterPoint(game)
            #expect(try values.makeGame() == game)
            try values.set(.d, to: 1.3)
            try values.set(.y, to: 0.8)
            try values.set(.b, to: 0.6)
            let ratio = try values.makeGame()
            #expect(abs(ratio.market.sellerCost / game.market.sellerCost - 1) < 1e-15)
            #expect(abs(ratio.reservationRatio - 1.3) < 1e-14)
            #expect(abs(ratio.rewardRatio - 0.8) < 1e-14)
            #expect(abs(ratio.externalRatio - 0.6) < 1e-14)
        }
    }
}
