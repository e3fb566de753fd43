// A folder that outputs are put into.
import Glibc

/// A folder for outputs: it and the folders above it are made where they are missing, and removed again where nothing was
/// put in, by a signal handler too.
public final class OutputFolder {
    /// The folder's path.
    public let path: String
    /// The folders that were made, the outermost first.
    private let made: [String]

    /// The folders that were made and may still be empty, as C strings that the list owns, the outermost first.
    private static let living = SignalSafeList<UnsafeMutablePointer<CChar>>(capacity: 4096)

    /// Makes what ``discardAll()`` needs; to be called before a signal handler that calls it is installed.
    public static func prepare() { _ = living }

    /// Removes the folders that were made and are empty. For the end of an interrupted program; a signal handler may call it
    /// once ``prepare()`` has been called, after ``TemporaryFiles/discardAll()``.
    public static func discardAll() { living.close { rmdir($0) } }

    /// Makes the folder where it is missing.
    ///
    /// - Throws: ``OutputError/cannotWrite(path:reason:)``; no new folder is left then.
    public init(_ path: String) throws(OutputError) {
        self.path = path
        var made: [String] = []
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let folder = String(path[..<end])
            let code = Self.make(folder)
            if code == 0 {
                made.append(folder)
                continue
            }
            if Self.exists(folder) { continue }
            Self.remove(made)
            let shown = escapingControls(path)
            if code == EEXIST {
                throw .cannotWrite(
                    path: shown, reason: "\(end == path.endIndex ? "it" : escapingControls(folder)) is no directory")
            }
            throw .cannotWrite(path: shown, reason: "the directory cannot be made: \(systemReason(code))")
        }
        if path.isEmpty { throw .cannotWrite(path: "\"\"", reason: "the path is empty") }
        self.made = made
    }

    /// Whether there is a folder of this path.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The path of a file in the folder.
    public subscript(name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    /// Removes the folders that were made, as far as nothing is in them; to be called when all outputs in them are in place
    /// or discarded.
    public func removeIfEmpty() { Self.remove(made) }

    /// Makes a folder and enters it in the list; the number of the error, or 0.
    private static func make(_ folder: String) -> Int32 {
        let text: UnsafeMutablePointer<CChar> = strdup(folder)
        return living.withLock {
            guard mkdir(text, 0o777) == 0 else {
                let code = errno
                free(text)
                return code
            }
            if living.hasRoom { living.add(text) }
            return 0
        }
    }

    private static func remove(_ folders: [String]) {
        for folder in folders.reversed() {
            let text = living.withLock {
                rmdir(folder)
                return living.remove { strcmp($0, folder) == 0 }
            }
            free(text)
        }
    }
}
