// What a comparison has found.

/// What a comparison of two tables has found; `description` says it to people within 80 columns, `table` to programs.
public struct ComparisonReport: Sendable, Equatable {
    /// How many missing rows, added rows, repeated keys and differences are listed at most.
    public static let limit = 10

    /// How the two tables are named.
    public let expectedName: String, foundName: String
    /// The key columns; none where rows were matched by their place.
    public let keys: [String]
    /// The distance from a boundary below which labels might differ; nil where they might nowhere.
    public let nearBoundary: Double?
    /// How many rows the tables have.
    public let expectedRows: Int, foundRows: Int
    /// How many rows are in both tables, and compared.
    public let matchedRows: Int
    /// How many expected rows are not found.
    public let missingRows: Int
    /// The first of them, in the order of the expected table.
    public let firstMissingRows: [RowKey]
    /// How many found rows are not expected.
    public let addedRows: Int
    /// The first of them, in the order of the found table.
    public let firstAddedRows: [RowKey]
    /// How many keys stand more than once in one of the tables. Their rows are not compared, and are neither missing
    /// nor added.
    public let duplicateKeys: Int
    /// The first of them, in the order of the expected table; then those that only the found one has.
    public let firstDuplicateKeys: [DuplicateKey]
    /// Columns that only the expected table has, and only the found one.
    public let missingColumns: [String], addedColumns: [String]
    /// The columns that both have, apart from the keys, in the order of the expected table.
    public let columns: [ComparedColumnSummary]
    /// The worst differences: most units of the tolerance first, then in the order of the expected table's rows and
    /// columns. What is not measured in units comes before all that is.
    public let worst: [CellDifference]

    /// How many cells differ.
    public var differingCells: Int { columns.reduce(0) { $0 + $1.differingCells } }

    /// How many labels differ in rows that are near a boundary; they are no differences.
    public var nearBoundaryCells: Int { columns.reduce(0) { $0 + $1.nearBoundaryCells } }

    /// How many cells were compared.
    public var comparedCells: Int { matchedRows * columns.count }

    /// Whether nothing at all is different: rows, columns, values; the order of rows and columns does not matter.
    public var agrees: Bool {
        missingRows == 0 && addedRows == 0 && duplicateKeys == 0 && missingColumns.isEmpty && addedColumns.isEmpty
            && differingCells == 0
    }
}

/// The key of a row.
public struct RowKey: Sendable, Equatable {
    /// The cells of the key columns, in their order, as CSV has them; nil where there is no value.
    public let cells: [String?]
    /// The number of the row in its table, from 1.
    public let row: Int
    /// The line of the file where the row starts; nil where the table is no file.
    public let line: Int?
}

/// A key that stands more than once in one of the tables.
public struct DuplicateKey: Sendable, Equatable {
    /// The key, with the line of its first row.
    public let key: RowKey
    /// How many rows have it.
    public let expectedRows: Int, foundRows: Int
}

/// How a column came out of a comparison.
public struct ComparedColumnSummary: Sendable, Equatable {
    /// The name.
    public let name: String
    /// What was allowed; `exact` for words.
    public let tolerance: Tolerance
    /// How many cells differ, and how many labels beside them because their rows are near a boundary.
    public let differingCells: Int, nearBoundaryCells: Int
    /// The largest difference in units of the tolerance; infinite where anything but a number within a tolerance
    /// greater than 0 differs; 0 where nothing does.
    public let worstUnits: Double
}

/// Two cells that differ.
public struct CellDifference: Sendable, Equatable {
    /// How two cells differ.
    public enum Kind: String, Sendable, CaseIterable {
        /// The numbers differ by more than the tolerance.
        case number
        /// One word stands for another, or for a number.
        case word = "label"
        /// There is no value where one is expected.
        case missing
        /// There is a value where none is expected.
        case added
        /// One of the two cells is no number, in a column of numbers.
        case unreadable
    }

    /// The row, with the expected table's line.
    public let key: RowKey
    /// The column.
    public let column: String
    /// How they differ.
    public let kind: Kind
    /// The cells, as CSV has them; nil where there is no value.
    public let expected: String?, found: String?
    /// |found − expected|; nil but for numbers.
    public let difference: Double?
    /// The difference in units of the tolerance; infinite but for numbers with a tolerance greater than 0.
    public let units: Double
    /// The found table's line; nil where it is no file.
    public let foundLine: Int?
}
