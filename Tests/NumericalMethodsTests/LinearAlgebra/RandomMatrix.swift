import NumericalMethods
import TestSupport

extension SeededGenerator {
    /// A matrix of uniform elements from −1 to 1.
    mutating func matrix(rows: Int, columns: Int) -> Matrix {
        var result = Matrix.zero(rows: rows, columns: columns)
        for k in result.elements.indices { result.elements[k] = uniform(-1...1) }
        return result
    }

    /// A vector of uniform elements from −1 to 1.
    mutating func vector(_ count: Int) -> [Double] { (0..<count).map { _ in uniform(-1...1) } }
}

extension Matrix {
    /// A·x, by sums of products.
    func times(_ x: [Double]) -> [Double] {
        (0..<rows).map { i in (0..<columns).reduce(0) { $0 + self[i, $1] * x[$1] } }
    }

    /// A·B.
    func times(_ other: Matrix) -> Matrix {
        var result = Matrix.zero(rows: rows, columns: other.columns)
        for i in 0..<rows {
            for j in 0..<other.columns {
                result[i, j] = (0..<columns).reduce(0) { $0 + self[i, $1] * other[$1, j] }
            }
        }
        return result
    }

    var transpose: Matrix {
        var result = Matrix.zero(rows: columns, columns: rows)
        for i in 0..<rows {
            for j in 0..<columns { result[j, i] = self[i, j] }
        }
        return result
    }

    /// ‖A‖_F, not below ‖A‖₂.
    var frobeniusNorm: Double { norm(elements) }
}

/// ‖v‖₂ of moderate elements.
func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
