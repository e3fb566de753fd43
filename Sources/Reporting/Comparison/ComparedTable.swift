// One side of a comparison.

/// One side of a comparison. Both sides are held in memory, at about 8 bytes a cell.
public enum ComparedTable {
    /// A table with column definitions, and how reports name it. What is not finite in it is a missing value, as in all
    /// that is written of a table.
    case table(Table, name: String = "computed table")
    /// A CSV file, whose rows are read to the end.
    ///
    /// Cells are read as the kind of the same column on the other side. Where that is a CSV file as well, two cells that
    /// are both numbers are compared as numbers and all others as text.
    case csv(CSVReader)

    /// How reports name it.
    public var name: String {
        switch self {
        case .table(_, let name): name
        case .csv(let reader): reader.name
        }
    }

    /// The names of the columns, in order.
    var columnNames: [String] {
        switch self {
        case .table(let table, _): table.columns.map(\.name)
        case .csv(let reader): reader.header
        }
    }

    /// The kind of a column; nil where nothing says it.
    func kind(of name: String) -> Column.Kind? {
        switch self {
        case .table(let table, _): table.columns.first { $0.name == name }?.kind
        case .csv: nil
        }
    }
}
