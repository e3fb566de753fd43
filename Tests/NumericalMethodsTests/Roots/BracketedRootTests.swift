import Foundation
import NumericalMethods
import Testing

@Suite struct BracketedRootTests {
    @Test func squareRootOfTwo() throws {
        let root = try bracketedRoot(in: 0...2) { $0 * $0 - 2 }
        // The sign change is known to 2 ulp, and the correctly rounded root is within an ulp of the true one.
        #expect(root.bracket.contains(2.0.squareRoot()))
        #expect(root.bracket.upperBound - root.bracket.lowerBound <= 2 * root.value.ulp)
        #expect(root.evaluations <= 15)
    }

    @Test func noSignChangeIsTold() {
        #expect(throws: RootError.noSignChange(lower: -1, upper: 2, atLower: 2, atUpper: 5)) {
            try bracketedRoot(in: -1...2) { $0 * $0 + 1 }
        }
    }
}
