import DissipativeMarket
import RoleDynamics
import TestSupport
import Testing

@testable import RewardStudies

@Suite struct QuantityDependenceTests {
    private static let base: [ParameterName: Double] = [
        .market(.alpha): 1.6, .market(.beta): 0.7, .market(.p): 0.2, .market(.theta): 1.2, .market(.gamma): 0.82,
        .market(.delta): 1.5, .market(.fee): 0.01, .kappaG: 0.5, .kappaB: 0.6, .kappaS: 1.1, .demandWidth: 0.03,
        .rationality: 40, .revisionRate: 2.5, .depthExponent: 0.3, .lag: 0.02,
    ]

    /// A parameter on which a quantity does not depend leaves it the same double; one on which it does changes it somewhere.
    @Test(arguments: PriceDynamics.allCases)
    func whatEnters(_ dynamics: PriceDynamics) throws {
        let rules = QuantityRules(dynamics: dynamics)
        for name in ParameterName.variable where Self.base[name] != nil {
            let value = try #require(Self.base[name])
            var changed: Set<Quantity> = []
            // At several points, so that every branch of a minimum is met.
            for alpha in [0.5, 0.86, 1.4] {
                for gamma in [0.6, 0.82, 1.3] {
                    var fixed = ParameterPoint()
                    for (other, value) in Self.base where other != name { try fixed.set(other, to: value) }
                    if name != .market(.alpha) { try fixed.set(.market(.alpha), to: alpha) }
                    if name != .market(.gamma) { try fixed.set(.market(.gamma), to: gamma) }
                    let evaluator = try QuantityEvaluator(
                        quantities: Quantity.allCases, varied: [name], fixed: fixed, rules: rules)
                    let found = evaluator.evaluate([[value, value * 1.02, value * 0.4]])
                    for (place, quantity) in Quantity.allCases.enumerated() {
                        let values = found.values[place].map(\.bitPattern)
                        if Set(values).count > 1 { changed.insert(quantity) }
                    }
                }
            }
            for quantity in Quantity.allCases {
                let depends = rules.does(quantity, dependOn: name)
                // γ_min = β is there or not by the other parameters of the band.
                if quantity == .gammaMin, !depends { continue }
                // Words change only where a boundary is crossed.
                if !quantity.words.isEmpty, depends { continue }
                // Speculating buyers matter to the rest price by being there: see below.
                if name == .kappaB, [.restPrice, .restPriceFromAlpha].contains(quantity) { continue }
                #expect(changed.contains(quantity) == depends, "\(quantity.rawValue) by \(name.short)")
            }
        }
    }

    /// Where α_g < α_b and γ < β, the price rests at α_b with speculating buyers and at α_g without.
    @Test func speculatingBuyersMatterByBeingThere() throws {
        let fixed = try point([(.b, 0.7), (.d, 0.4), (.y, 0.5), (.x, 0.2)])
        let quantities = [Quantity.restPrice, .restPriceFromAlpha]
        let evaluator = try QuantityEvaluator(quantities: quantities, varied: [.kappaB], fixed: fixed)
        let found = evaluator.evaluate([[0, 0.1, 0.5]])
        for (place, quantity) in quantities.enumerated() {
            #expect(found.values[place] == [0.4, 0.7, 0.7])
            #expect(QuantityRules().does(quantity, dependOn: .kappaB))
            #expect(!QuantityRules().does(quantity, dependOn: .kappaG))
        }
    }

    /// With c = 1, neither c nor what depends on it alone is moved by b.
    @Test func ratioForm() {
        let rules = QuantityRules()
        for quantity in [Quantity.sellerCost, .alphaS, .cessationTimeSeller] {
            #expect(!rules.does(quantity, dependOn: .b))
            #expect(rules.does(quantity, dependOn: .market(.beta)))
        }
        #expect(rules.does(.alphaStar, dependOn: .b))
        #expect(rules.does(.alphaStar, dependOn: .y))
        #expect(!rules.does(.alphaStar, dependOn: .d))
        #expect(rules.does(.bandWidth, dependOn: .d))
        #expect(!rules.does(.shareLP, dependOn: .x))
        #expect(rules.does(.payoffSeller, dependOn: .x))
        let smith = QuantityRules(revisionProtocol: .smith)
        #expect(!smith.does(.shareLP, dependOn: .rationality))
        #expect(rules.does(.shareLP, dependOn: .rationality))
    }

    @Test func required() {
        let rules = QuantityRules()
        #expect(rules.required(.alphaStar) == [.beta, .gamma])
        #expect(rules.required(.gammaMin) == [.beta, .delta])
        #expect(rules.required(.payoffSeller) == [.alpha, .beta])
        #expect(rules.required(.payoffLP) == [.gamma])
        #expect(rules.required(.criticalLag) == [.beta, .gamma, .delta])
    }
}
