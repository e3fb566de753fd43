// The bytes of an input file, as they come.
import Glibc

/// An input file that is open for reading.
final class InputBytes {
    /// How messages name the file.
    let name: String
    /// -1 for bytes in memory.
    private let descriptor: Int32
    private var memory: ArraySlice<UInt8> = []

    /// Bytes that are there already.
    init(bytes: [UInt8], name: String) {
        self.name = name
        descriptor = -1
        memory = bytes[...]
    }

    /// Opens a file; nil, `-` and `/dev/stdin` are standard input, and paths that name descriptors those.
    init(path: String?) throws(InputError) {
        let number = path.map { $0 == "-" ? 0 : descriptorNumber($0) } ?? 0
        name = number == 0 ? "standard input" : escapingControls(path ?? "")
        if let number {
            descriptor = fcntl(number, F_DUPFD_CLOEXEC, 3)
        } else {
            var opened: Int32
            repeat { opened = openAboveStandard(path ?? "", O_RDONLY) } while opened < 0 && errno == EINTR
            descriptor = opened
        }
        guard descriptor >= 0 else {
            let code = errno
            throw .cannotRead(path: name.isEmpty ? "\"\"" : name, reason: systemReason(code))
        }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw .cannotRead(path: name, reason: "it is a folder; name a file in it")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Reads at most `capacity` bytes, waiting for the first of them; 0 at the end of the file.
    func read(into start: UnsafeMutablePointer<UInt8>, capacity: Int) throws(InputError) -> Int {
        if descriptor < 0 {
            let count = min(capacity, memory.count)
            memory.prefix(count).withUnsafeBufferPointer { bytes in
                if let first = bytes.baseAddress { start.update(from: first, count: count) }
            }
            memory = memory.dropFirst(count)
            return count
        }
        while true {
            let count = Glibc.read(descriptor, start, capacity)
            if count >= 0 { return count }
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
}
