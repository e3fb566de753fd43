import NumericalMethods
import Testing

@Suite struct LinearSystemTests {
    @Test func solvesExactly() throws {
        // Integers throughout, and pivots that are powers of two.
        #expect(try solve(Matrix([[0, 2], [4, 2]]), [6, 14]) == [2, 3])
    }

    @Test func singularMatrixTellsTheColumn() throws {
        let matrix = try Matrix([[1, 2, 0], [2, 4, 1], [4, 8, 0]])
        #expect(throws: LinearAlgebraError.singular(pivot: 1)) { try solve(matrix, [1, 1, 1]) }
    }
}
