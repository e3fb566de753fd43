import Foundation

/// A folder that is removed with everything in it when the test is over.
public final class TestFolder {
    /// Its path.
    public let path: String

    /// A new folder among the system's temporary ones.
    public init() throws {
        path = NSTemporaryDirectory() + "pinfi-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    public subscript(name: String) -> String { path + "/" + name }

    /// The names of what is in it, sorted.
    public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    /// Writes a file and gives its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Writes a file and gives its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: self[name]))
        return self[name]
    }

    /// The bytes of a file.
    public func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: self[name])))
    }

    /// The text of a file.
    public func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// The type and permissions of a file, a link being one of its own.
    public func mode(_ name: String) throws -> mode_t {
        var status = stat()
        guard lstat(self[name], &status) == 0 else { throw CocoaError(.fileReadNoSuchFile) }
        return status.st_mode
    }
}
