/// What keeps a problem of linear algebra from having an answer.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A square matrix is wanted.
    case notSquare(rows: Int, columns: Int)
    /// Something has another length than what it goes with.
    case wrongShape(name: String, count: Int, expected: Int)
    /// An element of the input is infinite or NaN. Rows and columns are counted from 0.
    case notFinite(name: String, value: Double)
    /// The elimination found nothing but zeros to divide by: this column, counted from 0, is a combination of the ones
    /// before it.
    case singular(pivot: Int)
    /// A symmetric matrix that has to be positive definite is not: its smallest eigenvalue, and the row and column whose
    /// share in that eigenvalue's vector is the largest, counted from 0.
    case notPositiveDefinite(smallestEigenvalue: Double, row: Int)
    /// The element in a row and a column is not the one in that column and that row. Counted from 0.
    case notSymmetric(row: Int, column: Int)
    /// An iteration of LAPACK's came to its limit with so many values still missing.
    case notConverged(routine: String, missing: Int)
    /// The answer, or what leads to it, is beyond the largest double.
    case overflow(name: String)
    /// More rows or columns than LAPACK's integers count.
    case tooLarge(order: Int, allowed: Int)
    /// A tolerance or another number that steers a method is outside of its range.
    case outOfRange(name: String, value: Double, allowed: String)

    /// The error in a line.
    public var description: String {
        switch self {
        case .notSquare(let rows, let columns):
            "the matrix has \(rows) rows and \(columns) columns; allowed: as many rows as columns"
        case .wrongShape(let name, let count, let expected): "\(name): \(count); allowed: \(expected)"
        case .notFinite(let name, let value): "\(name) is \(value); allowed: a finite number"
        case .singular(let pivot):
            "the matrix is singular: column \(pivot), counted from 0, is a combination of the ones before it"
        case .notPositiveDefinite(let eigenvalue, let row):
            "the matrix is not positive definite: its smallest eigenvalue is \(eigenvalue), mostly by row \(row), "
                + "counted from 0; allowed: eigenvalues greater than 0"
        case .notSymmetric(let row, let column):
            "the matrix is not symmetric in row \(row), column \(column), counted from 0"
        case .notConverged(let routine, let missing): "\(routine) did not converge; \(missing) values are missing"
        case .overflow(let name): "\(name) is beyond the largest double; scale the problem"
        case .tooLarge(let order, let allowed):
            "the matrix has \(order) rows or columns; allowed: at most \(allowed)"
        case .outOfRange(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
        }
    }
}
