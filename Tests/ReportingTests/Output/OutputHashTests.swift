import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct OutputHashTests {
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func knownVectors(text: String, count: Int, hash: String) throws {
        let folder = try TestFolder()
        let output = try OutputDestination.open(folder["x"], hashing: true)
        // Pieces of all sizes.
        let bytes = Array(String(repeating: text, count: count).utf8)
        var start = 0
        var size = 1
        while start < bytes.count {
            let end = min(bytes.count, start + size)
            try bytes[start..<end].withUnsafeBytes { try output.write($0) }
            start = end
            size = size % 1000 + 7
        }
        #expect(output.sha256 == hash)
        try output.commit()
        #expect(output.sha256 == hash)
    }

    @Test func itIsOfWhatHasBeenWrittenSoFar() throws {
        let folder = try TestFolder()
        let output = try OutputDestination.open(folder["x"], hashing: true)
        try output.write("ab")
        #expect(output.sha256 == "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603")
        try output.write("c")
        #expect(output.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func nobodyPaysWhoDoesNotAsk() throws {
        let folder = try TestFolder()
        let output = try OutputDestination.open(folder["x"])
        try output.write("abc")
        #expect(output.sha256 == nil)
    }

    @Test func pipesAreHashedToo() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let output = try OutputDestination.open("/dev/fd/\(ends[1])", hashing: true)
        close(ends[1])
        try output.write("abc")
        #expect(output.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func theHashOfATableIsThatOfTheFile() throws {
        let folder = try TestFolder()
        var hashes: [String?] = []
        for threads in [1, 2] {
            let output = try OutputDestination.open(folder["x"], hashing: true)
            try CSVWriter(threads: threads).write(CSVWriterTests.sample(chunkCount: 40), to: output)
            try output.commit()
            hashes.append(output.sha256)
        }
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        program.arguments = [folder["x"]]
        let result = Pipe()
        program.standardOutput = result
        try program.run()
        program.waitUntilExit()
        let text = String(decoding: result.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(hashes == [String(text.prefix(64)), String(text.prefix(64))])
    }
}
