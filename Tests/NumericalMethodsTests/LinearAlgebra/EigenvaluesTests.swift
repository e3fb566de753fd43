import ComplexModule
import NumericalMethods
import Testing

@Suite struct EigenvaluesTests {
    /// Sorted by real part, pairs together: here a real eigenvalue lies between the two of a pair, and two pairs have one
    /// real part.
    @Test func orderIsByRealPartWithPairsTogether() throws {
        let rotations = try Matrix([
            [0, 3, 0, 0, 0], [-3, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, -1, 0],
        ])
        let values = try eigenvalues(of: rotations)
        #expect(values.map(\.real) == [0, 0, 0, 0, 0])
        // LAPACK takes ±3 as the root of 3·3, which may be an ulp off.
        for (imaginary, expected) in zip(values.map(\.imaginary), [0.0, -1, 1, -3, 3]) {
            #expect(abs(imaginary - expected) <= expected.ulp)
        }
        #expect(values[1] == values[2].conjugate && values[3] == values[4].conjugate)
    }

    @Test func notSquareIsTold() throws {
        let matrix = try Matrix([[1, 2, 3], [4, 5, 6]])
        #expect(throws: LinearAlgebraError.notSquare(rows: 2, columns: 3)) { try eigenvalues(of: matrix) }
    }
}
