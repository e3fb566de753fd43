// The fields of one record, unquoted, end to end in one block of memory.

/// The fields of one record, unquoted, end to end in one block of memory.
final class CSVRecord {
    /// The first thing that is wrong with a record.
    struct Fault {
        var line: Int
        /// Field, from 0.
        var field: Int
        var problem: String
    }

    // Unchecked for the reason that CSVScanner gives.
    @exclusivity(unchecked) private var storage: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 10
    @exclusivity(unchecked) private(set) var byteCount = 0
    @exclusivity(unchecked) private var ends: [Int] = []

    /// The line where the record starts.
    var line = 0
    /// The first fault that was met.
    var fault: Fault?
    /// The bitwise or of all bytes; below 128, all is ASCII.
    @exclusivity(unchecked) var allBits: UInt8 = 0

    init() { storage = .allocate(capacity: capacity) }

    deinit { storage.deallocate() }

    var fieldCount: Int { ends.count }

    func clear(line: Int) {
        self.line = line
        byteCount = 0
        ends.removeAll(keepingCapacity: true)
        fault = nil
        allBits = 0
    }

    @inline(__always)
    func append(_ bytes: UnsafePointer<UInt8>, count: Int) {
        if capacity - byteCount < count { grow(by: count) }
        (storage + byteCount).update(from: bytes, count: count)
        byteCount += count
    }

    private func grow(by count: Int) {
        capacity = max(2 * capacity, byteCount + count)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: storage, count: byteCount)
        storage.deallocate()
        storage = larger
    }

    func endField() { ends.append(byteCount) }

    func note(_ problem: String, line: Int) {
        if fault == nil { fault = Fault(line: line, field: ends.count, problem: problem) }
    }

    func bytes(at index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = index == 0 ? 0 : ends[index - 1]
        return UnsafeBufferPointer(start: storage + start, count: ends[index] - start)
    }

    func text(at index: Int) -> String { String(decoding: bytes(at: index), as: UTF8.self) }

    /// The fields, as many as wanted: cut, or filled up with empty ones.
    func fields(count: Int) -> [String] {
        (0..<count).map { $0 < ends.count ? text(at: $0) : "" }
    }

    /// Notes the first field that is not UTF-8.
    func checkEncoding() {
        guard allBits >= 0x80, fault == nil else { return }
        for index in ends.indices {
            let field = bytes(at: index)
            guard let offset = firstInvalidByte(in: field) else { continue }
            var line = line
            let fault = (index == 0 ? 0 : ends[index - 1]) + offset
            for position in 0..<fault where storage[position] == UInt8(ascii: "\n") { line += 1 }
            let hexadecimal = String(field[offset], radix: 16, uppercase: true)
            self.fault = Fault(
                line: line, field: index,
                problem: "not UTF-8 (byte 0x\(hexadecimal)); save the file as UTF-8")
            return
        }
    }
}

/// The offset of the first byte that is not part of a well-formed UTF-8 sequence.
private func firstInvalidByte(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var iterator = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var offset = 0
    while true {
        switch parser.parseScalar(from: &iterator) {
        case .valid(let scalar): offset += scalar.count
        case .emptyInput: return nil
        case .error: return offset
        }
    }
}
