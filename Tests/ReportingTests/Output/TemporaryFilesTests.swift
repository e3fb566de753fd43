import Foundation
import Parallelism
import TestSupport
import Testing

@testable import Reporting

@Suite struct TemporaryFilesTests {
    @Test func discardAllLeavesNothingAndEndsEverything() throws {
        let folder = try TestFolder()
        let temporaries = TemporaryFiles()
        let old = try folder.write("old", to: "kept")
        let first = try OutputDestination.open(old, temporaries: temporaries)
        let second = try OutputDestination.open(folder["new"], temporaries: temporaries)
        try first.write("new contents")
        #expect(folder.names.count == 3)
        temporaries.discardAll()
        #expect(folder.names == ["kept"])
        #expect(message { try first.commit() } == "Cannot write \(old): the run was interrupted.")
        #expect(message { try second.commit() } == "Cannot write \(folder["new"]): the run was interrupted.")
        #expect(
            message { _ = try OutputDestination.open(folder["later"], temporaries: temporaries) }
                == "Cannot write \(folder["later"]): the run was interrupted.")
        #expect(try folder.text("kept") == "old")
        #expect(folder.names == ["kept"])
    }

    @Test(arguments: 0..<10)
    func noFileSurvivesAnInterruptionAtAnyMoment(round: Int) throws {
        let folder = try TestFolder()
        let temporaries = TemporaryFiles()
        let path = folder.path
        forEachIndex(count: 4, threads: 4) { index in
            if index == 3 {
                usleep(UInt32(round * 300))
                temporaries.discardAll()
                return
            }
            for count in 0..<200 {
                guard let output = try? OutputDestination.open("\(path)/\(index)-\(count)", temporaries: temporaries)
                else {
                    return
                }
                try? output.write("x")
                if count % 2 == 0 { try? output.commit() } else { output.discard() }
            }
        }
        #expect(folder.names.filter { $0.hasSuffix(".tmp") } == [])
        for name in folder.names { #expect(try folder.text(name) == "x") }
    }

    @Test func longNamesFit() throws {
        let folder = try TestFolder()
        let name = String(repeating: "é", count: 127)
        let output = try OutputDestination.open(folder[name])
        #expect(folder.names.count == 1)
        try output.commit()
        #expect(folder.names == [name])
    }

    // MARK: - What a killed process has left

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// The name of the temporary file beside a target, and what is before its random part.
    private func temporary(in folder: TestFolder, of target: String) throws -> (name: String, prefix: String) {
        let output = try OutputDestination.open(folder[target], temporaries: TemporaryFiles())
        let name = try #require(folder.names.first { $0.hasSuffix(".tmp") })
        output.discard()
        return (name, String(name[...(try #require(name.lastIndex(of: "-")))]))
    }

    @Test func anAbandonedFileIsRemovedByTheNextOutputToItsPlace() throws {
        let folder = try TestFolder()
        let (name, prefix) = try temporary(in: folder, of: "out.csv")
        #expect(prefix.hasPrefix(".out.csv."))
        for abandoned in [name, prefix + "1.tmp"] { try write("half", to: folder[abandoned]) }
        try OutputDestination.open(folder["other.csv"]).commit()
        #expect(folder.names == [name, prefix + "1.tmp", "other.csv"].sorted(), "another place is another's business")
        try OutputDestination.open(folder["out.csv"]).commit()
        #expect(folder.names == ["other.csv", "out.csv"])
    }

    @Test func aLivingOneStays() throws {
        let folder = try TestFolder()
        let first = try OutputDestination.open(folder["out.csv"], temporaries: TemporaryFiles())
        let second = try OutputDestination.open(folder["out.csv"], temporaries: TemporaryFiles())
        #expect(folder.names.count == 2)
        try first.write("first")
        try first.commit()
        try second.write("second")
        try second.commit()
        #expect(try folder.text("out.csv") == "second")
        #expect(folder.names == ["out.csv"])
    }

    @Test func whatIsNotOursStays() throws {
        let folder = try TestFolder()
        let (name, prefix) = try temporary(in: folder, of: "out.csv")
        // Another host's, another program's, a longer target's, a folder, a link.
        var others = [".out.csv.zzz-1.tmp", ".out.csv.1x2y3z.tmp", prefix + "1", ".out.csv.b" + name.dropFirst(9)]
        for other in others { try write("x", to: folder[other]) }
        try FileManager.default.createDirectory(atPath: folder[prefix + "d.tmp"], withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: folder[prefix + "l.tmp"], withDestinationPath: "elsewhere")
        #expect(mkfifo(folder[prefix + "p.tmp"], 0o600) == 0)
        others += ["d.tmp", "l.tmp", "p.tmp"].map { prefix + $0 }
        try OutputDestination.open(folder["out.csv"]).commit()
        #expect(folder.names == (others + ["out.csv"]).sorted())
    }

    /// Many at once on one place: no living file is ever taken for an abandoned one.
    @Test func manyAtOnceOnOnePlace() throws {
        let folder = try TestFolder()
        let path = folder["out.csv"]
        try forEachIndex(count: 400, threads: 4) { index throws(OutputError) in
            let output = try OutputDestination.open(path, temporaries: TemporaryFiles())
            try output.write("\(index)")
            try output.commit()
        }
        #expect(folder.names == ["out.csv"])
    }
}
