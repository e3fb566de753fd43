/// The symmetric C of A·C + C·Aᵀ + D = 0 for a square A and a symmetric D of its order.
///
/// Where all eigenvalues of A have negative real parts, C is the stationary covariance of the linear process dx = A·x dt +
/// noise of the intensity D. There is one solution unless two eigenvalues of A add up to 0.
///
/// The n(n + 1)/2 elements on and above the diagonal solve a linear system by LAPACK's `dgetrf`. For the few
/// components of a market that costs less than a Schur form (Bartels and Stewart), which pays from n ≈ 10 on; the work
/// here grows like n⁶. Error: that of ``solve(_:_:)``.
///
/// - Throws: ``LinearAlgebraError`` for matrices of other shapes, a D that is not symmetric, elements that are not finite,
///   or where two eigenvalues of A add up to 0.
public func lyapunovSolution(_ a: Matrix, _ d: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard a.rows == a.columns else { throw .notSquare(rows: a.rows, columns: a.columns) }
    let n = a.rows
    guard d.rows == n, d.columns == n else {
        throw .wrongShape(name: "rows or columns of D", count: d.rows == n ? d.columns : d.rows, expected: n)
    }
    for i in 0..<n {
        for j in 0..<i where d[i, j] != d[j, i] { throw .notSymmetric(row: i, column: j) }
    }
    var places = Matrix.zero(rows: n, columns: n)
    var count = 0
    for i in 0..<n {
        for j in i..<n {
            places[i, j] = Double(count)
            places[j, i] = Double(count)
            count += 1
        }
    }
    var system = Matrix.zero(rows: count, columns: count)
    var right: [Double] = []
    for i in 0..<n {
        for j in i..<n {
            let row = right.count
            for k in 0..<n {
                system[row, Int(places[k, j])] += a[i, k]
                system[row, Int(places[i, k])] += a[j, k]
            }
            right.append(-d[i, j])
        }
    }
    let x = try solve(system, right)
    var c = Matrix.zero(rows: n, columns: n)
    for i in 0..<n {
        for j in 0..<n { c[i, j] = x[Int(places[i, j])] }
    }
    return c
}
