import Testing

@testable import Reporting

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0.1, "0.1"), (1, "1"), (-0.0, "-0"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
        (0.1 + 0.2, "0.30000000000000004"), (123_456_789, "123456789"), (-2.5e-7, "-2.5e-07"),
    ])
    func shortest(value: Double, text: String) {
        #expect(formatShortest(value) == text)
    }

    @Test func whatIsNotFiniteHasAWord() {
        #expect(formatShortest(.nan) == "nan")
        #expect(formatShortest(-.infinity) == "-inf")
    }

    @Test(arguments: [
        (0.333333333, "0.333333"), (1_234_567.0, "1.23457e+06"), (100_000.0, "100000"), (0.25, "0.25"),
        (-1e-9, "-1e-09"),
    ])
    func sixDigits(value: Double, text: String) {
        #expect(formatRounded(value) == text)
    }

    @Test func theNumberOfDigitsIsKeptInBounds() {
        #expect(formatRounded(2.0 / 3, digits: 0) == "0.7")
        #expect(formatRounded(0.1, digits: 1000) == "0.10000000000000001")
    }
}
