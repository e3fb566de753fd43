/// The bialternate product 2A ⊙ I of a matrix with the identity: its eigenvalues are the sums λ_i + λ_j, i < j, of those of A,
/// so that it is singular where a pair ±iω or ±μ is among them. Linear in A. Rows and columns are the pairs (1, 0), (2, 0),
/// (2, 1), (3, 0), …
func bialternateSum(_ a: Matrix) -> Matrix {
    let n = a.rows
    let pairs = (0..<n).flatMap { p in (0..<p).map { (p, $0) } }
    var product = Matrix.zero(rows: pairs.count, columns: pairs.count)
    for (row, (p, q)) in pairs.enumerated() {
        for (column, (r, s)) in pairs.enumerated() {
            var element = 0.0
            if s == q { element += a[p, r] }
            if r == p { element += a[q, s] }
            if s == p { element -= a[q, r] }
            if r == q { element -= a[p, s] }
            product[row, column] = element
        }
    }
    return product
}
