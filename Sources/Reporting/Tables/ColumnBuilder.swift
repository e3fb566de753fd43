// One column's values, gathered row by row.

/// Gathers the values of one column row by row.
public struct ColumnBuilder: Sendable {
    /// The values so far.
    public private(set) var values: ColumnValues

    /// A builder of a column of this kind; labels are gathered as texts.
    public init(_ kind: Column.Kind) {
        switch kind {
        case .real: values = .real([])
        case .integer: values = .integer([])
        case .boolean: values = .boolean([])
        case .label, .text: values = .text([])
        }
    }

    /// Adds a value at the end; one of another kind than the column's is missing.
    public mutating func append(_ value: Value) {
        switch values {
        case .real(var column):
            values = .real([])  // so that the array is not copied
            if case .real(let number?) = value { column.append(number) } else { column.append(.nan) }
            values = .real(column)
        case .integer(var column):
            values = .integer([])
            if case .integer(let number) = value { column.append(number) } else { column.append(nil) }
            values = .integer(column)
        case .boolean(var column):
            values = .boolean([])
            if case .boolean(let truth) = value { column.append(truth) } else { column.append(nil) }
            values = .boolean(column)
        case .text(var column):
            values = .text([])
            if case .text(let text) = value { column.append(text) } else { column.append(nil) }
            values = .text(column)
        case .label: break
        }
    }
}
