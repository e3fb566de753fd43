// The temporary files that are alive, so that none survives the program.
import Glibc
import Synchronization

/// The registry of the temporary files that outputs are written to before they are renamed into place.
///
/// A file is created and entered under one lock, and renamed or unlinked and struck off under the same one: whenever
/// `discardAll` comes, no file is left. What SIGKILL or a power cut leaves behind is removed by the next creation beside
/// the same target: a living file is locked (`flock`), which ends with its process, whatever becomes of the number of
/// that process; its name holds a mark of the host, so that one of another machine on a shared disk is left alone.
public final class TemporaryFiles: Sendable {
    static let shared = TemporaryFiles()

    /// The paths, as C strings that the list owns.
    private let paths = SignalSafeList<UnsafeMutablePointer<CChar>>(capacity: 4096)
    /// Folders in which there are no abandoned files.
    private let cleared = Mutex<Set<String>>([])
    static let hostMark = TemporaryFiles.markOfHost()

    init() {}

    /// Unlinks all temporary files and makes every later creation and commit fail.
    ///
    /// For the end of an interrupted program; a signal handler may call it once ``prepare()`` has been called.
    public static func discardAll() { shared.discardAll() }

    /// Makes what ``discardAll()`` needs; to be called before a signal handler that calls it is installed.
    public static func prepare() { _ = shared }

    func discardAll() { paths.close { unlink($0) } }

    /// Creates a new file beside `target` and opens it for writing.
    ///
    /// - Returns: its path and descriptor, or the number of the error.
    func create(beside target: String, mode: mode_t) -> Result<(path: String, descriptor: Int32), SystemError> {
        let (parent, name) = splitPath(target)
        // A name may have 255 bytes in most file systems; the beginning of the target's tells people what it was.
        var hint = ""
        for character in name {
            guard hint.utf8.count + character.utf8.count <= 100 else { break }
            hint.append(character)
        }
        let prefix = ".\(hint).\(Self.hostMark)-"
        if !cleared.withLock({ $0.contains(parent) }) { removeAbandoned(in: parent, prefix: prefix) }
        while true {
            let path = "\(parent)/\(prefix)\(String(UInt64.random(in: .min ... .max), radix: 36))\(Self.suffix)"
            let text: UnsafeMutablePointer<CChar> = strdup(path)
            var descriptor: Int32 = -1
            let code = paths.withLock { () -> Int32 in
                guard !paths.isClosed else { return ECANCELED }
                guard paths.hasRoom else { return EMFILE }
                descriptor = openAboveStandard(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
                guard descriptor >= 0 else { return errno }
                paths.add(text)
                return 0
            }
            guard code == 0 else {
                free(text)
                if code == EEXIST || code == EINTR { continue }
                return .failure(SystemError(code: code))
            }
            if Self.lock(descriptor) { return .success((path, descriptor)) }
            // Another run looked whether it was abandoned before it was locked.
            close(descriptor)
            discard(path)
        }
    }

    /// Says that a folder has no abandoned files, so that nobody looks through it for each of its thousands of outputs.
    package static func declareCleared(_ folder: String) { _ = shared.cleared.withLock { $0.insert(folder) } }

    /// Enters a file that is to live no longer than this process: `discardAll` unlinks it, too.
    package static func add(_ path: String) {
        let text: UnsafeMutablePointer<CChar> = strdup(path)
        let isAdded = shared.paths.withLock {
            guard !shared.paths.isClosed, shared.paths.hasRoom else { return false }
            shared.paths.add(text)
            return true
        }
        if !isAdded { free(text) }
    }

    /// Unlinks a file that ``add(_:)`` entered.
    package static func remove(_ path: String) { shared.discard(path) }

    /// Renames a file that `create` made; where that fails it is unlinked.
    func rename(_ path: String, to target: String) -> SystemError? {
        let code = settle(path) { text in
            guard Glibc.rename(text, target) != 0 else { return 0 }
            let code = errno
            unlink(text)
            return code
        }
        return code == 0 ? nil : SystemError(code: code)
    }

    /// Unlinks a file that `create` made.
    func discard(_ path: String) {
        _ = settle(path) { unlink($0) }
    }

    /// Strikes a path off the list and does with it what is to be done, under the lock.
    private func settle(_ path: String, _ body: (UnsafeMutablePointer<CChar>) -> Int32) -> Int32 {
        var settled: UnsafeMutablePointer<CChar>?
        let code = paths.withLock { () -> Int32 in
            settled = paths.remove { strcmp($0, path) == 0 }
            return settled.map(body) ?? ECANCELED
        }
        free(settled)
        return code
    }

    // MARK: - Abandoned files

    private static let suffix = ".tmp"

    /// Removes the files of this prefix that no process has locked.
    private func removeAbandoned(in parent: String, prefix: String) {
        guard let folder = opendir(parent) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(prefix), name.hasSuffix(Self.suffix) else { continue }
            let path = "\(parent)/\(name)"
            var status = stat()
            // Nothing but a file of one's own is even opened.
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_uid == geteuid() || geteuid() == 0
            else { continue }
            var descriptor = openAboveStandard(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            if descriptor < 0 { descriptor = openAboveStandard(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK) }
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
            close(descriptor)
        }
    }

    /// Locks a file that has just been made; false where another process took it for abandoned in between. A file system
    /// without locks has none for the others either.
    private static func lock(_ descriptor: Int32) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return errno != EWOULDBLOCK }
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink > 0
    }

    /// A short mark of this machine's name (FNV-1a).
    private static func markOfHost() -> String {
        var names = utsname()
        uname(&names)
        var hash: UInt32 = 2_166_136_261
        withUnsafeBytes(of: names.nodename) { bytes in
            for byte in bytes.prefix(while: { $0 != 0 }) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        }
        return String(hash, radix: 36)
    }
}

/// The number of an error of the system.
package struct SystemError: Error {
    package let code: Int32

    package init(code: Int32) { self.code = code }
}

/// Opens a file at a descriptor above 2, so that it is never taken for a standard stream that the caller has closed.
func openAboveStandard(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
    let descriptor = open(path, flags | O_CLOEXEC | O_NOCTTY, mode)
    guard (0...2).contains(descriptor) else { return descriptor }
    let higher = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    let code = errno
    close(descriptor)
    errno = code
    return higher
}
