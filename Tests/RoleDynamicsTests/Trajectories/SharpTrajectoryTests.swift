import DissipativeMarket
import Foundation
import NumericalMethods
import TestSupport
import Testing

@testable import RoleDynamics

/// The sharp flow by integration against ``SharpFlow``, which is its closed form and shares nothing with it but the limits.
@Suite struct SharpTrajectoryTests {
    /// A random market, intensities, start and reward, on every side of the band; in one of six cases limits coincide.
    struct Sample {
        let market: Market
        let intensities: TradeIntensities
        let alpha: Double
        let gamma: Double

        init(_ generator: inout SeededGenerator) throws {
            let beta = generator.logUniform(-1...1)
            let theta = generator.uniform(0...2)
            let kind = Int.random(in: 0..<6, using: &generator)
            let p = kind == 0 ? 0 : generator.uniform(0...1)
            let fee = kind == 0 || Bool.random(using: &generator) ? 0 : generator.uniform(0...0.4)
            let c = beta + p * theta
            // α_g = α_s to the bit, without a fee.
            let cost = try Market(
                externalPrice: beta, failureProbability: p, collateral: theta, reservationPrice: 1
            ).sellerCost
            let delta = kind == 1 ? cost : c * generator.uniform(0.3...3)
            market = try Market(
                externalPrice: beta, failureProbability: p, collateral: theta, reservationPrice: delta,
                swapFee: kind == 1 ? 0 : fee)
            let g = generator.uniform(0.1...2)
            intensities = try TradeIntensities(
                genuineBuyers: g, speculatingBuyers: kind == 2 ? 0 : generator.uniform(0...2),
                sellers: g + generator.uniform(0.1...2))
            alpha = kind == 3 ? market.limits.genuineBuyer : c * generator.uniform(0.05...4)
            gamma = kind == 4 ? beta : beta * generator.uniform(0.3...2)
        }
    }

    /// Watched levels are told where the path crosses them, whatever the tolerances: sellers alone from x = 2 take the price
    /// through a level after ln(2/level) periods.
    @Test(arguments: ODEMethod.allCases, [1e-10, 3e-2])
    func watchesDoNotDependOnTheTolerance(_ method: ODEMethod, _ tolerance: Double) throws {
        let levels = [1.9, 1.9, 1.5, 1.3, 1.2]
        let trajectory = try SharpTrajectory(
            Market(externalRatio: 0.7, reservationRatio: 1.3), poolPrice: 2, blockReward: 0.79, until: 0.43,
            algorithm: ODEAlgorithm(method: method, absoluteTolerance: tolerance),
            watches: levels.map { TrajectoryWatch("x=\($0)", .logPrice, at: log($0)) })
        _ = try #require(try trajectory.advance(to: 0.43))
        let events = trajectory.events.filter { $0.name.hasPrefix("x=") }
        #expect(events.map(\.name) == ["x=1.9", "x=1.9", "x=1.5"])
        for (event, level) in zip(events, levels) {
            #expect(abs(event.sample.time - log(2 / level)) <= 1e-13)
            #expect(abs(exp(event.sample.logPrice) - level) <= 1e-13)
            #expect(event.isRising == false)
        }
    }

    @Test(arguments: ODEMethod.allCases)
    func findsTheClosedFormEvents(_ method: ODEMethod) throws {
        var generator = SeededGenerator(seed: 21)
        var names: Set<String> = []
        for _ in 0..<(method == .rk8pd ? 1000 : 150) {
            let sample = try Sample(&generator)
            let flow = try SharpFlow(
                market: sample.market, intensities: sample.intensities, poolPrice: sample.alpha,
                blockReward: sample.gamma)
            let end = flow.restTime + 0.5
            let trajectory = try SharpTrajectory(
                sample.market, intensities: sample.intensities, poolPrice: sample.alpha, blockReward: sample.gamma,
                until: end, algorithm: ODEAlgorithm(method: method))
            let middle = try #require(
                try trajectory.advance(to: end / 2), "\(trajectory.ending as Any) \(sample)")
            let last = try #require(try trajectory.advance(to: end), "\(trajectory.ending as Any) \(sample)")
            #expect(trajectory.ending == .reachedEnd, "\(sample) \(end)")

            // Times are sums of a few roundings of numbers of the size of the largest; where S(α) = γ is met, its rounding
            // counts by 1/(S′α), which is 2 near α_s and falls to 1 beyond.
            var expected = flow.segments.dropLast().flatMap { segment in
                segment.events.map { (name: $0.rawValue, time: segment.endTime, price: segment.endPrice) }
            }
            expected.append((name: "rest", time: flow.restTime, price: flow.restPrice))
            let found = trajectory.events
            #expect(
                found.map(\.name) == expected.map { $0.name }, "\(sample): \(found.map(\.name)) \(expected)")
            let c = sample.market.sellerCost
            // What is left by Newton's iteration, and between the steps, of a multistep method.
            let ulps = method == .bdf || method == .adams ? 256.0 : 16
            for (event, other) in zip(found, expected) {
                names.insert(event.name)
                let slowest = min(
                    sample.intensities.genuineBuyers, sample.intensities.sellers - sample.intensities.genuineBuyers)
                let scale = max(other.time, 1 / slowest)
                #expect(abs(event.sample.time - other.time) <= ulps * scale.ulp, "\(sample) \(event) \(other)")
                // e^z of a z of order one.
                #expect(abs(c * exp(event.sample.logPrice) - other.price) <= ulps * other.price.ulp, "\(sample)")
            }
            for (time, state) in [(end / 2, middle), (end, last)] {
                let exact = flow.poolPrice(at: time)
                #expect(abs(c * exp(state.logPrice) - exact) <= 2 * ulps * exact.ulp, "\(sample) at \(time)")
            }
        }
        #expect(names.count >= 6, "\(names)")
    }

    @Test func sharesAreTheDiagrams() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let algorithm = try ODEAlgorithm()
        let cases: [(x: Double, y: Double, shares: [Double])] = [
            (2, 0.79, [0, 1, 0]), (0.5, 0.5, [0, 0, 1]), (0.8, 0.5, [1, 0, 0]), (1.2, 0.9, [1, 0, 0]),
        ]
        for (x, y, shares) in cases {
            let trajectory = try SharpTrajectory(
                market, poolPrice: x, blockReward: y, until: 0.01, algorithm: algorithm)
            let sample = try #require(try trajectory.advance(to: 0.01))
            #expect([sample.shares.liquidityProviders, sample.shares.sellers, sample.shares.external] == shares)
        }
        // Sliding: sellers hold genuine buyers by selling κ_g/κ_s of the time.
        let kappas = try TradeIntensities(genuineBuyers: 0.5, sellers: 2)
        let held = try SharpTrajectory(
            market, intensities: kappas, poolPrice: 1.25, blockReward: 0.79, until: 5, algorithm: algorithm)
        let sample = try #require(try held.advance(to: 5))
        #expect(abs(sample.shares.sellers - 0.25) <= 0.25.ulp * 4)
        #expect(abs(sample.shares.liquidityProviders - 0.75) <= 0.75.ulp * 4)
    }

    @Test func watchesAreCrossed() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let trajectory = try SharpTrajectory(
            market, poolPrice: 2, blockReward: 0.79, until: 3, algorithm: ODEAlgorithm(),
            watches: [TrajectoryWatch("x=1.5", .logPrice, at: log(1.5))])
        _ = try trajectory.advance(to: 3)
        let event = try #require(trajectory.events.first)
        #expect(event.name == "x=1.5")
        #expect(event.isRising == false)
        #expect(abs(event.sample.time - log(2 / 1.5)) <= 4 * log(2 / 1.5).ulp)
    }

    @Test func refuses() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let algorithm = try ODEAlgorithm()
        func trajectory(
            _ x: Double = 1, _ y: Double = 0.8, sellers: Double = 1, until end: Double = 1,
            _ watches: [TrajectoryWatch] = []
        ) throws -> SharpTrajectory {
            try SharpTrajectory(
                market, intensities: TradeIntensities(sellers: sellers), poolPrice: x, blockReward: y, until: end,
                algorithm: algorithm, watches: watches)
        }
        #expect(throws: ParameterError.self) { try trajectory(0) }
        #expect(throws: ParameterError.self) { try trajectory(.nan) }
        #expect(throws: ParameterError.self) { try trajectory(1, -1) }
        #expect(throws: ParameterError.self) { try trajectory(sellers: 0.5) }
        let backwards = try #require(throws: ParameterError.self) { try trajectory(until: -1) }
        #expect(backwards.name == "until")
        #expect(backwards.value == -1)
        #expect(throws: ParameterError.self) { try trajectory(until: .infinity) }
        let watch = try #require(throws: ParameterError.self) {
            try trajectory(1, 0.8, [TrajectoryWatch("s", .sellers, at: 0.5)])
        }
        #expect(watch.name == "level")
        #expect(try trajectory(until: 0).advance(to: 0)?.logPrice == 0)
    }
}
