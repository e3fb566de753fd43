import CLAPACKE

/// The x of smallest ‖x‖₂ among those that make ‖A·x − b‖₂ smallest.
public struct LeastSquaresSolution: Equatable, Sendable {
    /// x, one number for each column of A.
    public let coefficients: [Double]
    /// How many singular values count as different from 0.
    ///
    /// Where it is less than the number of columns, other x fit as well as this one.
    public let rank: Int
    /// ‖A·x − b‖₂, computed from A, x and b.
    public let residualNorm: Double
    /// The singular values of A, from the largest to the smallest, as many as its rows or columns, whichever are fewer.
    public let singularValues: [Double]
    /// The share of the largest singular value below which one counts as 0.
    public let rankTolerance: Double
}

/// The least-squares solution of A·x = b for any matrix: with more rows than columns the best fit, with fewer the
/// shortest of the solutions, and with dependent columns the shortest of the best fits.
///
/// LAPACK's `dgelsd`: singular values by divide and conquer. Normal equations are not used, since they square the
/// condition number. Error: x is the solution for an A that differs by a few max(m, n)·ε·‖A‖ (ε = 2⁻⁵²), as long as the
/// rank is not changed by that.
///
/// - Parameters:
///   - a: m × n, finite.
///   - b: m numbers, finite.
///   - rankTolerance: from 0 to 1, the share of the largest singular value up to which one counts as 0. By default
///     max(m, n)·ε, what rounding alone makes of a 0.
/// - Throws: ``LinearAlgebraError`` for a b of another length than A has rows, an element that is not finite, a
///   tolerance out of range, an iteration that does not converge, or a solution beyond the largest double.
public func leastSquares(
    _ a: Matrix, _ b: [Double], rankTolerance: Double? = nil
) throws(LinearAlgebraError) -> LeastSquaresSolution {
    try a.checkForLAPACK()
    try checkRightHandSide(b, rows: a.rows)
    let tolerance = rankTolerance ?? Double(max(a.rows, a.columns)) * 0x1p-52
    guard tolerance >= 0, tolerance <= 1 else {
        throw .outOfRange(name: "rank tolerance", value: tolerance, allowed: "a number from 0 to 1")
    }
    let (m, n) = (a.rows, a.columns)
    guard m > 0, n > 0 else {
        return LeastSquaresSolution(
            coefficients: [Double](repeating: 0, count: n), rank: 0, residualNorm: euclideanNorm(b),
            singularValues: [], rankTolerance: tolerance)
    }
    // dgelsd finds x in the place of b, which may be the shorter.
    var x = b + [Double](repeating: 0, count: max(n - m, 0))
    var singularValues = [Double](repeating: 0, count: min(m, n))
    var columns = [Double](repeating: 0, count: m * n)
    columns.withUnsafeMutableBufferPointer { buffer in
        if let start = buffer.baseAddress { a.copyByColumns(to: start) }
    }
    var rank: Int32 = 0
    // The lengths of the work arrays are asked for first.
    var bestCount = 0.0
    var integerCount: Int32 = 0
    let (rows, unknowns, leading) = (Int32(m), Int32(n), Int32(max(m, n)))
    var info = LAPACKE_dgelsd_work(
        LAPACK_COL_MAJOR, rows, unknowns, 1, &columns, rows, &x, leading, &singularValues, tolerance, &rank,
        &bestCount, -1, &integerCount)
    guard info == 0, let workCount = Int32(exactly: bestCount), workCount > 0, integerCount >= 0 else {
        throw .tooLarge(order: max(m, n), allowed: Matrix.largestOrder)
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(workCount)) { work in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(Int(integerCount), 1)) { integers in
            info = LAPACKE_dgelsd_work(
                LAPACK_COL_MAJOR, rows, unknowns, 1, &columns, rows, &x, leading, &singularValues, tolerance, &rank,
                work.baseAddress, workCount, integers.baseAddress)
        }
    }
    guard info == 0 else { throw .notConverged(routine: "dgelsd", missing: Int(info.magnitude)) }
    x.removeLast(x.count - n)
    guard x.allSatisfy({ $0.isFinite }), singularValues.allSatisfy({ $0.isFinite }) else {
        throw .overflow(name: "the solution")
    }
    // dgelsd leaves the residual only where the rank is full and there are more rows than columns.
    let residual = (0..<m).map { i in (0..<n).reduce(-b[i]) { $0 + a[i, $1] * x[$1] } }
    let residualNorm = euclideanNorm(residual)
    guard residualNorm.isFinite else { throw .overflow(name: "the residual") }
    return LeastSquaresSolution(
        coefficients: x, rank: Int(rank), residualNorm: residualNorm, singularValues: singularValues,
        rankTolerance: tolerance)
}
