import CLAPACKE

/// The solution x of A·x = b for a square matrix A.
///
/// LAPACK's `dgetrf` and `dgetrs`: elimination with row interchanges. Error: x solves a system whose matrix differs from A
/// by a few n·ε·‖A‖ (ε = 2⁻⁵²), so its relative error is up to that times the condition number of A.
///
/// An A that is singular is told where the elimination meets nothing but zeros. One that is singular but for rounding is
/// not: a pivot below n·ε·‖A‖ also has the diagonal matrix (1, 1e−20), whose solutions are exact. Where that matters,
/// ``leastSquares(_:_:rankTolerance:)`` tells the singular values.
///
/// - Throws: ``LinearAlgebraError`` for a matrix that is not square or is singular, a b of another length, an element that
///   is not finite, or a solution beyond the largest double.
public func solve(_ a: Matrix, _ b: [Double]) throws(LinearAlgebraError) -> [Double] {
    guard a.rows == a.columns else { throw .notSquare(rows: a.rows, columns: a.columns) }
    try a.checkForLAPACK()
    try checkRightHandSide(b, rows: a.rows)
    let n = a.rows
    guard n > 0 else { return [] }
    var x = b
    var info: Int32 = 0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n) { factors in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: n) { pivots in
            guard let lu = factors.baseAddress else { return }
            a.copyByColumns(to: lu)
            let order = Int32(n)
            info = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, order, order, lu, order, pivots.baseAddress)
            guard info == 0 else { return }
            _ = LAPACKE_dgetrs_work(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), order, 1, lu, order, pivots.baseAddress, &x, order)
        }
    }
    guard info == 0 else { throw .singular(pivot: Int(info) - 1) }
    guard x.allSatisfy({ $0.isFinite }) else { throw .overflow(name: "the solution") }
    return x
}

/// Checks a right-hand side of a system of so many equations.
func checkRightHandSide(_ b: [Double], rows: Int) throws(LinearAlgebraError) {
    guard b.count == rows else { throw .wrongShape(name: "right-hand side", count: b.count, expected: rows) }
    if let i = b.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(name: "element \(i) of the right-hand side", value: b[i])
    }
}
