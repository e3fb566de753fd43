// `pinfi study verify`: a baseline against a new run.
import Foundation
import Testing

@Suite struct StudyVerifyTests {
    /// A study that has been run into `out`.
    private func baseline(_ text: String = smallStudy) throws -> StudyFolder {
        let study = try StudyFolder(text)
        #expect(try study.run("--quiet").status == 0)
        return study
    }

    private func edit(_ study: StudyFolder, _ name: String, _ change: (String) -> String) throws {
        try study.folder.write(change(try study.folder.text("out/\(name)")), to: "out/\(name)")
    }

    @Test func theSame() throws {
        let study = try baseline()
        let before = try study.contents()
        let ended = try study.verify("--report r.csv -o t.csv")
        #expect(ended.status == 0)
        #expect(ended.errors.contains("Study small: the run is as the baseline out"), "\(ended.errors)")
        #expect(try study.contents() == before, "nothing of the baseline is touched")
        #expect(try study.folder.text("r.csv") == study.folder.text("t.csv"))
        #expect(study.folder.names == ["out", "r.csv", "s.yaml", "t.csv"])
    }

    /// The folder of the new run goes with a signal, and after SIGKILL with the next verification.
    @Test func aVerificationThatIsInterruptedLeavesNothing() throws {
        let small = "study: s\ntasks:\n  small: {run: bounds, b: 0.7, d: 1.3}\n"
        let study = try StudyFolder(small)
        #expect(try study.run("--quiet").status == 0)
        // Many seconds of work, which the baseline lacks.
        let large = "  large: {run: phase, b: 0.7, d: 1.3, x: 0:2:20000, y: 0:1.5:20000, columns: region}\n"
        try study.folder.write(small + large, to: "s.yaml")
        mkdir(study.folder["tmp"], 0o700)
        let path = try #require(PinFi.path)
        func verification() throws -> RunningProgram {
            try RunningProgram(
                path, ["study", "verify", "s.yaml", "--against", "out"], in: study.folder.path,
                environment: ["TMPDIR": study.folder["tmp"]])
        }
        /// Whether the only folder is a new one, in which a table is being written.
        func hasBegun(after old: [String]) -> Bool {
            guard let names = try? study.names("tmp"), names.count == 1, !old.contains(names[0]) else { return false }
            return (try? study.names("tmp/\(names[0])"))?.contains { $0.hasSuffix(".tmp") } == true
        }
        for (number, left) in [(SIGTERM, 0), (SIGKILL, 1), (SIGINT, 0), (SIGKILL, 1)] {
            let old = try study.names("tmp")
            let program = try verification()
            #expect(program.pump(seconds: 30) { hasBegun(after: old) })
            program.send(number)
            #expect(program.finish().ending == .signal(number))
            #expect(try study.names("tmp").count == left)
        }
        try study.folder.write(small, to: "s.yaml")
        #expect(try verification().finish().status == 0)
        #expect(try study.names("tmp") == [])
    }

    @Test func theNewRunIsKept() throws {
        let study = try baseline()
        #expect(try study.verify("--keep new").status == 0)
        #expect(try study.contents("new") == study.contents())
        #expect(try study.verify("--keep out").status == 64)
    }

    /// An edited table is compared as it stands, with a warning that its hash differs.
    @Test func aTableThatWasEdited() throws {
        let study = try baseline()
        try edit(study, "rest.csv") { $0.replacing("logit", with: "logit").replacing("1.18543", with: "1.18544") }
        let ended = try study.verify()
        #expect(ended.status == 1)
        #expect(ended.errors.contains("rest.csv of the baseline is not what its manifest says"))
        #expect(ended.errors.contains("rest.csv"))
        #expect(ended.csv.rows.contains { $0[0] == "rest.csv" && $0[1] == "number-differs" })
        // An edit that changes no value.
        let other = try baseline()
        try edit(other, "rest.csv") { $0.replacing("\n", with: "\r\n") }
        let same = try other.verify()
        #expect(same.status == 0)
        #expect(same.errors.contains("rest.csv of the baseline is not what its manifest says"))
    }

    /// A tolerance of the file, to either side of the difference.
    @Test(arguments: [("1e-3 absolute", Int32(0)), ("1e-5 absolute", Int32(1))])
    func tolerancesOfTheFile(tolerance: String, status: Int32) throws {
        let study = try baseline(smallStudy.replacing("s1: 1e-9 absolute", with: "s1: \(tolerance)"))
        try edit(study, "indices.csv") { text in
            let rows = CSVText(text)
            let place = rows.header.firstIndex(of: "s1") ?? 0
            let value = rows.rows[0][place]
            return text.replacing(value, with: "\((Double(value) ?? 0) + 1e-4)", maxReplacements: 1)
        }
        #expect(try study.verify().status == status)
    }

    @Test func tasksThatOnlyOneSideHas() throws {
        let study = try baseline()
        try study.folder.write(smallStudy + "  new: {run: bounds, b: 0.7}\n", to: "s.yaml")
        let lacking = try study.verify()
        #expect(lacking.status == 1)
        #expect(lacking.errors.contains("The baseline lacks these tasks of the study: new."))
        try study.folder.write(smallStudy.replacing(#/  rest: .*\n/#, with: ""), to: "s.yaml")
        let more = try study.verify()
        #expect(more.status == 1)
        #expect(more.errors.contains("The study lacks these tasks of the baseline: rest."))
    }

    @Test func aTaskThatIsAskedOtherwise() throws {
        let study = try baseline()
        try study.folder.write(smallStudy.replacing("y: 0.79, critical", with: "y: 0.8, critical"), to: "s.yaml")
        let ended = try study.verify()
        #expect(ended.status == 1)
        #expect(ended.errors.contains("The task rest is not asked as in the baseline"))
    }

    @Test func aTableThatIsGone() throws {
        let study = try baseline()
        try FileManager.default.removeItem(atPath: study.folder["out/rest.csv"])
        let ended = try study.verify()
        #expect(ended.status == 1)
        #expect(ended.csv.rows.contains { $0[0] == "rest.csv" && $0[1] == "table-added" })
    }

    @Test func anEarlierVersionIsSaid() throws {
        let study = try baseline()
        try edit(study, "manifest.json") { $0.replacing(/"pinfi": "[0-9.]+"/, with: "\"pinfi\": \"0.0.9\"") }
        let ended = try study.verify()
        #expect(ended.status == 0)
        #expect(ended.errors.contains("The baseline was made by pinfi 0.0.9"))
    }

    @Test func baselinesThatAreNone() throws {
        let study = try baseline()
        let manifest = try study.folder.text("out/manifest.json")
        func refused(_ text: String?, _ status: Int32, _ words: String) throws {
            if let text {
                try study.folder.write(text, to: "out/manifest.json")
            } else {
                try FileManager.default.removeItem(atPath: study.folder["out/manifest.json"])
            }
            let ended = try study.verify()
            #expect(ended.status == status, "\(ended.errors)")
            #expect(ended.errors.contains(words), "\(ended.errors)")
            #expect(ended.output == "")
        }
        try refused(String(manifest.prefix(manifest.count / 2)), 65, "it was cut")
        try refused("", 65, "manifest.json, line 1, column 1")
        try refused("{\"comparable\": {}}", 65, "no manifest of a study")
        try refused(
            manifest.replacing("\"study\": \"small\"", with: "\"study\": \"large\""), 65,
            "a baseline of the study \"large\"")
        try refused(manifest.replacing("\"format\": 1", with: "\"format\": 2"), 65, "its format is 2")
        try refused(nil, 66, "manifest.json")
        #expect(try study.folder.pinfi("study verify s.yaml --against no").status == 66)
    }

    /// A large table keeps each so many-th row, and those are verified.
    @Test func aBaselineWithSomeOfTheRows() throws {
        let study = try baseline(
            """
            study: s
            tasks:
              a: {run: phase, b: 0.7, d: 1.3, x: 0:2:101, y: 0:1.5:21, boundaries: true, baseline: {rows: 50}}
            """)
        let kept = try study.folder.csv("out/a.csv")
        let all = try study.folder.data("phase --b 0.7 --d 1.3 --x 0:2:101 --y 0:1.5:21").csv
        #expect(kept.rows == all.rows.enumerated().filter { $0.offset % 43 == 0 }.map(\.element))
        #expect(try study.verify().status == 0)
        #expect(try study.run().errors.contains("1 task kept"))
        try edit(study, "a.csv") { $0.replacing(",seller,", with: ",lp,", maxReplacements: 1) }
        #expect(try study.verify().status == 1)
    }

    @Test func aTaskThatFailsNow() throws {
        let study = try StudyFolder(
            "study: s\ntasks: {a: {run: bounds, input: m.csv, delta: 1.3}, b: {run: bounds, b: 0.7, d: 1}}",
            ["m.csv": "beta\n0.7\n"])
        #expect(try study.run().status == 0)
        try study.folder.write("beta\nx\n", to: "m.csv")
        let ended = try study.verify()
        #expect(ended.status == 70)
        #expect(ended.errors.contains("These tasks failed: a."))
    }
}
