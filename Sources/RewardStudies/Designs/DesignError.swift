/// What is wrong with a design.
public enum DesignError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A number of points, levels, … outside of its range.
    case outOfRange(name: String, value: Int, allowed: String)
    /// More rows than can be counted.
    case tooManyRows
    /// A correlation matrix of another size than there are parameters.
    case correlationSize(rows: Int, columns: Int, parameters: Int)
    /// A rank correlation outside of −1 … 1, or one of a parameter with itself that is not 1, or that differs from the
    /// element across the diagonal. Rows and columns are counted from 0.
    case correlation(row: Int, column: Int, value: Double, allowed: String)
    /// The matrix is not positive definite. The eigenvalue is the first of `count` in ascending order, and `parameter`,
    /// counted from 0, the one with the largest share in its vector. `ofNormals`: the rank correlations' own matrix is
    /// positive definite, but not that of the normal variables with these rank correlations.
    case notPositiveDefinite(smallestEigenvalue: Double, count: Int, parameter: Int, ofNormals: Bool)
    /// Morris's and Sobol's methods are for independent parameters.
    case correlatedParameters(method: String)

    /// The error in a line.
    public var description: String {
        switch self {
        case .outOfRange(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
        case .tooManyRows: "the design has more rows than can be counted; allowed: fewer points or parameters"
        case .correlationSize(let rows, let columns, let parameters):
            "the correlation matrix has \(rows) rows and \(columns) columns; allowed: \(parameters) of both, one a parameter"
        case .correlation(let row, let column, let value, let allowed):
            "the rank correlation in row \(row + 1), column \(column + 1) is \(value); allowed: \(allowed)"
        case .notPositiveDefinite(let eigenvalue, let count, let parameter, let ofNormals):
            "the \(ofNormals ? "correlation matrix of the normal variables" : "rank-correlation matrix") is not positive "
                + "definite: eigenvalue 1 of \(count), the smallest, is \(eigenvalue), with the largest share of parameter "
                + "\(parameter + 1); allowed: eigenvalues greater than 0"
        case .correlatedParameters(let method):
            "\(method) assumes independent parameters; allowed: no correlation between them"
        }
    }
}
