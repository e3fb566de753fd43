// A folder that outputs are put into.
import Glibc

/// A folder for outputs: it and the folders above it are made where they are missing, and removed again where nothing was
/// put in.
public final class OutputFolder {
    /// The folder's path.
    public let path: String
    /// The folders that were made, the outermost first.
    private let made: [String]

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
            if mkdir(folder, 0o777) == 0 {
                made.append(folder)
                continue
            }
            let code = errno
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

    private static func remove(_ folders: [String]) {
        for folder in folders.reversed() { rmdir(folder) }
    }
}
