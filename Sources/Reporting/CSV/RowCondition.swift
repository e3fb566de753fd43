// Which rows of a file count.

/// What a row must have to count: a text in a column.
public struct RowCondition: Sendable, Equatable {
    /// `column=text`: the column's name ends at an equals sign, the first that leaves the name of a column.
    public let text: String

    /// A condition.
    public init(_ text: String) { self.text = text }

    /// The column and the text, in a file with these columns; nil where it has no such column.
    func field(in header: [String]) -> (index: Int, value: String)? {
        for place in text.indices where text[place] == "=" {
            guard let index = header.firstIndex(of: String(text[..<place])) else { continue }
            return (index, String(text[text.index(after: place)...]).trimmingBlanks)
        }
        return nil
    }
}

/// The conditions of a file whose columns are known; of several all must hold.
struct RowFilter: Sendable {
    private let fields: [(index: Int, value: [UInt8])]

    var isEmpty: Bool { fields.isEmpty }
    /// The first column that is looked at.
    var firstColumn: Int { fields.first?.index ?? 0 }

    /// The conditions in a file.
    ///
    /// - Throws: ``InputError/badData(_:)`` for a column that the file does not have.
    init(_ conditions: [RowCondition], header: [String], file: String, line: Int) throws(InputError) {
        var fields: [(index: Int, value: [UInt8])] = []
        for condition in conditions {
            guard let field = condition.field(in: header) else {
                let name = String(condition.text.prefix { $0 != "=" })
                let nearest = nearestName(to: name, among: header).map { "did you mean \(shownInMessage($0))? " } ?? ""
                throw .badData(
                    BadData(
                        file: file, line: line,
                        problem:
                            "there is no column \(shownInMessage(name)), of which a condition is; \(nearest)the columns are "
                            + header.map(shownInMessage).joined(separator: ", "), isRecoverable: false))
            }
            fields.append((field.index, Array(field.value.utf8)))
        }
        self.fields = fields
    }

    /// Whether a row counts.
    func admits(_ record: CSVRecord) -> Bool {
        fields.allSatisfy { trimmed(record.bytes(at: $0.index)).elementsEqual($0.value) }
    }
}
