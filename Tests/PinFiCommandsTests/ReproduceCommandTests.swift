// `pinfi reproduce`, what is stored of the published figure, and the notes on it.
import Figures
import Foundation
import Reporting
import TestSupport
import Testing

private let hasGnuplot = (try? Gnuplot()) != nil
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
private let paper = root.appendingPathComponent("papers/he-mao-li-2024-block-reward-bounds")

@Suite struct ReproduceCommandTests {
    private static let panels = ["a", "b", "c", "d", "e"]

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func writesEverything() throws {
        let folder = try TestFolder()
        _ = try folder.data("reproduce figure4 -o out/deep")
        let written = try FileManager.default.contentsOfDirectory(atPath: folder["out/deep"])
        var expected = Self.panels.flatMap { panel in
            ["", "-boundaries"].map { "panel-\(panel)\($0).csv" }
                + ["svg", "pdf", "png"].map { "panel-\(panel).\($0)" }
        }
        expected += ["figure4.svg", "figure4.pdf", "figure4.png", "bounds.csv", "data-dictionary.csv", "manifest.json"]
        #expect(Set(written) == Set(expected))

        let bounds = CSVText(try folder.text("out/deep/bounds.csv"))
        #expect(bounds["panel"] == Self.panels)
        // The check values; the last digit of the band's upper end may differ by a rounding.
        #expect(abs(bounds.numbers("gamma_max")[4] - 0.8434484060125204) <= 2e-16)
        #expect(bounds["gamma_max"][0] == "")
        #expect(bounds["band_width"][1] == "0")

        let agreement = try folder.pinfi("reproduce figure4 -o out/deep --check")
        #expect(agreement.status == 0)
        #expect(agreement.errors.contains("agree"))
        #expect(agreement.output.isEmpty)
    }

    @Test func agreesWithTheExpectedValues() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("reproduce figure4 --check")
        #expect(ended.status == 0)
        #expect(ended.errors.contains("582 rows"))
        #expect(folder.names.isEmpty)
    }

    /// A digit, a row, a column or a label changed by hand: status 1, and the report names the place.
    @Test func findsWhatWasChangedByHand() throws {
        let folder = try TestFolder()
        _ = try folder.data("reproduce figure4 --layout tidy -o stored")
        let cells = try folder.text("stored/cells.csv")
        let lines = cells.split(separator: "\n").map(String.init)
        let number = 700
        #expect(lines[number].hasPrefix("a,"))
        func check(_ changed: [String], _ words: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
            try folder.write(changed.joined(separator: "\n") + "\n", to: "stored/cells.csv")
            let ended = try folder.pinfi("reproduce figure4 --layout tidy -o stored --check")
            #expect(ended.status == 1, sourceLocation: sourceLocation)
            for word in words {
                #expect(ended.errors.contains(word), "\(ended.errors)", sourceLocation: sourceLocation)
            }
            #expect(ended.errors.split(separator: "\n").allSatisfy { $0.count <= 80 }, sourceLocation: sourceLocation)
        }
        var digit = lines
        var fields = lines[number].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        fields[7] = String((Double(fields[7]) ?? 0) * (1 + 1e-12))
        digit[number] = fields.joined(separator: ",")
        try check(digit, ["cells.csv", "payoff_seller", "1 of"])

        var label = lines
        label[number] = lines[number].replacing(",true,", with: ",false,").replacing(",aA,", with: ",aB,")
        #expect(label != lines)
        try check(label, ["cells.csv"])

        var row = lines
        row.remove(at: number)
        try check(row, ["1 added"])
        try check(lines + ["a,9,9,aA,lp,true,9,9,0.7,0,0,0,gamma>=S,0"], ["1 missing"])

        try check(
            lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",") },
            ["margin"])
        try folder.write(cells, to: "stored/cells.csv")
        #expect(try folder.pinfi("reproduce figure4 --layout tidy -o stored --check").status == 0)
        try FileManager.default.removeItem(atPath: folder["stored/bounds.csv"])
        #expect(try folder.pinfi("reproduce figure4 --layout tidy -o stored --check").status == 66)
    }

    /// The data for notebooks is what the program computes today, and its manifest's comparable part is today's.
    @Test func notebookDataIsCurrent() throws {
        let folder = try TestFolder()
        let stored = root.appendingPathComponent("notebooks-data/figure4").path
        let ended = try folder.pinfi(["reproduce", "figure4", "--layout", "tidy", "-o", stored, "--check"])
        #expect(ended.status == 0, "\(ended.errors)")
        _ = try folder.data("reproduce figure4 --layout tidy -o now")
        for name in ["data-dictionary.csv"] {
            let (old, new) = (
                try String(contentsOfFile: "\(stored)/\(name)", encoding: .utf8), try folder.text("now/\(name)")
            )
            #expect(old == new)
        }
        func configuration(_ path: String) throws -> NSDictionary? {
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
            return ((object as? [String: Any])?["comparable"] as? [String: Any])?["configuration"] as? NSDictionary
        }
        let then = try #require(try configuration("\(stored)/manifest.json"))
        let now = try #require(try configuration(folder["now/manifest.json"]))
        #expect(then == now)
    }

    @Test func dataDoesNotDependOnThreads() throws {
        let folder = try TestFolder()
        _ = try folder.data("reproduce figure4 --without-figures --threads 1 -o one")
        _ = try folder.data("reproduce figure4 --without-figures --threads 3 -o three")
        let same = try folder.bash("for f in one/*.csv; do cmp $f three/${f#one/} || exit 1; done; ls one | wc -l")
        #expect(same.status == 0)
        #expect(same.output.trimmingCharacters(in: .whitespacesAndNewlines) == "13")
    }

    /// Each panel's file of parameters gives, by the command in it, the panel that `reproduce` writes.
    @Test(arguments: panels)
    func panelFilesSayTheExactCommand(panel: String) throws {
        let folder = try TestFolder()
        let file = paper.appendingPathComponent("panel-\(panel).yaml")
        try folder.write(try String(contentsOf: file, encoding: .utf8), to: "panel-\(panel).yaml")
        let text = try folder.text("panel-\(panel).yaml")
        let start = try #require(text.range(of: "#   pinfi phase"))
        let end = try #require(text.range(of: "\nb:"))
        let command = text[start.lowerBound..<end.lowerBound].replacing("#", with: "")
            .replacing(" --plot panel-\(panel).pdf --labels", with: "")
        let ran = try folder.bash(String(command))
        #expect(ran.status == 0, "\(ran.errors)")
        _ = try folder.data("reproduce figure4 --without-figures -o out")
        let same = try folder.bash("cmp panel-\(panel).csv out/panel-\(panel).csv")
        #expect(same.status == 0, "\(same.output)")
    }

    /// The fit that the notes and the README state, from the digitised points.
    @Test(
        .enabled(
            if: SharedData.isRequired || SharedData.url("data/figure4_boundary.csv") != nil,
            "no ../shared/data/figure4_boundary.csv beside the package"))
    func fitIsAsStated() throws {
        let url = try #require(SharedData.url("data/figure4_boundary.csv"))
        let points = CSVText(try String(contentsOf: url, encoding: .utf8).replacing("\r\n", with: "\n"))
        try #require(points.header == ["panel", "x", "y"])
        let stated = CSVText(try String(contentsOf: paper.appendingPathComponent("fit.csv"), encoding: .utf8))
        let (panels, xs, ys) = (points["panel"], points.numbers("x"), points.numbers("y"))
        for (row, panel) in stated["panel"].enumerated() {
            var distances: [Double] = []
            var hidden = 0
            for index in panels.indices where panels[index] == panel {
                // A drawn marker hides the line there.
                if panel == "e", xs[index] > 1.265, xs[index] < 1.295 {
                    hidden += 1
                    continue
                }
                distances.append(ys[index] - ((xs[index] - 1) / log(xs[index]) - 0.3))
            }
            #expect(Double(distances.count) == stated.numbers("points")[row])
            #expect(Double(hidden) == stated.numbers("left_out")[row])
            let mean = distances.map(abs).reduce(0, +) / Double(distances.count)
            // Stated to five decimals.
            #expect(abs(mean - stated.numbers("mean_distance")[row]) <= 0.5e-5)
            #expect(abs((distances.map(abs).max() ?? 0) - stated.numbers("worst_distance")[row]) <= 0.5e-5)
            let offset = distances.reduce(0, +) / Double(distances.count)
            #expect(abs(offset - stated.numbers("mean_offset")[row]) <= 0.5e-5)
        }
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let notes = try String(contentsOf: paper.appendingPathComponent("README.md"), encoding: .utf8)
        for number in ["0.0028", "0.0056", "0.0012", "0.0023"] {
            #expect(readme.contains(number), "\(number)")
            #expect(notes.contains(number), "\(number)")
        }
    }

    @Test func refuses() throws {
        let folder = try TestFolder(["file": "x"])
        let cases: [(line: String, status: Int32, fragments: [String])] = [
            ("reproduce", 64, ["study"]),
            ("reproduce figure5", 64, ["figure5", "figure4"]),
            ("reproduce figure4 -o file --without-figures", 73, ["file", "directory"]),
            ("reproduce figure4 -o file/x --without-figures", 73, ["file/x"]),
            ("reproduce figure4 -o -", 64, ["directory"]),
            ("reproduce figure4 --format json", 64, ["--format"]),
            ("reproduce figure4 -o nothing --check", 66, ["nothing", "without --check", "leave --output out"]),
            ("reproduce figure4 -o o --without-figures --manifest o/manifest.json", 64, ["--manifest"]),
            ("reproduce figure4 -o o --without-figures --manifest o/panel-c.csv", 64, ["--manifest", "panel-c.csv"]),
            ("reproduce figure4 --check --manifest m.json", 64, ["--manifest"]),
        ]
        for (line, status, fragments) in cases {
            let ended = try folder.pinfi(line)
            #expect(ended.status == status, "\(line): \(ended.errors)")
            for fragment in fragments { #expect(ended.errors.contains(fragment), "\(line): \(ended.errors)") }
        }
        #expect(try folder.text("file") == "x")
        #expect(folder.names == ["file"])
    }

    /// What the manifest says is checked too: each changed number, name and hash is told.
    @Test func findsAManifestThatWasChanged() throws {
        let folder = try TestFolder()
        _ = try folder.data("reproduce figure4 --layout tidy -o stored")
        let check = "reproduce figure4 --layout tidy -o stored --check"
        let stored = try folder.text("stored/manifest.json")
        let hash = try folder.bash("sha256sum < stored/data-dictionary.csv").output.prefix(64)
        let otherHash = String(hash.reversed())
        for (old, new, words) in [
            (String(hash), otherHash, "SHA-256 of \"data-dictionary.csv\""),
            ("\"name\": \"bounds.csv\"", "\"name\": \"other.csv\"", "does not have bounds.csv"),
            ("\"rows\": 6355", "\"rows\": 6356", "cells.csv has 6355 rows"),
            ("\"boundary\": 1e-04", "\"boundary\": 1e-05", "its tolerances"),
            ("\"delta_ratio\": 1.32", "\"delta_ratio\": 1.33", "its configuration"),
        ] {
            #expect(stored.contains(old), "\(old)")
            try folder.write(stored.replacing(old, with: new), to: "stored/manifest.json")
            let ended = try folder.pinfi(check)
            #expect(ended.status == 1, "\(new)")
            #expect(ended.errors.contains("manifest.json"), "\(ended.errors)")
            #expect(ended.errors.contains(words), "\(ended.errors)")
        }
        try folder.write("{}", to: "stored/manifest.json")
        #expect(try folder.pinfi(check).status == 65)
        try FileManager.default.removeItem(atPath: folder["stored/manifest.json"])
        #expect(try folder.pinfi(check).status == 66)
        try folder.write(stored, to: "stored/manifest.json")
        #expect(try folder.pinfi(check).status == 0)
        // The other layout is not looked for in it.
        let other = try folder.pinfi("reproduce figure4 -o stored --check")
        #expect(other.status == 64, "\(other.errors)")
        #expect(other.errors.contains("--layout tidy"), "\(other.errors)")
    }

    /// Folders that were made are gone where nothing was put in.
    @Test func leavesNoEmptyFolders() throws {
        let folder = try TestFolder()
        let run = try folder.bash("trap '' XFSZ; ulimit -f 1; pinfi reproduce figure4 --layout tidy -o a/b/c")
        #expect(run.status == 73, "\(run.errors)")
        #expect(folder.names == [])
        #expect(try folder.bash("mkdir a; PATH=${PATH%%:*} pinfi reproduce figure4 -o a/b").status == 69)
        #expect(folder.names == ["a"])
    }

    @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
    func readOnlyDirectory() throws {
        let folder = try TestFolder()
        let ended = try folder.bash("mkdir ro; chmod 555 ro; pinfi reproduce figure4 -o ro --without-figures")
        #expect(ended.status == 73)
        #expect(ended.errors.contains("ro/"))
    }

    /// A folder that not even root can write into: a file system of its own kind.
    @Test func unwritableFileSystem() throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("reproduce figure4 -o /proc/pinfi --without-figures")
        #expect(ended.status == 73)
        #expect(ended.errors.contains("/proc/pinfi"))
    }

    /// Ended half-way: the old files stand as they were, and nothing is beside them.
    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func interruptedLeavesOldFiles(number: Int32) throws {
        let folder = try TestFolder()
        _ = try folder.data("reproduce figure4 --without-figures -o out")
        let before = try folder.bash("cd out && sha256sum *").output
        // A gnuplot that never ends holds the run where all data is written and nothing is in place.
        let slow = try folder.bash(
            "mkdir bin; printf '#!/bin/bash\\necho $$ > started\\nexec sleep 60\\n' > bin/gnuplot; chmod +x bin/gnuplot"
        )
        #expect(slow.status == 0)
        let path = try #require(PinFi.path)
        let search = folder["bin"] + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        let run = try RunningProgram(
            path, ["reproduce", "figure4", "-o", "out"], in: folder.path, environment: ["PATH": search])
        #expect(run.pump(seconds: 20) { folder.names.contains("started") })
        run.send(number)
        let ended = run.finish()
        #expect(ended.ending == .signal(number))
        #expect(try folder.bash("cd out && sha256sum *").output == before)
        _ = try folder.bash("kill $(cat started) || true")
    }
}
