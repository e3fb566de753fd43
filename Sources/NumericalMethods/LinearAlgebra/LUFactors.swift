import CLAPACKE

/// A square matrix as P·L·U, with which several systems are solved and the determinant is known. LAPACK's `dgetrf`.
struct LUFactors {
    private let order: Int32
    private let factors: [Double]
    private let interchanges: [Int32]
    /// The sign of the determinant: 1, −1 or, of a matrix that is singular to the bit, 0.
    let sign: Double
    /// The determinant; 0 or ±∞ where it is outside of the range of doubles.
    let determinant: Double
    /// The ratio of the largest pivot to the smallest, which the condition number is seldom far above.
    let pivotRatio: Double

    private let isSolvable: Bool

    /// - Parameter replacesZeroPivots: whether a matrix that is singular to the bit is solved with as one that is off by rounding,
    ///   for iterations that go through singular points. Its determinant is 0 all the same.
    /// - Throws: `LinearAlgebraError` for a matrix that is not square or not finite.
    init(_ a: Matrix, replacesZeroPivots: Bool = false) throws(LinearAlgebraError) {
        guard a.rows == a.columns else { throw .notSquare(rows: a.rows, columns: a.columns) }
        try a.checkForLAPACK()
        let n = a.rows
        var factors = [Double](repeating: 0, count: n * n)
        factors.withUnsafeMutableBufferPointer { if let start = $0.baseAddress { a.copyByColumns(to: start) } }
        var interchanges = [Int32](repeating: 0, count: n)
        order = Int32(n)
        _ = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, order, order, &factors, max(order, 1), &interchanges)
        var (sign, determinant, largest, smallest) = (1.0, 1.0, 0.0, Double.infinity)
        for k in 0..<n {
            let pivot = factors[k * n + k]
            let turned = Int(interchanges[k]) == k + 1 ? pivot : -pivot
            sign *= turned == 0 ? 0 : turned < 0 ? -1 : 1
            determinant *= turned
            largest = max(largest, abs(pivot))
            smallest = min(smallest, abs(pivot))
        }
        if replacesZeroPivots, largest > 0 {
            for k in 0..<n where factors[k * n + k] == 0 { factors[k * n + k] = Double.ulpOfOne * largest }
        }
        isSolvable = sign != 0 || (replacesZeroPivots && largest > 0)
        self.factors = factors
        self.interchanges = interchanges
        self.sign = sign
        self.determinant = determinant
        pivotRatio = largest / smallest
    }

    /// The solution of A·x = b, or of Aᵀ·x = b.
    ///
    /// - Throws: `LinearAlgebraError` for a singular matrix, a b of another length or a solution that is not finite.
    func solve(_ b: [Double], transposed: Bool = false) throws(LinearAlgebraError) -> [Double] {
        try checkRightHandSide(b, rows: Int(order))
        guard isSolvable else { throw .singular(pivot: Int(order) - 1) }
        var x = b
        _ = LAPACKE_dgetrs_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: transposed ? "T" : "N")), order, 1, factors, order, interchanges, &x,
            order)
        guard x.allSatisfy({ $0.isFinite }) else { throw .overflow(name: "the solution") }
        return x
    }
}
