// A folder that lives no longer than what refers to it.
import CSystem
import Glibc

/// A folder that is removed, with all that is in it, when nothing refers to it any more or a signal ends the program.
///
/// What SIGKILL or a power cut leaves behind is removed by the next run: a living folder is locked (`flock`), which ends
/// with its process.
public final class TemporaryFolder {
    /// The folder's absolute path.
    public let path: String

    private let descriptor: Int32
    private let text: UnsafeMutablePointer<CChar>

    /// The folders that are alive, as C strings.
    private static let living = SignalSafeList<UnsafeMutablePointer<CChar>>(capacity: 16)
    /// The memory in which a signal handler reads directories.
    nonisolated(unsafe) private static let handlersEntries = DirectoryEntries()

    /// Makes what ``discardAll()`` needs; to be called before a signal handler that calls it is installed.
    public static func prepare() { _ = (living, handlersEntries) }

    /// Removes all that are alive. For the end of an interrupted program; a signal handler may call it once ``prepare()`` has
    /// been called, after ``TemporaryFiles/discardAll()``.
    public static func discardAll() { living.close { handlersEntries.removeFolder($0) } }

    /// Makes a folder in that of temporary files, which TMPDIR names, and removes those that dead runs left there.
    ///
    /// - Parameter name: how its name begins.
    /// - Throws: ``OutputError/cannotWrite(path:reason:)``.
    public init(_ name: String) throws(OutputError) {
        let given = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let parent = given.hasPrefix("/") ? given : "/tmp"
        let prefix = "\(name)-\(TemporaryFiles.hostMark)-"
        Self.removeAbandoned(in: parent, prefix: prefix)
        while true {
            let text: UnsafeMutablePointer<CChar> = strdup("\(parent)/\(prefix)XXXXXX")
            let code = Self.living.withLock { () -> Int32 in
                guard !Self.living.isClosed else { return ECANCELED }
                guard Self.living.hasRoom else { return EMFILE }
                guard mkdtemp(text) != nil else { return errno }
                Self.living.add(text)
                return 0
            }
            guard code == 0 else {
                free(text)
                throw .cannotWrite(
                    path: escapingControls(parent),
                    reason: "no temporary folder can be made there: \(systemReason(code))")
            }
            let descriptor = openAboveStandard(String(cString: text), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            if descriptor >= 0, Self.lock(descriptor) {
                path = String(cString: text)
                self.descriptor = descriptor
                self.text = text
                return
            }
            // Another run took it for abandoned before it was locked.
            let failure = errno
            if descriptor >= 0 { close(descriptor) }
            Self.remove(text)
            if descriptor < 0, failure != ENOENT {
                throw .cannotWrite(path: escapingControls(parent), reason: systemReason(failure))
            }
        }
    }

    deinit {
        Self.remove(text)
        close(descriptor)
    }

    private static func remove(_ text: UnsafeMutablePointer<CChar>) {
        DirectoryEntries().removeFolder(text)
        free(living.withLock { living.remove { $0 == text } })
    }

    /// Locks a folder that has just been made; false where another run removed it in between. A file system without locks
    /// has none for the others either.
    private static func lock(_ descriptor: Int32) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return errno != EWOULDBLOCK }
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink > 0
    }

    /// Removes the folders of one's own, of this prefix, that no process has locked.
    private static func removeAbandoned(in parent: String, prefix: String) {
        guard let folder = opendir(parent) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(prefix) else { continue }
            let path = "\(parent)/\(name)"
            let descriptor = openAboveStandard(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
                flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            path.withCString { DirectoryEntries().removeFolder($0) }
        }
    }
}

/// Memory for the entries of one directory at a time, by which a folder is removed without allocating anything.
private final class DirectoryEntries {
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 8)

    deinit { memory.deallocate() }

    /// Removes a folder with all that is in it. Links are removed, not followed.
    func removeFolder(_ path: UnsafePointer<CChar>) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return }
        empty(folder)
        close(folder)
        rmdir(path)
    }

    /// Removes all that is in a folder, as far as that is possible; false where nothing could be removed.
    @discardableResult
    private func empty(_ folder: Int32) -> Bool {
        var hasRemoved = false
        while true {
            // The entries change under one who removes them, and the memory is used for a folder within: begin anew.
            lseek(folder, 0, SEEK_SET)
            guard removeEntries(of: folder) else { return hasRemoved }
            hasRemoved = true
        }
    }

    /// Removes the entries that are read at once; false where none could be.
    private func removeEntries(of folder: Int32) -> Bool {
        let count = pinfi_next_entries(folder, memory.baseAddress, UInt(memory.count))
        var hasRemoved = false
        var place = 0
        // An entry is two numbers of 8 bytes, its length in 2, its kind in 1, and its name.
        while place + 19 < count, let start = memory.baseAddress {
            let entry = start + place
            let name = (entry + 19).assumingMemoryBound(to: CChar.self)
            place += Int(entry.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
            if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { continue }
            if unlinkat(folder, name, 0) == 0 || unlinkat(folder, name, AT_REMOVEDIR) == 0 {
                hasRemoved = true
                continue
            }
            let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else { continue }
            defer { close(inner) }
            return empty(inner) || hasRemoved
        }
        return hasRemoved
    }
}
