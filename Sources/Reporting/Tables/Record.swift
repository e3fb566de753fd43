// A result with one answer.

/// One value of a record.
public enum Value: Sendable, Equatable {
    /// A number; nil and what is not finite are missing.
    case real(Double?)
    /// A whole number.
    case integer(Int)
    /// A truth value.
    case boolean(Bool)
    /// Text, or the word of a label.
    case text(String)
    /// No value.
    case missing
}

/// A one-answer result: columns with a value each, in order.
public struct Record: Sendable {
    /// The columns and their values.
    public var fields: [(column: Column, value: Value)]

    /// A record of these fields.
    public init(_ fields: [(column: Column, value: Value)] = []) {
        self.fields = fields
    }

    /// Adds a field at the end.
    public mutating func append(_ column: Column, _ value: Value) {
        fields.append((column, value))
    }
}
