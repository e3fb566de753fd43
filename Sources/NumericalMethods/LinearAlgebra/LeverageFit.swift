import CLAPACKE

/// A least-squares fit of full rank with what leaving out each observation would do to it.
public struct LeverageFit: Equatable, Sendable {
    /// x, one number for each column of A.
    public let coefficients: [Double]
    /// A·x − b, one number a row.
    public let residuals: [Double]
    /// h_i, the diagonal of A(AᵀA)⁻¹Aᵀ: from 0 to 1, with the number of columns as their sum. The residual of an observation
    /// that is left out of the fit is r_i/(1 − h_i), exactly.
    public let leverages: [Double]
}

/// The least-squares solution of A·x = b for a matrix with more rows than columns, of full rank, and the leverages of its rows.
///
/// LAPACK's Householder QR, `dgeqrf` and `dorgqr`: the leverages are the squared lengths of the rows of Q. Columns that
/// are dependent are an error.
///
/// - Parameters:
///   - a: m × n, m ≥ n ≥ 1, finite.
///   - b: m numbers, finite.
/// - Throws: ``LinearAlgebraError`` for a shape that does not fit, an element that is not finite, columns that are dependent to
///   rounding, or a solution beyond the largest double.
public func leverageFit(_ a: Matrix, _ b: [Double]) throws(LinearAlgebraError) -> LeverageFit {
    try a.checkForLAPACK()
    try checkRightHandSide(b, rows: a.rows)
    let (m, n) = (a.rows, a.columns)
    guard n >= 1, m >= n else { throw .outOfRange(name: "rows", value: Double(m), allowed: "\(max(n, 1)) or more") }
    var q = [Double](repeating: 0, count: m * n)
    q.withUnsafeMutableBufferPointer { buffer in
        if let start = buffer.baseAddress { a.copyByColumns(to: start) }
    }
    let (rows, columns) = (Int32(m), Int32(n))
    var reflectors = [Double](repeating: 0, count: n)
    var info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, rows, columns, &q, rows, &reflectors)
    guard info == 0 else { throw .notConverged(routine: "dgeqrf", missing: Int(info.magnitude)) }
    // R, by columns.
    var r = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
        for i in 0...j { r[j * n + i] = q[j * m + i] }
    }
    let largest = (0..<n).reduce(0) { max($0, abs(r[$1 * n + $1])) }
    for j in 0..<n where !(abs(r[j * n + j]) > largest * Double(m) * 0x1p-52) {
        throw .singular(pivot: j)
    }
    info = LAPACKE_dorgqr(LAPACK_COL_MAJOR, rows, columns, columns, &q, rows, reflectors)
    guard info == 0 else { throw .notConverged(routine: "dorgqr", missing: Int(info.magnitude)) }
    var leverages = [Double](repeating: 0, count: m)
    var x = [Double](repeating: 0, count: n)
    for j in 0..<n {
        var sum = 0.0
        for i in 0..<m {
            let element = q[j * m + i]
            leverages[i] += element * element
            sum += element * b[i]
        }
        x[j] = sum
    }
    for j in stride(from: n - 1, through: 0, by: -1) {
        x[j] /= r[j * n + j]
        for i in 0..<j { x[i] -= x[j] * r[j * n + i] }
    }
    guard x.allSatisfy({ $0.isFinite }) else { throw .overflow(name: "the solution") }
    let residuals = (0..<m).map { i in (0..<n).reduce(-b[i]) { $0 + a[i, $1] * x[$1] } }
    return LeverageFit(coefficients: x, residuals: residuals, leverages: leverages.map { min($0, 1) })
}
