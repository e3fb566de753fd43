// Where the bytes of an output go.
import Glibc
import Synchronization

/// Where the bytes of an output go: a descriptor, something that is no regular file, or a file that appears when it is
/// complete.
///
/// A regular file, new or to be replaced, is written beside its place under a temporary name; `commit` renames it into
/// place, and without `commit` the old file, or none, is left. Everything else is written directly.
public final class OutputDestination: Sendable {
    private struct State: ~Copyable {
        /// -1 when closed.
        var descriptor: Int32
        /// What is to be renamed to `target`; nil where the place is written directly.
        var temporary: String?
        var target: String
        /// The hash of what has been written; nil where nobody asked for it.
        var hash: SHA256?
        /// Whether nobody reads on: what is written is hashed and let go.
        var isUnread = false
    }

    /// How messages name the place.
    public let name: String
    /// Tells whether two destinations are the same place; nil where the system did not say.
    public let identity: OutputIdentity?
    private let state: Mutex<State>
    private let temporaries: TemporaryFiles
    private let endsWithReader: Bool

    private init(
        name: String, identity: OutputIdentity?, descriptor: Int32, temporary: String? = nil, target: String = "",
        isHashing: Bool, endsWithReader: Bool, temporaries: TemporaryFiles
    ) {
        self.endsWithReader = endsWithReader
        self.name = name
        self.identity = identity
        self.temporaries = temporaries
        state = Mutex(
            State(descriptor: descriptor, temporary: temporary, target: target, hash: isHashing ? SHA256() : nil))
    }

    deinit { discard() }

    /// Opens the place that `path` stands for.
    ///
    /// - nil and `-` are standard output; `/dev/stdout`, `/dev/stderr`, `/dev/fd/N` and `/proc/self/fd/N` are those
    ///   descriptors themselves;
    /// - what exists and is no regular file (a device, a FIFO) is opened and written directly; a folder is an error;
    /// - a regular file, or a path where there is nothing yet, symbolic links followed, is written under a temporary
    ///   name. A new file has the mode that the umask gives; a replaced one keeps its mode, and its owner where
    ///   possible.
    ///
    /// - Parameters:
    ///   - path: the place.
    ///   - hashing: whether ``sha256`` is wanted.
    ///   - endsWithReader: whether ``write(_:)`` throws when the reader of a pipe has gone; otherwise what it would have
    ///     read is let go, so that other outputs of the run are completed.
    /// - Throws: ``OutputError/cannotWrite(path:reason:)``.
    public static func open(
        _ path: String?, hashing: Bool = false, endsWithReader: Bool = true
    ) throws(OutputError) -> OutputDestination {
        try open(path, hashing: hashing, endsWithReader: endsWithReader, temporaries: .shared)
    }

    static func open(
        _ path: String?, hashing: Bool = false, endsWithReader: Bool = true, temporaries: TemporaryFiles
    ) throws(OutputError) -> OutputDestination {
        let place = try OutputPlace(path)
        let name = shownName(path)
        func failure(_ code: Int32) -> OutputError { .cannotWrite(path: name, reason: systemReason(code)) }
        let identity = place.identity
        switch place {
        case .descriptor(let number):
            let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
            guard copy >= 0 else { throw failure(errno) }
            return OutputDestination(
                name: name, identity: identity, descriptor: copy, isHashing: hashing,
                endsWithReader: endsWithReader, temporaries: temporaries)
        case .special(let path):
            var descriptor: Int32
            repeat { descriptor = openAboveStandard(path, O_WRONLY) } while descriptor < 0 && errno == EINTR
            guard descriptor >= 0 else { throw failure(errno) }
            return OutputDestination(
                name: name, identity: identity, descriptor: descriptor, isHashing: hashing,
                endsWithReader: endsWithReader, temporaries: temporaries)
        case .file(let target, let existing):
            let parent = splitPath(target).parent
            if let existing {
                guard access(target, W_OK) == 0 else {
                    let reason = errno == EACCES ? "the file is write-protected" : systemReason(errno)
                    throw .cannotWrite(path: name, reason: reason)
                }
                // Nobody may read the new contents who may not read the old ones; the mode comes below.
                let made = temporaries.create(beside: target, mode: existing.st_mode & 0o700)
                let (temporary, descriptor) = try made.get(named: name, parent: parent)
                var status = stat()
                if fstat(descriptor, &status) == 0,
                    status.st_uid != existing.st_uid || status.st_gid != existing.st_gid,
                    fchown(descriptor, existing.st_uid, existing.st_gid) != 0
                {
                    // Only root may give files away; the group may still be one of ours.
                    _ = fchown(descriptor, uid_t.max, existing.st_gid)
                }
                guard fchmod(descriptor, existing.st_mode & 0o7777) == 0 else {
                    let code = errno
                    close(descriptor)
                    temporaries.discard(temporary)
                    throw failure(code)
                }
                return OutputDestination(
                    name: name, identity: identity, descriptor: descriptor, temporary: temporary, target: target,
                    isHashing: hashing,
                    endsWithReader: endsWithReader, temporaries: temporaries)
            }
            let made = temporaries.create(beside: target, mode: 0o666)
            let (temporary, descriptor) = try made.get(named: name, parent: parent)
            return OutputDestination(
                name: name, identity: identity, descriptor: descriptor, temporary: temporary, target: target,
                isHashing: hashing,
                endsWithReader: endsWithReader, temporaries: temporaries)
        }
    }

    /// The SHA-256, in hexadecimal, of all bytes written so far, also after `commit`; nil where `open` was not told to
    /// hash.
    public var sha256: String? {
        state.withLock { state in state.hash?.hexadecimal ?? nil }
    }

    /// Writes all of these bytes.
    ///
    /// - Throws: ``OutputError/closedPipe`` where the reader has gone (the program must ignore SIGPIPE), otherwise
    ///   ``OutputError/cannotWrite(path:reason:)``.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        let code = state.withLock { state -> Int32 in
            guard state.descriptor >= 0 else { return EBADF }
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                if state.isUnread {
                    state.hash?.update(part)
                    return 0
                }
                let count = Glibc.write(state.descriptor, part.baseAddress, part.count)
                if count >= 0 {
                    state.hash?.update(UnsafeRawBufferPointer(rebasing: part[..<count]))
                    rest = rest.dropFirst(count)
                    continue
                }
                switch errno {
                case EINTR: continue
                case EPIPE where !endsWithReader: state.isUnread = true
                case EAGAIN:
                    var wanted = pollfd(fd: state.descriptor, events: Int16(POLLOUT), revents: 0)
                    if poll(&wanted, 1, -1) < 0, errno != EINTR { return errno }
                default: return errno
                }
            }
            return 0
        }
        if code == EPIPE { throw .closedPipe }
        if code != 0 { throw .cannotWrite(path: name, reason: systemReason(code)) }
    }

    /// Lets go of everything from here on: it is hashed and counted, and goes nowhere.
    public func dropRest() { state.withLock { $0.isUnread = true } }

    /// Writes text as UTF-8.
    public func write(_ text: String) throws(OutputError) {
        let bytes = Array(text.utf8)
        let result: Result<Void, OutputError> = bytes.withUnsafeBytes { bytes in
            do throws(OutputError) { return .success(try write(bytes)) } catch { return .failure(error) }
        }
        try result.get()
    }

    /// Closes the output and, where it is a file, renames it into place; to be called once, when all is written.
    ///
    /// - Throws: ``OutputError/cannotWrite(path:reason:)``; the old file, or none, is left then.
    public func commit() throws(OutputError) {
        let code = state.withLock { state -> Int32 in
            guard state.descriptor >= 0 else { return EBADF }
            // The lock on a temporary file lasts until it is in place: a second descriptor holds it.
            let lock = state.temporary == nil ? -1 : fcntl(state.descriptor, F_DUPFD_CLOEXEC, 3)
            defer { if lock >= 0 { close(lock) } }
            let closing = close(state.descriptor) == 0 || errno == EINTR ? 0 : errno
            state.descriptor = -1
            guard let temporary = state.temporary else { return closing }
            state.temporary = nil
            guard closing == 0 else {
                temporaries.discard(temporary)
                return closing
            }
            return temporaries.rename(temporary, to: state.target)?.code ?? 0
        }
        if code == ECANCELED { throw .cannotWrite(path: name, reason: "the run was interrupted") }
        if code != 0 { throw .cannotWrite(path: name, reason: systemReason(code)) }
    }

    /// Closes the output; of a file, what was written is thrown away. After `commit`, or a second time, does nothing.
    public func discard() {
        state.withLock { state in
            if state.descriptor >= 0 { close(state.descriptor) }
            state.descriptor = -1
            if let temporary = state.temporary { temporaries.discard(temporary) }
            state.temporary = nil
        }
    }

    /// Whether two paths given for outputs lead to the same place, by whatever names, links or redirections.
    ///
    /// False where either cannot be found out, because `open` would fail.
    public static func sameDestination(_ a: String?, _ b: String?) -> Bool {
        guard let first = identity(of: a), let second = identity(of: b) else { return false }
        return first == second
    }

    /// What `identity` will be once `path` is open.
    public static func identity(of path: String?) -> OutputIdentity? {
        guard let place = try? OutputPlace(path) else { return nil }
        return place.identity
    }

    /// The bytes that the destination's file system has free for this user; nil where the output is no regular file.
    public static func freeBytes(for path: String?) -> Int? {
        guard let place = try? OutputPlace(path) else { return nil }
        var room = statvfs()
        switch place {
        case .special: return nil
        case .descriptor(let number):
            var status = stat()
            guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG, fstatvfs(number, &room) == 0 else {
                return nil
            }
        case .file(let target, _):
            guard statvfs(splitPath(target).parent, &room) == 0 else { return nil }
        }
        // A file system without blocks of its own (/proc) knows of no room, and says why it cannot be written by itself.
        guard room.f_blocks > 0 else { return nil }
        let (bytes, overflow) = room.f_bavail.multipliedReportingOverflow(by: room.f_frsize)
        return overflow ? Int.max : Int(clamping: bytes)
    }

    private static func shownName(_ path: String?) -> String {
        guard let path, path != "-" else { return "standard output" }
        return escapingControls(path)
    }
}

extension Result where Success == (path: String, descriptor: Int32), Failure == SystemError {
    /// The file, or its error in words.
    fileprivate func get(named name: String, parent: String) throws(OutputError) -> Success {
        switch self {
        case .success(let file): return file
        case .failure(let error):
            let folder = escapingControls(parent)
            let reason =
                switch error.code {
                case ENOENT where access(parent, F_OK) == 0: "the folder \(folder) takes no new files"
                case ENOENT: "the folder \(folder) does not exist; make it first"
                case ENOTDIR: "\(folder) is no folder"
                case EACCES, EROFS, EPERM: "the folder \(folder) takes no new files (\(systemReason(error.code)))"
                case ECANCELED: "the run was interrupted"
                default: systemReason(error.code)
                }
            throw .cannotWrite(path: name, reason: reason)
        }
    }
}
