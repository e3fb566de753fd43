// The grammar of RFC 4180: bytes to records.

/// Splits a stream of bytes into records, in a window of constant size.
///
/// Faults within a record are noted in it and scanning goes on, so that the next record can be read; only what leaves
/// no next record is thrown.
final class CSVScanner {
    /// The most bytes of a record.
    static let longestRecord = 1 << 24

    let input: DecodedInput
    /// What separates fields.
    var delimiter = UInt8(ascii: ",")
    private let window: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    // Checking at run time that nobody else touches these costs as much as all of the scanning; everything here is
    // private to one reader, and no closure sees it.
    @exclusivity(unchecked) private var position = 0
    @exclusivity(unchecked) private var limit = 0
    private var isAtEnd = false
    /// The line of the next byte.
    @exclusivity(unchecked) private(set) var line = 1

    /// - Parameter capacity: bytes of the window, at least 3.
    init(_ input: InputBytes, capacity: Int = 1 << 18) {
        self.input = DecodedInput(input)
        self.capacity = max(capacity, 3)
        window = .allocate(capacity: self.capacity)
    }

    deinit { window.deallocate() }

    /// Drops a byte order mark.
    func skipByteOrderMark() throws(InputError) {
        let known = min(try look(3), 3)
        let mark = (0..<known).map { window[position + $0] }
        if mark == [0xEF, 0xBB, 0xBF] { position += 3 }
    }

    /// Passes over a line, whatever is in it.
    ///
    /// - Returns: false where there is none.
    func skipLine() throws(InputError) -> Bool {
        guard try look(1) > 0 else { return false }
        while try look(1) > 0 {
            position += 1
            if window[position - 1] == lineFeed {
                line += 1
                break
            }
        }
        return true
    }

    /// Passes over a line that has nothing in it, if one is next.
    func skipBlankLine() throws(InputError) -> Bool {
        guard try look(1) > 0 else { return false }
        if window[position] == lineFeed {
            position += 1
        } else if window[position] == carriageReturn, try look(2) > 1, window[position + 1] == lineFeed {
            position += 2
        } else {
            return false
        }
        line += 1
        return true
    }

    /// Whether there is another byte.
    func isMore() throws(InputError) -> Bool { try look(1) > 0 }

    /// Reads the next record.
    ///
    /// - Returns: false at the end of the file.
    func scan(into record: CSVRecord) throws(InputError) -> Bool {
        record.clear(line: line)
        guard try look(1) > 0 else { return false }
        var isMore = true
        while isMore {
            if try look(1) > 0, window[position] == quote {
                isMore = try scanQuoted(into: record)
            } else {
                isMore = try scanPlain(into: record)
            }
            record.endField()
            try checkLength(of: record)
        }
        record.checkEncoding()
        return true
    }

    /// Reads to the end of a field that is not quoted, or of what stands behind a closing quote.
    ///
    /// - Returns: whether a delimiter ended it.
    private func scanPlain(into record: CSVRecord) throws(InputError) -> Bool {
        while true {
            let end = endOfOrdinary(&record.allBits)
            record.append(window + position, count: end - position)
            position = end
            if end == limit {
                try checkLength(of: record)
                guard try look(1) > 0 else { return false }
                continue
            }
            switch window[end] {
            case delimiter:
                position += 1
                return true
            case lineFeed:
                position += 1
                line += 1
                return false
            case carriageReturn:
                if try look(2) > 1, window[position + 1] == lineFeed {
                    position += 2
                    line += 1
                    return false
                }
                record.note("a carriage return without a line feed; end lines with LF or CRLF", line: line)
            case quote:
                let problem = "a quote inside a field that does not start with one"
                record.note(problem + "; quote the whole field and double its quotes", line: line)
            default: record.note(zeroByte, line: line)
            }
            record.append(window + position, count: 1)
            position += 1
        }
    }

    /// Where the run of ordinary bytes that begins at the position ends: at a special one, or at the limit.
    ///
    /// - Parameter allBits: gets all bits of these bytes above the lower seven.
    private func endOfOrdinary(_ allBits: inout UInt8) -> Int {
        var bits: UInt64 = 0
        var end = position
        while end < limit {
            if end + 8 <= limit {
                // Eight bytes at once: no special one is above the comma, and all digits, points and signs but + are. The
                // sum sets a byte's high bit where its lower seven are above the comma, and carries into no other.
                let word = UInt64(littleEndian: UnsafeRawPointer(window + end).loadUnaligned(as: UInt64.self))
                let above = ((word & 0x7F7F_7F7F_7F7F_7F7F) + 0x5353_5353_5353_5353) | word
                var others = ~above & 0x8080_8080_8080_8080
                if delimiter > comma {
                    // The lowest of the bytes that this finds is a delimiter, whatever it says of those above it.
                    let rest = word ^ (0x0101_0101_0101_0101 &* UInt64(delimiter))
                    others |= (rest &- 0x0101_0101_0101_0101) & ~rest & 0x8080_8080_8080_8080
                }
                if others == 0 {
                    bits |= word
                    end += 8
                    continue
                }
                let count = others.trailingZeroBitCount / 8
                bits |= word & ((1 << UInt64(8 * count)) - 1)
                end += count
            }
            if window[end] == delimiter || isSpecial(window[end]) { break }
            bits |= UInt64(window[end])
            end += 1
        }
        if bits & 0x8080_8080_8080_8080 != 0 { allBits |= 0x80 }
        return end
    }

    /// Reads a quoted field and what ends it; the opening quote is next.
    ///
    /// - Returns: whether a delimiter ended it.
    private func scanQuoted(into record: CSVRecord) throws(InputError) -> Bool {
        let opening = line
        position += 1
        while true {
            var bits: UInt8 = 0
            var end = position
            while end < limit, window[end] != quote, window[end] != 0 {
                bits |= window[end]
                if window[end] == lineFeed { line += 1 }
                end += 1
            }
            record.append(window + position, count: end - position)
            record.allBits |= bits
            position = end
            if end == limit {
                try checkLength(of: record, openQuote: opening)
                guard try look(1) > 0 else {
                    throw fatal(
                        line: opening, column: record.fieldCount + 1,
                        "a quote opens here and is not closed before the end of the file; close it, or double it if it "
                            + "belongs to the text")
                }
            } else if window[end] == 0 {
                record.note(zeroByte, line: line)
                record.append(window + position, count: 1)
                position += 1
            } else if try look(2) > 1, window[position + 1] == quote {
                record.append(window + position, count: 1)
                position += 2
            } else {
                position += 1
                break
            }
        }
        let known = try look(2)
        guard known > 0 else { return false }
        switch window[position] {
        case delimiter, lineFeed: break
        case carriageReturn where known > 1 && window[position + 1] == lineFeed: break
        default:
            record.note("text behind the closing quote of a field; double the quotes within the field", line: line)
        }
        return try scanPlain(into: record)
    }

    /// Makes sure that `count` bytes, at most 3, are there from `position` on, unless the file ends before.
    ///
    /// - Returns: how many there are.
    @inline(__always)
    private func look(_ count: Int) throws(InputError) -> Int {
        let known = limit - position
        return known >= count ? known : try fill(count)
    }

    private func fill(_ count: Int) throws(InputError) -> Int {
        window.update(from: window + position, count: limit - position)
        limit -= position
        position = 0
        while limit < count, !isAtEnd {
            let read = try input.read(into: window + limit, capacity: capacity - limit)
            if read == 0 { isAtEnd = true }
            limit += read
        }
        return limit
    }

    @inline(__always)
    private func checkLength(of record: CSVRecord, openQuote: Int? = nil) throws(InputError) {
        guard record.byteCount + record.fieldCount > Self.longestRecord else { return }
        throw tooLong(record, openQuote: openQuote)
    }

    private func tooLong(_ record: CSVRecord, openQuote: Int?) -> InputError {
        let hint =
            openQuote.map { "the quote opened on line \($0) is probably not closed" } ?? "this is probably no CSV file"
        return fatal(line: record.line, "the row that starts here is longer than 16 MiB; \(hint)")
    }

    private func fatal(line: Int, column: Int? = nil, _ problem: String) -> InputError {
        .badData(BadData(file: input.name, line: line, column: column, problem: problem, isRecoverable: false))
    }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let zeroByte =
    "a NUL byte; this is no text, or it is UTF-16: save the file as UTF-8"

/// Whether a byte ends a run of ordinary ones outside quotes, besides the delimiter.
@inline(__always)
private func isSpecial(_ byte: UInt8) -> Bool {
    byte == lineFeed || byte == carriageReturn || byte == quote || byte == 0
}
