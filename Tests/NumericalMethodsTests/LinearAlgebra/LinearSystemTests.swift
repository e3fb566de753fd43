import NumericalMethods
import TestSupport
import Testing

private let epsilon = Double.ulpOfOne

@Suite struct LinearSystemTests {
    @Test func solvesExactly() throws {
        // Integers throughout, and pivots that are powers of two.
        #expect(try solve(Matrix([[0, 2], [4, 2]]), [6, 14]) == [2, 3])
        #expect(try solve(Matrix([[4]]), [1]) == [0.25])
        #expect(try solve(Matrix([]), []).isEmpty)
    }

    @Test(arguments: [1, 2, 3, 4, 10, 80]) func randomSystems(n: Int) throws {
        var generator = SeededGenerator(seed: UInt64(n))
        for _ in 0..<(n <= 10 ? 200 : 3) {
            let matrix = generator.matrix(rows: n, columns: n)
            let b = generator.vector(n)
            let x = try solve(matrix, b)
            let residual = zip(matrix.times(x), b).map { $0 - $1 }
            // Backward stable: n·ε·‖A‖·‖x‖, with a growth of the elements by elimination that is a small number here.
            #expect(norm(residual) <= 8 * Double(n) * epsilon * (matrix.frobeniusNorm * norm(x)))
        }
    }

    /// Hilbert's matrix of order 6, condition 1.5e7, and the integers it takes to (1, 0, …).
    @Test func hilbert() throws {
        var matrix = Matrix.zero(rows: 6, columns: 6)
        for i in 0..<6 {
            for j in 0..<6 { matrix[i, j] = 1 / Double(i + j + 1) }
        }
        let x = try solve(matrix, [1, 0, 0, 0, 0, 0])
        let expected = [36.0, -630, 3360, -7560, 7560, -2772]  // the first column of the inverse
        #expect(norm(zip(x, expected).map { $0 - $1 }) <= 6 * epsilon * 1.5e7 * norm(expected))
    }

    // MARK: - Elements at the ends of the range

    /// Integers times powers of two, whose solutions are integers times powers of two, exactly.
    @Test(arguments: [
        ([[0x1p-1070]], [0x1p-1070], [1.0]),
        ([[0x1p+1020]], [0x1p-1000], [0x0p0]),
        ([[0x1p-1030, 0x1p-1030], [0x1p-1030, 0x1p-1029]], [0x1p-1029, 0x1.8p-1029], [1, 1]),
        ([[0x1p-1030, 1], [0x1p-1030, 2]], [1, 2], [0, 1]),
        ([[0x1p-1030, 0], [0, 0x1p1000]], [0x1p-1030, 0x1p1001], [1, 2]),
        ([[0x1p1020, 0x1p1021], [0x1p1021, 0x1p1020]], [0x1.8p1021, 0x1.8p1021], [1, 1]),
        ([[0x1p-600, 0x1p600], [0x1p600, 0]], [0x1p600, 0x1p600], [1, 1]),
    ])
    func extremeElements(rows: [[Double]], b: [Double], expected: [Double]) throws {
        let x = try solve(Matrix(rows), b)
        for (value, number) in zip(x, expected) {
            // One pivot may be no power of two.
            #expect(abs(value - number) <= 2 * number.ulp)
        }
    }

    /// Rows and columns multiplied by powers of two up to 2^±400: the solution is divided by those of the columns.
    @Test func scalesDoNotMatter() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<100 {
            let matrix = generator.matrix(rows: 3, columns: 3)
            let b = generator.vector(3)
            let x = try solve(matrix, b)
            let rowScales = (0..<3).map { _ in Int.random(in: -400...400, using: &generator) }
            let columnScales = (0..<3).map { _ in Int.random(in: -400...400, using: &generator) }
            var scaled = matrix
            for i in 0..<3 {
                for j in 0..<3 {
                    scaled[i, j] = Double(
                        sign: .plus, exponent: rowScales[i] + columnScales[j], significand: matrix[i, j])
                }
            }
            let y = try solve(scaled, zip(b, rowScales).map { Double(sign: .plus, exponent: $1, significand: $0) })
            let back = zip(y, columnScales).map { Double(sign: .plus, exponent: $1, significand: $0) }
            let residual = zip(matrix.times(back), b).map { $0 - $1 }
            #expect(norm(residual) <= 8 * 3 * epsilon * (matrix.frobeniusNorm * norm(back)))
            // Both solve nearly the same system: the condition is what stands between them.
            // Of AᵀA, the square of A's; good to half of the digits, where a factor of two would do.
            let square = try Matrix(
                (0..<3).map { i in
                    (0..<3).map { j in (0..<3).reduce(0) { $0 + matrix[$1, i] * matrix[$1, j] } }
                })
            let values = try eigenvalues(of: square).map(\.length).sorted()
            let ratio = try #require(values.last).squareRoot() / #require(values.first).squareRoot()
            #expect(norm(zip(back, x).map { $0 - $1 }) <= 16 * 3 * epsilon * ratio * norm(x))
        }
    }

    // MARK: - What has no solution

    /// Integers, with which the elimination makes exact zeros.
    @Test(arguments: [
        ([[0.0]], 0),
        ([[0, 0], [0, 0]], 0),
        ([[0, 1], [0, 2]], 0),
        ([[1, 2], [2, 4]], 1),
        ([[1, 2, 0], [2, 4, 1], [4, 8, 0]], 1),
        ([[1, 0, 1], [0, 1, 1], [0, 0, 0]], 2),
        ([[1, 2, 3], [4, 8, 0], [0, 0, 0]], 1),
        ([[0x1p-1050, 0x1p-1049], [0x1p-1049, 0x1p-1048]], 1),
    ])
    func singularMatrixTellsTheColumn(rows: [[Double]], pivot: Int) throws {
        let matrix = try Matrix(rows)
        #expect(throws: LinearAlgebraError.singular(pivot: pivot)) {
            try solve(matrix, [Double](repeating: 1, count: rows.count))
        }
    }

    @Test func wrongInputIsTold() throws {
        let identity = Matrix.identity(2)
        #expect(throws: LinearAlgebraError.notSquare(rows: 1, columns: 2)) { try solve(Matrix([[1, 2]]), [1]) }
        #expect(throws: LinearAlgebraError.wrongShape(name: "right-hand side", count: 3, expected: 2)) {
            try solve(identity, [1, 2, 3])
        }
        for value in [Double.nan, .infinity] {
            let error = #expect(throws: LinearAlgebraError.self) { try solve(identity, [1, value]) }
            #expect(error?.description == "element 1 of the right-hand side is \(value); allowed: a finite number")
            #expect(throws: LinearAlgebraError.self) { try solve(Matrix([[value]]), [1]) }
        }
    }

    @Test func overflowIsTold() throws {
        #expect(throws: LinearAlgebraError.overflow(name: "the solution")) { try solve(Matrix([[1e-300]]), [1e300]) }
    }
}
