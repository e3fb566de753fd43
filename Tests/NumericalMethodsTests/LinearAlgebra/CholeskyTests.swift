import NumericalMethods
import TestSupport
import Testing

@Suite struct CholeskyTests {
    @Test func exactFactor() throws {
        #expect(try choleskyFactor(of: Matrix([[4, 2], [2, 10]])) == Matrix([[2, 0], [1, 3]]))
        #expect(try choleskyFactor(of: Matrix([])) == Matrix([]))
    }

    /// L·Lᵀ is the matrix, within a few n·ε of its norm.
    @Test(arguments: [1, 2, 5, 20]) func randomMatrices(n: Int) throws {
        var generator = SeededGenerator(seed: UInt64(n))
        for _ in 0..<20 {
            let root = generator.matrix(rows: n, columns: n)
            var matrix = Matrix.identity(n)
            for i in 0..<n {
                for j in 0..<n {
                    for k in 0..<n { matrix[i, j] += root[i, k] * root[j, k] }
                }
            }
            for i in 0..<n { for j in 0..<i { matrix[i, j] = matrix[j, i] } }
            let factor = try choleskyFactor(of: matrix)
            for i in 0..<n {
                for j in 0..<n {
                    let product = (0..<n).reduce(0) { $0 + factor[i, $1] * factor[j, $1] }
                    #expect(abs(product - matrix[i, j]) <= 4 * Double(n) * 0x1p-52 * matrix.frobeniusNorm)
                    #expect(j <= i || factor[i, j] == 0)
                }
            }
        }
    }

    @Test func whatHasNoFactor() throws {
        let error = #expect(throws: LinearAlgebraError.self) {
            try choleskyFactor(of: Matrix([[1, 0, 0], [0, 1, 2], [0, 2, 1]]))
        }
        guard case .notPositiveDefinite(let eigenvalue, let row) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // 1 − 2, with the vector (0, 1, −1)/√2.
        #expect(abs(eigenvalue + 1) < 1e-14)
        #expect(row > 0)
        #expect(throws: LinearAlgebraError.notSymmetric(row: 1, column: 0)) {
            try choleskyFactor(of: Matrix([[1, 2], [3, 9]]))
        }
        #expect(throws: LinearAlgebraError.notSquare(rows: 1, columns: 2)) { try choleskyFactor(of: Matrix([[1, 2]])) }
        #expect(throws: LinearAlgebraError.self) { try choleskyFactor(of: Matrix([[.nan]])) }
    }
}
