import TestSupport
import Testing

@testable import Reporting

@Suite struct ToleranceTests {
    /// Checks that `edge` agrees, and the next double away from `expected` does not.
    private func check(_ tolerance: Tolerance, _ expected: Double, edge: Double) {
        let beyond = edge > expected ? edge.nextUp : edge.nextDown
        let within = edge > expected ? edge.nextDown : edge.nextUp
        #expect(tolerance.units(expected: expected, found: edge) == nil)
        #expect(tolerance.units(expected: expected, found: within) == nil)
        // Beyond the edge is more than one tolerance, however little it is.
        let units = tolerance.units(expected: expected, found: beyond) ?? 0
        #expect(units > 1)
        #expect(units < 1.000001 || tolerance == .ulps(1) || tolerance == .ulps(4))
    }

    @Test func theEdgeBelongsToTheTolerance() {
        check(.absolute(0.5), 8, edge: 8.5)
        check(.absolute(0.5), 8, edge: 7.5)
        check(.absolute(0.5), -8, edge: -8.5)
        check(.relative(0.25), 8, edge: 10)
        check(.relative(0.25), -8, edge: -6)
        check(.ulps(4), 1, edge: 1 + 4 * 0x1p-52)
        check(.ulps(1), 3, edge: 3 - 0x1p-51)
        check(.absoluteOrRelative(absolute: 0.5, relative: 0.25), 1, edge: 1.5)
        check(.absoluteOrRelative(absolute: 0.5, relative: 0.25), 8, edge: 10)
    }

    @Test func roundingOfTheDifferenceDoesNotMoveTheEdge() {
        // 1 - (-2^-60) rounds to 1, and is more than 1.
        #expect(Tolerance.absolute(1).units(expected: -0x1p-60, found: 1) == 1.0.nextUp)
        #expect(Tolerance.absolute(1).units(expected: 0x1p-60, found: 1) == nil)
        #expect(Tolerance.absolute(1).units(expected: 1, found: -0x1p-60) == 1.0.nextUp)
        // 0.1 x 3 rounds up to 0.30000000000000004; 0.1, the double, is 0.1 + 5.6e-18, so that the bound is
        // 0.30000000000000001665, between 0.3 and the rounded product.
        #expect(Tolerance.relative(0.1).units(expected: 3, found: 3 - 0.3) == nil)
        let difference = 0.1 * 3
        #expect(Tolerance.absolute(difference).units(expected: 0, found: difference) == nil)
        #expect(Tolerance.relative(0.1).units(expected: 3, found: 0) == 3 / difference)
    }

    @Test func relativeBoundsAreThoseOfTheExactProduct() throws {
        // With Float80's 64 bits the test has another route to most products.
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<100_000 {
            let expected = Double.random(in: 0.5...2, using: &generator)
            let relative = Double.random(in: 0...1e-15, using: &generator)
            let found = expected + expected.ulp * Double(Int.random(in: -6...6, using: &generator))
            #if arch(x86_64)
                let difference = abs(Float80(found) - Float80(expected))
                let bound = Float80(relative) * Float80(expected)
                let agrees = Tolerance.relative(relative).units(expected: expected, found: found) == nil
                #expect(agrees == (difference <= bound))
            #endif
        }
    }

    @Test func unitsAreMultiplesOfTheBound() {
        #expect(Tolerance.absolute(0.5).units(expected: 1, found: 3) == 4)
        #expect(Tolerance.relative(0.5).units(expected: 2, found: -2) == 4)
        #expect(Tolerance.ulps(2).units(expected: 1, found: 1 + 0x1p-48) == 8)
        #expect(Tolerance.absoluteOrRelative(absolute: 1, relative: 0.25).units(expected: 8, found: 0) == 4)
        #expect(Tolerance.absoluteOrRelative(absolute: 1, relative: 0.25).units(expected: 0, found: 4) == 4)
    }

    @Test func withoutABoundAnyDifferenceIsInfinite() {
        for tolerance in [Tolerance.exact, .absolute(0), .relative(0), .ulps(0)] {
            #expect(tolerance.units(expected: 1, found: 1) == nil)
            #expect(tolerance.units(expected: 1, found: 1.0.nextUp) == .infinity)
            #expect(tolerance.units(expected: 0, found: -0.0) == nil)
        }
        #expect(Tolerance.relative(0.1).units(expected: 0, found: 5e-324) == .infinity)
        #expect(Tolerance.ulps(1).units(expected: 0, found: 5e-324) == nil)
        #expect(Tolerance.ulps(1).units(expected: 0, found: 1e-323) == 2)
    }

    @Test func whatOverflowsDiffers() {
        let largest = Double.greatestFiniteMagnitude
        #expect(Tolerance.absolute(1).units(expected: largest, found: -largest) == .infinity)
        #expect(Tolerance.relative(3).units(expected: largest, found: -largest) == .infinity)
        #expect(Tolerance.relative(3).units(expected: largest, found: largest / 2) == nil)
    }

    @Test func integersBeyondDoublesAreExact() {
        let large = Int128(Int.max)
        #expect(Tolerance.exact.units(expectedInteger: large, foundInteger: large - 1) == .infinity)
        #expect(Tolerance.absolute(1).units(expectedInteger: large, foundInteger: large - 1) == nil)
        #expect(Tolerance.absolute(1).units(expectedInteger: large, foundInteger: large - 2) == 2)
        #expect(Tolerance.absolute(1).units(expectedInteger: Int128(Int.min), foundInteger: large) == 0x1p64)
    }

    @Test func descriptions() {
        let all: [Tolerance] = [
            .exact, .absolute(1e-9), .relative(0.5), .ulps(4), .absoluteOrRelative(absolute: 1e-12, relative: 1e-9),
        ]
        #expect(
            all.map(\.description) == [
                "exact", "1e-09 absolute", "0.5 relative", "4 ulp", "1e-12 absolute or 1e-09 relative",
            ])
        // What is printed reads as what it was.
        let read = all.map { try? Tolerance($0.description) }
        #expect(read == all)
    }

    @Test(
        arguments: [
            ("exact", .exact), ("1e-9 relative", .relative(1e-9)), ("1e-12 absolute", .absolute(1e-12)),
            ("4 ulp", .ulps(4)), ("0.5 ulps", .ulps(0.5)), ("1e-12", .absolute(1e-12)), ("0", .absolute(0)),
            ("1e-12 absolute or 1e-9 relative", .absoluteOrRelative(absolute: 1e-12, relative: 1e-9)),
            ("  1e-9  Relative OR 1e-12\tabsolute ", .absoluteOrRelative(absolute: 1e-12, relative: 1e-9)),
            ("1e-12 or 1e-09 relative", .absoluteOrRelative(absolute: 1e-12, relative: 1e-9)),
            ("-0 relative", .relative(0)), ("5e-324 absolute", .absolute(5e-324)),
        ] as [(String, Tolerance)])
    func texts(text: String, tolerance: Tolerance) throws { #expect(try Tolerance(text) == tolerance) }

    @Test(arguments: [
        "", " ", "or", "relative", "1e-9 relatively", "-1 absolute", "nan absolute", "inf relative", "1e999 absolute",
        "1e-9relative", "0x1p-3 absolute", "1 absolute or", "or 1 absolute", "1 absolute or 2 absolute",
        "1 relative or 2 relative", "1 ulp or 1 relative", "1 absolute or 2 relative or 3 ulp", "1 or 2", "exact or 1",
        "1 exact", "1,5 absolute", "1 2 absolute", "1e-9 relative 4", "４ ulp",
    ])
    func textsThatAreNone(text: String) {
        #expect(throws: ToleranceTextError(text: text)) { try Tolerance(text) }
    }
}
