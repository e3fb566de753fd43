// One side of a comparison.

/// One side of a comparison. Both sides are held in memory, at about 8 bytes a cell.
public enum ComparedTable {
    /// A table with column definitions, and how reports name it. What is not finite in it is a missing value, as in all
    /// that is written of a table.
    case table(Table, name: String = "computed table")
    /// A CSV file, whose rows are read to the end, and what is known of it beside its header.
    ///
    /// Cells are read as the kind that the column has in either definition. Where there is none, two cells that are both
    /// numbers are compared as numbers and all others as text.
    case csv(CSVReader, definition: TableDefinition? = nil)

    /// The CSV file at a path, and what the manifest beside it says of it.
    ///
    /// - Parameter path: as ``CSVReader/init(path:)`` has it.
    /// - Throws: ``InputError``.
    public static func file(_ path: String) throws -> ComparedTable {
        .csv(try CSVReader(path: path), definition: try ManifestTables.table(at: path)?.definition)
    }

    /// How reports name it.
    public var name: String {
        switch self {
        case .table(_, let name): name
        case .csv(let reader, _): reader.name
        }
    }

    /// The names of the columns, in order.
    var columnNames: [String] {
        switch self {
        case .table(let table, _): table.columns.map(\.name)
        case .csv(let reader, _): reader.header
        }
    }

    /// What is known of the columns; nil where nothing but their names is.
    var definition: TableDefinition? {
        switch self {
        case .table(let table, _): table.definition
        case .csv(_, let definition): definition
        }
    }
}
