// A CSV file, read as a stream.

/// Reads RFC 4180 CSV as a stream, at constant memory.
///
/// A byte order mark is dropped; lines end with LF or CRLF; blank lines at the end of the file are no rows. In a file
/// of one column any other blank line is an empty value; in a wider file it is a row that is too short.
public final class CSVReader {
    /// The names in the header row, exactly as they stand there.
    public let header: [String]
    /// How messages name the file.
    public var name: String { source.name }

    private let scanner: CSVScanner
    private let source: CSVSource
    private var record = CSVRecord()
    private var blankLines = 0
    private var end: InputError?

    /// Opens a file and reads its header row.
    ///
    /// - Parameter path: nil, `-` and `/dev/stdin` are standard input; `/dev/fd/N` is that descriptor.
    /// - Throws: ``InputError``.
    public convenience init(path: String?) throws(InputError) {
        try self.init(CSVScanner(InputBytes(path: path)))
    }

    /// Reads the header row of an input that is open.
    ///
    /// - Throws: ``InputError``.
    public convenience init(_ input: InputBytes) throws(InputError) { try self.init(CSVScanner(input)) }

    /// Reads the header row of a file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: how messages name it.
    /// - Throws: ``InputError``.
    public convenience init(bytes: [UInt8], name: String) throws(InputError) {
        try self.init(CSVScanner(InputBytes(bytes: bytes, name: name)))
    }

    init(_ scanner: CSVScanner) throws(InputError) {
        self.scanner = scanner
        try scanner.skipByteOrderMark()
        let name = scanner.input.name
        func failure(_ problem: String, line: Int = 1, column: Int? = nil, found: String? = nil) -> InputError {
            .badData(
                BadData(file: name, line: line, column: column, found: found, problem: problem, isRecoverable: false))
        }
        let isBlank = try scanner.skipBlankLine()
        guard try scanner.scan(into: record) else {
            throw failure("there is no header row; the first line must name the columns")
        }
        if isBlank { throw failure("the line is blank; the first line must name the columns") }
        if let fault = record.fault {
            let found = record.text(at: fault.field)
            throw failure(fault.problem, line: fault.line, column: fault.field + 1, found: found)
        }
        header = record.fields(count: record.fieldCount)
        var seen: [String: Int] = [:]
        for (index, name) in header.enumerated() {
            if let earlier = seen.updateValue(index, forKey: name) {
                throw failure(
                    "column \(earlier + 1) has the same name; give each column its own", column: index + 1, found: name)
            }
        }
        source = CSVSource(name: name, header: header)
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
            throw rowError(
                "\(found) and the header has \(fields(header.count)); "
                    + "each row needs as many fields as the header",
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
