import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct OutputFolderTests {
    @Test func makesWhatIsMissingAndRemovesItAgain() throws {
        let folder = try TestFolder()
        let deep = try OutputFolder(folder["a/b/c"])
        #expect(FileManager.default.fileExists(atPath: folder["a/b/c"]))
        #expect(deep["x"] == folder["a/b/c/x"])
        deep.removeIfEmpty()
        #expect(!FileManager.default.fileExists(atPath: folder["a"]))
    }

    @Test func keepsWhatHasSomethingInIt() throws {
        let folder = try TestFolder()
        let deep = try OutputFolder(folder["a/b/"])
        _ = try folder.write("text", to: "a/file")
        deep.removeIfEmpty()
        #expect(!FileManager.default.fileExists(atPath: folder["a/b"]))
        #expect(FileManager.default.fileExists(atPath: folder["a/file"]))
    }

    @Test func keepsWhatWasThere() throws {
        let folder = try TestFolder()
        _ = try OutputFolder(folder["a"])
        try OutputFolder(folder["a"]).removeIfEmpty()
        #expect(FileManager.default.fileExists(atPath: folder["a"]))
    }

    @Test func refusesFilesAndLeavesNoFolder() throws {
        let folder = try TestFolder()
        let file = try folder.write("text", to: "file")
        let error = #expect(throws: OutputError.self) { try OutputFolder(file) }
        #expect(error == .cannotWrite(path: file, reason: "it is no directory"))
        #expect(throws: OutputError.self) { try OutputFolder(file + "/x") }
        #expect(throws: OutputError.self) { try OutputFolder(folder["new/" + String(repeating: "n", count: 300)]) }
        #expect(!FileManager.default.fileExists(atPath: folder["new"]))
        #expect(throws: OutputError.self) { try OutputFolder("") }
    }
}
