// The files of a folder and of the folders in it.
import Glibc

/// The files of a folder and of the folders in it, by their paths, in the order of these; hidden ones are left out.
public struct FolderFiles {
    /// CSV files.
    public private(set) var tables: [String] = []
    /// Manifests.
    public private(set) var manifests: [String] = []
    /// Everything else.
    public private(set) var others: [String] = []

    /// Looks into a folder.
    ///
    /// - Throws: ``InputError`` where it, or one in it, cannot be read.
    public init(_ folder: String) throws(InputError) {
        try read(folder, prefix: "")
        tables.sort()
        manifests.sort()
        others.sort()
    }

    private mutating func read(_ folder: String, prefix: String) throws(InputError) {
        guard let stream = opendir(folder) else {
            throw .cannotRead(path: escapingControls(folder), reason: systemReason(errno))
        }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        closedir(stream)
        for name in names {
            let path = Reporting.path(of: name, in: folder)
            var status = stat()
            guard lstat(path, &status) == 0 else {
                others.append(prefix + name)
                continue
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                try read(path, prefix: prefix + name + "/")
                continue
            }
            // A link is followed to a file, but not to a folder, which might lead back here.
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                others.append(prefix + name)
                continue
            }
            if name.lowercased().hasSuffix(".csv") {
                tables.append(prefix + name)
            } else if name.hasSuffix(".json"), (try? ManifestTables(path: path)) != nil {
                manifests.append(prefix + name)
            } else {
                others.append(prefix + name)
            }
        }
    }
}

/// The path of a file in a folder.
func path(of name: String, in folder: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }
