// Inflation of gzip data, part by part.
import CZlib

/// Inflates gzip data as it comes; several members, one behind the other, are one text.
final class Inflater {
    /// What came of one step.
    enum Step {
        /// So many bytes were inflated.
        case bytes(Int)
        /// More of the compressed data is needed.
        case needsInput
        /// All is inflated.
        case end
        /// What is wrong with the data.
        case fault(String)
    }

    /// Where the next compressed bytes are put.
    var compressed = [UInt8](repeating: 0, count: 1 << 16)
    /// Whether all bytes that were put there are used.
    var needsInput: Bool { next == count && !isAtEnd }

    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool
    private var (next, count) = (0, 0)
    private var isAtEnd = false
    private var isWithinMember = true

    /// - Parameter start: the first compressed bytes, which were read already.
    init(_ start: [UInt8]) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        isReady = pinfi_inflate_gzip(stream) == Z_OK
        for (place, byte) in start.enumerated() { compressed[place] = byte }
        count = start.count
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deallocate()
    }

    /// Takes so many bytes that were put into ``compressed``; 0 are the end of the file.
    func take(_ count: Int) {
        (next, self.count) = (0, count)
        if count == 0 { isAtEnd = true }
    }

    /// Inflates at most `capacity` bytes.
    func inflate(into start: UnsafeMutablePointer<UInt8>, capacity: Int) -> Step {
        guard isReady else { return .fault("zlib cannot inflate: there is no memory left") }
        if !isWithinMember {
            // Zeros fill up the blocks of a tape; anything else begins another member.
            while next < count, compressed[next] == 0 { next += 1 }
            if next == count { return isAtEnd ? .end : .needsInput }
            guard compressed[next] == 0x1F, inflateReset(stream) == Z_OK else {
                return .fault("something else follows the gzip data; compress the file again")
            }
            isWithinMember = true
        }
        if next == count { return isAtEnd ? .fault(Self.cut) : .needsInput }
        let status: Int32 = compressed.withUnsafeMutableBufferPointer { buffer in
            stream.pointee.next_in = buffer.baseAddress.map { $0 + next }
            stream.pointee.avail_in = UInt32(count - next)
            stream.pointee.next_out = start
            stream.pointee.avail_out = UInt32(clamping: capacity)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            next = count - Int(stream.pointee.avail_in)
            return status
        }
        let made = min(capacity, Int(UInt32.max)) - Int(stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: isWithinMember = false
        case Z_OK, Z_BUF_ERROR: break
        default:
            return .fault("the gzip data is damaged from here on; get the file again, or see what gzip -t says of it")
        }
        return made > 0
            ? .bytes(made) : next < count || !isWithinMember ? inflate(into: start, capacity: capacity) : .needsInput
    }

    private static let cut = "the gzip data ends here, within a member; the file is not whole: get it again"
}
