import NumericalMethods
import TestSupport
import Testing

private let epsilon = Double.ulpOfOne

@Suite struct LeastSquaresTests {
    /// The line through Anscombe's first set of data (*The American Statistician* 27, 1973): by the closed form.
    @Test func lineThroughPoints() throws {
        let x: [Double] = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
        let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
        let count = Double(x.count)
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        let slope = covariance / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
        let fit = try leastSquares(Matrix(x.map { [1, $0] }), y)
        // Condition 30, numbers up to 14.
        #expect(abs(fit.coefficients[1] - slope) <= 30 * 14 * epsilon)
        #expect(abs(fit.coefficients[0] - (meanY - slope * meanX)) <= 30 * 14 * epsilon)
        #expect(fit.rank == 2)
        // As published, to the digits published.
        #expect(abs(fit.coefficients[0] - 3) < 0.005 && abs(fit.coefficients[1] - 0.5) < 0.005)
    }

    /// More equations than unknowns: the residual is orthogonal to the columns, Aᵀ(Ax − b) = 0.
    @Test(arguments: [(1, 1), (3, 1), (5, 3), (20, 4), (100, 30)]) func residualIsOrthogonal(m: Int, n: Int) throws {
        var generator = SeededGenerator(seed: UInt64(100 * m + n))
        for _ in 0..<20 {
            let matrix = generator.matrix(rows: m, columns: n)
            let b = generator.vector(m)
            let fit = try leastSquares(matrix, b)
            let residual = zip(matrix.times(fit.coefficients), b).map { $0 - $1 }
            let scale = matrix.frobeniusNorm * (matrix.frobeniusNorm * norm(fit.coefficients) + norm(b))
            #expect(norm(matrix.transpose.times(residual)) <= 8 * Double(m) * epsilon * scale)
            // The same sums, with another rounding wherever the compiler joins products and sums.
            #expect(abs(fit.residualNorm - norm(residual)) <= Double(m + n) * epsilon * scale)
            #expect(fit.rank == n && fit.coefficients.count == n && fit.singularValues.count == n)
        }
    }

    /// Where b is in the range of A there is no residual, and a square system has the solution of elimination.
    @Test func squareSystemAgreesWithElimination() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let matrix = generator.matrix(rows: 4, columns: 4)
            let b = generator.vector(4)
            let fit = try leastSquares(matrix, b)
            let x = try solve(matrix, b)
            let condition = try #require(fit.singularValues.first) / #require(fit.singularValues.last)
            #expect(norm(zip(fit.coefficients, x).map { $0 - $1 }) <= 16 * 4 * epsilon * condition * norm(x))
            #expect(fit.residualNorm <= 8 * 4 * epsilon * matrix.frobeniusNorm * norm(x))
        }
    }

    /// Fewer equations than unknowns: the shortest solution, Aᵀ(AAᵀ)⁻¹b.
    @Test func wideSystemsHaveTheShortestSolution() throws {
        let single = try leastSquares(Matrix([[1, 2, 2]]), [9])
        for (value, expected) in zip(single.coefficients, [1.0, 2, 2]) {
            #expect(abs(value - expected) <= 8 * epsilon)
        }
        #expect(single.rank == 1)
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<50 {
            let matrix = generator.matrix(rows: 2, columns: 5)
            let b = generator.vector(2)
            let fit = try leastSquares(matrix, b)
            let expected = matrix.transpose.times(try solve(matrix.times(matrix.transpose), b))
            // The formula squares the condition number.
            let condition = try #require(fit.singularValues.first) / #require(fit.singularValues.last)
            #expect(
                norm(zip(fit.coefficients, expected).map { $0 - $1 })
                    <= 16 * 5 * epsilon * condition * condition * norm(expected))
            #expect(fit.rank == 2 && fit.singularValues.count == 2)
        }
    }

    /// Dependent columns: the shortest of the best fits, and the rank tells that there are others.
    @Test func dependentColumns() throws {
        let fit = try leastSquares(Matrix([[1, 1], [2, 2], [3, 3]]), [2, 4, 6])
        #expect(fit.rank == 1)
        for value in fit.coefficients { #expect(abs(value - 1) <= 8 * epsilon) }
        #expect(fit.residualNorm <= 8 * epsilon * norm([2, 4, 6]))

        let zero = try leastSquares(Matrix.zero(rows: 3, columns: 2), [1, 2, 2])
        #expect(zero.rank == 0 && zero.coefficients == [0, 0] && zero.residualNorm == 3)
        #expect(zero.singularValues == [0, 0])
    }

    /// √45 and √5, by hand from AᵀA = ((25, 20), (20, 25)).
    @Test func singularValuesAreTold() throws {
        let fit = try leastSquares(Matrix([[3, 0], [4, 5]]), [0, 0])
        #expect(abs(fit.singularValues[0] - 45.0.squareRoot()) <= 8 * epsilon * 45.0.squareRoot())
        #expect(abs(fit.singularValues[1] - 5.0.squareRoot()) <= 8 * epsilon * 45.0.squareRoot())
        #expect(fit.coefficients == [0, 0])
    }

    /// What counts as 0 is the caller's to say.
    @Test func rankToleranceDecides() throws {
        let matrix = try Matrix([[1, 0], [0, 0x1p-40]])
        let all = try leastSquares(matrix, [1, 1])
        #expect(all.rank == 2 && all.rankTolerance == 2 * epsilon)
        #expect(abs(all.coefficients[1] - 0x1p40) <= 4 * epsilon * 0x1p40)
        let first = try leastSquares(matrix, [1, 1], rankTolerance: 1e-8)
        #expect(first.rank == 1 && first.rankTolerance == 1e-8)
        #expect(abs(first.coefficients[1]) <= 1e-8)
        #expect(abs(first.residualNorm - 1) <= 4 * epsilon)
    }

    @Test func emptySystems() throws {
        let noUnknowns = try leastSquares(Matrix.zero(rows: 2, columns: 0), [3, 4])
        #expect(noUnknowns.coefficients.isEmpty && noUnknowns.residualNorm == 5 && noUnknowns.rank == 0)
        let noEquations = try leastSquares(Matrix.zero(rows: 0, columns: 2), [])
        #expect(noEquations.coefficients == [0, 0] && noEquations.residualNorm == 0)
    }

    /// The same system in units of the largest and of the smallest doubles.
    @Test(arguments: [0x1p1000, 0x1p-1000, 0x1p-1060]) func extremeElements(scale: Double) throws {
        let matrix = try Matrix([[scale, scale], [scale, 2 * scale], [scale, 3 * scale]])
        let fit = try leastSquares(matrix, [scale, 2 * scale, 4 * scale])
        // −2/3 + 3/2·x; the residual (1, −2, 1)/6, of length 1/√6.
        #expect(abs(fit.coefficients[0] + 2.0 / 3) <= 64 * epsilon)
        #expect(abs(fit.coefficients[1] - 1.5) <= 64 * epsilon)
        let expected = scale / 6.0.squareRoot()
        // Below the normal doubles the data themselves are known to 2⁻¹⁰⁷⁴ only.
        #expect(abs(fit.residualNorm - expected) <= max(64 * epsilon * expected, 0x1p-1072))
    }

    @Test func wrongInputIsTold() throws {
        let matrix = try Matrix([[1, 2], [3, 4], [5, 6]])
        #expect(throws: LinearAlgebraError.wrongShape(name: "right-hand side", count: 2, expected: 3)) {
            try leastSquares(matrix, [1, 2])
        }
        #expect(throws: LinearAlgebraError.self) { try leastSquares(matrix, [1, 2, .nan]) }
        #expect(throws: LinearAlgebraError.self) { try leastSquares(Matrix([[.infinity]]), [1]) }
        for tolerance in [-1, 1.5, Double.nan] {
            let error = #expect(throws: LinearAlgebraError.self) {
                try leastSquares(matrix, [1, 2, 3], rankTolerance: tolerance)
            }
            #expect(error?.description == "rank tolerance is \(tolerance); allowed: a number from 0 to 1")
        }
        #expect(throws: LinearAlgebraError.overflow(name: "the solution")) {
            try leastSquares(Matrix([[1e-300]]), [1e300])
        }
    }
}
