import Testing

@testable import DissipativeMarket

@Suite struct ParameterDomainTests {
    struct Row: Sendable {
        let domain: ParameterDomain
        let words, brief: String
        let allowed, refused: [Double]
    }

    @Test(arguments: [
        Row(
            domain: .positive, words: "a finite number greater than 0", brief: "> 0",
            allowed: [.leastNonzeroMagnitude, .greatestFiniteMagnitude], refused: [0, -0.0, -1]),
        Row(
            domain: .notNegative, words: "a finite number of at least 0", brief: "≥ 0",
            allowed: [0, -0.0, .greatestFiniteMagnitude], refused: [-Double.leastNonzeroMagnitude]),
        Row(
            domain: .unit, words: "a number from 0 to 1", brief: "0…1", allowed: [0, 1], refused: [-1, 1.0.nextUp]),
        Row(
            domain: ParameterDomain(0, 1, includesUpper: false), words: "a number from 0 to less than 1",
            brief: "0…<1", allowed: [0, 1.0.nextDown], refused: [1]),
        Row(
            domain: ParameterDomain(0, 1, includesLower: false), words: "a number greater than 0 and at most 1",
            brief: "0<…1", allowed: [.leastNonzeroMagnitude, 1], refused: [0, 1.0.nextUp]),
        Row(
            domain: ParameterDomain(-0.5, 2, includesLower: false, includesUpper: false),
            words: "a number greater than -0.5 and less than 2", brief: "-0.5<…<2", allowed: [0, 2.0.nextDown],
            refused: [-0.5, 2]),
    ])
    func wordsAndValues(_ row: Row) {
        #expect(row.domain.description == row.words)
        #expect(row.domain.brief == row.brief)
        for value in row.allowed { #expect(row.domain.contains(value), "\(value)") }
        for value in row.refused + [.nan, .infinity, -.infinity] { #expect(!row.domain.contains(value), "\(value)") }
    }
}
