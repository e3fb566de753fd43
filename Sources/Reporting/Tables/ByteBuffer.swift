// A growing block of bytes that one thread at a time fills and empties.

/// A growing block of bytes that the pointer loops of the writers fill.
///
/// `@unchecked Sendable`: `OrderedOutput` hands a buffer from one thread to the next under its lock.
final class ByteBuffer: @unchecked Sendable {
    private(set) var start: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    /// The bytes in use.
    var count = 0
    /// The table rows that the bytes encode.
    var rows = 0

    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        start = .allocate(capacity: capacity)
    }

    deinit { start.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    func clear() {
        count = 0
        rows = 0
    }

    /// One past the last byte in use.
    var tail: UnsafeMutablePointer<UInt8> { start + count }

    /// One past the last byte that there is room for.
    var end: UnsafeMutablePointer<UInt8> { start + capacity }

    /// Takes everything before `position` as in use, makes room for `room` more bytes and returns where they go.
    func makeRoom(_ room: Int, at position: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        count = position - start
        if capacity - count < room {
            capacity = max(2 * capacity, count + room)
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
            larger.update(from: start, count: count)
            start.deallocate()
            start = larger
        }
        return tail
    }

    func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let position = makeRoom(utf8.count, at: tail)
            if let source = utf8.baseAddress { position.update(from: source, count: utf8.count) }
            count += utf8.count
        }
    }
}
