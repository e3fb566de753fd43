// A CSV file, read as a stream.

/// Reads RFC 4180 CSV as a stream, at constant memory.
///
/// What is compressed by gzip is inflated, and UTF-16 is read where its mark is there. A ``CSVDialect`` says what else differs
/// from RFC 4180. A byte order mark is dropped; lines end with LF or CRLF; blank lines at the end of the file are no rows. In a file
/// of one column any other blank line is an empty value; in a wider file it is a row that is too short.
public final class CSVReader {
    /// The names in the header row, exactly as they stand there.
    public let header: [String]
    /// What separates the fields.
    public var delimiter: UInt8 { scanner.delimiter }
    /// How the text is kept, as far as that is not UTF-8: "gzip", "UTF-16".
    public var encodings: [String] { scanner.input.encodings }
    /// How messages name the file.
    public var name: String { source.name }

    private let scanner: CSVScanner
    private let source: CSVSource
    private var record = CSVRecord()
    private var blankLines = 0
    private var end: InputError?
    /// Whether a row met the conditions, and what stood where they look before one did.
    private var hasAdmitted = false
    private var passedOver: [String] = []

    /// Opens a file and reads its header row.
    ///
    /// - Parameter path: nil, `-` and `/dev/stdin` are standard input; `/dev/fd/N` is that descriptor.
    /// - Throws: ``InputError``.
    public convenience init(path: String?, dialect: CSVDialect = CSVDialect()) throws(InputError) {
        try self.init(CSVScanner(InputBytes(path: path)), dialect: dialect)
    }

    /// Reads the header row of an input that is open.
    ///
    /// - Throws: ``InputError``.
    public convenience init(_ input: InputBytes, dialect: CSVDialect = CSVDialect()) throws(InputError) {
        try self.init(CSVScanner(input), dialect: dialect)
    }

    /// Reads the header row of a file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: how messages name it.
    /// - Throws: ``InputError``.
    public convenience init(bytes: [UInt8], name: String, dialect: CSVDialect = CSVDialect()) throws(InputError) {
        try self.init(CSVScanner(InputBytes(bytes: bytes, name: name)), dialect: dialect)
    }

    init(_ scanner: CSVScanner, dialect: CSVDialect = CSVDialect()) throws(InputError) {
        self.scanner = scanner
        let name = scanner.input.name
        if let delimiter = dialect.delimiter {
            scanner.delimiter = delimiter
        } else {
            scanner.delimiter = try Self.delimiter(of: scanner.input, below: dialect.skippedLines)
        }
        try scanner.skipByteOrderMark()
        for count in 0..<dialect.skippedLines where try !scanner.skipLine() {
            throw Self.headerFault(
                name,
                "the file has \(count == 1 ? "1 line" : "\(count) lines"), and \(dialect.skippedLines) are to be skipped",
                line: max(count, 1), dialect)
        }
        if let header = dialect.header {
            self.header = header
        } else {
            header = try Self.header(scanner, record, dialect)
        }
        var seen: [String: Int] = [:]
        for (index, column) in header.enumerated() {
            if let earlier = seen.updateValue(index, forKey: column) {
                throw Self.headerFault(
                    name, "column \(earlier + 1) has the same name; give each column its own",
                    line: dialect.skippedLines + 1, column: index + 1, found: column, dialect)
            }
        }
        source = CSVSource(
            name: name, header: header, dialect: dialect,
            filter: try RowFilter(dialect.conditions, header: header, file: name, line: dialect.skippedLines + 1))
    }

    /// The delimiter that the first line below so many others shows.
    private static func delimiter(of input: DecodedInput, below skippedLines: Int) throws(InputError) -> UInt8 {
        func headerLine(_ text: ArraySlice<UInt8>) -> (line: ArraySlice<UInt8>, isWhole: Bool) {
            var lines = 0
            var start = text.startIndex
            var isQuoted = false
            for place in text.indices {
                if text[place] == UInt8(ascii: "\n"), !isQuoted {
                    if lines == skippedLines { return (text[start..<place], true) }
                    lines += 1
                    start = place + 1
                } else if text[place] == UInt8(ascii: "\""), lines == skippedLines {
                    isQuoted.toggle()
                }
            }
            return (lines == skippedLines ? text[start...] : [], false)
        }
        let text = try input.lookAhead { headerLine($0).isWhole }
        return CSVDialect.delimiter(inHeader: headerLine(text).line)
    }

    private static func header(
        _ scanner: CSVScanner, _ record: CSVRecord, _ dialect: CSVDialect
    ) throws(InputError) -> [String] {
        let (name, first) = (scanner.input.name, dialect.skippedLines + 1)
        let place = first == 1 ? "first line" : "first line below those that are skipped"
        let isBlank = try scanner.skipBlankLine()
        guard try scanner.scan(into: record) else {
            throw headerFault(name, "there is no header row; the \(place) must name the columns", line: first, dialect)
        }
        if isBlank {
            throw headerFault(name, "the line is blank; the \(place) must name the columns", line: first, dialect)
        }
        if let fault = record.fault {
            throw headerFault(
                name, fault.problem, line: fault.line, column: fault.field + 1, found: record.text(at: fault.field),
                dialect)
        }
        return record.fields(count: record.fieldCount)
    }

    private static func headerFault(
        _ name: String, _ problem: String, line: Int, column: Int? = nil, found: String? = nil, _ dialect: CSVDialect
    ) -> InputError {
        .badData(
            BadData(
                file: name, line: line, column: column, found: found, problem: problem.advised(dialect.advice.header),
                isRecoverable: false))
    }

    /// The next row; nil at the end of the file.
    ///
    /// - Throws: ``InputError``. After an error that `isRecoverable` the next call goes on with the row after; any other
    ///   is thrown again.
    public func next() throws(InputError) -> CSVRow? {
        if let end { throw end }
        do throws(InputError) { return try readRow() } catch {
            if !error.isRecoverable { end = error }
            throw error
        }
    }

    private func readRow() throws(InputError) -> CSVRow? {
        guard !source.filter.isEmpty else { return try readAnyRow() }
        while let row = try readAnyRow() {
            if source.filter.admits(record) {
                hasAdmitted = true
                return row
            }
            guard !hasAdmitted, passedOver.count < 8 else { continue }
            let value = record.text(at: source.filter.firstColumn)
            if !passedOver.contains(value) { passedOver.append(value) }
        }
        guard hasAdmitted || passedOver.isEmpty else {
            let conditions = source.dialect.conditions.map(\.text).joined(separator: " and ")
            throw Self.headerFault(
                name,
                "no row has \(conditions); in the column \(shownInMessage(header[source.filter.firstColumn])) stand "
                    + passedOver.map(shownInMessage).joined(separator: ", ") + (passedOver.count < 8 ? "" : ", …"),
                line: source.dialect.skippedLines + 1, CSVDialect())
        }
        return nil
    }

    private func readAnyRow() throws(InputError) -> CSVRow? {
        // A row that somebody still holds keeps its memory.
        if !isKnownUniquelyReferenced(&record) { record = CSVRecord() }
        if blankLines == 0 {
            while try scanner.skipBlankLine() { blankLines += 1 }
            // Read on before the blank lines count: behind the last row they are nothing.
            guard try scanner.isMore() else {
                blankLines = 0
                return nil
            }
        }
        let isBlank = blankLines > 0
        if isBlank {
            record.clear(line: scanner.line - blankLines)
            record.endField()
            blankLines -= 1
        } else {
            guard try scanner.scan(into: record) else { return nil }
        }
        if let fault = record.fault {
            let name = fault.field < header.count ? header[fault.field] : nil
            throw rowError(
                fault.problem, line: fault.line, column: fault.field + 1, columnName: name,
                found: record.text(at: fault.field))
        }
        guard record.fieldCount == header.count else {
            func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }
            let found = isBlank ? "the line is blank" : "the row has \(fields(record.fieldCount))"
            let advice = source.dialect.advice.delimiter.map {
                "fields are separated by \(CSVDialect.title(of: delimiter)); \($0)"
            }
            throw rowError(
                ("\(found) and the header has \(fields(header.count)); "
                    + "each row needs as many fields as the header").advised(advice),
                line: record.line)
        }
        return CSVRow(record: record, source: source)
    }

    private func rowError(
        _ problem: String, line: Int, column: Int? = nil, columnName: String? = nil, found: String? = nil
    ) -> InputError {
        .badData(
            BadData(
                file: name, line: line, column: column, columnName: columnName, found: found, problem: problem,
                isRecoverable: true, fields: record.fields(count: header.count)))
    }
}
