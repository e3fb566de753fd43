// The text of an input file, whichever way its bytes are kept.

/// The text of an input as UTF-8: what gzip compressed is inflated, and UTF-16 is transcoded where its mark stands in front.
///
/// Bytes are passed on as they come, at constant memory. What is neither is passed on as it is.
final class DecodedInput {
    /// The input itself.
    let input: InputBytes
    /// How the text is kept, as far as that is not UTF-8: "gzip", "UTF-16"; known when something has been read.
    private(set) var encodings: [String] = []

    /// How messages name the input.
    var name: String { input.name }

    private var inflater: Inflater?
    private var transcoder: UTF16Transcoder?
    private var isOpen: Bool
    /// Bytes that were looked at and not yet passed on.
    private var head: ArraySlice<UInt8> = []
    /// The ends of lines that were passed on, to place what is wrong with the encoding.
    private var lines = 0
    private var fault: InputError?

    /// - Parameter isText: whether the bytes are known to be text already, so that their beginning tells nothing.
    init(_ input: InputBytes, isText: Bool = false) {
        self.input = input
        isOpen = isText
    }

    /// Reads at most `capacity` bytes of text, waiting for the first of them; 0 at the end.
    func read(into start: UnsafeMutablePointer<UInt8>, capacity: Int) throws(InputError) -> Int {
        if !isOpen { try open() }
        if !head.isEmpty {
            let count = min(capacity, head.count)
            for (place, byte) in head.prefix(count).enumerated() { start[place] = byte }
            head = head.dropFirst(count)
            return count
        }
        return try readText(into: start, capacity: capacity)
    }

    /// The text up to the end of its line number `count`, counted from 1, without passing it on; at most 1 MiB.
    ///
    /// - Parameter isEnd: whether a line's end after so many bytes ends a line that is wanted.
    func lookAhead(until isEnd: (ArraySlice<UInt8>) -> Bool) throws(InputError) -> ArraySlice<UInt8> {
        if !isOpen { try open() }
        var bytes = Array(head)
        var part = [UInt8](repeating: 0, count: 1 << 14)
        while !isEnd(bytes[...]), bytes.count < 1 << 20 {
            let count = try Self.fill(&part) { (start, capacity) throws(InputError) in
                try readText(into: start, capacity: capacity)
            }
            guard count > 0 else { break }
            bytes += part[..<count]
        }
        head = bytes[...]
        return head
    }

    // MARK: - The layers

    /// Looks at the first bytes and sets up what they ask for.
    private func open() throws(InputError) {
        isOpen = true
        var start = try firstBytes()
        if start == [0x1F, 0x8B] {
            encodings.append("gzip")
            inflater = Inflater(start)
            start = try firstBytes()
        }
        if start == [0xFF, 0xFE] || start == [0xFE, 0xFF] {
            encodings.append("UTF-16")
            transcoder = UTF16Transcoder(isBigEndian: start[0] == 0xFE)
            start = []
        }
        head = start[...]
    }

    /// Two bytes, or as many as there are.
    private func firstBytes() throws(InputError) -> [UInt8] {
        var bytes: [UInt8] = []
        var one: [UInt8] = [0]
        while bytes.count < 2 {
            let count = try Self.fill(&one) { (start, capacity) throws(InputError) in
                try readPlain(into: start, capacity: capacity)
            }
            guard count > 0 else { break }
            bytes.append(one[0])
        }
        return bytes
    }

    private static func fill(
        _ bytes: inout [UInt8], _ read: (UnsafeMutablePointer<UInt8>, Int) throws(InputError) -> Int
    ) throws(InputError) -> Int {
        let result: Result<Int, InputError> = bytes.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return .success(0) }
            do throws(InputError) { return .success(try read(start, buffer.count)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func readText(into start: UnsafeMutablePointer<UInt8>, capacity: Int) throws(InputError) -> Int {
        guard inflater != nil || transcoder != nil else { return try input.read(into: start, capacity: capacity) }
        if let fault { throw fault }
        var count = 0
        do throws(InputError) {
            count =
                try transcoder == nil
                ? readPlain(into: start, capacity: capacity) : readTranscoded(into: start, capacity: capacity)
        } catch {
            fault = error
            throw error
        }
        lines += UnsafeBufferPointer(start: start, count: count).count { $0 == UInt8(ascii: "\n") }
        return count
    }

    /// Reads what is there once nothing is compressed any more.
    private func readPlain(into start: UnsafeMutablePointer<UInt8>, capacity: Int) throws(InputError) -> Int {
        guard let inflater else { return try input.read(into: start, capacity: capacity) }
        while true {
            if inflater.needsInput {
                let count = try Self.fill(&inflater.compressed) { (start, capacity) throws(InputError) in
                    try input.read(into: start, capacity: capacity)
                }
                inflater.take(count)
            }
            switch inflater.inflate(into: start, capacity: capacity) {
            case .bytes(let count): return count
            case .needsInput: continue
            case .end: return 0
            case .fault(let problem): throw bad(problem)
            }
        }
    }

    private func readTranscoded(into start: UnsafeMutablePointer<UInt8>, capacity: Int) throws(InputError) -> Int {
        guard let transcoder else { return 0 }
        while transcoder.text.isEmpty {
            if let problem = transcoder.fault { throw bad(problem) }
            let count = try Self.fill(&transcoder.encoded) { (start, capacity) throws(InputError) in
                try readPlain(into: start, capacity: capacity)
            }
            transcoder.take(count)
            if count == 0, transcoder.text.isEmpty {
                if let problem = transcoder.fault { throw bad(problem) }
                return 0
            }
        }
        let count = min(capacity, transcoder.text.count)
        for (place, byte) in transcoder.text.prefix(count).enumerated() { start[place] = byte }
        transcoder.text = transcoder.text.dropFirst(count)
        return count
    }

    private func bad(_ problem: String) -> InputError {
        .badData(BadData(file: name, line: lines + 1, problem: problem, isRecoverable: false))
    }
}

/// UTF-16 made UTF-8, part by part.
private final class UTF16Transcoder {
    /// Where the next bytes are put.
    var encoded = [UInt8](repeating: 0, count: 1 << 16)
    /// What has been made of those before.
    var text: ArraySlice<UInt8> = []
    /// What is wrong behind the text.
    private(set) var fault: String?

    private let isBigEndian: Bool
    /// A byte, or a unit, whose other half has not come yet.
    private var halfUnit: UInt8?
    private var leading: UInt16?

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    /// Transcodes so many bytes; 0 of them are the end.
    func take(_ count: Int) {
        guard fault == nil else { return }
        var made: [UInt8] = []
        made.reserveCapacity(2 * count)
        if count == 0, halfUnit != nil || leading != nil {
            fault = "the UTF-16 text ends within a character; the file is not whole"
        }
        for byte in encoded[..<count] {
            guard let first = halfUnit else {
                halfUnit = byte
                continue
            }
            halfUnit = nil
            let unit = isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
            if let high = leading {
                guard UTF16.isTrailSurrogate(unit) else {
                    fault = Self.broken
                    break
                }
                leading = nil
                let value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
                if let scalar = Unicode.Scalar(value) { made += Array(String(scalar).utf8) }
            } else if UTF16.isLeadSurrogate(unit) {
                leading = unit
            } else if unit < 0x80 {
                made.append(UInt8(unit))
            } else if let scalar = Unicode.Scalar(unit) {
                made += Array(String(scalar).utf8)
            } else {
                fault = Self.broken
                break
            }
        }
        text = made[...]
    }

    private static let broken = "half of a character that UTF-16 keeps in two halves; save the file as UTF-8"
}
