import CLAPACKE

/// The linearised collocation equations of a cycle, condensed: unknowns δu at all nodes, δT and δp.
///
/// On each interval the values within are eliminated, which leaves the transfer δu_{j+1} = W_jδu_j + D_jδ(T, p) + e_j. Then the
/// interior mesh points go, one after another, by orthogonal transformations of the two equations that they are in; products
/// of the W_j, which would overflow or underflow, are never formed. 2n + 2 equations are left, with periodicity, the phase
/// condition and the row that makes the system square.
public struct CondensedCycle: BorderedSystem {
    let dimension: Int
    let degree: Int
    let intervals: Int
    /// The values within intervals by (u_j, T, p, 1): n·degree rows of n + 3 for each interval.
    let local: [Double]
    /// R_j, P_j, Q_j, D_j, r_j of R_ju_j + P_ju_0 + Q_ju_{j+1} + D_jδ(T, p) = r_j, j from 1: n rows of 3n + 3 each.
    private let pivots: [Double]
    /// P, Q, D, r of Pu_0 + Qu_M + Dδ(T, p) = r, n rows of 2n + 3.
    private let relation: [Double]
    private let phaseRow: [Double]
    private let phaseResidual: Double
    /// u_M − u_0.
    private let gap: [Double]
    public let residual: Double

    /// - Parameters:
    ///   - local: as the property, n + 3 columns.
    ///   - phaseRow: the coefficients of the phase condition at all nodes.
    init?(
        dimension n: Int, degree: Int, intervals: Int, local: [Double], phaseRow: [Double], phaseResidual: Double,
        gap: [Double], residual: Double
    ) {
        dimension = n
        self.degree = degree
        self.intervals = intervals
        self.local = local
        self.phaseRow = phaseRow
        self.phaseResidual = phaseResidual
        self.gap = gap
        self.residual = residual
        let width = 3 * n + 3
        var pivots = [Double](repeating: 0, count: max(intervals - 1, 0) * n * width)
        // Two rows of blocks in the columns (u_j, u_0, u_{j+1}, T, p, r).
        var work = [Double](repeating: 0, count: 2 * n * width)
        func transfer(_ j: Int, _ i: Int, _ k: Int) -> Double {
            local[((j * degree + degree - 1) * n + i) * (n + 3) + k]
        }
        for i in 0..<n {
            for k in 0..<n { work[i * width + n + k] = -transfer(0, i, k) }
            work[i * width + i] = 1
            work[i * width + 3 * n] = -transfer(0, i, n)
            work[i * width + 3 * n + 1] = -transfer(0, i, n + 1)
            work[i * width + 3 * n + 2] = transfer(0, i, n + 2)
        }
        var isFinite = true
        for j in 1..<max(intervals, 1) {
            for i in 0..<n {
                let row = (n + i) * width
                for k in 0..<width { work[row + k] = 0 }
                for k in 0..<n { work[row + k] = -transfer(j, i, k) }
                work[row + 2 * n + i] = 1
                work[row + 3 * n] = -transfer(j, i, n)
                work[row + 3 * n + 1] = -transfer(j, i, n + 1)
                work[row + 3 * n + 2] = transfer(j, i, n + 2)
                for k in 0..<n { work[i * width + 2 * n + k] = 0 }
            }
            work.withUnsafeMutableBufferPointer { Self.eliminate($0, rows: 2 * n, columns: n, width: width) }
            let place = (j - 1) * n * width
            for k in 0..<(n * width) { pivots[place + k] = work[k] }
            for i in 0..<n where !(abs(work[i * width + i]) > 0) { isFinite = false }
            // What is left of the lower rows is the relation of u_0 and u_{j+1}, which is the next u_j.
            for i in 0..<n {
                let (from, to) = ((n + i) * width, i * width)
                for k in 0..<n {
                    work[to + k] = work[from + 2 * n + k]
                    work[to + n + k] = work[from + n + k]
                }
                for k in 0..<3 { work[to + 3 * n + k] = work[from + 3 * n + k] }
            }
        }
        self.pivots = pivots
        var relation = [Double](repeating: 0, count: n * (2 * n + 3))
        for i in 0..<n {
            for k in 0..<n {
                relation[i * (2 * n + 3) + k] = work[i * width + n + k]
                relation[i * (2 * n + 3) + n + k] = work[i * width + k]
            }
            for k in 0..<3 { relation[i * (2 * n + 3) + 2 * n + k] = work[i * width + 3 * n + k] }
        }
        self.relation = relation
        guard isFinite, relation.allSatisfy({ $0.isFinite }), residual.isFinite else { return nil }
    }

    /// Householder's elimination of the first columns of a block of rows.
    private static func eliminate(
        _ a: UnsafeMutableBufferPointer<Double>, rows: Int, columns: Int, width: Int
    ) {
        for c in 0..<columns {
            var sum = 0.0
            for i in c..<rows { sum += a[i * width + c] * a[i * width + c] }
            guard sum > 0 else { continue }
            let head = a[c * width + c]
            let length = head > 0 ? -sum.squareRoot() : sum.squareRoot()
            // v = column − length·e, of which vᵀv/2 = length² − length·head.
            let scale = 1 / (sum - length * head)
            a[c * width + c] = head - length
            for k in (c + 1)..<width {
                var product = 0.0
                for i in c..<rows { product += a[i * width + c] * a[i * width + k] }
                product *= scale
                for i in c..<rows { a[i * width + k] -= product * a[i * width + c] }
            }
            a[c * width + c] = length
            for i in (c + 1)..<rows { a[i * width + c] = 0 }
        }
    }

    /// A row over all unknowns, (nodes, T, p), as one over (u_0, u_M, T, p) with what it has on the right.
    private func reduced(_ row: [Double], parameters: (Double, Double), withResidual: Bool) -> [Double] {
        let n = dimension
        let (columns, width) = (n + 3, 3 * n + 3)
        // Over u_0, over the current u_j, T, p, right-hand side (on the left's side).
        var first = Array(row[..<n])
        var current = [Double](repeating: 0, count: n)
        var (t, p) = parameters
        var right = 0.0
        for j in 0..<intervals {
            // The weight that an earlier elimination has put on u_j is in `current`; what lies in the interval after it goes to
            // u_j as well, but its last node, which is u_{j+1}.
            var own = j == 0 ? first : current
            for k in 1..<degree {
                for i in 0..<n {
                    let weight = row[(j * degree + k) * n + i]
                    guard weight != 0 else { continue }
                    let place = ((j * degree + k - 1) * n + i) * columns
                    for c in 0..<n { own[c] += weight * local[place + c] }
                    t += weight * local[place + n]
                    p += weight * local[place + n + 1]
                    if withResidual { right -= weight * local[place + n + 2] }
                }
            }
            var next = (0..<n).map { row[((j + 1) * degree) * n + $0] }
            if j == 0 {
                first = own
            } else {
                // own·u_j by the pivot rows.
                let place = (j - 1) * n * width
                for i in 0..<n {
                    let factor = own[i] / pivots[place + i * width + i]
                    guard factor != 0 else { continue }
                    for k in (i + 1)..<max(n, i + 1) { own[k] -= factor * pivots[place + i * width + k] }
                    for k in 0..<n {
                        first[k] -= factor * pivots[place + i * width + n + k]
                        next[k] -= factor * pivots[place + i * width + 2 * n + k]
                    }
                    t -= factor * pivots[place + i * width + 3 * n]
                    p -= factor * pivots[place + i * width + 3 * n + 1]
                    if withResidual { right -= factor * pivots[place + i * width + 3 * n + 2] }
                }
            }
            current = next
        }
        return first + current + [t, p, right]
    }

    private func solved(row: [Double], last: Double, withResidual: Bool) throws(LinearAlgebraError) -> [Double] {
        let n = dimension
        let nodes = intervals * degree + 1
        let order = 2 * n + 2
        var matrix = Matrix.zero(rows: order, columns: order)
        var right = [Double](repeating: 0, count: order)
        for i in 0..<n {
            for k in 0..<order { matrix[i, k] = relation[i * (2 * n + 3) + k] }
            if withResidual { right[i] = relation[i * (2 * n + 3) + 2 * n + 2] }
            matrix[n + i, i] = -1
            matrix[n + i, n + i] = 1
            if withResidual { right[n + i] = -gap[i] }
        }
        let phase = reduced(phaseRow, parameters: (0, 0), withResidual: withResidual)
        let closing = reduced(
            Array(row[..<(nodes * n)]), parameters: (row[nodes * n], row[nodes * n + 1]), withResidual: withResidual)
        for k in 0..<order {
            matrix[2 * n, k] = phase[k]
            matrix[2 * n + 1, k] = closing[k]
        }
        right[2 * n] = (withResidual ? -phaseResidual : 0) + phase[order]
        right[2 * n + 1] = last + closing[order]
        let ends = try LUFactors(matrix).solve(right)

        // Back: the mesh points from the last on, then the values within.
        var solution = [Double](repeating: 0, count: nodes * n + 2)
        let (t, p) = (ends[2 * n], ends[2 * n + 1])
        solution[nodes * n] = t
        solution[nodes * n + 1] = p
        for i in 0..<n {
            solution[i] = ends[i]
            solution[(nodes - 1) * n + i] = ends[n + i]
        }
        let width = 3 * n + 3
        for j in stride(from: intervals - 1, to: 0, by: -1) {
            let place = (j - 1) * n * width
            let (own, next) = (j * degree * n, (j + 1) * degree * n)
            for i in stride(from: n - 1, through: 0, by: -1) {
                let row = place + i * width
                var sum = withResidual ? pivots[row + 3 * n + 2] : 0
                sum -= pivots[row + 3 * n] * t + pivots[row + 3 * n + 1] * p
                for k in 0..<n {
                    sum -= pivots[row + n + k] * ends[k] + pivots[row + 2 * n + k] * solution[next + k]
                }
                for k in (i + 1)..<max(n, i + 1) { sum -= pivots[row + k] * solution[own + k] }
                solution[own + i] = sum / pivots[row + i]
            }
        }
        for j in 0..<intervals {
            let own = j * degree * n
            for k in 1..<degree {
                for i in 0..<n {
                    let place = ((j * degree + k - 1) * n + i) * (n + 3)
                    var sum =
                        (withResidual ? local[place + n + 2] : 0) + local[place + n] * t + local[place + n + 1] * p
                    for c in 0..<n { sum += local[place + c] * solution[own + c] }
                    solution[(j * degree + k) * n + i] = sum
                }
            }
        }
        return solution
    }

    public func newtonStep(row: [Double], last: Double) throws(LinearAlgebraError) -> [Double] {
        try solved(row: row, last: last, withResidual: true)
    }

    public func kernel(row: [Double]) throws(LinearAlgebraError) -> [Double] {
        try solved(row: row, last: 1, withResidual: false)
    }

    /// W_j, row by row.
    func transfer(_ j: Int) -> [Double] {
        let n = dimension
        var result: [Double] = []
        result.reserveCapacity(n * n)
        for i in 0..<n {
            let place = ((j * degree + degree - 1) * n + i) * (n + 3)
            result.append(contentsOf: local[place..<(place + n)])
        }
        return result
    }
}
