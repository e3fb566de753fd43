import DissipativeMarket
import Foundation
import Testing

@testable import NumericalMethods
@testable import RoleDynamics

/// Curves of Hopf points over reward and lag: closed forms in 40 digits.
@Suite struct BifurcationCurveTests {
    static func curve(
        _ market: ReferenceMarket, y: Double, lag: ClosedRange<Double>, rewards: ClosedRange<Double>, hopfPoint: Int = 0
    ) throws -> BifurcationCurve {
        let continuation = try RoleContinuation(
            market.game(y: y), BranchParameter(.lag, range: lag, isLogarithmic: true))
        let diagram = try continuation.run()
        let events = diagram.events.filter { $0.label == .hopf }
        return try continuation.hopfCurve(
            from: events[hopfPoint], in: BranchParameter(.y, range: rewards, isLogarithmic: false))
    }

    @Test func theBaselineHasALargestRewardAndNoBautinPoint() throws {
        let curve = try Self.curve(.baseline, y: 0.79, lag: 0.1...1000, rewards: 0.3...1)
        let turns = curve.points.filter { $0.label == .turningPoint }
        #expect(turns.count == 2)
        let top = try #require(turns.max { $0.second < $1.second })
        #expect(abs(top.second - 0.810501094006220) < 1e-11)
        // The lag along a turn in the reward is known to the root of that.
        #expect(abs(top.first - 0.815000141730474) < 1e-6)
        #expect(abs(top.period - 2.843353096035596) < 1e-6)
        let bottom = try #require(turns.min { $0.second < $1.second })
        #expect(abs(bottom.first - 0.208878738773944) < 1e-11)
        #expect(abs(bottom.second - 0.77305455546494) < 1e-6)
        #expect(!curve.points.contains { $0.label == .bautin })
        #expect(curve.points.allSatisfy { ($0.firstLyapunov ?? 1) < 0 })
        #expect(curve.points.first?.label == .end)
        #expect(curve.points.last?.label == .end)
    }

    @Test func foldsOfCyclesJoinTheTwoBautinPoints() throws {
        var settings = RoleContinuation.Settings()
        settings.switching = .hopf
        let continuation = try RoleContinuation(
            ReferenceMarket.hysteretic.game(), BranchParameter(.lag, range: 0.05...3, isLogarithmic: true), settings)
        let diagram = try continuation.run()
        let fold = try #require(diagram.events.first { $0.label == .fold })
        #expect(abs(fold.parameter - 1.6163233057) < 1e-8)
        #expect(abs(try #require(fold.period) - 2.0919653825) < 1e-8)
        let curve = try continuation.foldCurve(
            from: fold, of: diagram, in: BranchParameter(.y, range: 0.76...0.82, isLogarithmic: false))
        #expect(curve.points.first?.label == .bautin)
        #expect(curve.points.last?.label == .bautin)
        #expect(abs(try #require(curve.points.first).second - 0.78617668327329) < 1e-8)
        #expect(abs(try #require(curve.points.last).second - 0.80304159715896) < 1e-8)
        // Monotone from end to end, by the fold at y = 0.8.
        #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.first > $1.first })
        let wanted = try #require(
            try RoleContinuationTests.diagram(
                ReferenceMarket.hysteretic.game(y: 0.8), .lag, 0.05...3, settings
            ).events.first { $0.label == .fold })
        #expect(abs(wanted.parameter - 0.8376135644) < 1e-8)
        #expect(abs(try #require(wanted.period) - 1.6875051874) < 1e-8)
    }

    @Test func bautinPoints() throws {
        let wanted: [(ReferenceMarket, Double, ClosedRange<Double>, ClosedRange<Double>, Int, [[Double]])] = [
            (.withFee, 0.82, 0.05...100, 0.6...0.9, 0, [[0.68548404587461, 20.933483166754, 1.8740466314147]]),
            (
                .hysteretic, 0.79, 0.05...10, 0.7...0.9, 0,
                [
                    [0.78617668327329, 1.9907233850053, 2.1342676408498],
                    [0.80304159715896, 0.62747585674576, 1.4738268931167],
                ]
            ),
            (
                // The first, at small lags, by this route alone: l₁ goes through 0 smoothly there.
                .demandOnly, 0.6, 0.001...100, 0.5...0.7, 1,
                [
                    [0.5526024728010765, 0.024250044845185514, 0.07218888804582156],
                    [0.61647575963307, 11.489428279361, 1.6020690889555],
                ]
            ),
        ]
        for (market, y, lag, rewards, hopfPoint, points) in wanted {
            let curve = try Self.curve(market, y: y, lag: lag, rewards: rewards, hopfPoint: hopfPoint)
            let found = curve.points.filter { $0.label == .bautin }.sorted { $0.second < $1.second }
            #expect(found.count == points.count, "\(market)")
            for (point, exact) in zip(found, points) {
                #expect(abs(point.second - exact[0]) < 1e-8)
                #expect(abs(point.first / exact[1] - 1) < 1e-8)
                #expect(abs(point.period / exact[2] - 1) < 1e-8)
            }
        }
    }
}
