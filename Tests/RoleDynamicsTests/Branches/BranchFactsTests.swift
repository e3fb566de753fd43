import ComplexModule
import DissipativeMarket
import Foundation
import TestSupport
import Testing

@testable import NumericalMethods
@testable import RoleDynamics

/// What holds for every logit market, over random ones.
@Suite struct BranchFactsTests {
    static func randomGame(_ generator: inout SeededGenerator) throws -> RoleGame {
        try RoleEquationsTests.game(
            y: .random(in: 0.5...0.9, using: &generator), b: .random(in: 0.55...0.85, using: &generator),
            d: .random(in: 1.15...1.5, using: &generator),
            [
                .kappaG: .random(in: 0.3...0.8, using: &generator), .kappaB: .random(in: 0.2...0.8, using: &generator),
                .kappaS: .random(in: 0.9...1.4, using: &generator),
                .demandWidth: .random(in: 0.01...0.1, using: &generator),
                .rationality: .random(in: 20...100, using: &generator),
                .revisionRate: .random(in: 1...4, using: &generator),
                .depthExponent: Bool.random(using: &generator) ? 0 : .random(in: 0...1.5, using: &generator),
            ])
    }

    @Test func noFoldAndNoCrossingOfLogitBranches() throws {
        var generator = SeededGenerator(seed: 11)
        let names: [(ParameterName, ClosedRange<Double>)] = [
            (.y, 0.5...1), (.d, 1.1...1.6), (.kappaS, 0.9...2), (.rationality, 5...200), (.demandWidth, 0.01...0.3),
            (.lag, 0.05...50),
        ]
        for round in 0..<18 {
            let game = try Self.randomGame(&generator)
            let (name, range) = names[round % names.count]
            let parameter = try BranchParameter(
                name, range: range, isLogarithmic: BranchParameter.isLogarithmicByDefault(name, range: range))
            let point = try #require(try game.restPoints().points.first)
            let system = RoleSystem(game, [parameter])
            // (−1)ⁿ det J = ρ(aρ + K)/τ > 0, so the determinant never changes its sign.
            let state = point.state
            let shares = state.count == 4 ? Array(state[1...2]) : Array(state[2...3])
            let x =
                [point.logPrice] + shares + (system.hasLag ? [point.logPrice] : [])
                + [parameter.coordinate(min(max(ParameterPoint(game)[name] ?? 0, range.lowerBound), range.upperBound))]
            let (_, derivative) = try #require(system.linearised(at: x))
            var jacobian = Matrix.zero(rows: system.dimension, columns: system.dimension)
            for i in 0..<system.dimension {
                for j in 0..<system.dimension { jacobian[i, j] = derivative[i, j] }
            }
            let sign = system.dimension % 2 == 0 ? 1.0 : -1
            #expect(try sign * LUFactors(jacobian).determinant > 0)
            let labels = try RoleContinuation(game, parameter).run().events.map(\.label)
            #expect(labels.allSatisfy { $0 == .hopf || $0 == .end }, "\(name.short): \(labels)")
        }
    }

    @Test func revisionRateAndInverseLagChangePlaces() throws {
        // (ρ, τ) is a Hopf point if (1/τ, 1/ρ) is one, with the same period.
        var generator = SeededGenerator(seed: 5)
        var found = 0
        for _ in 0..<8 {
            let game = try Self.randomGame(&generator)
            let lag = try BranchParameter(.lag, range: 0.02...20, isLogarithmic: true)
            guard let hopf = try RoleContinuation(game, lag).run().events.first(where: { $0.label == .hopf }) else {
                continue
            }
            found += 1
            let rate = game.parameters.revisionRate
            var point = ParameterPoint(game)
            try point.set(.revisionRate, to: 1 / hopf.parameter)
            let other = try BranchParameter(.lag, range: (0.9 / rate)...(1.1 / rate), isLogarithmic: true)
            let events = try RoleContinuation(point.makeGame(), other).run().events.filter { $0.label == .hopf }
            try #require(events.count == 1)
            #expect(abs(events[0].parameter * rate - 1) < 1e-9)
            #expect(abs(try #require(events[0].period) / #require(hopf.period) - 1) < 1e-9)
        }
        #expect(found >= 3)
    }

    @Test func multipliersOfCyclesObeyLiouvilleAndLogit() throws {
        var generator = SeededGenerator(seed: 5)
        var found = 0
        for _ in 0..<8 {
            let game = try Self.randomGame(&generator)
            let lag = try BranchParameter(.lag, range: 0.02...20, isLogarithmic: true)
            let continuation = try RoleContinuation(game, lag)
            guard let hopf = try continuation.run().events.first(where: { $0.label == .hopf }) else { continue }
            let z = log(hopf.price)
            guard
                let (x, form) = continuation.hopfPoint(
                    near: [z, hopf.shares[0], hopf.shares[1], z, lag.coordinate(hopf.parameter)])
            else { continue }
            found += 1
            let birth = CycleBirth(continuation.system, at: x, form, intervals: 40, degree: 4)
            let cycle = try #require(birth.firstCycle(at: 0.02))
            let profile = CycleProfile(continuation.system, cycle.x, mesh: cycle.details.mesh, degree: 4)
            // exp ∫ tr J dt over the cycle, and e^{−ρT}.
            let system = continuation.system
            let trace = profile.mean { state in
                let derivative = system.linearised(at: state + [profile.parameter])?.derivative
                return (0..<4).reduce(0) { $0 + (derivative?[$1, $1] ?? .nan) }
            }
            let product = cycle.details.multipliers.reduce(Complex<Double>(1)) { $0 * $1 }
            #expect(abs(log(product.length) - trace * profile.period) < 1e-6)
            let own = exp(-game.parameters.revisionRate * profile.period)
            #expect(cycle.details.multipliers.contains { abs($0.real / own - 1) < 1e-7 })
        }
        #expect(found >= 2)
    }
}
