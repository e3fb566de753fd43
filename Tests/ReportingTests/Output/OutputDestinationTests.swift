import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite(.serialized) struct OutputDestinationTests {
    @Test func aNewFileAppearsOnCommitWithTheModeOfTheUmask() throws {
        let folder = try TestFolder()
        let old = umask(0o027)
        defer { umask(old) }
        let output = try OutputDestination.open(folder["new"])
        try output.write("data")
        #expect(!folder.names.contains("new"))
        try output.commit()
        #expect(folder.names == ["new"])
        #expect(try folder.text("new") == "data")
        #expect(try folder.mode("new") & 0o7777 == 0o640)
    }

    @Test(arguments: [0o600, 0o664, 0o755] as [mode_t])
    func aReplacedFileKeepsItsMode(mode: mode_t) throws {
        let folder = try TestFolder()
        let path = try folder.write("old", to: "file")
        chmod(path, mode)
        let output = try OutputDestination.open(path)
        try output.write("new")
        #expect(try folder.text("file") == "old")
        let temporary = try #require(folder.names.first { $0 != "file" })
        #expect(try folder.mode(temporary) & 0o7777 == mode)
        try output.commit()
        #expect(try folder.text("file") == "new")
        #expect(try folder.mode("file") & 0o7777 == mode)
        #expect(folder.names == ["file"])
    }

    @Test(.enabled(if: geteuid() == 0, "only root may give files away"))
    func aReplacedFileKeepsItsOwner() throws {
        let folder = try TestFolder()
        let path = try folder.write("old", to: "file")
        try #require(chown(path, 12345, 54321) == 0)
        let output = try OutputDestination.open(path)
        try output.commit()
        var status = stat()
        try #require(stat(path, &status) == 0)
        #expect(status.st_uid == 12345)
        #expect(status.st_gid == 54321)
    }

    @Test func discardLeavesTheOldFileOrNone() throws {
        let folder = try TestFolder()
        let path = try folder.write("old", to: "file")
        let first = try OutputDestination.open(path)
        try first.write("new")
        first.discard()
        first.discard()
        do {
            let second = try OutputDestination.open(folder["never"])
            try second.write("new")
            #expect(folder.names.count == 2)
        }
        #expect(folder.names == ["file"])
        #expect(try folder.text("file") == "old")
        #expect(message { try first.write("more") } == "Cannot write \(path): it is closed.")
        #expect(message { try first.commit() } == "Cannot write \(path): it is closed.")
    }

    @Test func symbolicLinksAreFollowedAndStay() throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: true)
        _ = try folder.write("old", to: "sub/file")
        try FileManager.default.createSymbolicLink(atPath: folder["sub/link"], withDestinationPath: "file")
        try FileManager.default.createSymbolicLink(atPath: folder["link"], withDestinationPath: "sub/link")
        try FileManager.default.createSymbolicLink(atPath: folder["dangling"], withDestinationPath: "sub/new")
        for (link, file) in [("link", "sub/file"), ("dangling", "sub/new")] {
            let output = try OutputDestination.open(folder[link])
            try output.write("written")
            // The temporary file is beside the target, in the same file system.
            let inSub = try FileManager.default.contentsOfDirectory(atPath: folder["sub"])
            #expect(inSub.contains { $0.hasSuffix(".tmp") })
            try output.commit()
            #expect(try folder.text(file) == "written")
            #expect(try folder.mode(link) & S_IFMT == S_IFLNK)
        }
        #expect(try folder.mode("sub/link") & S_IFMT == S_IFLNK)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder["sub"])
        #expect(names.sorted() == ["file", "link", "new"])
    }

    @Test func aRingOfLinksIsAnError() throws {
        let folder = try TestFolder()
        try FileManager.default.createSymbolicLink(atPath: folder["a"], withDestinationPath: "b")
        try FileManager.default.createSymbolicLink(atPath: folder["b"], withDestinationPath: "a")
        #expect(
            message { _ = try OutputDestination.open(folder["a"]) }
                == "Cannot write \(folder["a"]): Too many levels of symbolic links.")
    }

    @Test func devicesAreWrittenDirectlyAndStay() throws {
        let folder = try TestFolder()
        try FileManager.default.createSymbolicLink(atPath: folder["null"], withDestinationPath: "/dev/null")
        for path in ["/dev/null", folder["null"]] {
            let output = try OutputDestination.open(path)
            try output.write("gone")
            try output.commit()
        }
        var status = stat()
        try #require(stat("/dev/null", &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
        #expect(try folder.mode("null") & S_IFMT == S_IFLNK)
    }

    @Test func aFullDeviceIsAnError() throws {
        let output = try OutputDestination.open("/dev/full")
        let reason = "No space left on device; free some space or write to another place"
        #expect(throws: OutputError.cannotWrite(path: "/dev/full", reason: reason)) { try output.write("x") }
    }

    @Test func aFIFOIsWrittenDirectlyAndStays() throws {
        let folder = try TestFolder()
        let path = folder["fifo"]
        try #require(mkfifo(path, 0o600) == 0)
        let reader = Thread.reading(path: path)
        let output = try OutputDestination.open(path)
        try output.write("through the pipe")
        try output.commit()
        #expect(reader.contents() == Array("through the pipe".utf8))
        #expect(try folder.mode("fifo") & S_IFMT == S_IFIFO)
        #expect(folder.names == ["fifo"])
    }

    @Test func aDescriptorIsWrittenWhereItStands() throws {
        let folder = try TestFolder()
        let path = try folder.write("before ", to: "file")
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        defer { close(descriptor) }
        for name in ["/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)"] {
            let output = try OutputDestination.open(name)
            try output.write("x")
            try output.commit()
        }
        // Still open, still the same file.
        #expect(write(descriptor, "y", 1) == 1)
        #expect(try folder.text("file") == "before xxy")
        #expect(folder.names == ["file"])
        #expect(
            message { _ = try OutputDestination.open("/dev/fd/987654") } == "Cannot write /dev/fd/987654: it is closed."
        )
    }

    @Test func aClosedPipeIsItsOwnError() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let output = try OutputDestination.open("/dev/fd/\(ends[1])")
        #expect(throws: OutputError.closedPipe) { try output.write("x") }
    }

    @Test func aPipeThatDoesNotBlockIsWaitedFor() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let reader = Thread.reading(path: "/dev/fd/\(ends[0])", delay: 20_000)
        let output = try OutputDestination.open("/dev/fd/\(ends[1])")
        // More than a pipe holds, so that the first write is a partial one.
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try bytes.withUnsafeBytes { try output.write($0) }
        try output.commit()
        close(ends[1])
        #expect(reader.contents() == bytes)
        close(ends[0])
    }

    @Test func whatCannotBeWrittenIsExplained() throws {
        let folder = try TestFolder()
        _ = try folder.write("x", to: "file")
        for (path, reason) in [
            (folder.path, "it is a folder; name a file in it"),
            (folder["no/such"], "the folder \(folder["no"]) does not exist; make it first"),
            (folder["new/"], "the path ends with a slash, but there is no such folder"),
            (folder["file/x"], "Not a directory"),
            (folder[String(repeating: "n", count: 300)], "File name too long"),
        ] {
            #expect(message { _ = try OutputDestination.open(path) } == "Cannot write \(path): \(reason).")
        }
        #expect(message { _ = try OutputDestination.open("") } == "Cannot write \"\": the path is empty.")
        #expect(folder.names == ["file"])
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everything"))
    func aWriteProtectedFileIsNotReplaced() throws {
        let folder = try TestFolder()
        let path = try folder.write("old", to: "file")
        chmod(path, 0o444)
        #expect(
            message { _ = try OutputDestination.open(path) } == "Cannot write \(path): the file is write-protected.")
    }

    @Test func freeBytesAreThoseOfTheFileSystem() throws {
        let folder = try TestFolder()
        let path = try folder.write("old", to: "file")
        let known = try FileManager.default.attributesOfFileSystem(forPath: path)[.systemFreeSize] as? Int
        let free = try #require(OutputDestination.freeBytes(for: path))
        // Others write to the same disk meanwhile; a mistaken unit would be a factor of 512 at least.
        let ratio = Double(free) / Double(try #require(known))
        #expect(ratio > 0.5 && ratio < 2)
        #expect(OutputDestination.freeBytes(for: folder["new"]) != nil)
        #expect(OutputDestination.freeBytes(for: "/dev/null") == nil)
        #expect(OutputDestination.freeBytes(for: folder["no/such"]) == nil)
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(OutputDestination.freeBytes(for: "/dev/fd/\(descriptor)") != nil)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        #expect(OutputDestination.freeBytes(for: "/dev/fd/\(ends[1])") == nil)
        close(ends[0])
        close(ends[1])
    }
}

/// Reads a file to its end on a thread of its own.
private final class BackgroundReader: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var bytes: [UInt8] = []

    init(path: String, delay: UInt32) {
        Thread.detachNewThread { [self] in
            usleep(delay)
            let descriptor = open(path, O_RDONLY)
            var part = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(descriptor, &part, part.count)
                if count <= 0 { break }
                bytes += part.prefix(count)
            }
            close(descriptor)
            done.signal()
        }
    }

    func contents() -> [UInt8] {
        done.wait()
        return bytes
    }
}

extension Thread {
    fileprivate static func reading(path: String, delay: UInt32 = 0) -> BackgroundReader {
        BackgroundReader(path: path, delay: delay)
    }
}
