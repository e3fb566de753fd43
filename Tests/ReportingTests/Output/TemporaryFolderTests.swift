import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct TemporaryFolderTests {
    private static let parent =
        ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"

    /// A name that no other run of the tests uses.
    private static func name() -> String { "pinfi-test-\(UUID().uuidString.prefix(8))" }

    private static func names(_ prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: parent).filter { $0.hasPrefix(prefix) }.sorted()
    }

    /// More files than are read at once, folders within folders, and links, which are not followed.
    @Test func allThatIsInItIsRemoved() throws {
        let outside = try TestFolder()
        try outside.write("kept", to: "file")
        let name = Self.name()
        var folder: TemporaryFolder? = try TemporaryFolder(name)
        let path = try #require(folder?.path)
        #expect(path.hasPrefix("\(Self.parent)/\(name)-"))
        try FileManager.default.createDirectory(atPath: path + "/a/b/c", withIntermediateDirectories: true)
        for index in 0..<2000 {
            FileManager.default.createFile(
                atPath: "\(path)/a/\(index)-\(String(repeating: "n", count: 60))", contents: nil)
        }
        FileManager.default.createFile(atPath: path + "/a/b/c/.hidden", contents: Data([1]))
        symlink(outside.path, path + "/a/b/link")
        folder = nil
        #expect(try Self.names(name) == [])
        #expect(try outside.text("file") == "kept")
    }

    @Test func whatADeadRunLeftIsRemovedAndWhatLivesStays() throws {
        let name = Self.name()
        let living = try TemporaryFolder(name)
        let dead = "\(Self.parent)/\(name)-\(TemporaryFiles.hostMark)-abcdef"
        try FileManager.default.createDirectory(atPath: dead + "/inner", withIntermediateDirectories: true)
        FileManager.default.createFile(atPath: dead + "/inner/file", contents: nil)
        // Another machine's, on a shared disk.
        let other = "\(Self.parent)/\(name)-other-abcdef"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        defer { rmdir(other) }
        let next = try TemporaryFolder(name)
        #expect(try Set(Self.names(name).map { "\(Self.parent)/\($0)" }) == [living.path, next.path, other])
        withExtendedLifetime((living, next)) {}
    }
}
