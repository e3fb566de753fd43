import CLAPACKE

/// The lower triangular L with L·Lᵀ = A, for a symmetric positive definite A; zeros above the diagonal.
///
/// LAPACK's `dpotrf`. Error: L·Lᵀ differs from A by a few n·ε·‖A‖. A matrix that is positive definite by less than that
/// may be told as one that is not.
///
/// - Throws: ``LinearAlgebraError`` for a matrix that is not square, has an element that is not finite, is not symmetric
///   or not positive definite, which is told with the smallest eigenvalue.
public func choleskyFactor(of matrix: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard matrix.rows == matrix.columns else { throw .notSquare(rows: matrix.rows, columns: matrix.columns) }
    try matrix.checkForLAPACK()
    let n = matrix.rows
    for i in 0..<n {
        for j in 0..<i where matrix[i, j] != matrix[j, i] { throw .notSymmetric(row: i, column: j) }
    }
    guard n > 0 else { return matrix }
    var factor = matrix
    let order = Int32(n)
    // Row by row its lower triangle is the upper one of columns, so no transposition.
    let info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), order, &factor.elements, order)
    guard info == 0 else {
        let decomposition = try Eigendecomposition(matrix)
        let smallest = decomposition.values.indices.min { a, b in
            decomposition.values[a].real < decomposition.values[b].real
        }
        guard let smallest else { return factor }
        let vector = decomposition.vectors[smallest]
        let row = vector.indices.max { vector[$0].length < vector[$1].length } ?? 0
        throw .notPositiveDefinite(smallestEigenvalue: decomposition.values[smallest].real, row: row)
    }
    for i in 0..<n {
        for j in (i + 1)..<max(n, i + 1) { factor[i, j] = 0 }
    }
    return factor
}
