// One row of a CSV file.
import CNumberFormat

/// One row of a CSV file; it has as many fields as the header. Fields are decoded when asked for.
///
/// A row stays as it is when the next one is read; not keeping it lets the reader use its memory again.
public struct CSVRow {
    let record: CSVRecord
    let source: CSVSource

    /// The line of the file, from 1, where the row starts.
    public var line: Int { record.line }

    /// The number of fields.
    public var count: Int { record.fieldCount }

    /// All fields as text.
    public var fields: [String] { (0..<record.fieldCount).map(record.text) }

    /// One field as text, exactly as it stands in the file; indices count from 0.
    public func text(at index: Int) -> String { record.text(at: index) }

    /// Whether a field holds nothing but blanks, or a text that stands for a missing value.
    public func isEmpty(at index: Int) -> Bool {
        let field = trimmed(record.bytes(at: index))
        return field.isEmpty || source.dialect.isMissing(field)
    }

    /// One field as a finite number, nil where it is empty; blanks around the number are allowed.
    ///
    /// - Throws: ``InputError/badData(_:)`` for anything else: text, `nan`, `inf`, hexadecimal, beyond the range of a
    ///   double.
    public func real(at index: Int) throws(InputError) -> Double? {
        let dialect = source.dialect
        switch dialect.readsPlainly ? readNumber(record.bytes(at: index)) : read(index, dialect) {
        case .number(let value): return value
        case .blank: return nil
        case .tooLarge:
            throw fault(at: index, problem: "this is too large for a double (the largest is about 1.8e308)")
        case .noNumber:
            let examples =
                dialect.numbers == .groupedComma
                ? "such as 0,25 or -1.234,5, with a decimal comma," : "such as 0.25 or -1e-3, with a decimal point,"
            throw fault(
                at: index,
                problem:
                    "not a finite decimal number; allowed are numbers \(examples) and an empty cell for a missing value"
                    .advised(dialect.advice.number))
        }
    }

    private func read(_ index: Int, _ dialect: CSVDialect) -> NumberReading {
        let field = trimmed(record.bytes(at: index))
        return dialect.isMissing(field) ? .blank : dialect.numbers.read(field)
    }

    /// Hands over the bytes of a field as RFC 4180 and ``NumberNotation/plain`` would have them: what is missing is empty, and
    /// numbers have a decimal point and no groups. Anything else is as it stands.
    func withPlainBytes<Result>(at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let field = record.bytes(at: index)
        let dialect = source.dialect
        guard !dialect.readsPlainly else { return body(field) }
        let text = trimmed(field)
        if dialect.isMissing(text) { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        guard case .number = dialect.numbers.read(text), let plain = dialect.numbers.plainText(text) else {
            return body(field)
        }
        return plain.withUnsafeBufferPointer(body)
    }

    /// The time that fields give together, with a blank between their texts; nil where one of them is empty.
    ///
    /// Of two fields the second may be an hour, counted from midnight, where the first is a date.
    ///
    /// - Throws: ``InputError/badData(_:)`` for what is no time.
    public func time(at indices: [Int], by reader: inout TimeReader) throws(InputError) -> Instant? {
        guard let first = indices.first, !indices.contains(where: isEmpty) else { return nil }
        let reading: TimeReading
        if indices.count == 1 {
            reading = reader.read(record.bytes(at: first))
        } else if indices.count == 2, trimmed(record.bytes(at: indices[1])).count <= 2 {
            reading = reader.read(record.bytes(at: first), hour: record.bytes(at: indices[1]))
        } else {
            let text = indices.map { Array(trimmed(record.bytes(at: $0))) }.joined(separator: [UInt8(ascii: " ")])
            reading = Array(text).withUnsafeBufferPointer { reader.read($0) }
        }
        switch reading {
        case .time(let time, _): return time
        case .blank: return nil
        case .fault(let problem):
            let advice = source.dialect.advice.timeOption.map { option in
                TimeReader.advice(for: text(at: first).trimmingBlanks, option: option)
                    ?? "\(option) says how times are written"
            }
            throw fault(at: first, problem: problem.advised(advice))
        }
    }

    /// The error that says what is wrong with one field of this row.
    ///
    /// - Parameters:
    ///   - index: the field, from 0.
    ///   - problem: what is wrong, what is allowed and what to do, without a full stop.
    public func fault(at index: Int, problem: String) -> InputError {
        .badData(
            BadData(
                file: source.name, line: line, column: index + 1, columnName: source.header[index],
                found: record.text(at: index), problem: problem, isRecoverable: true, fields: fields))
    }
}

/// What a field is as a number.
enum NumberReading {
    case number(Double)
    /// Nothing, or nothing but blanks.
    case blank
    /// Beyond the range of a double.
    case tooLarge
    case noNumber
}

/// A field as a finite number; blanks around it are allowed.
func readNumber(_ field: UnsafeBufferPointer<UInt8>) -> NumberReading {
    var field = field
    while let first = field.first, isBlank(first) { field = UnsafeBufferPointer(rebasing: field.dropFirst()) }
    while let last = field.last, isBlank(last) { field = UnsafeBufferPointer(rebasing: field.dropLast()) }
    guard let start = field.baseAddress, !field.isEmpty else { return .blank }
    let characters = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
    var value = 0.0
    switch pinfi_read_double(characters, characters + field.count, &value) {
    case PINFI_READ_OK: return .number(value)
    case PINFI_READ_TOO_LARGE: return .tooLarge
    default: return .noNumber
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

/// What all rows of a file share.
final class CSVSource: Sendable {
    let name: String
    let header: [String]
    let dialect: CSVDialect
    let filter: RowFilter

    init(name: String, header: [String], dialect: CSVDialect, filter: RowFilter) {
        self.name = name
        self.header = header
        self.dialect = dialect
        self.filter = filter
    }
}

extension String {
    /// The text with words of advice behind it, where there are any.
    func advised(_ advice: String?) -> String { advice.map { self + "; " + $0 } ?? self }
}
