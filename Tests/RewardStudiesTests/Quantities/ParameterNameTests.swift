import DissipativeMarket
import RoleDynamics
import Testing

@testable import RewardStudies

@Suite struct ParameterNameTests {
    @Test func names() {
        for name in ParameterName.all {
            #expect(ParameterName(rawValue: name.short) == name)
            #expect(ParameterName(rawValue: name.column) == name)
        }
        #expect(ParameterName(rawValue: "collateral") == .market(.theta))
        #expect(ParameterName(rawValue: "swap-fee") == .market(.fee))
        #expect(ParameterName(rawValue: "") == nil && ParameterName(rawValue: "kappa") == nil)
        #expect(!ParameterName.variable.contains(.market(.period)))
    }

    /// The domain is that of the types that check it: what it allows can be set in a game, and nothing else.
    @Test func domains() throws {
        for name in ParameterName.variable {
            for value in [-1, -0.0, 0, 5e-324, 0.5, 1, 1.0.nextUp, 2, 1e300, .infinity, -.infinity, .nan] {
                var point = try point([(.b, 0.7), (.d, 1.3), (.y, 0.8), (.x, 1)])
                let isAllowed = name.allows(value)
                if isAllowed {
                    try point.set(name, to: value)
                    #expect(point[name] == value)
                } else {
                    #expect(throws: ParameterError.self) { try point.set(name, to: value) }
                }
                if case .market(let parameter) = name { #expect(isAllowed == parameter.allows(value)) }
                if name == .kappaS {
                    #expect(isAllowed == ((try? TradeIntensities(sellers: value)) != nil))
                }
                if name == .lag { #expect(isAllowed == ((try? RevisionParameters(observationLag: value)) != nil)) }
                if name == .b {
                    #expect(isAllowed == ((try? Market(externalRatio: value, reservationRatio: 1)) != nil))
                }
            }
        }
    }

    @Test func ratiosAreMadeRaw() throws {
        let point = try point([(.b, 0.7), (.d, 1.3), (.y, 0.8), (.x, 1.1)])
        #expect(point[MarketParameter.beta] == 0.7 && point[MarketParameter.p] == 1)
        #expect(point[MarketParameter.theta] == 1 - 0.7 && point[MarketParameter.delta] == 1.3)
        #expect(point[MarketParameter.gamma] == 0.8 && point[MarketParameter.alpha] == 1.1)
        #expect(try point.makeMarket() == Market(externalRatio: 0.7, reservationRatio: 1.3))
        #expect(point[.market(.fee)] == 0 && point[.rationality] == 50)
    }
}
