import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct KinkTurnTests {
    private static func game(
        _ kind: RevisionProtocol = .smith, kappaG: Double, width: Double, lag: Double = 0
    ) throws -> RoleGame {
        try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79,
            intensities: TradeIntensities(genuineBuyers: kappaG, speculatingBuyers: 0.5, sellers: 1),
            parameters: RevisionParameters(demandWidth: width, observationLag: lag), revisionProtocol: kind)
    }

    /// The model's values, to the digits that it gives.
    @Test(arguments: [(0.9, 0.02, 0.6107, 5e-5), (0.1, 0.05, 0.82, 5e-3)])
    func checkValues(_ kappaG: Double, _ width: Double, _ lag: Double, _ digits: Double) throws {
        let point = try #require(try Self.game(kappaG: kappaG, width: width).restPoints().points.first)
        let critical = try #require(point.criticalLag.found)
        #expect(abs(critical.lag - lag) <= digits)
        #expect(critical.stableAgainLag == nil)
        // scipy's brentq over the same half turns, written anew, and its period: 13.1366 and 14.1540.
        #expect(abs(critical.period - (kappaG == 0.9 ? 13.136648883909 : 14.154012028441)) <= 1e-8)
    }

    /// The growth over a turn against the integrated piecewise linear equation τδ‴ + (1 + aτ)δ″ + aδ′ + Kδ = 0 on random
    /// damping, sides and lags: the logarithm of the ratio of two successive slopes at upward crossings of 0.
    @Test func growthIsThatOfTheIntegratedFlow() throws {
        var generator = SeededGenerator(seed: 90)
        var compared = 0
        while compared < 40 {
            let a = generator.uniform(0.05...1)
            let (above, below) = (exp(generator.uniform(-2...2)), exp(generator.uniform(-2...2)))
            let lag = exp(generator.uniform(-2...1.5))
            let turn = try #require(KinkTurn(damping: a, above: above, below: below))
            let growth = try #require(turn.growth(lag: lag))
            guard growth.period < .infinity, abs(growth.logarithm) < 3 else { continue }
            let field = PiecewiseLinearField(a: a, above: above, below: below, lag: lag)
            // Ten turns, of which all but the first few are on the cone.
            let solution = try ODESolution(
                of: field, from: 0, to: 10 * growth.period, state: [0, 1, 0],
                algorithm: ODEAlgorithm(relativeTolerance: 1e-12, absoluteTolerance: 1e-300, maximumSteps: 200_000),
                events: [ODEEvent("up", direction: .rising) { _, y in y[0] }])
            let crossings = solution.occurrences
            try #require(crossings.count >= 8)
            let (one, other) = (crossings[crossings.count - 2], crossings[crossings.count - 1])
            // The steps' errors of 1e−12, some hundred a turn, and those across the kink, whose order is lower.
            #expect(abs(log(other.state[1] / one.state[1]) - growth.logarithm) <= 1e-7)
            #expect(abs(other.time - one.time - growth.period) <= 1e-7 * growth.period)
            compared += 1
        }
    }

    /// Sides that are alike make no kink: Routh and Hurwitz's lag a/(K − a²), and none for K ≤ a².
    @Test(arguments: [(0.2, 0.5), (0.9, 0.9), (1e-5, 0.25), (3, 9.5), (0.5, 0.2), (2, 4)])
    func alikeSidesAreSmooth(_ a: Double, _ k: Double) throws {
        let effect = try #require(KinkTurn(damping: a, above: k, below: k)).lagEffect
        guard k > a * a else {
            #expect(effect == .none)
            return
        }
        guard case .grows(let lag, let period) = effect else {
            Issue.record("\(effect)")
            return
        }
        let exact = a / (k - a * a)
        // ln(factor) is known to some roundings, 1e−15, and its slope by ln τ is of the order of aπ/√K.
        #expect(abs(lag / exact - 1) <= 1e-12 * (1 + k.squareRoot() / a) * k / (k - a * a))
        // ω² = (S + τP)/τ with S = a and P = 0.
        #expect(abs(period * (a / exact).squareRoot() / (2 * Double.pi) - 1) <= 1e-9)
    }

    /// A lag matters where √(K₊K₋) > a², and then grows a turn beyond one lag alone: on 200 lags around it the sign of the
    /// growth is that of the difference.
    @Test func growsBeyondOneLag() throws {
        var generator = SeededGenerator(seed: 91)
        for _ in 0..<25 {
            let (above, below) = (exp(generator.uniform(-3...3)), exp(generator.uniform(-3...3)))
            let turn = try #require(KinkTurn(damping: 1, above: above, below: below))
            let effect = turn.lagEffect
            let lags = (0..<200).map { exp(-8 + 16 * Double($0) / 199) }
            guard case .grows(let critical, _) = effect else {
                #expect(effect == .none)
                #expect(above * below <= 1)
                for lag in lags { #expect(try #require(turn.growth(lag: lag)).logarithm < 0) }
                continue
            }
            #expect(above * below > 1)
            for lag in lags where abs(lag / critical - 1) > 1e-6 {
                #expect((try #require(turn.growth(lag: lag)).logarithm > 0) == (lag > critical))
            }
        }
    }

    /// Two sides, of which the roots of one are real: a trajectory comes to rest there, without another turn, or turns on.
    @Test func aSideWithoutAPair() throws {
        let rests = try #require(KinkTurn(damping: 2, above: 0.1, below: 5).flatMap { $0.growth(lag: 0.01) })
        #expect(rests.logarithm == -.infinity)
        #expect(rests.period == .infinity)
        // The slowest root of τμ³ + (1 + aτ)μ² + aμ + K of the side where it comes to rest, next to −K/a.
        let rate = rests.rate
        #expect(abs(0.01 * rate * rate * rate + 1.02 * rate * rate + 2 * rate + 0.1) < 1e-16)
        #expect(abs(rate + 0.05) < 0.002)
        #expect(KinkTurn(damping: 1, above: 0, below: 1) == nil)
        #expect(KinkTurn(damping: 1, above: .nan, below: 1) == nil)
    }

    /// Long runs of the market itself at 0.9 and 1.1 times the critical lag, from near the rest point, on random markets with
    /// Smith's and BNN's protocol: the distance falls or rises.
    @Test(arguments: [RevisionProtocol.smith, .bnn]) func longRuns(_ kind: RevisionProtocol) throws {
        var generator = SeededGenerator(seed: 92)
        var seen = 0
        while seen < 4 {
            let width = generator.uniform(0.02...0.08)
            let kappaG = generator.uniform(0.1...0.9)
            let point = try #require(try Self.game(kind, kappaG: kappaG, width: width).restPoints().points.first)
            guard let critical = point.criticalLag.found, critical.lag < 4 else { continue }
            seen += 1
            for factor in [0.9, 1.1] {
                let game = try Self.game(kind, kappaG: kappaG, width: width, lag: factor * critical.lag)
                #expect(try game.restPoints().points.first?.stability.isStable == (factor < 1))
                let trajectory = try game.trajectory(
                    logPrice: point.logPrice + 1e-6, shares: point.shares, until: 40 * critical.period,
                    algorithm: ODEAlgorithm(relativeTolerance: 1e-11, absoluteTolerance: 1e-15))
                /// The largest distance of ln x within a turn.
                func reach(_ turn: Int) throws -> Double {
                    try (0..<50).reduce(0.0) { largest, place in
                        let time = (Double(turn) + Double(place) / 50) * critical.period
                        let sample = try #require(try trajectory.advance(to: time))
                        return max(largest, abs(sample.logPrice - point.logPrice))
                    }
                }
                let (early, late) = (try reach(5), try reach(35))
                #expect((late > early) == (factor > 1), "\(kappaG), \(width): \(early), \(late)")
            }
        }
    }
}

/// δ‴ = −((1 + aτ)δ″ + aδ′ + Kδ)/τ, K by the sign of δ.
private struct PiecewiseLinearField: ODESystem {
    let a, above, below, lag: Double
    var dimension: Int { 3 }

    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        dydt[0] = y[1]
        dydt[1] = y[2]
        dydt[2] = -((1 + a * lag) * y[2] + a * y[1] + (y[0] > 0 ? above : below) * y[0]) / lag
        return true
    }
}
