// The bytes of an input file, as they come.
import Glibc

/// An input that is open for reading: a file, a descriptor, or bytes in memory.
public final class InputBytes {
    /// How messages name the input.
    public let name: String
    /// Tells whether an output is the same file; nil for what is no regular file, which no output can replace.
    public let identity: OutputIdentity?
    /// The descriptor that the path names, 0 for standard input; nil for a file that was opened by its name. What one
    /// reader takes from such a descriptor no other one gets.
    public let namedDescriptor: Int32?
    /// The number of bytes that were read so far.
    public private(set) var byteCount = 0

    /// -1 for bytes in memory, and after the end of the file.
    private var descriptor: Int32
    private var memory: ArraySlice<UInt8> = []
    /// The hash of what has been read; nil where nobody asked for it.
    private var hash: SHA256?

    /// Bytes that are there already.
    init(bytes: [UInt8], name: String) {
        self.name = name
        identity = nil
        namedDescriptor = nil
        descriptor = -1
        memory = bytes[...]
        hash = nil
    }

    /// Opens a file; nil, `-` and `/dev/stdin` are standard input, and paths that name descriptors those.
    ///
    /// - Parameter hashing: whether ``sha256`` is wanted.
    /// - Throws: ``InputError/cannotRead(path:reason:)``.
    public init(path: String?, hashing: Bool = false) throws(InputError) {
        let number = path.map { $0 == "-" ? 0 : descriptorNumber($0) } ?? 0
        name = number == 0 ? "standard input" : escapingControls(path ?? "")
        namedDescriptor = number
        hash = hashing ? SHA256() : nil
        if let number {
            descriptor = fcntl(number, F_DUPFD_CLOEXEC, 3)
        } else {
            var opened: Int32
            repeat { opened = openAboveStandard(path ?? "", O_RDONLY) } while opened < 0 && errno == EINTR
            descriptor = opened
        }
        var status = stat()
        let isKnown = descriptor >= 0 && fstat(descriptor, &status) == 0
        identity = isKnown && status.st_mode & S_IFMT == S_IFREG ? .existing(status) : nil
        guard descriptor >= 0 else {
            let code = errno
            throw .cannotRead(path: name.isEmpty ? "\"\"" : name, reason: systemReason(code))
        }
        if isKnown, status.st_mode & S_IFMT == S_IFDIR {
            throw .cannotRead(path: name, reason: "it is a folder; name a file in it")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The SHA-256, in hexadecimal, of all bytes read so far; nil where `init` was not told to hash.
    public var sha256: String? { hash?.hexadecimal ?? nil }

    /// Reads at most `capacity` bytes, waiting for the first of them; 0 at the end of the file.
    func read(into start: UnsafeMutablePointer<UInt8>, capacity: Int) throws(InputError) -> Int {
        if descriptor < 0 {
            let count = min(capacity, memory.count)
            memory.prefix(count).withUnsafeBufferPointer { bytes in
                if let first = bytes.baseAddress { start.update(from: first, count: count) }
            }
            memory = memory.dropFirst(count)
            byteCount += count
            return count
        }
        while true {
            let count = Glibc.read(descriptor, start, capacity)
            if count >= 0 {
                hash?.update(UnsafeRawBufferPointer(start: start, count: count))
                byteCount += count
                // Whoever remembers what was read keeps no descriptor: there may be many files.
                if count == 0, capacity > 0 {
                    close(descriptor)
                    descriptor = -1
                }
                return count
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                if poll(&wanted, 1, -1) >= 0 || errno == EINTR { continue }
            default: break
            }
            throw .cannotRead(path: name, reason: systemReason(errno))
        }
    }

    /// Reads what is left, but no more than `limit` bytes: a device has no end.
    public func readAll(atMost limit: Int) throws(InputError) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: min(max(limit, 1), 1 << 16))
        while bytes.count < limit {
            let capacity = min(part.count, limit - bytes.count)
            let result: Result<Int, InputError> = part.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return .success(0) }
                do throws(InputError) { return .success(try read(into: start, capacity: capacity)) } catch {
                    return .failure(error)
                }
            }
            let count = try result.get()
            guard count > 0 else { break }
            bytes += part[..<count]
        }
        return bytes
    }
}
