// Exact derivatives against differences of the same quantities.
import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics
import TestSupport
import Testing

@testable import RewardStudies

@Suite struct QuantitySensitivityTests {
    private static let names: [ParameterName] = [
        .market(.alpha), .market(.beta), .market(.p), .market(.theta), .market(.gamma), .market(.delta), .market(.fee),
        .kappaG, .kappaB, .kappaS,
    ]
    private static let closedForms = Quantity.allCases.filter { !$0.isOfRoles && $0.words.isEmpty }

    @Test func exactAgainstDifferences() throws {
        var random = SeededGenerator(seed: 5)
        let evaluator = try QuantityEvaluator(
            quantities: Self.closedForms, varied: Self.names, fixed: ParameterPoint())
        var checked: Set<Quantity> = []
        for _ in 0..<60 {
            let point = [
                random.uniform(0.4...2.5), random.uniform(0.4...1), random.uniform(0.05...0.9),
                random.uniform(0.2...1.5), random.uniform(0.3...2), random.uniform(0.8...3), random.uniform(0.01...0.1),
                random.uniform(0.2...1), random.uniform(0.2...1), random.uniform(1...2),
            ]
            for found in try evaluator.sensitivities(at: point) where found.status == .ok {
                let index = try #require(Self.names.firstIndex(of: found.parameter))
                let place = try #require(Self.closedForms.firstIndex(of: found.quantity))
                let difference = try? derivative(at: point[index], step: 1e-4 * point[index]) { x in
                    var moved = point
                    moved[index] = x
                    return evaluator.evaluate(moved.map { [$0] }).values[place][0]
                }
                // Close to an edge or a kink there are none, or their error says so.
                guard let difference, difference.side == .central else { continue }
                checked.insert(found.quantity)
                // Twice GSL's own estimate, and the rounding of the quantity over the step.
                let slack = 2 * difference.error + 8 * abs(found.value).ulp / (1e-4 * point[index]) + 1e-9
                let isAtKink = difference.error > 1e-4 * max(abs(difference.value), 1e-3)
                #expect(
                    abs(found.derivative - difference.value) <= slack || isAtKink,
                    "\(found.quantity.rawValue) by \(found.parameter.short) at \(point): \(found.derivative) \(difference)"
                )
                if found.value != 0 {
                    let elasticity = point[index] / found.value * found.derivative
                    #expect(found.elasticity == elasticity)
                }
                #expect(found.method == .exact)
                #expect(found.error.isNaN)
            }
        }
        #expect(checked == Set(Self.closedForms))
    }

    /// In ratio form c stays: ∂γ_max/∂b = ∂β − ∂θ.
    @Test func alongRatios() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.gammaMax, .alphaStar, .sellerCost, .alphaS], varied: [.b, .d, .y], fixed: ParameterPoint())
        let found = try evaluator.sensitivities(at: [0.7, 1.3, 0.79])
        for sensitivity in found {
            let index = try #require(evaluator.varied.firstIndex(of: sensitivity.parameter))
            let place = try #require(evaluator.quantities.firstIndex(of: sensitivity.quantity))
            let difference = try derivative(at: [0.7, 1.3, 0.79][index], step: 1e-3) { x in
                var moved = [0.7, 1.3, 0.79]
                moved[index] = x
                return evaluator.evaluate(moved.map { [$0] }).values[place][0]
            }
            // The error of differences with h = 1e-3 is some 1e-12; 1e-9 would be seen.
            #expect(abs(sensitivity.derivative - difference.value) < 1e-9)
        }
        #expect(found.filter { $0.quantity == .alphaS }.map(\.derivative) == [0, 0, 0])
    }

    @Test func kinksAndEdges() throws {
        let fixed = try point([(.b, 0.7), (.d, 1.3)])
        let evaluator = try QuantityEvaluator(
            quantities: [.restPrice, .regretLP, .alphaStar, .cessationTimeSeller], varied: [.y, .x], fixed: fixed)
        let atMin = try evaluator.sensitivities(at: [0.7, 1])
        // At γ = β the rest price has a kink, α* = α_s a derivative, and at α = α_s LPs, sellers and external tie.
        #expect(atMin[0].status == .kink)
        #expect(atMin[2].status == .kink)
        #expect(atMin[4].status == .ok)
        #expect(abs(atMin[4].derivative - 2) < 1e-15)
        #expect(atMin[6].status == .noValue(.noTrade))
        let below = try evaluator.sensitivities(at: [0.6, 1.2])
        #expect(below[0].status == .ok)
        #expect(below[0].derivative == 0)
        #expect(below[4].status == .noValue(.rewardBelowExternalPrice))
        #expect(below[4].derivative.isNaN)
        #expect(throws: ParameterError.self) { try evaluator.sensitivities(at: [-1, 1]) }
    }

    /// p = 0 is an end of its domain.
    @Test func atTheEndOfADomain() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.bandWidth, .shareLP], varied: [.market(.p)],
            fixed: point([(.market(.beta), 0.8), (.market(.theta), 1), (.market(.delta), 1.2), (.market(.gamma), 0.85)])
        )
        let found = try evaluator.sensitivities(at: [0])
        #expect(found[0].status == .ok)
        #expect(found[0].derivative < 0)
        #expect(found[1].status == .ok)
        #expect(found[1].method == .differences)
        let near = try evaluator.sensitivities(at: [1e-5])
        // The derivative changes by some p = 1e-5 of itself.
        #expect(abs(found[1].derivative - near[1].derivative) < 1e-2 * abs(near[1].derivative))
    }

    /// Differences of role dynamics against the derivative that follows from its equation: demand = sellers' offer, by y.
    @Test func ofRoles() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.restPrice, .criticalLag], varied: [.y, .lag], fixed: point([(.b, 0.7), (.d, 1.3)]),
            rules: QuantityRules(dynamics: .role))
        let found = try evaluator.sensitivities(at: [0.79, 0.05])
        #expect(found[0].method == .differences)
        #expect(found[0].error < 1e-6)
        // Implicitly: G′(x)dx = κ_s(∂P_s/∂π_s L′dx + ∂P_s/∂y dy), with logit's λ P_s(1 − P_s) and −λ P_s P_ℓ.
        let game = try RoleGame(market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: 0.79)
        let rest = try #require(try game.restPoints().points.first)
        let (x, w, lambda) = (rest.price, 0.02, 50.0)
        func logistic(_ u: Double) -> Double { 1 / (1 + exp(-u)) }
        let (f, g) = (logistic((1.3 - x) / w), logistic((0.7 - x) / w))
        let demandSlope = -(0.5 * f * (1 - f) + 0.5 * g * (1 - g)) / w
        let mean = LogarithmicMean(x, 1).gradient.du
        let (l, s) = (rest.shares.liquidityProviders, rest.shares.sellers)
        let expected = lambda * s * l / (lambda * s * (1 - s) * mean - demandSlope)
        #expect(abs(found[0].derivative - expected) < 1e-7 * expected)
        // The critical lag is whatever the lag is.
        #expect(found[3].derivative == 0)
        #expect(found[3].method == .exact)
    }
}
