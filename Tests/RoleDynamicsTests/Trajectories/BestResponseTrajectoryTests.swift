import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct BestResponseTrajectoryTests {
    private let market: Market
    init() throws { market = try Market(externalRatio: 0.7, reservationRatio: 1.3) }

    private func game(_ y: Double, lag: Double = 0, depth: Double = 0) throws -> RoleGame {
        try RoleGame(
            market: market, blockReward: y,
            parameters: RevisionParameters(depthExponent: depth, observationLag: lag), revisionProtocol: .bestResponse)
    }

    /// Between switches each share relaxes exponentially to the best response: ds/dt = ρ(B − s).
    @Test func sharesRelaxBetweenSwitches() throws {
        let trajectory = try game(0.79).trajectory(
            logPrice: log(2), shares: RoleShares(liquidityProviders: 0.5, sellers: 0.1), until: 1,
            algorithm: ODEAlgorithm())
        for time in [0.25, 0.5, 1] {
            let sample = try #require(try trajectory.advance(to: time))
            // Selling is best until the price reaches the tie, at 1.0257….
            #expect(abs(sample.shares.sellers - (1 - 0.9 * exp(-2 * time))) < 1e-9)
            #expect(abs(sample.shares.external - 0.4 * exp(-2 * time)) < 1e-9)
        }
    }

    /// The spiral's end is the Nash point, and the idle role dies out like e^{−ρt}.
    @Test(arguments: [0.5, 0.79, 0.83])
    func comesToTheNashPoint(_ y: Double) throws {
        let game = try game(y)
        let trajectory = try game.trajectory(
            logPrice: log(1.5), shares: .even, until: 30, algorithm: ODEAlgorithm())
        let late = try #require(try trajectory.advance(to: 25))
        let last = try #require(try trajectory.advance(to: 30))
        #expect(trajectory.ending == .reachedEnd)
        let nash = try #require(try game.restPoints().nashPoints.first)
        // The price to the square of the amplitude that is resolved.
        let amplitude = BestResponseTrajectory.chatterTolerance
        #expect(abs(last.logPrice - nash.logPrice) <= amplitude * amplitude)
        #expect(abs(last.shares.sellers - nash.shares.sellers) <= amplitude)
        let idle: (MarketSample) -> Double = { y > 0.7 ? $0.shares.external : $0.shares.liquidityProviders }
        if trajectory.events.contains(where: { $0.name == "sliding-start" && $0.sample.time < 25 }) {
            #expect(abs(log(idle(last) / idle(late)) + 2 * 5) < 1e-6)
        }
        #expect(trajectory.events.map(\.sample.time) == trajectory.events.map(\.sample.time).sorted())
    }

    /// With κ_g F(d′/w) + … > κ_s at the tie everybody sells, and the price rests above it.
    @Test func everybodySells() throws {
        let strong = try RoleGame(
            market: market, blockReward: 0.79, intensities: TradeIntensities(genuineBuyers: 1.5),
            revisionProtocol: .bestResponse)
        let trajectory = try strong.trajectory(logPrice: 0, shares: .even, until: 40, algorithm: ODEAlgorithm())
        let sample = try #require(try trajectory.advance(to: 40))
        let nash = try #require(try strong.restPoints().nashPoints.first)
        #expect(nash.shares.sellers == 1)
        #expect(abs(sample.logPrice - nash.logPrice) < 1e-8)
        #expect(sample.shares.sellers > 1 - 1e-12)
    }

    /// With a lag it goes on switching: a limit cycle, followed switch by switch by every method.
    @Test func switchesForEverWithALag() throws {
        var periods: [Double] = []
        for method in [ODEMethod.rkf45, .rk8pd, .bdf] {
            let trajectory = try game(0.79, lag: 0.3).trajectory(
                logPrice: log(1.5), shares: .even, until: 40, algorithm: ODEAlgorithm(method: method))
            _ = try #require(try trajectory.advance(to: 40))
            let switches = trajectory.events.filter { $0.name == "selling-becomes-best" }.map(\.sample.time)
            try #require(switches.count > 10)
            periods.append(switches[switches.count - 1] - switches[switches.count - 2])
            #expect(
                abs(periods[periods.count - 1] - (switches[switches.count - 2] - switches[switches.count - 3])) < 1e-5)
        }
        for period in periods { #expect(abs(period - periods[0]) < 1e-6) }
    }

    @Test func startsAtItsCentre() throws {
        let game = try game(0.79)
        let nash = try #require(try game.restPoints().nashPoints.first)
        let trajectory = try game.trajectory(
            logPrice: nash.logPrice, shares: nash.shares, until: 5, algorithm: ODEAlgorithm())
        let sample = try #require(try trajectory.advance(to: 5))
        #expect(abs(sample.logPrice - nash.logPrice) < 1e-8)
        #expect(abs(sample.shares.sellers - nash.shares.sellers) <= BestResponseTrajectory.chatterTolerance)
    }
}
