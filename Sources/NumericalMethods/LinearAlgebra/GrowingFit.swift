import CLAPACKE
import COpenBLAS
import Parallelism

/// A least-squares fit to which columns are added, A·x ≈ b of full rank: each fit costs no more than its new columns.
///
/// A = Q·R is kept. New columns are made orthogonal to those of Q by block Gram–Schmidt and to one another by Householder
/// reflections, and once more where the first time has cost them more than digits that can be spared: then Q is orthogonal to
/// rounding, and the fit is as good as one by reflections alone. The products, most of the work, are spread over threads in
/// panels of columns; what a panel comes out as depends on nothing but its columns, so that the bytes are the same at any
/// number of threads.
///
/// Rejected: OpenBLAS's own threads, whose number shows in the last digits; a Cholesky factorisation of AᵀA, which squares the
/// condition of A.
public struct GrowingFit: Sendable {
    /// m, the number of rows.
    public let rows: Int
    /// n, the number of columns so far.
    public private(set) var columns = 0
    /// Q by columns.
    private var q: [Double] = []
    /// R by columns: column j has its j + 1 elements from j(j + 1)/2 on.
    private var r: [Double] = []
    /// Qᵀb.
    private var projections: [Double] = []
    private var residuals: [Double]
    private var leverages: [Double]
    private var largestPivot = 0.0
    private let threads: Int

    /// The columns of a panel.
    private static let panel = 64
    /// A column that keeps this part of its length while others are taken out of it stays orthogonal to them, but for two
    /// digits.
    private static let keptLength = 0.01

    /// A fit without columns.
    ///
    /// - Parameters:
    ///   - b: one number a row, finite.
    ///   - threads: the most threads; the result does not depend on it.
    /// - Throws: ``LinearAlgebraError`` for an element that is not finite.
    public init(to b: [Double], threads: Int = 1) throws(LinearAlgebraError) {
        rows = b.count
        try checkRightHandSide(b, rows: rows)
        residuals = b.map { -$0 }
        leverages = b.map { _ in 0 }
        self.threads = threads
    }

    /// Adds columns.
    ///
    /// - Parameter new: the columns one after another, m finite numbers each.
    /// - Throws: ``LinearAlgebraError`` for a number that is not finite, for more columns than rows, and for columns that are
    ///   dependent to rounding. The fit is what it was then.
    public mutating func append(_ new: [Double]) throws(LinearAlgebraError) {
        guard rows > 0, new.count % rows == 0 else {
            throw .wrongShape(
                name: "elements of the columns", count: new.count, expected: new.count / max(rows, 1) * rows)
        }
        let count = new.count / rows
        guard columns + count <= rows else {
            throw .outOfRange(name: "rows", value: Double(rows), allowed: "\(columns + count) or more")
        }
        guard rows <= Matrix.largestOrder else { throw .tooLarge(order: rows, allowed: Matrix.largestOrder) }
        if let i = new.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(name: "element \(i % rows) of column \(columns + i / rows)", value: new[i])
        }
        var block = new
        let lengths = (0..<count).map { length(new, $0) }
        var above = project(&block, count)
        var triangle = try reflect(&block, count)
        let pivots = (0..<count).map { abs(triangle[$0 * count + $0]) }
        let largest = max(largestPivot, pivots.max() ?? 0)
        for j in 0..<count where !(pivots[j] > largest * Double(rows) * 0x1p-52) {
            throw .singular(pivot: columns + j)
        }
        if columns > 0, (0..<count).contains(where: { pivots[$0] < Self.keptLength * lengths[$0] }) {
            let again = project(&block, count)
            let second = try reflect(&block, count)
            // N = Q·W + B·T and B = Q·W′ + B′·T′.
            multiply(again, triangle, columns, count, addingTo: &above)
            var product = [Double](repeating: 0, count: count * count)
            multiply(second, triangle, count, count, addingTo: &product)
            triangle = product
        }
        largestPivot = largest
        q += block
        for j in 0..<count {
            r += above[(j * columns)..<((j + 1) * columns)]
            r += triangle[(j * count)...(j * count + j)]
            takeOut(block, j)
        }
        columns += count
    }

    /// The fit by the columns so far.
    ///
    /// - Throws: ``LinearAlgebraError/overflow(name:)`` where the solution is beyond the largest double.
    public func solution() throws(LinearAlgebraError) -> LeverageFit {
        var x = projections
        for j in stride(from: columns - 1, through: 0, by: -1) {
            let first = j * (j + 1) / 2
            x[j] /= r[first + j]
            for i in 0..<j { x[i] -= x[j] * r[first + i] }
        }
        guard x.allSatisfy({ $0.isFinite }) else { throw .overflow(name: "the solution") }
        return LeverageFit(coefficients: x, residuals: residuals, leverages: leverages.map { min($0, 1) })
    }

    // MARK: - Parts

    private func length(_ block: [Double], _ j: Int) -> Double {
        var sum = 0.0
        for i in (j * rows)..<((j + 1) * rows) { sum += block[i] * block[i] }
        return sum.squareRoot()
    }

    /// Takes a new column's part out of the residuals.
    private mutating func takeOut(_ block: [Double], _ j: Int) {
        var projection = 0.0
        for i in 0..<rows { projection -= block[j * rows + i] * residuals[i] }
        for i in 0..<rows {
            let element = block[j * rows + i]
            residuals[i] += projection * element
            leverages[i] += element * element
        }
        projections.append(projection)
    }

    /// N − Q·W in the place of N, W = QᵀN, n numbers a column.
    private func project(_ block: inout [Double], _ count: Int) -> [Double] {
        let (m, n) = (rows, columns)
        var weights = [Double](repeating: 0, count: n * count)
        guard n > 0 else { return weights }
        let q = q
        block.withUnsafeMutableBufferPointer { block in
            weights.withUnsafeMutableBufferPointer { weights in
                // Panels are disjoint, and all are done before the arrays may be touched again.
                nonisolated(unsafe) let (block, weights) = (block, weights)
                forEachIndex(count: (count + Self.panel - 1) / Self.panel, threads: threads) { panel in
                    let first = panel * Self.panel
                    let width = Int32(min(Self.panel, count - first))
                    guard let columns = block.baseAddress.map({ $0 + first * m }),
                        let products = weights.baseAddress.map({ $0 + first * n })
                    else { return }
                    cblas_dgemm(
                        CblasColMajor, CblasTrans, CblasNoTrans, Int32(n), width, Int32(m), 1, q, Int32(m), columns,
                        Int32(m), 0, products, Int32(n))
                    cblas_dgemm(
                        CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(m), width, Int32(n), -1, q, Int32(m), products,
                        Int32(n), 1, columns, Int32(m))
                }
            }
        }
        return weights
    }

    /// Makes columns orthonormal and returns the triangle by which they were combined, by columns.
    private func reflect(_ block: inout [Double], _ count: Int) throws(LinearAlgebraError) -> [Double] {
        let (m, n) = (Int32(rows), Int32(count))
        var reflectors = [Double](repeating: 0, count: count)
        var info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, &block, m, &reflectors)
        guard info == 0 else { throw .notConverged(routine: "dgeqrf", missing: Int(info.magnitude)) }
        var triangle = [Double](repeating: 0, count: count * count)
        for j in 0..<count {
            for i in 0...j { triangle[j * count + i] = block[j * rows + i] }
        }
        info = LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, &block, m, reflectors)
        guard info == 0 else { throw .notConverged(routine: "dorgqr", missing: Int(info.magnitude)) }
        return triangle
    }

    /// Adds A·B, A with `rows` and B with `count` rows and columns, all by columns.
    private func multiply(
        _ a: [Double], _ b: [Double], _ rows: Int, _ count: Int, addingTo c: inout [Double]
    ) {
        guard rows > 0, count > 0 else { return }
        cblas_dgemm(
            CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(count), Int32(count), 1, a, Int32(rows), b,
            Int32(count), 1, &c, Int32(rows))
    }
}
