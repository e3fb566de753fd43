import NumericalMethods
import TestSupport
import Testing

@Suite struct LeverageFitTests {
    /// The coefficients by the normal equations AᵀAx = Aᵀb.
    private static func byNormalEquations(_ a: Matrix, _ b: [Double], rows: Int, columns: Int) throws -> [Double] {
        let square = try Matrix(
            (0..<columns).map { i in
                (0..<columns).map { j in (0..<rows).reduce(0) { $0 + a[$1, i] * a[$1, j] } }
            })
        return try solve(square, (0..<columns).map { i in (0..<rows).reduce(0) { $0 + a[$1, i] * b[$1] } })
    }

    /// Against the solution by the normal equations, and against leaving rows out.
    @Test func agreesWithTheOtherRoute() throws {
        var generator = SeededGenerator(seed: 81)
        for _ in 0..<30 {
            let (rows, columns) = (Int.random(in: 6...30, using: &generator), Int.random(in: 1...5, using: &generator))
            let a = try Matrix((0..<rows).map { _ in (0..<columns).map { _ in generator.uniform(-1...1) } })
            let b = (0..<rows).map { _ in generator.uniform(-1...1) }
            let fit = try leverageFit(a, b)
            let other = try Self.byNormalEquations(a, b, rows: rows, columns: columns)
            for (one, two) in zip(fit.coefficients, other) {
                // The condition of such random matrices stays below 1e3, and its square is that of the normal equations.
                #expect(abs(one - two) < 1e-9)
            }
            #expect(abs(fit.leverages.reduce(0, +) - Double(columns)) < 1e-12)
            #expect(fit.leverages.allSatisfy { $0 >= 0 && $0 <= 1 })
            let left = Int.random(in: 0..<rows, using: &generator)
            guard fit.leverages[left] < 0.9 else { continue }
            let kept = (0..<rows).filter { $0 != left }
            let without = try Self.byNormalEquations(
                Matrix(kept.map { i in (0..<columns).map { a[i, $0] } }), kept.map { b[$0] }, rows: rows - 1,
                columns: columns)
            let residual = (0..<columns).reduce(-b[left]) { $0 + a[left, $1] * without[$1] }
            #expect(abs(residual - fit.residuals[left] / (1 - fit.leverages[left])) < 1e-8)
        }
    }

    @Test func faults() throws {
        let a = try Matrix([[1, 2], [2, 4], [3, 6]])
        #expect(throws: LinearAlgebraError.singular(pivot: 1)) { try leverageFit(a, [1, 2, 3]) }
        #expect(throws: LinearAlgebraError.self) { try leverageFit(try Matrix([[1, 2]]), [1]) }
        #expect(throws: LinearAlgebraError.self) { try leverageFit(a, [1, 2]) }
        #expect(throws: LinearAlgebraError.self) { try leverageFit(try Matrix([[1], [.nan]]), [1, 2]) }
    }
}
