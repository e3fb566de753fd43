// The values of a run of rows, column by column.

/// The values of one column in a run of rows.
public enum ColumnValues: Sendable, Equatable {
    /// Doubles; NaN is missing.
    case real([Double])
    /// Integers; nil is missing.
    case integer([Int?])
    /// Truth values; nil is missing.
    case boolean([Bool?])
    /// Indices into the words of the column; `missingLabel` is missing.
    case label([UInt8])
    /// Text; nil is missing, and written like an empty one.
    case text([String?])

    /// The index that stands for a missing word in a label column.
    public static let missingLabel: UInt8 = 255

    /// The number of rows.
    public var count: Int {
        switch self {
        case .real(let values): values.count
        case .integer(let values): values.count
        case .boolean(let values): values.count
        case .label(let values): values.count
        case .text(let values): values.count
        }
    }

    /// Whether these values may stand in a column of that kind.
    func fit(_ kind: Column.Kind) -> Bool {
        switch (self, kind) {
        case (.real, .real), (.integer, .integer), (.boolean, .boolean), (.text, .text): true
        case (.label(let values), .label(let words)):
            values.allSatisfy { Int($0) < words.count || $0 == Self.missingLabel }
        default: false
        }
    }
}

/// A run of rows of a table.
public struct TableChunk: Sendable {
    /// The number of rows; each column has as many values.
    public var rowCount: Int
    /// The values, in the order of the table's columns.
    public var columns: [ColumnValues]

    /// A run of `rowCount` rows.
    public init(rowCount: Int, columns: [ColumnValues]) {
        self.rowCount = rowCount
        self.columns = columns
    }

    /// Makes sure that the chunk is what the definitions promise; the writers' pointer loops rely on it.
    func check(against definitions: [Column]) throws(MalformedChunk) {
        guard columns.count == definitions.count else {
            throw MalformedChunk("it has \(columns.count) columns and the table \(definitions.count)")
        }
        for (values, column) in zip(columns, definitions) {
            guard values.count == rowCount else {
                throw MalformedChunk("column \(column.name) has \(values.count) values for \(rowCount) rows")
            }
            guard values.fit(column.kind) else {
                throw MalformedChunk("the values of column \(column.name) do not fit its definition")
            }
        }
    }
}

/// A chunk does not match its table's column definitions: a fault of the program that made it, not of any input.
public struct MalformedChunk: Error, Equatable, CustomStringConvertible {
    /// What does not match.
    public let fault: String

    init(_ fault: String) { self.fault = fault }

    /// A sentence for people.
    public var description: String { "internal error in a run of table rows: \(fault); please report it." }
}
