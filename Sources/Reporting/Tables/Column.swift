// The definition of one typed column.

/// One typed column. Writers, readers, comparison and data dictionaries share these definitions.
public struct Column: Sendable, Equatable {
    /// What the cells of a column hold.
    public enum Kind: Sendable, Equatable {
        /// A double. NaN stands for a missing value; an infinity is written as a missing one too.
        case real
        /// An `Int`.
        case integer
        /// `true` or `false`.
        case boolean
        /// A word of a fixed set of at most 255, stored as its index.
        case label([String])
        /// Any text.
        case text
    }

    /// The name as it stands in header rows.
    public let name: String
    /// What the cells hold.
    public let kind: Kind
    /// The unit as people write it; empty for a bare number or a word.
    public let unit: String
    /// One line that says what the column is.
    public let summary: String
    /// How far its numbers may be from the same ones of another run; nil where nothing is said of that.
    public let tolerance: Tolerance?

    /// A column called `name`.
    public init(_ name: String, _ kind: Kind, unit: String = "", summary: String = "", tolerance: Tolerance? = nil) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.summary = summary
        self.tolerance = tolerance
    }

    /// Whether the cells are numbers, which people read right-aligned.
    var isNumeric: Bool { kind == .real || kind == .integer }
}

extension [Column] {
    /// The columns of these names, in this order.
    ///
    /// - Throws: ``UnknownColumn``, or ``RepeatedColumn`` where a name stands twice.
    public func selecting(_ names: [String]) throws -> [Column] { try indices(of: names).map { self[$0] } }

    /// Where the columns of these names stand.
    func indices(of names: [String]) throws -> [Int] {
        var indices: [Int] = []
        for name in names {
            guard let index = firstIndex(where: { $0.name == name }) else {
                throw UnknownColumn(name: name, known: map(\.name))
            }
            guard !indices.contains(index) else { throw RepeatedColumn(name: name) }
            indices.append(index)
        }
        return indices
    }
}
