import ComplexModule
import DissipativeMarket
import RealModule
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct BriefRestPointTests {
    /// Over random games of every protocol: the same doubles as those of the full list, which the same search finds. With a
    /// lag LAPACK is asked with and without vectors: eigenvalues within 1e−11 of the largest, its own error, as far as they
    /// are well separated; and the type.
    @Test(arguments: RevisionProtocol.allCases)
    func agreesWithRestPoints(_ revisionProtocol: RevisionProtocol) throws {
        var generator = SeededGenerator(seed: 51)
        var found = 0
        for number in 0..<1500 {
            let game = try RoleGame.random(
                &generator, revisionProtocol, depth: number % 3 == 0, lag: number % 4 == 0)
            let solution = try game.restPoints()
            let expected = revisionProtocol == .logit ? solution.points.first : solution.nashPoints.first
            let brief = try game.briefRestPoint()
            #expect((brief == nil) == (expected == nil))
            guard let brief, let expected else { continue }
            found += 1
            #expect(brief.logPrice == expected.logPrice)
            #expect(brief.bracket == expected.bracket)
            #expect(brief.shares == expected.shares)
            #expect(brief.poolPrice == expected.poolPrice)
            #expect(brief.face == expected.face)
            let stability = brief.stability
            #expect(stability.type == expected.type, "\(game)")
            if game.parameters.observationLag == 0 {
                #expect(stability.eigenvalues == expected.stability.eigenvalues)
                #expect(stability.eigenvaluesBelow == expected.stability.eigenvaluesBelow)
            } else {
                guard expected.stability.eigenvaluesBelow == nil else {
                    // At a kink the growth over a turn; nothing is known of stability where that is not.
                    if let slowest = stability.slowest {
                        #expect(
                            stability.type == .centre || (slowest <= 0) == stability.isStable, "\(slowest), \(game)")
                    } else {
                        #expect(stability.type == nil)
                        #expect(expected.degeneracies.contains(.growthNotFound))
                    }
                    #expect(brief.criticalLag == expected.criticalLag)
                    continue
                }
                let largest = expected.stability.eigenvalues?.map(\.length).max() ?? 0
                let slowest = expected.stability.eigenvalues?.map(\.real).max()
                #expect(abs((stability.slowest ?? 0) - (slowest ?? 0)) <= 1e-7 * largest)
            }
            #expect(brief.criticalLag == expected.criticalLag)
        }
        #expect(found > 1000)
    }

    /// The type at the lag, read off LAPACK's eigenvalues, against the crossings in closed form.
    @Test func destabilisedByLag() throws {
        var generator = SeededGenerator(seed: 52)
        var unstable = 0
        for _ in 0..<500 {
            let game = try RoleGame.random(&generator, .logit, lag: true)
            guard let point = try game.restPoints().points.first, let brief = try game.briefRestPoint() else {
                continue
            }
            let rises = point.stability.eigenvalues?.contains { $0.real > 1e-9 } ?? false
            #expect(brief.stability.isStable == !rises)
            if rises { unstable += 1 }
        }
        #expect(unstable > 20)
    }

    /// y = b: a segment of rest points of one price, of which the end without LPs stands for all.
    @Test(arguments: [RevisionProtocol.replicator, .smith, .bnn, .bestResponse])
    func segment(_ revisionProtocol: RevisionProtocol) throws {
        let point = try #require(try RoleGame.baseline(0.7, revisionProtocol).briefRestPoint())
        #expect(point.price == 1)
        #expect(point.shares.liquidityProviders == 0)
        #expect(point.shares.sellers > 0.49)
    }

    /// The price falls for ever: the model's example.
    @Test func noRestPoint() throws {
        let game = try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: 0.1, speculatingBuyers: 0.1, sellers: 1),
            parameters: RevisionParameters(rationality: 0.1))
        #expect(try game.briefRestPoint() == nil)
    }

    /// A dozen evaluations on average, where a search by values alone takes twenty; the change of sign is within 2 ulp.
    @Test func newtonIsSure() throws {
        var evaluations = 0
        for i in 0..<60 {
            for j in 0..<60 {
                let game = try RoleGame(
                    market: Market(externalRatio: 0.7, reservationRatio: 1 + 0.01 * Double(j)),
                    blockReward: 0.5 + 0.01 * Double(i))
                let solution = try game.restPoints()
                evaluations += solution.evaluations
                let bracket = try #require(solution.points.first).bracket
                let ends = (bracket.lowerBound, bracket.upperBound)
                #expect(ends.1 - ends.0 <= 2 * max(abs(ends.0), abs(ends.1)).ulp)
            }
        }
        #expect(evaluations < 3600 * 12)
    }
}
