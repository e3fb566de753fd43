import NumericalMethods
import Testing

@Suite struct MatrixTests {
    @Test func elementsAreRowByRow() throws {
        let matrix = try Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
        #expect(matrix[0, 2] == 3)
        #expect(matrix[1, 0] == 4)
        #expect(try matrix == Matrix([[1, 2, 3], [4, 5, 6]]))
    }

    @Test func anElementCanBeSet() throws {
        var matrix = Matrix.zero(rows: 2, columns: 2)
        matrix[1, 0] = 7
        #expect(try matrix == Matrix([[0, 0], [7, 0]]))
        #expect(try Matrix.identity(2) == Matrix([[1, 0], [0, 1]]))
    }

    @Test func emptyMatrices() throws {
        #expect(try Matrix([]) == Matrix.identity(0))
        #expect(try Matrix(rows: 3, columns: 0, elements: []).rows == 3)
        #expect(Matrix.zero(rows: -1, columns: 2) == Matrix.zero(rows: 0, columns: 2))
    }

    @Test func shapesThatDoNotFitAreTold() {
        #expect(throws: LinearAlgebraError.wrongShape(name: "elements", count: 3, expected: 4)) {
            try Matrix(rows: 2, columns: 2, elements: [1, 2, 3])
        }
        #expect(throws: LinearAlgebraError.wrongShape(name: "row 1", count: 1, expected: 2)) {
            try Matrix([[1, 2], [3]])
        }
        #expect(throws: LinearAlgebraError.outOfRange(name: "rows", value: -1, allowed: "0 or more")) {
            try Matrix(rows: -1, columns: 2, elements: [])
        }
        // The product of the two is beyond an Int.
        #expect(throws: LinearAlgebraError.self) { try Matrix(rows: .max, columns: 3, elements: []) }
    }

    /// `elements` can be set to another number of elements; nothing is then computed from them.
    @Test func elementsOfAnotherNumberAreTold() throws {
        var matrix = Matrix.identity(2)
        matrix.elements.removeLast()
        let error = LinearAlgebraError.wrongShape(name: "elements", count: 3, expected: 4)
        #expect(throws: error) { try eigenvalues(of: matrix) }
        #expect(throws: error) { try Eigendecomposition(matrix) }
        #expect(throws: error) { try solve(matrix, [1, 2]) }
    }
}
