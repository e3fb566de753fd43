import DissipativeMarket
import Testing

@testable import RoleDynamics

@Suite struct ParameterNameTests {
    /// Options, files and columns call a parameter by any of its names.
    @Test(arguments: ParameterName.all)
    func names(_ name: ParameterName) {
        #expect(ParameterName(rawValue: name.short) == name)
        #expect(ParameterName(rawValue: name.column) == name)
        if let alias = name.definition.alias { #expect(ParameterName(rawValue: alias) == name) }
    }

    @Test func otherNames() {
        #expect(ParameterName(rawValue: "collateral") == .market(.theta))
        #expect(ParameterName(rawValue: "swap-fee") == .market(.fee))
        #expect(ParameterName(rawValue: "reward_ratio") == .y)
        #expect(ParameterName(rawValue: "") == nil)
        #expect(ParameterName(rawValue: "kappa") == nil)
    }

    /// One name is one parameter's.
    @Test func namesDiffer() { #expect(Set(ParameterName.allNames).count == ParameterName.allNames.count) }

    @Test func whatCanBeVaried() {
        #expect(Set(ParameterName.all).subtracting(ParameterName.variable) == [.market(.period)])
        #expect(Set(ParameterName.variable).subtracting(ParameterName.ofGames) == [.market(.alpha), .x])
    }

    /// The baseline of the model, where options and files say nothing.
    @Test func defaults() {
        let defaults: [(ParameterName, Double?)] = [
            (.market(.alpha), nil), (.market(.beta), nil), (.market(.p), 0), (.market(.theta), 0),
            (.market(.gamma), nil), (.market(.delta), nil), (.market(.fee), 0), (.market(.period), 1), (.x, nil),
            (.y, nil), (.b, nil), (.d, nil), (.kappaG, 0.5), (.kappaB, 0.5), (.kappaS, 1), (.demandWidth, 0.02),
            (.rationality, 50), (.revisionRate, 2), (.depthExponent, 0), (.lag, 0),
        ]
        #expect(defaults.map(\.0) == ParameterName.all)
        for (name, value) in defaults { #expect(name.defaultValue == value, "\(name)") }
    }
}
