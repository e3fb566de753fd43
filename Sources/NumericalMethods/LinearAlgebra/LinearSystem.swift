import CLAPACKE

/// The solution x of A·x = b for a square matrix A.
///
/// LAPACK's `dgetrf` and `dgetrs`: elimination with row interchanges. Error: x solves a system whose matrix differs
/// from A by a few n·ε·‖A‖ (ε = 2⁻⁵²), so its relative error is up to that times the condition number of A.
///
/// A singular A is told where the elimination meets nothing but zeros. One that is singular but for rounding is not: a
/// pivot below n·ε·‖A‖ also has the diagonal matrix (1, 1e−20), whose solutions are exact.
///
/// - Throws: ``LinearAlgebraError`` for a matrix that is not square or is singular, a b of another length, an element
///   that is not finite, or a solution beyond the largest double.
public func solve(_ a: Matrix, _ b: [Double]) throws(LinearAlgebraError) -> [Double] {
    guard a.rows == a.columns else { throw .notSquare(rows: a.rows, columns: a.columns) }
    try a.checkForLAPACK()
    try checkRightHandSide(b, rows: a.rows)
    let x: [Double]
    if Equilibration.isNeeded(a) {
        let equilibration = Equilibration(a)
        x = equilibration.solution(try eliminate(equilibration.matrix, equilibration.rightHandSide(b)))
    } else {
        x = try eliminate(a, b)
    }
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

private func eliminate(_ a: Matrix, _ b: [Double]) throws(LinearAlgebraError) -> [Double] {
    let n = a.rows
    guard n > 0 else { return [] }
    var x = b
    var zeroPivot: Int?
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n) { factors in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: n) { interchanges in
            guard let lu = factors.baseAddress else { return }
            a.copyByColumns(to: lu)
            let order = Int32(n)
            // What it returns is the first pivot that is 0, which the next line finds as well.
            _ = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, order, order, lu, order, interchanges.baseAddress)
            zeroPivot = (0..<n).first { !(lu[$0 * n + $0].magnitude >= Equilibration.smallestPivot) }
            guard zeroPivot == nil else { return }
            _ = LAPACKE_dgetrs_work(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), order, 1, lu, order, interchanges.baseAddress, &x, order)
        }
    }
    if let zeroPivot { throw .singular(pivot: zeroPivot) }
    return x
}

/// Powers of two by which rows and columns are multiplied, so that the largest element of each is from 1 to 2 (of a row
/// from ½ to 2).
///
/// Elimination takes a matrix as it is, except that OpenBLAS divides by pivots through their reciprocals, and 1/x is
/// infinite for x below 2⁻¹⁰²⁴: the solution of the rows (1e−310, 1e−310) and (1e−310, 2e−310) came out as NaN. The
/// factors being powers of two, nothing is rounded unless an element is 1e300 times smaller than the largest beside it.
private struct Equilibration {
    let matrix: Matrix
    private let rowExponents: [Int]
    private let columnExponents: [Int]

    /// A pivot below this is taken for 0: where the elements are about 1, it is what is left of less than the smallest
    /// doubles.
    static let smallestPivot = 0x1p-1000

    /// Whether an element is so large or so small that the pivots may leave the range of doubles; with moduli from
    /// 2⁻¹⁰⁰ to 2¹⁰⁰ those of matrices up to 4 × 4 cannot.
    static func isNeeded(_ a: Matrix) -> Bool {
        for element in a.elements where element != 0 {
            if element.magnitude < 0x1p-100 || element.magnitude > 0x1p+100 { return true }
        }
        return false
    }

    init(_ a: Matrix) {
        var scaled = a
        rowExponents = (0..<a.rows).map { i in
            let exponent = Equilibration.exponent((0..<a.columns).lazy.map { a[i, $0] })
            for j in 0..<a.columns { scaled[i, j] = Equilibration.scale(a[i, j], by: exponent) }
            return exponent
        }
        let rowsScaled = scaled
        columnExponents = (0..<a.columns).map { j in
            let exponent = Equilibration.exponent((0..<a.rows).lazy.map { rowsScaled[$0, j] })
            for i in 0..<a.rows { scaled[i, j] = Equilibration.scale(rowsScaled[i, j], by: exponent) }
            return exponent
        }
        matrix = scaled
    }

    func rightHandSide(_ b: [Double]) -> [Double] { zip(b, rowExponents).map(Equilibration.scale) }

    func solution(_ x: [Double]) -> [Double] { zip(x, columnExponents).map(Equilibration.scale) }

    private static func exponent(_ elements: some Sequence<Double>) -> Int {
        let largest = elements.reduce(0) { max($0, $1.magnitude) }
        return largest > 0 ? -Int(largest.exponent) : 0
    }

    private static func scale(_ x: Double, by exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: x)
    }
}
