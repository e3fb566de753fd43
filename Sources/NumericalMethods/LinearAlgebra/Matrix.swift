/// A dense real matrix, stored row by row: a_ij is element i·columns + j.
public struct Matrix: Equatable, Sendable {
    /// The number of rows, 0 or more.
    public let rows: Int
    /// The number of columns, 0 or more.
    public let columns: Int
    /// The elements, row by row.
    ///
    /// Whoever sets all of them at once keeps their number; where it is another, what is computed from the matrix
    /// throws ``LinearAlgebraError/wrongShape(name:count:expected:)``.
    public var elements: [Double]

    /// The matrix of the given shape with the elements given row by row.
    ///
    /// - Throws: ``LinearAlgebraError/outOfRange(name:value:allowed:)`` for a negative number of rows or columns,
    ///   ``LinearAlgebraError/wrongShape(name:count:expected:)`` for another number of elements than rows · columns.
    public init(rows: Int, columns: Int, elements: [Double]) throws(LinearAlgebraError) {
        for (name, count) in [("rows", rows), ("columns", columns)] where count < 0 {
            throw .outOfRange(name: name, value: Double(count), allowed: "0 or more")
        }
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, elements.count == count else {
            throw .wrongShape(name: "elements", count: elements.count, expected: overflow ? .max : count)
        }
        self.init(unchecked: elements, rows: rows, columns: columns)
    }

    /// The matrix with the given rows; none makes the 0 × 0 matrix.
    ///
    /// - Throws: ``LinearAlgebraError/wrongShape(name:count:expected:)`` where a row is longer or shorter than the
    ///   first.
    public init(_ rows: [[Double]]) throws(LinearAlgebraError) {
        let columns = rows.first?.count ?? 0
        if let i = rows.firstIndex(where: { $0.count != columns }) {
            throw .wrongShape(name: "row \(i)", count: rows[i].count, expected: columns)
        }
        self.init(unchecked: Array(rows.joined()), rows: rows.count, columns: columns)
    }

    /// The shape fits already.
    init(unchecked elements: [Double], rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// The element in a row and a column, both counted from 0.
    @inlinable public subscript(row: Int, column: Int) -> Double {
        get {
            assert(column >= 0 && column < columns, "no column \(column) in a matrix of \(columns)")
            return elements[row * columns + column]
        }
        set {
            assert(column >= 0 && column < columns, "no column \(column) in a matrix of \(columns)")
            elements[row * columns + column] = newValue
        }
    }

    /// The matrix of zeros; a negative number of rows or columns counts as 0.
    public static func zero(rows: Int, columns: Int) -> Matrix {
        let rows = max(rows, 0)
        let columns = max(columns, 0)
        return Matrix(unchecked: [Double](repeating: 0, count: rows * columns), rows: rows, columns: columns)
    }

    /// The n × n identity; a negative n counts as 0.
    public static func identity(_ n: Int) -> Matrix {
        var result = zero(rows: n, columns: n)
        for i in 0..<result.rows { result[i, i] = 1 }
        return result
    }
}

extension Matrix {
    /// Checks what every routine of LAPACK takes for granted: elements that fit the shape and are finite, and a shape
    /// that its 32-bit integers can count.
    func checkForLAPACK() throws(LinearAlgebraError) {
        guard elements.count == rows * columns else {
            throw .wrongShape(name: "elements", count: elements.count, expected: rows * columns)
        }
        let largest = max(rows, columns)
        guard largest <= Matrix.largestOrder else { throw .tooLarge(order: largest, allowed: Matrix.largestOrder) }
        // One addition an element: the sum of x·0 is 0 unless an x is infinite or NaN.
        var sum = 0.0
        for element in elements { sum += element * 0 }
        guard sum == 0 else {
            let at = elements.firstIndex { !$0.isFinite } ?? 0
            throw .notFinite(name: "element (\(at / columns), \(at % columns))", value: elements[at])
        }
    }

    /// The largest number of rows or columns, which leaves the lengths of LAPACK's work arrays, some multiples of it,
    /// within 32 bits.
    static let largestOrder = 1 << 24

    /// Writes the elements column by column, as Fortran wants them.
    func copyByColumns(to output: UnsafeMutablePointer<Double>) {
        for i in 0..<rows {
            for j in 0..<columns { output[j * rows + i] = elements[i * columns + j] }
        }
    }
}
