import Testing

@testable import DissipativeMarket

@Suite struct TradeIntensitiesTests {
    @Test func baselineIsTheModels() throws {
        #expect(TradeIntensities.baseline.genuineBuyers == 0.5)
        #expect(TradeIntensities.baseline.speculatingBuyers == 0.5)
        #expect(TradeIntensities.baseline.sellers == 1)
        #expect(try TradeIntensities() == .baseline)
    }

    @Test func keepsEachIntensity() throws {
        let intensities = try TradeIntensities(genuineBuyers: 2, speculatingBuyers: 3, sellers: 5)
        #expect(intensities.genuineBuyers == 2)
        #expect(intensities.speculatingBuyers == 3)
        #expect(intensities.sellers == 5)
    }

    struct Row: Sendable {
        let name: String
        let allowsZero: Bool
        let make: @Sendable (Double) throws(ParameterError) -> TradeIntensities
    }

    @Test(arguments: [
        Row(name: "kappa-g", allowsZero: false) { kappa throws(ParameterError) in
            try TradeIntensities(genuineBuyers: kappa)
        },
        Row(name: "kappa-b", allowsZero: true) { kappa throws(ParameterError) in
            try TradeIntensities(speculatingBuyers: kappa)
        },
        Row(name: "kappa-s", allowsZero: false) { kappa throws(ParameterError) in
            try TradeIntensities(sellers: kappa)
        },
    ])
    func domains(_ row: Row) throws {
        for kappa in [Double.leastNonzeroMagnitude, 0.5, .greatestFiniteMagnitude] {
            #expect(throws: Never.self) { try row.make(kappa) }
        }
        for kappa in [-Double.leastNonzeroMagnitude, -1, .nan, .infinity, -.infinity]
            + (row.allowsZero ? [] : [0, -0.0])
        {
            let error = try #require(throws: ParameterError.self, "\(row.name) = \(kappa)") { try row.make(kappa) }
            #expect(error.name == row.name)
            #expect(error.value.bitPattern == kappa.bitPattern)
            #expect(
                error.allowed == (row.allowsZero ? "a finite number of at least 0" : "a finite number greater than 0"))
        }
        if row.allowsZero { #expect(throws: Never.self) { try row.make(0) } }
    }
}
