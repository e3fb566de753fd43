import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

@Suite struct TransientTrajectoryTests {
    private let market: Market
    init() throws { market = try Market(externalRatio: 0.7, reservationRatio: 0.9) }

    /// Sellers alone from α₀ = 2 at κ = 1: X = X̄(1 − re^{−(1/r − 1)t})/(1 − r), Y = α₀e^{−t}; the error of the price at t = 0.6
    /// against α₀e^{−t} is that of the model's check values, which are absolute: 1.0976 times −r for small r.
    @Test(arguments: [(0.1, -0.1093), (0.05, -0.05488), (0.025, -0.02744), (0.0125, -0.01372), (0.00625, -0.00686)])
    func sellersAlone(_ r: Double, _ checkValue: Double) throws {
        let market = try Market(externalPrice: 0.3, reservationPrice: 0.3)
        for method in ODEMethod.allCases {
            let trajectory = try TransientTrajectory(
                market, poolPrice: 2, blockReward: 0.1, renewalTime: r, until: 0.6,
                algorithm: ODEAlgorithm(method: method, relativeTolerance: 1e-11, absoluteTolerance: 1e-13))
            let sample = try #require(try trajectory.advance(to: 0.6))
            let x = (1 - r * exp(-(1 / r - 1) * 0.6)) / (1 - r)
            let reserves = try #require(sample.reserves)
            // A hundred steps' worth of the tolerance.
            #expect(abs(reserves.asset - x) <= 1e-9, "\(method)")
            #expect(abs(reserves.token - 2 * exp(-0.6)) <= 1e-9, "\(method)")
            #expect(abs(0.3 * exp(sample.logPrice) - 2 * exp(-0.6) / x) <= 1e-9, "\(method)")
            // Half a unit of the last digit that is given.
            #expect(abs(0.3 * exp(sample.logPrice) - 2 * exp(-0.6) - checkValue) <= 0.5e-4 * (r > 0.06 ? 1 : 0.1))
        }
    }

    /// First order in r, for sellers and for buyers: the error relative to the sharp flow's price over −κ_s r or κ_u r
    /// tends to 1.
    @Test func tendsToTheSharpFlow() throws {
        let kappas = try TradeIntensities(genuineBuyers: 0.7, speculatingBuyers: 0.6, sellers: 1.3)
        for (alpha, gamma, kappa) in [(2.5, 0.5, -1.3), (0.1, 0.8, 0.7), (0.1, 0.2, 1.3)] {
            var ratios: [Double] = []
            for r in [0.02, 0.01, 0.005] {
                let t = 0.4
                let trajectory = try TransientTrajectory(
                    market, intensities: kappas, poolPrice: alpha, blockReward: gamma, renewalTime: r, until: t,
                    algorithm: ODEAlgorithm())
                let flow = try SharpFlow(
                    market: market, intensities: kappas, poolPrice: alpha, blockReward: gamma)
                let sample = try #require(try trajectory.advance(to: t))
                ratios.append((exp(sample.logPrice) / flow.poolPrice(at: t) - 1) / (kappa * r))
            }
            // The next term is of the order κr.
            #expect(abs(ratios[2] - 1) < 0.01, "\(ratios)")
            #expect(abs(ratios[2] - 1) <= 0.6 * abs(ratios[1] - 1) + 1e-9, "\(ratios)")
        }
    }

    /// While the reserve falls back to X̄ the price would rise on its own; sellers hold it at their limit.
    @Test func slidesWhileTheReserveRecovers() throws {
        let trajectory = try TransientTrajectory(
            market, poolPrice: 2, blockReward: 0.8, renewalTime: 0.1, until: 4, algorithm: ODEAlgorithm())
        let star = try #require(market.equilibriumPrice(blockReward: 0.8))
        let early = try #require(try trajectory.advance(to: 0.8))
        let late = try #require(try trajectory.advance(to: 4))
        #expect(
            trajectory.events.map(\.name) == ["sellers-stop", "sliding-start"]
                || trajectory.events.map(\.name) == ["sliding-start"])
        for sample in [early, late] { #expect(abs(exp(sample.logPrice) - star) <= 1e-11 * star) }
        let (first, second) = (try #require(early.reserves), try #require(late.reserves))
        #expect(first.asset > 1.001)
        #expect(abs(second.asset - 1) < 1e-6)
        #expect(early.shares.sellers > late.shares.sellers)
        #expect(late.shares.sellers < 1e-6)
        // Y = αX to rounding.
        #expect(abs(second.token - star * second.asset) <= 1e-11)
    }

    /// dY = −α dq and dX = dq − the renewal: XY changes by the renewal alone, d ln(XY)/dt = (1 − X/X̄)/(r X/X̄).
    @Test func productMovesByTheRenewalAlone() throws {
        let (r, steps) = (0.2, 4000)
        let trajectory = try TransientTrajectory(
            market, poolPrice: 2.2, blockReward: 0.6, renewalTime: r, until: 2, algorithm: ODEAlgorithm())
        var sum = 0.0
        var before = try #require(try trajectory.advance(to: 0)?.reserves)
        let start = log(before.asset * before.token)
        for step in 1...steps {
            let reserves = try #require(try trajectory.advance(to: 2 * Double(step) / Double(steps))?.reserves)
            // The trapezium rule: 2e−7 times the second derivative, of the order 1/r², with kinks at events.
            sum += 1 / Double(steps) * ((1 / before.asset - 1) / r + (1 / reserves.asset - 1) / r)
            before = reserves
        }
        #expect(abs(log(before.asset * before.token) - start - sum) < 1e-5)
    }

    @Test func stiffForSmallRenewalTimes() throws {
        let stiff = try TransientTrajectory(
            market, poolPrice: 2, blockReward: 0.5, renewalTime: 1e-7, until: 3, algorithm: ODEAlgorithm(method: .bdf))
        let sample = try #require(try stiff.advance(to: 3))
        // At rest at α_s = 1, off by the order of r.
        #expect(abs(exp(sample.logPrice) - 1) < 1e-6)
        #expect(stiff.statistics.acceptedSteps < 5000)
        let limited = try TransientTrajectory(
            market, poolPrice: 2, blockReward: 0.5, renewalTime: 1e-7, until: 3,
            algorithm: ODEAlgorithm(method: .rkf45, maximumSteps: 1000))
        #expect(try limited.advance(to: 3) == nil)
        guard case .stepLimit(let time)? = limited.ending else {
            Issue.record("\(String(describing: limited.ending))")
            return
        }
        #expect(time > 0)
        #expect(time < 3)
    }

    @Test func refusesRenewalTimes() throws {
        for r in [0, -1, 1, 2, .nan, .infinity] as [Double] {
            let error = try #require(throws: ParameterError.self) {
                try TransientTrajectory(
                    market, poolPrice: 2, blockReward: 0.5, renewalTime: r, until: 1, algorithm: ODEAlgorithm())
            }
            #expect(error.name == "renewal-time")
        }
    }
}
