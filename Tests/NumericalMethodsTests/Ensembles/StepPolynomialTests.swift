import Testing

@testable import NumericalMethods

@Suite struct StepPolynomialTests {
    /// 1 − 2x + x²/2 + 3x³ − x⁴ + 2x⁵ and its derivative, of the first `count` terms.
    private static let coefficients = [1.0, -2, 0.5, 3, -1, 2]

    private static func value(_ x: Double, _ count: Int) -> Double {
        coefficients[..<count].reversed().reduce(0) { $0 * x + $1 }
    }

    private static func slope(_ x: Double, _ count: Int) -> Double {
        coefficients[..<count].enumerated().dropFirst().reversed().reduce(0) { $0 * x + Double($1.offset) * $1.element }
    }

    private static func point(_ x: Double, _ count: Int) -> StepPolynomial.Point {
        .init(fraction: x, value: value(x, count), slope: slope(x, count))
    }

    @Test(arguments: [(4, nil), (6, 0.25), (6, 0.9)])
    func polynomialsOfItsDegreeAreExact(terms: Int, third: Double?) {
        let (low, high) = (0.375, 0.625)
        let polynomial = StepPolynomial(
            Self.point(low, terms), Self.point(high, terms), third.map { Self.point($0, terms) })
        for x in [0, 0.375, 0.4, 0.5, 0.625, 1] {
            // Some ulp of the terms, which are up to 3, over the products of distances from 0.25 on.
            #expect(abs(polynomial.value(x) - Self.value(x, terms)) < 1e-11)
            #expect(abs(polynomial.slope(x) - Self.slope(x, terms)) < 1e-10)
        }
    }
}
