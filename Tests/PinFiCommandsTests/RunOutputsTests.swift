// The outputs of a run: complete or not there, in order, and what a reader that has gone does to them.
import Figures
import Foundation
import Testing

@Suite struct RunOutputsTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private static let phase = "phase --b 0.7 --d 1.3 --x 0:2:201 --y 0:1:201"

    // MARK: - Readers that have gone

    @Test(arguments: ["-o b.csv --boundaries -", "--boundaries b.csv", "-o b.csv --plot-script -", "--manifest b.csv"])
    func aReaderThatHasGoneEndsItsOutputAlone(_ outputs: String) throws {
        let run = try folder.bash("pinfi \(Self.phase) \(outputs) | head -1; echo ${PIPESTATUS[0]}")
        #expect(run.output.hasSuffix("\n0\n"), "\(run.output)")
        #expect(run.errors == "")
        _ = try folder.data("\(Self.phase) \(outputs.replacing("b.csv", with: "whole.csv"))")
        if outputs.contains("--manifest") {
            // The manifest is that of all the data, whoever read it.
            let manifests = try ["b.csv", "whole.csv"].map { try folder.text($0).components(separatedBy: "\"run\"")[0] }
            #expect(manifests[0] == manifests[1])
        } else {
            #expect(try folder.text("b.csv") == folder.text("whole.csv"))
        }
    }

    @Test func withoutAnotherOutputTheRunEnds() throws {
        let run = try folder.bash(
            "{ echo beta; yes 0.7; } | pinfi bounds --input - --delta 2 | head -1; echo ${PIPESTATUS[1]}")
        #expect(run.output.hasSuffix("\n0\n"))
    }

    // MARK: - Order

    /// The folder of one output is taken away while the run waits for more to read. What comes before it is in place then,
    /// and what comes after it is not.
    @Test(arguments: [
        (away: "profile", left: [] as [String]), ("data", ["profile"]), ("manifest", ["data", "profile"]),
    ])
    func sideFilesThenDataThenManifest(away: String, left: [String]) throws {
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: true)
        func place(_ name: String) -> String { name == away ? "sub/\(name)" : name }
        let program = try folder.start([
            "calibrate", "history", "--input", "-", "--delta", "2.6", "--until", "10800", "--profile",
            place("profile"), "-o", place("data"), "--manifest", place("manifest"),
        ])
        program.feed(CommandLineExample.prices.utf8)
        let isOpen = program.pump(seconds: 20) {
            (try? FileManager.default.contentsOfDirectory(atPath: folder["sub"]).isEmpty) == false
        }
        #expect(isOpen)
        #expect(folder.names.allSatisfy { $0 == "sub" || $0.hasSuffix(".tmp") }, "nothing is in place before the end")
        try FileManager.default.removeItem(atPath: folder["sub"])
        let ended = program.finish()
        #expect(ended.status == 73, "\(ended.errors)")
        #expect(folder.names == left)
    }

    // MARK: - A figure and a terminal

    @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
    func aLongTableIsNotPouredOnATerminalBesideAFigure() throws {
        let words = "\(Self.phase) --plot f.svg".split(separator: " ").map(String.init)
        let run = try folder.start(words, output: .terminal(columns: 80)).finish(within: 60)
        #expect(run.status == 0)
        #expect(run.output == "")
        #expect(run.errors.contains("40401 rows"), "\(run.errors)")
        #expect(run.errors.contains("-o -"), "\(run.errors)")
        #expect(folder.names == ["f.svg"])
        let asked = try folder.start(words + ["-o", "-"], output: .terminal(columns: 80)).finish(within: 60)
        #expect(asked.output.split(whereSeparator: \.isNewline).count == 40402)
        #expect(!asked.errors.contains("not shown"))
        // A short one is.
        let short = "phase --b 0.7 --d 1.3 --x 0:2:10 --y 0:1:10 --plot f.svg".split(separator: " ").map(String.init)
        let shown = try folder.start(short, output: .terminal(columns: 80)).finish(within: 60)
        #expect(shown.output.split(whereSeparator: \.isNewline).count == 101)
        // And a pipe gets all.
        #expect(try folder.data("\(Self.phase) --plot f.svg").csv.rows.count == 40401)
    }
}
