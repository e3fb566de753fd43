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

    /// Whether a field holds nothing but blanks.
    public func isEmpty(at index: Int) -> Bool {
        record.bytes(at: index).allSatisfy(isBlank)
    }

    /// One field as a finite number, nil where it is empty; blanks around the number are allowed.
    ///
    /// - Throws: ``InputError/badData(_:)`` for anything else: text, `nan`, `inf`, hexadecimal, beyond the range of a
    ///   double.
    public func real(at index: Int) throws(InputError) -> Double? {
        switch readNumber(record.bytes(at: index)) {
        case .number(let value): return value
        case .blank: return nil
        case .tooLarge:
            throw fault(at: index, problem: "this is too large for a double (the largest is about 1.8e308)")
        case .noNumber:
            throw fault(
                at: index,
                problem: "not a finite decimal number; allowed are numbers such as 0.25 or -1e-3, with a decimal "
                    + "point, and an empty cell for a missing value")
        }
    }

    /// One field as a time, and how it is written; nil where it is empty. See ``TimeReading``.
    ///
    /// - Throws: ``InputError/badData(_:)`` for anything else.
    public func time(at index: Int) throws(InputError) -> (time: Instant, form: Instant.Form)? {
        switch readTime(record.bytes(at: index)) {
        case .time(let time, let form): return (time, form)
        case .blank: return nil
        case .fault(let problem): throw fault(at: index, problem: problem)
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

    init(name: String, header: [String]) {
        self.name = name
        self.header = header
    }
}
