import DissipativeMarket
import Testing

@testable import RoleDynamics

@Suite struct RevisionParametersTests {
    @Test func baselineIsTheModels() throws {
        let baseline = RevisionParameters.baseline
        #expect(baseline.demandWidth == 0.02)
        #expect(baseline.rationality == 50)
        #expect(baseline.revisionRate == 2)
        #expect(baseline.depthExponent == 0)
        #expect(baseline.observationLag == 0)
        #expect(try RevisionParameters() == baseline)
    }

    struct Row: Sendable {
        let name: String
        let allowsZero: Bool
        let make: @Sendable (Double) throws(ParameterError) -> RevisionParameters
        let get: @Sendable (RevisionParameters) -> Double
    }

    @Test(arguments: [
        Row(name: "demand-width", allowsZero: false) { value throws(ParameterError) in
            try RevisionParameters(demandWidth: value)
        } get: {
            $0.demandWidth
        },
        Row(name: "rationality", allowsZero: false) { value throws(ParameterError) in
            try RevisionParameters(rationality: value)
        } get: {
            $0.rationality
        },
        Row(name: "revision-rate", allowsZero: false) { value throws(ParameterError) in
            try RevisionParameters(revisionRate: value)
        } get: {
            $0.revisionRate
        },
        Row(name: "depth-exponent", allowsZero: true) { value throws(ParameterError) in
            try RevisionParameters(depthExponent: value)
        } get: {
            $0.depthExponent
        },
        Row(name: "lag", allowsZero: true) { value throws(ParameterError) in
            try RevisionParameters(observationLag: value)
        } get: {
            $0.observationLag
        },
    ])
    func domains(_ row: Row) throws {
        for value in [Double.leastNonzeroMagnitude, 0.5, .greatestFiniteMagnitude] + (row.allowsZero ? [0, -0.0] : []) {
            let parameters = try row.make(value)
            #expect(row.get(parameters) == value)
            #expect(row.get(parameters).sign == .plus)
        }
        for value in [-Double.leastNonzeroMagnitude, -1, .nan, .infinity, -.infinity]
            + (row.allowsZero ? [] : [0, -0.0])
        {
            let error = try #require(throws: ParameterError.self, "\(row.name) = \(value)") { try row.make(value) }
            #expect(error.name == row.name)
            #expect(error.value.bitPattern == value.bitPattern)
        }
    }

    @Test func anotherLagLeavesTheRest() throws {
        let parameters = try RevisionParameters(
            demandWidth: 2, rationality: 3, revisionRate: 5, depthExponent: 7, observationLag: 11)
        let other = try parameters.with(observationLag: 13)
        #expect(
            other
                == (try RevisionParameters(
                    demandWidth: 2, rationality: 3, revisionRate: 5, depthExponent: 7, observationLag: 13)))
    }

    @Test func protocolsHaveTheContractsNames() {
        #expect(
            RevisionProtocol.allCases.map(\.rawValue) == ["logit", "replicator", "smith", "bnn", "best-response"])
    }
}
