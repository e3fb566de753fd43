import NumericalMethods
import TestSupport
import Testing

@Suite struct LyapunovEquationTests {
    /// Of one component C = D/(2a).
    @Test func oneComponent() throws {
        let c = try lyapunovSolution(Matrix([[-4]]), Matrix([[3]]))
        #expect(c[0, 0] == 0.375)
    }

    /// What the solution leaves of the equation, of random matrices with a diagonal that makes them stable.
    @Test(arguments: 1...6)
    func residual(_ n: Int) throws {
        var generator = SeededGenerator(seed: UInt64(n))
        var a = Matrix.zero(rows: n, columns: n)
        var d = a
        for i in 0..<n {
            for j in 0..<n {
                a[i, j] = generator.uniform(-1...1) - (i == j ? Double(n) : 0)
                if j <= i {
                    d[i, j] = generator.uniform(-1...1)
                    d[j, i] = d[i, j]
                }
            }
        }
        let c = try lyapunovSolution(a, d)
        for i in 0..<n {
            for j in 0..<n {
                var sum = d[i, j]
                for k in 0..<n { sum += a[i, k] * c[k, j] + a[j, k] * c[i, k] }
                // Some n²ε of terms up to n.
                #expect(abs(sum) < 1e-13)
                #expect(c[i, j] == c[j, i])
            }
        }
    }

    @Test func faults() throws {
        let identity = Matrix.identity(2)
        #expect(throws: LinearAlgebraError.notSquare(rows: 1, columns: 2)) {
            try lyapunovSolution(Matrix([[1, 2]]), identity)
        }
        #expect(throws: LinearAlgebraError.notSymmetric(row: 1, column: 0)) {
            try lyapunovSolution(identity, Matrix([[1, 2], [3, 4]]))
        }
        // Eigenvalues 1 and −1 add up to 0.
        #expect(throws: LinearAlgebraError.self) {
            try lyapunovSolution(Matrix([[1, 0], [0, -1]]), identity)
        }
        #expect(throws: LinearAlgebraError.wrongShape(name: "rows or columns of D", count: 3, expected: 2)) {
            try lyapunovSolution(identity, Matrix.identity(3))
        }
    }
}
