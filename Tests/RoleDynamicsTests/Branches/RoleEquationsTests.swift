import DissipativeMarket
import Foundation
import TestSupport
import Testing

@testable import NumericalMethods
@testable import RoleDynamics

/// The equations with derivatives against the field that motions are integrated with, and the orders against each other.
@Suite struct RoleEquationsTests {
    static func game(
        y: Double = 0.79, b: Double = 0.7, d: Double = 1.3, kind: RevisionProtocol = .logit,
        _ settings: [ParameterName: Double] = [:]
    ) throws -> RoleGame {
        var point = ParameterPoint()
        try point.set(.b, to: b)
        try point.set(.d, to: d)
        try point.set(.y, to: y)
        for (name, value) in settings { try point.set(name, to: value) }
        point.revisionProtocol = kind
        return try point.makeGame()
    }

    @Test(arguments: [RevisionProtocol.logit, .replicator]) func agreesWithTheFieldAndItsJacobian(
        kind: RevisionProtocol
    ) throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<50 {
            let game = try Self.game(
                y: .random(in: 0.4...1.1, using: &generator), b: .random(in: 0.5...0.9, using: &generator),
                d: .random(in: 1.1...1.5, using: &generator), kind: kind,
                [
                    .kappaG: .random(in: 0.2...1, using: &generator), .lag: .random(in: 0.1...3, using: &generator),
                    .depthExponent: .random(in: 0...2, using: &generator),
                    .market(.fee): .random(in: 0...0.2, using: &generator),
                ])
            let z = Double.random(in: -0.5...0.5, using: &generator)
            let q = Double.random(in: -0.5...0.5, using: &generator)
            let l = Double.random(in: 0.1...0.5, using: &generator)
            let s = Double.random(in: 0.1...0.5, using: &generator)
            let system = RoleSystem(game, [])
            let (value, derivative) = try #require(system.linearised(at: [z, l, s, q]))

            let field = RoleField(game)
            let state = [z, q, l, s, 1 - l - s]
            var dydt = [Double](repeating: 0, count: 5)
            var output = dydt.mutableSpan
            #expect(field.derivative(0, state.span, &output))
            for (mine, theirs) in zip(value, [dydt[0], dydt[2], dydt[3], dydt[1]]) {
                #expect(abs(mine - theirs) <= 1e-13 * (1 + abs(theirs)))
            }
            var jacobian = [Double](repeating: 0, count: 25)
            var dfdt = [Double](repeating: 0, count: 5)
            var matrix = jacobian.mutableSpan
            var time = dfdt.mutableSpan
            #expect(field.jacobian(0, state.span, &matrix, &time))
            let places = [0, 2, 3, 1]
            for i in 0..<4 {
                for j in 0..<4 {
                    // e = 1 − ℓ − s takes its column from those of ℓ and s.
                    var wanted = jacobian[places[i] * 5 + places[j]]
                    if j == 1 || j == 2 { wanted -= jacobian[places[i] * 5 + 4] }
                    #expect(abs(derivative[i, j] - wanted) <= 1e-12 * (1 + abs(wanted)))
                }
            }
        }
    }

    /// Each order against the central difference of the one before, in state and parameters.
    @Test(arguments: [RevisionProtocol.logit, .replicator]) func ordersAgree(kind: RevisionProtocol) throws {
        let names: [ParameterName] = [
            .y, .b, .d, .market(.fee), .kappaG, .kappaB, .kappaS, .demandWidth, .rationality, .revisionRate,
            .depthExponent, .lag, .market(.beta), .market(.p), .market(.theta), .market(.gamma), .market(.delta),
        ]
        for name in names {
            let settings: [ParameterName: Double] = [
                .lag: 0.5, .depthExponent: 0.7, .market(.fee): 0.05, .demandWidth: 0.2, .rationality: 5,
            ]
            let game = try Self.game(kind: kind, settings)
            let current = try #require(ParameterPoint(game)[name])
            let parameter = try BranchParameter(
                name, range: (0.5 * current)...min(2 * current, name.domain.upper), isLogarithmic: false)
            let system = RoleSystem(game, [parameter])
            let at = [0.1, 0.4, 0.35, 0.07, parameter.coordinate(current)]
            let (u, v, w) = ([0.3, -0.2, 0.5, 0.4, 0.3], [-0.1, 0.6, 0.2, 0.3, -0.5], [0.2, 0.1, -0.4, 0.3, 0.2])
            let h = 1e-4
            func moved(_ sign: Double) -> [Double] { zip(at, w).map { $0 + sign * h * $1 } }
            let f = try #require(system.trilinear(at: at, u, v, w))
            let up = try #require(system.trilinear(at: moved(1), u, v, w))
            let down = try #require(system.trilinear(at: moved(-1), u, v, w))
            for i in 0..<4 {
                // f, Df·u and D²f(u, v) along w: ε₃, ε₁ε₃ and ε₁ε₂ε₃.
                for (lower, higher) in [(0, 4), (1, 5), (3, 7)] {
                    let difference =
                        (up[i].coefficients[lower] - down[i].coefficients[lower]) / (2 * h)
                    let exact = f[i].coefficients[higher]
                    // h² times the third derivative in steps, and the rounding over h.
                    #expect(abs(difference - exact) < 2e-5 * (1 + abs(exact)), "\(name.short) \(i) \(higher)")
                }
            }
        }
    }
}
