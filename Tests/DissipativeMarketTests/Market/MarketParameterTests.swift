import Foundation
import Testing

@testable import DissipativeMarket

@Suite struct MarketParameterTests {
    /// The names are the contract of columns and options.
    @Test func namesAreTheContracts() {
        #expect(
            MarketParameter.allCases.map(\.rawValue) == [
                "alpha", "beta", "p", "theta", "gamma", "delta", "fee", "period",
            ])
        // The aliases are the titles, hyphenated.
        for parameter in MarketParameter.allCases {
            #expect(parameter.definition.alias == parameter.title.replacingOccurrences(of: " ", with: "-"))
        }
        #expect(
            MarketParameter.allCases.map(\.definition.alias) == [
                "pool-price", "external-price", "failure-probability", "collateral", "block-reward",
                "reservation-price", "swap-fee", "staking-period",
            ])
        #expect(MarketParameter.allCases.map(\.symbol) == ["α", "β", "p", "θ", "γ", "δ", "φ", "T"])
    }

    struct Domain: Sendable {
        let parameter: MarketParameter
        let allowed: [Double]
        let refused: [Double]
    }

    static let tiny = Double.leastNonzeroMagnitude
    static let huge = Double.greatestFiniteMagnitude

    @Test(arguments: [
        Domain(parameter: .alpha, allowed: [tiny, 1, huge], refused: [0, -0.0, -tiny]),
        Domain(parameter: .beta, allowed: [tiny, 1, huge], refused: [0, -0.0, -tiny]),
        Domain(parameter: .delta, allowed: [tiny, 1, huge], refused: [0, -0.0, -tiny]),
        Domain(parameter: .period, allowed: [tiny, 1, huge], refused: [0, -0.0, -tiny]),
        Domain(parameter: .theta, allowed: [0, -0.0, tiny, huge], refused: [-tiny, -1]),
        Domain(parameter: .gamma, allowed: [0, -0.0, tiny, huge], refused: [-tiny, -1]),
        Domain(parameter: .p, allowed: [0, -0.0, tiny, 1], refused: [-tiny, 1.0000000000000002, huge]),
        Domain(parameter: .fee, allowed: [0, -0.0, tiny, 1.0.nextDown], refused: [-tiny, 1, huge]),
    ])
    func domainsAndTheirEdges(_ row: Domain) {
        for value in row.allowed {
            #expect(row.parameter.allows(value), "\(row.parameter) = \(value)")
            #expect(throws: Never.self) { try row.parameter.validate(value) }
        }
        for value in row.refused + [.nan, .infinity, -.infinity] {
            #expect(!row.parameter.allows(value), "\(row.parameter) = \(value)")
            #expect(throws: ParameterError.self) { try row.parameter.validate(value) }
        }
    }

    @Test func everyParameterHasItsDomainTested() {
        // The rows above, counted: a parameter added later must get one.
        #expect(MarketParameter.allCases.count == 8)
    }

    @Test func errorsTellNameValueAndWhatIsAllowed() throws {
        let error = try #require(throws: ParameterError.self) { try MarketParameter.p.validate(1.5) }
        #expect(
            error
                == ParameterError(name: "p", title: "failure probability", value: 1.5, allowed: "a number from 0 to 1"))
        #expect(error.description == "p (failure probability) is 1.5; allowed: a number from 0 to 1")
    }

    @Test(arguments: MarketParameter.allCases)
    func hasWordsForPeople(_ parameter: MarketParameter) {
        #expect(!parameter.summary.isEmpty)
        #expect(parameter.allowed.contains("number"))
        #expect(parameter.unit.isEmpty == [.p, .fee].contains(parameter))
    }
}
