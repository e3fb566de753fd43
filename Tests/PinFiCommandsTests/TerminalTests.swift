// What depends on a terminal: the default format and the progress bar; and --quiet, --verbose.
import Foundation
import Testing

@Suite struct TerminalTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    /// Runs pinfi with a terminal as standard output; its lines end with CR LF there.
    private func onTerminal(_ line: String, columns: Int = 100) throws -> Ended {
        let program = try folder.start(line.split(separator: " ").map(String.init), output: .terminal(columns: columns))
        let ended = program.finish()
        folder.check(ended, line, sourceLocation: #_sourceLocation)
        return Ended(
            ending: ended.ending, bytes: Array(ended.output.replacing("\r\n", with: "\n").utf8),
            errorBytes: ended.errorBytes)
    }

    @Test(arguments: ["bounds --b 0.7 --d 1.3 --y 0.79", "explain --b 0.7 --d 1.3 --x 1.2 --y 0.79"], [45, 80, 132])
    func oneAnswerIsATableOnATerminal(_ command: String, _ columns: Int) throws {
        let shown = try onTerminal(command, columns: columns).output
        let lines = shown.split(separator: "\n")
        #expect(lines.count > 25, "\(shown)")
        #expect(lines.contains { $0.hasPrefix("gamma_max ") }, "\(shown)")
        for line in lines { #expect(line.count <= columns, "\(line)") }
        // With --format it is what it is elsewhere.
        for format in ["csv", "json"] {
            #expect(
                try onTerminal(command + " --format " + format).output
                    == folder.data(command + " --format " + format).output)
        }
        // To a file it is CSV, on a terminal too.
        #expect(try onTerminal(command + " -o out.csv").output == "")
        #expect(try folder.text("out.csv") == folder.data(command).output)
    }

    @Test func aTableOfRowsIsCSVOnATerminalToo() throws {
        let command = "phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1:3"
        #expect(try onTerminal(command).output == folder.data(command).output)
        try folder.write("beta\n0.7\n2\n", to: "in.csv")
        #expect(
            try onTerminal("bounds --input in.csv --delta 2").output
                == folder.data("bounds --input in.csv --delta 2").output)
    }

    static let grid = "phase --b 0.7 --d 1.3 --x 0:2:1001 --y 0:1:501 -o out.csv"

    @Test func progressIsShownWhenAskedForAndOnStandardErrorOnly() throws {
        let always = try folder.pinfi(Self.grid + " --progress always")
        #expect(always.status == 0)
        #expect(always.output == "")
        #expect(
            always.errors.contains("100 %"),
            "\(always.errors)")
        #expect(
            always.errors.contains("cells/s"),
            "\(always.errors)")
        #expect(
            always.errors.contains("[###"),
            "\(always.errors)")
        #expect(always.errors.hasSuffix("\n"))
        let bytes = try folder.text("out.csv")
        for mode in ["never", "auto"] {
            let run = try folder.pinfi(Self.grid + " --progress " + mode)
            #expect(run.errors == "", "\(mode), where standard error is no terminal")
            #expect(run.output == "", "\(mode), where standard error is no terminal")
            #expect(try folder.text("out.csv") == bytes)
        }
        #expect(try folder.pinfi(Self.grid).errors == "", "auto is the default")
        let toOutput = try folder.pinfi("phase --b 0.7 --d 1.3 --x 0:2:101 --y 0:1:101 --progress always")
        #expect(try toOutput.output == folder.data("phase --b 0.7 --d 1.3 --x 0:2:101 --y 0:1:101").output)
    }

    @Test func progressOfAnInputCountsRows() throws {
        let rows = "beta\n" + String(repeating: "0.7\n", count: 5000)
        let run = try folder.pinfi("bounds --input - --delta 2 --progress always -o out.csv", input: rows)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("5000 rows"), "\(run.errors)")
        #expect(run.errors.contains("rows/s"), "\(run.errors)")
    }

    /// 200 million cells take longer than the half second after which `auto` shows a bar.
    static let longGrid = "phase --b 0.7 --d 1.3 --x 0:2:20000 --y 0:1:20000 --columns region -o out.csv"

    @Test(arguments: [("", true), ("--progress never", false), ("--quiet", false)])
    func autoShowsABarOnATerminal(_ option: String, _ isShown: Bool) throws {
        let arguments = (Self.longGrid + " " + option).split(separator: " ").map(String.init)
        let program = try folder.start(arguments, errors: .terminal(columns: 100))
        program.pump(seconds: isShown ? 20 : 1.2) {
            isShown && String(decoding: program.errors, as: UTF8.self).contains("left")
        }
        program.send(SIGTERM)
        let run = program.finish()
        #expect(run.output == "")
        if isShown {
            #expect(
                run.errors.contains("cells/s"),
                "a bar, the rate and the time left: \(run.errors)")
            #expect(
                run.errors.contains("left"),
                "a bar, the rate and the time left: \(run.errors)")
            #expect(run.errors.hasPrefix("\rphase"))
        } else {
            #expect(run.errors == "")
        }
    }

    @Test func quietAndVerbose() throws {
        try folder.write("beta\n0.7\nx\n", to: "in.csv")
        let command = "bounds --input in.csv --delta 2 --beta 1 --on-error keep"
        let plain = try folder.pinfi(command)
        #expect(plain.errors.contains("Warning"), "\(plain.errors)")
        #expect(plain.errors.split(separator: "\n").count == 2, "\(plain.errors)")
        #expect(try folder.pinfi(command + " --quiet").errors == "")
        let verbose = try folder.pinfi(command + " --verbose")
        #expect(verbose.errors.count > plain.errors.count)
        #expect(verbose.output == plain.output)
        // An error is told all the same.
        #expect(try folder.pinfi("bounds --quiet --input none.csv --delta 2").errors.contains("none.csv"))
        let boundaries = try folder.pinfi(
            "phase --b 0.7 --d 1 --x 0:1:3 --y 0:1.5:3 --boundaries c.csv -o g.csv --verbose")
        #expect(boundaries.errors.contains("g.csv"), "\(boundaries.errors)")
        #expect(boundaries.errors.contains("c.csv"), "\(boundaries.errors)")
        #expect(boundaries.errors.contains("9 rows"))
    }
}
