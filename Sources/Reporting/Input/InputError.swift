// What can be wrong with an input file.

/// An input file cannot be read, or what is in it cannot be used.
public enum InputError: Error, Equatable, CustomStringConvertible {
    /// The file is missing, or the system will not let it be read (exit status 66).
    case cannotRead(path: String, reason: String)
    /// The file has more than this many bytes, which is the most that is read (exit status 65).
    case tooLong(file: String, bytes: Int)
    /// Something in the file is wrong (exit status 65).
    case badData(BadData)

    /// Whether only one row is wrong and reading can go on.
    public var isRecoverable: Bool {
        if case .badData(let fault) = self { fault.isRecoverable } else { false }
    }

    /// A sentence for people.
    public var description: String {
        switch self {
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)."
        case .tooLong(let file, let bytes):
            "\(file): the file has more than \(bytes) bytes, the most that is read of one."
        case .badData(let fault): fault.description
        }
    }
}

/// A fault in a file's contents.
public struct BadData: Sendable, Equatable, CustomStringConvertible {
    /// The file, as messages name it.
    public var file: String
    /// The line of the file, from 1, where the row starts or, where that is known, the fault is.
    public var line: Int
    /// The field of the row, from 1; of a file that has no fields, the character of the line.
    public var column: Int?
    /// The field's name in the header.
    public var columnName: String?
    /// The value that was found.
    public var found: String?
    /// What is wrong, what is allowed, what to do: words that follow `found …;`, without a full stop.
    public var problem: String
    /// Whether only this row is wrong and reading can go on.
    public var isRecoverable: Bool
    /// The fields of the row as far as they could be read, as many as the header has.
    public var fields: [String]

    /// A fault in a row.
    public init(
        file: String, line: Int, column: Int? = nil, columnName: String? = nil, found: String? = nil, problem: String,
        isRecoverable: Bool, fields: [String] = []
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.columnName = columnName
        self.found = found
        self.problem = problem
        self.isRecoverable = isRecoverable
        self.fields = fields
    }

    /// A sentence for people.
    public var description: String {
        var place = "\(file), line \(line)"
        if let column { place += ", column \(column)" }
        if let columnName { place += " (\(shownInMessage(columnName).dropFirst().dropLast()))" }
        let value = found.map { "found \(shownInMessage($0)); " } ?? ""
        return "\(place): \(value)\(problem)" + (problem.hasSuffix("?") ? "" : ".")
    }
}
