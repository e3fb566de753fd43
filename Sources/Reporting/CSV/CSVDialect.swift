// How a CSV file is written where it is not by RFC 4180.

/// How a CSV file is written where it does not follow RFC 4180: its delimiter, its numbers, its gaps, and its header.
public struct CSVDialect: Sendable, Equatable {
    /// What separates the fields; nil for what the header row shows, see ``delimiters``.
    public var delimiter: UInt8? = UInt8(ascii: ",")
    /// How numbers are written.
    public var numbers = NumberNotation.plain
    /// Texts that stand for a missing value, without blanks around them; an empty field is one in any case.
    public var missing: [String] = []
    /// How many lines above the header row, or above the first row, are passed over.
    public var skippedLines = 0
    /// The names of the columns of a file that has no header row; nil where it has one.
    public var header: [String]?
    /// What a row must have to count; the others are passed over.
    public var conditions: [RowCondition] = []
    /// What else may be said of a file, in the words of whoever reads it.
    public var advice = Advice()

    /// RFC 4180.
    public init() {}

    /// Words that follow a complaint, "--decimal , reads a decimal comma" for example; nil where there is nothing to say.
    public struct Advice: Sendable, Equatable {
        /// Of a field that is no number.
        public var number: String?
        /// Of a field that is missing or has no value that can be used.
        public var missing: String?
        /// Of a row that has too many or too few fields.
        public var delimiter: String?
        /// Of a header row that is none.
        public var header: String?
        /// The option that says how times are written.
        public var timeOption: String?

        /// No advice.
        public init() {}
    }

    /// The delimiters that a header row is searched for, with what they are called.
    public static let delimiters: [(byte: UInt8, title: String)] = [
        (UInt8(ascii: ","), "commas"), (UInt8(ascii: ";"), "semicolons"), (UInt8(ascii: "\t"), "tabs"),
        (UInt8(ascii: "|"), "bars"),
    ]

    /// What a delimiter is called, in the plural.
    public static func title(of delimiter: UInt8) -> String {
        delimiters.first { $0.byte == delimiter }?.title ?? "\"\(Character(Unicode.Scalar(delimiter)))\""
    }

    /// Whether fields are read as they stand: numbers with a decimal point, nothing but empty fields for what is missing.
    var readsPlainly: Bool { numbers == .plain && missing.isEmpty }

    /// The delimiter that a header row shows: of those that stand in it outside of quotes the one that does most often, a comma
    /// where none does.
    static func delimiter(inHeader line: some Sequence<UInt8>) -> UInt8 {
        var counts = [Int](repeating: 0, count: delimiters.count)
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted, let place = delimiters.firstIndex(where: { $0.byte == byte }) else { continue }
            counts[place] += 1
        }
        var best = 0
        for place in counts.indices where counts[place] > counts[best] { best = place }
        return delimiters[best].byte
    }

    /// Whether a field, without the blanks around it, stands for a missing value.
    func isMissing(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        missing.contains { text in
            text.utf8.count == field.count && text.utf8.elementsEqual(field)
        }
    }
}
