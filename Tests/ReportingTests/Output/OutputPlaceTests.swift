import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct OutputPlaceTests {
    private func same(_ a: String?, _ b: String?) -> Bool { OutputDestination.sameDestination(a, b) }

    @Test func differentSpellingsOfANewFile() throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder["link"], withDestinationPath: folder.path)
        try FileManager.default.createSymbolicLink(atPath: folder["dangling"], withDestinationPath: "a.csv")
        for path in ["a.csv", "./a.csv", "sub/../a.csv", "link/a.csv", "dangling", ".//a.csv"] {
            #expect(same(folder["a.csv"], folder[path]), "\(path)")
        }
        #expect(!same(folder["a.csv"], folder["b.csv"]))
        #expect(!same(folder["a.csv"], folder["sub/a.csv"]))
        #expect(!same(folder["missing/a.csv"], folder["missing/a.csv"]))
    }

    @Test func linksToAnOldFile() throws {
        let folder = try TestFolder()
        let old = try folder.write("x", to: "old")
        try FileManager.default.linkItem(atPath: old, toPath: folder["hard"])
        try FileManager.default.createSymbolicLink(atPath: folder["soft"], withDestinationPath: "hard")
        #expect(same(old, folder["hard"]))
        #expect(same(old, folder["soft"]))
        #expect(!same(old, folder["new"]))
    }

    @Test func standardOutputByItsNames() throws {
        for path in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/\(getpid())/fd/1", "/dev/../dev/fd/1"] {
            #expect(same(nil, path), "\(path)")
        }
    }

    @Test func aDescriptorThatIsRedirectedIntoTheFile() throws {
        let folder = try TestFolder()
        let old = try folder.write("x", to: "old")
        let descriptor = open(old, O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        #expect(same("/dev/fd/\(descriptor)", old))
        #expect(!same("/dev/fd/\(descriptor)", folder["new"]))
        #expect(!same("/dev/fd/\(descriptor)", "/dev/null"))
    }

    @Test func aNumberIsADescriptorOnlyInItsFolder() throws {
        #expect(descriptorNumber("/dev/fd/12") == 12)
        #expect(descriptorNumber("/dev/stderr") == 2)
        #expect(descriptorNumber("/tmp/12") == nil)
        #expect(descriptorNumber("12") == nil)
        #expect(descriptorNumber("/dev/fd/+1") == nil)
        #expect(descriptorNumber("/dev/fd/99999999999") == nil)
        #expect(descriptorNumber("/dev/fd/") == nil)
    }

    @Test func paths() {
        #expect(splitPath("a") == (".", "a"))
        #expect(splitPath("/a") == ("/", "a"))
        #expect(splitPath("a/b/c") == ("a/b", "c"))
    }
}
