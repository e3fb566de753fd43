// The temporary files that are alive, so that none survives the program.
import Glibc
import Synchronization

/// The registry of the temporary files that outputs are written to before they are renamed into place.
///
/// A file is created and entered under one lock, and renamed or unlinked and struck off under the same one: whenever
/// `discardAll` comes, no file is left.
public final class TemporaryFiles: Sendable {
    private struct State {
        var paths: Set<String> = []
        var isClosed = false
    }

    static let shared = TemporaryFiles()

    private let state = Mutex(State())

    init() {}

    /// Unlinks all temporary files and makes every later creation and commit fail.
    ///
    /// For the end of an interrupted program. It takes a lock: call it from an ordinary thread, never from within a
    /// signal handler.
    public static func discardAll() { shared.discardAll() }

    func discardAll() {
        state.withLock { state in
            state.isClosed = true
            for path in state.paths { unlink(path) }
            state.paths.removeAll()
        }
    }

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
        return state.withLock { state in
            guard !state.isClosed else { return .failure(SystemError(code: ECANCELED)) }
            while true {
                let path = "\(parent)/.\(hint).\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
                let descriptor = openAboveStandard(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
                if descriptor >= 0 {
                    state.paths.insert(path)
                    return .success((path, descriptor))
                }
                let code = errno
                if code != EEXIST && code != EINTR { return .failure(SystemError(code: code)) }
            }
        }
    }

    /// Renames a file that `create` made; where that fails it is unlinked.
    func rename(_ path: String, to target: String) -> SystemError? {
        state.withLock { state in
            guard state.paths.remove(path) != nil else { return SystemError(code: ECANCELED) }
            guard Glibc.rename(path, target) != 0 else { return nil }
            let code = errno
            unlink(path)
            return SystemError(code: code)
        }
    }

    /// Unlinks a file that `create` made.
    func discard(_ path: String) {
        state.withLock { state in
            if state.paths.remove(path) != nil { unlink(path) }
        }
    }
}

/// The number of an error of the system.
struct SystemError: Error {
    let code: Int32
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
