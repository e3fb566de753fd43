// What is known of a table beside its rows.

/// Columns of a table, and which of them say which row is which.
public struct TableDefinition: Sendable, Equatable {
    /// Definitions of its columns, or of some of them.
    public var columns: [Column]
    /// The columns that no two rows have alike; none where a row is known by its place alone.
    public var keys: [String]
    /// How far the numbers of the other columns may be from the same ones of another run; nil where that is not known.
    public var tolerance: Tolerance?

    /// A definition of these columns.
    public init(columns: [Column] = [], keys: [String] = [], tolerance: Tolerance? = nil) {
        self.columns = columns
        self.keys = keys
        self.tolerance = tolerance
    }

    /// The definition of a column; nil where there is none.
    subscript(name: String) -> Column? { columns.first { $0.name == name } }
}

extension Table {
    /// The table's columns and keys.
    public var definition: TableDefinition { TableDefinition(columns: columns, keys: keys) }
}
