import NumericalMethods
import RealModule

/// Rank correlations between parameters, by a Gaussian copula.
///
/// Normal variables with the correlations r = 2 sin(πρ/6) have Spearman's rank correlations ρ, and so have all quantiles of
/// Φ of them. Uniform numbers u become Φ(L·Φ⁻¹(u)), L Cholesky's factor of the matrix of r. Point by point, so that a
/// design keeps its random access; the first parameter keeps its numbers, and with them its stratification, the others
/// are mixed. (The method of Iman and Conover, rejected here, keeps every parameter's stratification but needs the whole
/// sample at once.)
public struct RankCorrelation: Equatable, Sendable {
    /// The rank correlations, one row and one column a parameter.
    public let matrix: Matrix
    /// L.
    let factor: Matrix

    /// The correlations of a matrix.
    ///
    /// - Throws: ``DesignError`` where the matrix is not square, not symmetric, does not have 1 all along its diagonal, has
    ///   an element outside of −1 … 1, or is not positive definite.
    public init(_ matrix: Matrix) throws(DesignError) {
        let n = matrix.rows
        guard n == matrix.columns, matrix.elements.count == n * n else {
            throw .correlationSize(rows: n, columns: matrix.columns, parameters: n)
        }
        for i in 0..<n {
            for j in 0..<n {
                let value = matrix[i, j]
                guard value >= -1, value <= 1 else {
                    throw .correlation(row: i, column: j, value: value, allowed: "a number from −1 to 1")
                }
                guard i != j || value == 1 else { throw .correlation(row: i, column: i, value: value, allowed: "1") }
                guard value == matrix[j, i] else {
                    throw .correlation(
                        row: i, column: j, value: value, allowed: "\(matrix[j, i]), as across the diagonal")
                }
            }
        }
        self.matrix = matrix
        _ = try Self.factor(matrix, ofNormals: false)
        var normals = matrix
        for i in normals.elements.indices {
            normals.elements[i] = 2 * Double.sin(.pi / 6 * matrix.elements[i])
        }
        // 2 sin(π/6) is 1 but for the rounding.
        for i in 0..<n { normals[i, i] = 1 }
        factor = try Self.factor(normals, ofNormals: true)
    }

    private static func factor(_ matrix: Matrix, ofNormals: Bool) throws(DesignError) -> Matrix {
        do {
            return try choleskyFactor(of: matrix)
        } catch {
            switch error {
            case .notPositiveDefinite(let eigenvalue, let row):
                throw DesignError.notPositiveDefinite(
                    smallestEigenvalue: eigenvalue, count: matrix.rows, parameter: row, ofNormals: ofNormals)
            default:
                // The shape and the elements have been checked: an iteration of LAPACK's did not converge.
                throw DesignError.notPositiveDefinite(
                    smallestEigenvalue: .nan, count: matrix.rows, parameter: 0, ofNormals: ofNormals)
            }
        }
    }

    /// Whether there is none between any two parameters.
    public var isIndependence: Bool { matrix == .identity(matrix.rows) }

    /// Replaces independent uniform numbers, one column a parameter, by correlated ones.
    func apply(to columns: [UnsafeMutableBufferPointer<Double>]) {
        guard !isIndependence else { return }
        let n = columns.count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { z in
            for row in columns[0].indices {
                for j in 0..<n { z.initializeElement(at: j, to: NormalDistribution.quantile(columns[j][row])) }
                for i in 0..<n {
                    // A parameter that hangs on no other keeps its number to the bit.
                    guard factor[i, i] != 1 else { continue }
                    var sum = 0.0
                    for j in 0...i { sum += factor[i, j] * z[j] }
                    // Φ rounds to 1 from 8.3 on.
                    columns[i][row] = min(max(NormalDistribution.cumulative(sum), 0x1p-53), 1 - 0x1p-53)
                }
            }
        }
    }
}
