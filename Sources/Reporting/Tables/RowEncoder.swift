// Rows of a table as bytes: the one loop behind CSV and JSON.
import CNumberFormat

/// How the cells of a row are put together.
enum RowStyle: Sendable {
    /// `1.5,word,` and a line feed.
    case csv
    /// `,`, a line feed and `[1.5,"word",null]`. The comma before the very first row is the caller's to drop.
    case json

    var opening: StaticString {
        switch self {
        case .csv: ""
        case .json: ",\n["
        }
    }

    var closing: StaticString {
        switch self {
        case .csv: "\n"
        case .json: "]"
        }
    }

    var missing: StaticString {
        switch self {
        case .csv: ""
        case .json: "null"
        }
    }

    /// The most bytes that `count` bytes of text take.
    func room(forText count: Int) -> Int {
        switch self {
        case .csv: 2 * count + 2
        case .json: 6 * count + 2
        }
    }

    /// Writes text as a cell and returns one past its last byte.
    func write(
        _ text: UnsafeBufferPointer<UInt8>, at position: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        switch self {
        case .csv: writeCSVText(text, at: position)
        case .json: writeJSONText(text, at: position)
        }
    }
}

/// Writes the rows of chunks as bytes.
struct RowEncoder: Sendable {
    let columns: [Column]
    let style: RowStyle
    private let words: [EncodedWords?]
    /// The most bytes of a row apart from its text cells.
    private let rowRoom: Int

    init(columns: [Column], style: RowStyle) {
        self.columns = columns
        self.style = style
        words = columns.map { column in
            if case .label(let words) = column.kind { EncodedWords(words, style: style) } else { nil }
        }
        let cells = zip(columns, words).map { column, words in
            max(Int(PINFI_NUMBER_CHARACTERS), words?.longest ?? 0) + 1
        }
        rowRoom = cells.reduce(8, +)
    }

    /// Appends the rows of `chunk`.
    func encode(_ chunk: TableChunk, into buffer: ByteBuffer) throws(MalformedChunk) {
        try chunk.check(against: columns)
        guard chunk.rowCount > 0 else { return }
        // The pointers are those of the chunk's arrays, which are neither changed nor released before the end of the
        // extended lifetime. Nested withUnsafeBufferPointer calls would say the same, at a stack frame a column.
        withExtendedLifetime(chunk) {
            let cells = zip(chunk.columns, words).map { values, words in Cells(values, words: words) }
            var lastNumbers = cells.map { _ in LastNumber() }
            cells.withUnsafeBufferPointer { cells in
                lastNumbers.withUnsafeMutableBufferPointer { lastNumbers in
                    encode(cells, lastNumbers, rowCount: chunk.rowCount, into: buffer)
                }
            }
        }
        buffer.rows += chunk.rowCount
    }

    private func encode(
        _ cells: UnsafeBufferPointer<Cells>, _ lastNumbers: UnsafeMutableBufferPointer<LastNumber>, rowCount: Int,
        into buffer: ByteBuffer
    ) {
        let (style, rowRoom) = (style, rowRoom)
        var out = buffer.tail
        for row in 0..<rowCount {
            if buffer.end - out < rowRoom { out = buffer.makeRoom(rowRoom, at: out) }
            out = write(style.opening, at: out)
            for column in 0..<cells.count {
                if column > 0 {
                    out.pointee = UInt8(ascii: ",")
                    out += 1
                }
                switch cells[column] {
                case .real(let values):
                    let value = values[row]
                    let last = lastNumbers[column]
                    if !value.isFinite {
                        out = write(style.missing, at: out)
                    } else if value.bitPattern == last.bits {
                        // All 32 bytes are read before any is written; those past the number are written over.
                        let text = UnsafeRawPointer(buffer.start + last.offset).loadUnaligned(as: SIMD32<UInt8>.self)
                        UnsafeMutableRawPointer(out).storeBytes(of: text, as: SIMD32<UInt8>.self)
                        out += last.count
                    } else {
                        let start = out
                        out = writeNumber(value, at: out)
                        lastNumbers[column] = LastNumber(
                            bits: value.bitPattern, offset: start - buffer.start, count: out - start)
                    }
                case .label(let values, let starts, let bytes):
                    let word = Int(values[row])
                    // The slot after the last word holds the missing cell; the chunk has been checked.
                    let start = Int(starts[word])
                    let count = Int(starts[word + 1]) - start
                    out.update(from: bytes + start, count: count)
                    out += count
                case .integer(let values):
                    if let value = values[row] {
                        out = writeNumber(value, at: out)
                    } else {
                        out = write(style.missing, at: out)
                    }
                case .boolean(let values):
                    switch values[row] {
                    case true?: out = write("true", at: out)
                    case false?: out = write("false", at: out)
                    case nil: out = write(style.missing, at: out)
                    }
                case .text(let values):
                    guard var text = values[row] else {
                        out = write(style.missing, at: out)
                        continue
                    }
                    text.withUTF8 { utf8 in
                        let room = style.room(forText: utf8.count) + rowRoom
                        if buffer.end - out < room { out = buffer.makeRoom(room, at: out) }
                        out = style.write(utf8, at: out)
                    }
                }
            }
            out = write(style.closing, at: out)
        }
        buffer.count = out - buffer.start
    }
}

/// The number that was written last in a column, and where: tidy data repeats many from row to row.
private struct LastNumber {
    /// A NaN's at first, which no number that is written has.
    var bits = Double.nan.bitPattern
    var offset = 0
    var count = 0
}

/// The cells of one column of a chunk, as the row loop wants them.
private enum Cells {
    case real(UnsafePointer<Double>)
    case integer(UnsafePointer<Int?>)
    case boolean(UnsafePointer<Bool?>)
    case label(UnsafePointer<UInt8>, starts: UnsafePointer<Int>, bytes: UnsafePointer<UInt8>)
    case text(UnsafePointer<String?>)

    init(_ values: ColumnValues, words: EncodedWords?) {
        // A non-empty array has a base address; the pointers outlive these closures as `encode` explains.
        func base<Element>(_ values: [Element]) -> UnsafePointer<Element> {
            values.withUnsafeBufferPointer { $0.baseAddress ?? UnsafePointer(bitPattern: -1).unsafelyUnwrapped }
        }
        switch values {
        case .real(let values): self = .real(base(values))
        case .integer(let values): self = .integer(base(values))
        case .boolean(let values): self = .boolean(base(values))
        case .text(let values): self = .text(base(values))
        case .label(let values):
            let words = words ?? EncodedWords.none
            self = .label(base(values), starts: UnsafePointer(words.starts), bytes: UnsafePointer(words.bytes))
        }
    }
}

/// The words of a label column, escaped once, end to end; index 255 leads to the missing cell.
private final class EncodedWords: @unchecked Sendable {
    static let none = EncodedWords([], style: .csv)

    let bytes: UnsafeMutablePointer<UInt8>
    /// Word i is `bytes[starts[i] ..< starts[i + 1]]`.
    let starts: UnsafeMutablePointer<Int>
    let longest: Int

    init(_ words: [String], style: RowStyle) {
        let words = Array(words.prefix(Int(ColumnValues.missingLabel)))
        let room = words.reduce(16) { $0 + style.room(forText: $1.utf8.count) }
        bytes = .allocate(capacity: room)
        starts = .allocate(capacity: 257)
        var out = bytes
        var longest = 0
        for index in 0..<256 {
            let start = out
            starts[index] = start - bytes
            if index < words.count {
                var word = words[index]
                word.withUTF8 { out = style.write($0, at: out) }
            } else if index == Int(ColumnValues.missingLabel) {
                out = write(style.missing, at: out)
            }
            longest = max(longest, out - start)
        }
        starts[256] = out - bytes
        self.longest = longest
    }

    deinit {
        bytes.deallocate()
        starts.deallocate()
    }
}

@inline(__always)
private func write(_ text: StaticString, at position: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    position.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    return position + text.utf8CodeUnitCount
}

@inline(__always)
private func writeNumber(_ value: Double, at position: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    let raw = UnsafeMutableRawPointer(position)
    let end = pinfi_write_double(raw.assumingMemoryBound(to: CChar.self), value)
    return position + (UnsafeMutableRawPointer(end.unsafelyUnwrapped) - raw)
}

@inline(__always)
private func writeNumber(_ value: Int, at position: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    let raw = UnsafeMutableRawPointer(position)
    let end = pinfi_write_integer(raw.assumingMemoryBound(to: CChar.self), Int64(value))
    return position + (UnsafeMutableRawPointer(end.unsafelyUnwrapped) - raw)
}

/// Text as RFC 4180 has it: as it stands, or in quotes, doubled inside, where a comma, quote, CR or LF is in it.
func writeCSVText(
    _ text: UnsafeBufferPointer<UInt8>, at position: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
    var out = position
    var needsQuotes = false
    for byte in text {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): needsQuotes = true
        default: break
        }
        out.pointee = byte
        out += 1
    }
    guard needsQuotes else { return out }
    out = position
    out.pointee = UInt8(ascii: "\"")
    out += 1
    for byte in text {
        if byte == UInt8(ascii: "\"") {
            out.pointee = byte
            out += 1
        }
        out.pointee = byte
        out += 1
    }
    out.pointee = UInt8(ascii: "\"")
    return out + 1
}

/// Text as a JSON string: quotes, backslashes and control characters escaped.
func writeJSONText(
    _ text: UnsafeBufferPointer<UInt8>, at position: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
    var out = position
    func put(_ byte: UInt8) {
        out.pointee = byte
        out += 1
    }
    func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
    put(UInt8(ascii: "\""))
    for byte in text {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            put(UInt8(ascii: "\\"))
            put(byte)
        case UInt8(ascii: "\n"):
            put(UInt8(ascii: "\\"))
            put(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"):
            put(UInt8(ascii: "\\"))
            put(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"):
            put(UInt8(ascii: "\\"))
            put(UInt8(ascii: "t"))
        case 0..<0x20, 0x7F:
            out = write("\\u00", at: out)
            put(hexadecimal(byte >> 4))
            put(hexadecimal(byte & 15))
        default: put(byte)
        }
    }
    put(UInt8(ascii: "\""))
    return out
}
