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
/// By the QR factorisation of ``GrowingFit``: the leverages are the squared lengths of the rows of Q. Columns that are
/// dependent are an error.
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
    var columns = [Double](repeating: 0, count: m * n)
    columns.withUnsafeMutableBufferPointer { buffer in
        if let start = buffer.baseAddress { a.copyByColumns(to: start) }
    }
    var fit = try GrowingFit(to: b)
    try fit.append(columns)
    return try fit.solution()
}
