import ComplexModule
import RealModule

/// The Floquet multipliers of a cycle: the eigenvalues of a product W_M ⋯ W_1 of small matrices, each with its own digits.
///
/// An eigenvalue of the product as a matrix has the error of the largest one. Here an orthonormal basis goes round the cycle,
/// W_jQ_{j−1} = Q_jR_j: where Q_M spans, column by column, what Q_0 does, the diagonal of ΠR_j has the multipliers, formed as
/// products of numbers. (Where two have one modulus only their plane comes back, and they are those of a 2 × 2 block.) The basis
/// starts from the eigenvectors of the product and is carried round until it comes back.
struct FloquetMultipliers {
    /// By falling modulus, of a pair the positive imaginary part first.
    let values: [Complex<Double>]

    /// - Parameter factors: W_1, W_2, …, W_M, each n × n row by row.
    init(_ factors: [[Double]], dimension n: Int) throws(LinearAlgebraError) {
        var basis = Self.startingBasis(factors, n) ?? Matrix.identity(n).elements
        var upper = Matrix.identity(n)
        var turned = Matrix.identity(n)
        for _ in 0..<60 {
            let start = basis
            // Column scales keep the product of the R_j in range.
            upper = Matrix.identity(n)
            for factor in factors {
                var columns = Self.product(factor, basis, n)
                let r = Self.orthonormalise(&columns, n)
                basis = columns
                upper.elements = Self.product(r.elements, upper.elements, n)
            }
            turned = Matrix.zero(rows: n, columns: n)
            for i in 0..<n {
                for j in 0..<n {
                    for k in 0..<n { turned[i, j] += start[k * n + i] * basis[k * n + j] }
                }
            }
            if Self.blocks(turned).allSatisfy({ $0.count <= 2 }) { break }
        }
        var found: [Complex<Double>] = []
        for block in Self.blocks(turned) {
            let size = block.count
            var small = Matrix.zero(rows: size, columns: size)
            for i in 0..<size {
                for j in 0..<size {
                    for k in 0..<size {
                        small[i, j] +=
                            turned[block.lowerBound + i, block.lowerBound + k]
                            * upper[block.lowerBound + k, block.lowerBound + j]
                    }
                }
            }
            found += size == 1 ? [Complex(small[0, 0])] : try eigenvalues(of: small)
        }
        values = found.sorted {
            ($1.length, $1.imaginary, $1.real) < ($0.length, $0.imaginary, $0.real)
        }
    }

    /// The runs of columns that come back as a space: the entries below such a block are rounding.
    private static func blocks(_ turned: Matrix) -> [Range<Int>] {
        let n = turned.rows
        var result: [Range<Int>] = []
        var start = 0
        for end in 1...n {
            var largest = 0.0
            for i in end..<n {
                for j in 0..<end { largest = max(largest, abs(turned[i, j])) }
            }
            if largest <= 1e-13 || end == n {
                result.append(start..<end)
                start = end
            }
        }
        return result
    }

    private static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
        var c = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for k in 0..<n {
                let factor = a[i * n + k]
                for j in 0..<n { c[i * n + j] += factor * b[k * n + j] }
            }
        }
        return c
    }

    /// Gram's and Schmidt's method, twice, on the columns of a; the upper triangular factor comes back.
    private static func orthonormalise(_ a: inout [Double], _ n: Int) -> Matrix {
        var r = Matrix.zero(rows: n, columns: n)
        for j in 0..<n {
            var before = 0.0
            for i in 0..<n { before += a[i * n + j] * a[i * n + j] }
            before = before.squareRoot()
            for _ in 0..<2 {
                for k in 0..<j {
                    var product = 0.0
                    for i in 0..<n { product += a[i * n + k] * a[i * n + j] }
                    r[k, j] += product
                    for i in 0..<n { a[i * n + j] -= product * a[i * n + k] }
                }
            }
            var length = 0.0
            for i in 0..<n { length += a[i * n + j] * a[i * n + j] }
            length = length.squareRoot()
            if length > 1e-300, length > 1e-15 * before {
                r[j, j] = length
                for i in 0..<n { a[i * n + j] /= length }
            } else {
                // A direction that is lost: any that is orthogonal to those before, and 0 on the diagonal.
                r[j, j] = 0
                for candidate in 0..<n {
                    var v = unit(candidate, of: n)
                    for _ in 0..<2 {
                        for k in 0..<j {
                            var product = 0.0
                            for i in 0..<n { product += a[i * n + k] * v[i] }
                            for i in 0..<n { v[i] -= product * a[i * n + k] }
                        }
                    }
                    let size = euclideanNorm(v)
                    if size > 0.3 {
                        for i in 0..<n { a[i * n + j] = v[i] / size }
                        break
                    }
                }
            }
        }
        return r
    }

    /// A basis of which the first k columns span the eigenvectors of the k largest eigenvalues of the product.
    private static func startingBasis(_ factors: [[Double]], _ n: Int) -> [Double]? {
        var whole = Matrix.identity(n).elements
        for factor in factors { whole = product(factor, whole, n) }
        guard let decomposition = try? Eigendecomposition(Matrix(unchecked: whole, rows: n, columns: n)) else {
            return nil
        }
        let order = decomposition.values.indices.sorted {
            (decomposition.values[$1].length, $0) < (decomposition.values[$0].length, $1)
        }
        var columns: [[Double]] = []
        var k = 0
        while k < n {
            let vector = decomposition.vectors[order[k]]
            columns.append(vector.map(\.real))
            if decomposition.values[order[k]].imaginary != 0, k + 1 < n {
                columns.append(vector.map(\.imaginary))
                k += 1
            }
            k += 1
        }
        var basis = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0..<n { basis[i * n + j] = columns[j][i] }
        }
        _ = orthonormalise(&basis, n)
        return basis
    }
}
