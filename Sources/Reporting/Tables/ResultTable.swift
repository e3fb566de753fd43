// A table of a few rows that are made by name.

/// A row of results: values by the names of their columns.
public typealias NamedValues = [String: Value]

/// A table of a few rows with all the columns that there are, some of which are shown unless others are asked for.
public struct ResultTable: Sendable {
    /// All columns, in order.
    public let columns: [Column]
    /// The names of the columns that say which row is which.
    public let keys: [String]
    /// The names of the columns that are shown unless others are asked for.
    public let standard: [String]
    /// The rows; a value that a row does not name is missing.
    public var rows: [NamedValues]

    /// A table of these columns, all of which are shown unless others are the standard ones.
    public init(
        columns: [Column], keys: [String] = [], standard: [String]? = nil, rows: [NamedValues] = []
    ) {
        self.columns = columns
        self.keys = keys
        self.standard = standard ?? columns.map(\.name)
        self.rows = rows
    }

    /// The table of the columns that are asked for, the standard ones without names.
    ///
    /// - Throws: ``UnknownColumn``, or ``RepeatedColumn`` where a name stands twice.
    public func table(_ names: [String]? = nil) throws -> Table {
        let chosen = try columns.selecting(names ?? standard)
        let values = chosen.map { column in
            var builder = ColumnBuilder(column.kind)
            for row in rows { builder.append(row[column.name] ?? .missing) }
            return builder.values
        }
        return Table(columns: chosen, keys: keys, rows: rows.count, atOnce: rows.count) { _ in values }
    }
}
