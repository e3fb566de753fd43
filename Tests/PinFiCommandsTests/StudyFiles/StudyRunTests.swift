// Runs of studies: what they write, what they keep, what they refuse.
import Foundation
import Testing

/// A folder with a study, and what is often asked of it.
final class StudyFolder {
    let folder: TestFolder

    init(_ study: String, _ files: [String: String] = [:]) throws {
        folder = try TestFolder(files.merging(["s.yaml": study]) { old, _ in old })
    }

    func run(_ more: String = "") throws -> Ended { try folder.pinfi("study run s.yaml -o out \(more)") }

    func verify(_ more: String = "") throws -> Ended { try folder.pinfi("study verify s.yaml --against out \(more)") }

    /// The files of a run directory, hidden ones too.
    func names(_ directory: String = "out") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder[directory]).sorted()
    }

    func manifest(_ directory: String = "out") throws -> [String: Any] {
        let data = Data(try folder.text("\(directory)/manifest.json").utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The contents of all files but the manifest, and the part of the manifest that is the same on every run.
    func contents(_ directory: String = "out") throws -> [String: String] {
        var contents: [String: String] = [:]
        for name in try names(directory) {
            let text = try folder.text("\(directory)/\(name)")
            contents[name] =
                name == "manifest.json"
                ? String(text.prefix { $0 != "\u{1}" }.split(separator: "\n  \"run\":")[0]) : text
        }
        return contents
    }
}

/// The bounds, a diagram and what depends on them; a few milliseconds each.
let smallStudy = """
    study: small
    about: What is <b>bold</b> & "quoted"
    seed: 7
    defaults: {d: 1.3}
    tasks:
      diagram: {run: phase, b: 0.7, x: 0:2:21, y: 0:1.5:16, boundaries: true}
      rest: {run: equilibrium, b: 0.7, y: 0.79, critical-lag: true}
      path:
        run: simulate
        model: sharp
        b: 0.7
        y: 0.79
        from: x=2
        times: [0.5, 1, 1.5]
        events: true
      indices:
        run: sensitivity sobol
        vary: {beta: "uniform(0.5,0.9)", p: "uniform(0,0.2)", theta: "uniform(0.5,2.5)"}
        delta: 1.6
        quantity: [gamma_min, gamma_max]
        samples: 64
        tolerance: {s1: 1e-9 absolute}

    """

@Suite struct StudyRunTests {
    @Test func theExampleRunsAndItsVerificationPasses() throws {
        let folder = try TestFolder()
        #expect(try folder.pinfi("study init").status == 0)
        #expect(try folder.pinfi("study init").status == 73, "a file that is there is left alone")
        #expect(try folder.pinfi("study run study.yaml -o results --quiet").errors == "")
        let ended = try folder.pinfi("study verify study.yaml --against results")
        #expect(ended.status == 0, "\(ended.errors)")
        let rows = try folder.csv("results/diagram.csv").rows.count
        #expect(rows <= 500)
        #expect(rows > 400)
    }

    @Test func filesAreNamedAfterTheirTask() throws {
        let study = try StudyFolder(smallStudy)
        let ended = try study.run()
        #expect(ended.status == 0)
        let said = ended.errors.split(separator: "\n")
        #expect(said.last == "Study small: 4 tasks done; the results are in out.")
        #expect(said.dropLast().allSatisfy { $0.hasPrefix("Task ") }, "\(ended.errors)")
        #expect(
            try study.names() == [
                "diagram-boundaries.csv", "diagram.csv", "indices.csv", "manifest.json", "path-events.csv", "path.csv",
                "rest.csv", "study.yaml",
            ])
        let alone = try study.folder.data("phase --b 0.7 --d 1.3 --x 0:2:21 --y 0:1.5:16 --boundaries b.csv")
        #expect(try study.folder.text("out/diagram.csv") == alone.output)
        #expect(try study.folder.text("out/diagram-boundaries.csv") == study.folder.text("b.csv"))
    }

    /// The resolved study asks for the same, and is its own resolved study.
    @Test func theResolvedStudyIsAStudy() throws {
        let study = try StudyFolder(smallStudy)
        #expect(try study.run().status == 0)
        let text = try study.folder.text("out/study.yaml")
        #expect(text.contains("    estimator: saltelli\n"), "a default of the command")
        #expect(try study.folder.pinfi("study run out/study.yaml -o again").status == 0)
        #expect(try study.contents() == study.contents("again"))
        let kept = try study.folder.pinfi("study run out/study.yaml -o out")
        #expect(kept.errors == "Study small: 0 tasks done, 4 tasks kept from before; the results are in out.\n")
    }

    @Test(arguments: [1, 3])
    func theSameBytesAtAnyNumberOfThreads(threads: Int) throws {
        let study = try StudyFolder(smallStudy)
        #expect(try study.run().status == 0)
        #expect(try study.folder.pinfi("study run s.yaml -o other --threads \(threads)").status == 0)
        #expect(try study.contents() == study.contents("other"))
    }

    @Test func formatsAndSuffixes() throws {
        let study = try StudyFolder(
            """
            study: s
            defaults: {b: 0.7, d: 1.3}
            tasks:
              a: {run: bounds, format: json}
              b: {run: phase, x: 0:1:3, y: 0:1:3, boundaries: curves.csv, plot-script: gp}
              c: {run: phase, x: 0:1:3, y: 0:1:3, boundaries: false}
            """)
        #expect(try study.run().status == 0)
        #expect(try study.names() == ["a.json", "b.csv", "b.gp", "c.csv", "curves.csv", "manifest.json", "study.yaml"])
        #expect(try study.verify().status == 0)
    }

    /// `1e-9` and `no` are texts; lists are joined or repeated; commands are listed as one would type them.
    @Test func valuesBecomeArguments() throws {
        let study = try StudyFolder(
            """
            study: s
            tasks:
              a:
                run: simulate
                model: role
                b: 0.7
                d: 1.3
                y: 0.79
                from: {x: 1.5, lp: 0.5, seller: 0.3}
                times: [1, 2]
                watch: [x=1.2, x=1.3]
                rtol: 1e-9
                title: it's no "flag"
            """)
        let list = try study.folder.data("study list s.yaml").csv
        #expect(list.header == ["task", "done", "command", "outputs"])
        #expect(
            list.rows == [
                [
                    "a", "",
                    "pinfi simulate --model role --b 0.7 --d 1.3 --y 0.79 --from x=1.5,lp=0.5,seller=0.3 --times 1,2 "
                        + "--watch x=1.2 --watch x=1.3 --rtol 1e-9 --title 'it'\\''s no \"flag\"' -o a.csv",
                    "a.csv",
                ]
            ])
    }

    @Test func defaultsGiveWayToWhatATaskSays() throws {
        let study = try StudyFolder(
            """
            study: s
            defaults: {b: 0.7, d: 1.3, kappa-g: 0.9, lag: 0.1}
            tasks:
              plain: {run: bounds}
              own: {run: bounds, b: 0.6}
              raw: {run: bounds, beta: 0.7, delta: 1.3}
              varied: {run: sweep, vary: {d: "1:2:3"}, quantity: gamma_max}
              lagged: {run: equilibrium, y: 0.79}
            """)
        let commands = try study.folder.data("study list s.yaml").csv["command"]
        #expect(
            commands == [
                "pinfi bounds --b 0.7 --d 1.3 --kappa-g 0.9 -o plain.csv",
                "pinfi bounds --b 0.6 --d 1.3 --kappa-g 0.9 -o own.csv",
                "pinfi bounds --beta 0.7 --delta 1.3 --kappa-g 0.9 -o raw.csv",
                "pinfi sweep --vary d=1:2:3 --quantity gamma_max --b 0.7 --kappa-g 0.9 --lag 0.1 -o varied.csv",
                "pinfi equilibrium --y 0.79 --b 0.7 --d 1.3 --kappa-g 0.9 --lag 0.1 -o lagged.csv",
            ])
    }

    /// Tasks read the data of another one, and one of its side files, which the file has after them.
    @Test func aTaskReadsTheOutputOfAnother() throws {
        let study = try StudyFolder(
            """
            study: s
            defaults: {beta: 0.7, delta: 1.3, p: 1, theta: 0.3, gamma: 0.79}
            tasks:
              bounds: {run: bounds, input: task path}
              events: {run: bounds, input: task path events}
              path: {run: simulate, model: sharp, from: x=2, times: [0.1, 0.2], events: true}
            """)
        let ended = try study.run("--quiet")
        #expect(ended.status == 0, "\(ended.errors)")
        let (path, bounds) = (try study.folder.csv("out/path.csv"), try study.folder.csv("out/bounds.csv"))
        #expect(bounds["alpha"] == path["alpha"])
        #expect(bounds["rest_price"].allSatisfy { $0 == bounds["alpha_star"][0] })
        #expect(try study.folder.csv("out/events.csv")["event"] == study.folder.csv("out/path-events.csv")["event"])
        // What is read is made anew where it has gone, and what reads it is kept, since it is the same.
        try FileManager.default.removeItem(atPath: study.folder["out/path.csv"])
        #expect(try study.run().errors.contains("1 task done, 2 tasks kept"))
    }

    @Test func inputsAreFoundFromTheFilesFolder() throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: false)
        try folder.write("study: s\ntasks: {a: {run: bounds, input: m.csv, delta: 1.3}}", to: "sub/s.yaml")
        try folder.write("beta\n0.7\n0.8\n", to: "sub/m.csv")
        #expect(try folder.pinfi("study run sub/s.yaml -o out").status == 0)
        #expect(try folder.csv("out/a.csv").rows.count == 2)
        // A changed input is another run.
        #expect(try folder.pinfi("study run sub/s.yaml -o out").errors.contains("1 task kept"))
        try folder.write("beta\n0.7\n", to: "sub/m.csv")
        #expect(try folder.pinfi("study list sub/s.yaml -o out").csv["done"] == ["false"])
        #expect(try folder.pinfi("study run sub/s.yaml -o out").errors.contains("1 task done"))
        #expect(try folder.csv("out/a.csv").rows.count == 1)
    }

    @Test func whatWasChangedIsRepeatedAlone() throws {
        let study = try StudyFolder(smallStudy)
        #expect(try study.run().status == 0)
        let before = try study.contents()
        try study.folder.write("alpha\n1\n", to: "out/rest.csv")
        try FileManager.default.removeItem(atPath: study.folder["out/path-events.csv"])
        #expect(
            try study.folder.pinfi("study list s.yaml -o out").csv["done"] == ["true", "false", "false", "true"])
        #expect(try study.run().errors.contains("2 tasks done, 2 tasks kept"))
        #expect(try study.contents() == before)
    }

    @Test func onlySomeTasksAndADryRun() throws {
        let study = try StudyFolder(smallStudy)
        let dry = try study.run("--dry-run --only rest")
        #expect(dry.csv["task"] == ["rest"])
        #expect(study.folder.names == ["s.yaml"])
        #expect(try study.run("--only rest --only path").status == 0)
        #expect(try study.names() == ["manifest.json", "path-events.csv", "path.csv", "rest.csv", "study.yaml"])
        #expect(try study.run().errors.contains("2 tasks done, 2 tasks kept"))
        #expect(try study.run("--only rset").status == 64)
    }

    /// The others go on; the report says which, and the status is 70.
    @Test func aTaskThatFails() throws {
        let study = try StudyFolder(
            """
            study: s
            defaults: {delta: 1.3}
            tasks:
              bad: {run: bounds, input: m.csv}
              good: {run: bounds, beta: 0.7}
            """, ["m.csv": "beta\n0.7\nx\n"])
        let ended = try study.run()
        #expect(ended.status == 70)
        #expect(ended.errors.contains("Task bad: m.csv, line 3"))
        #expect(ended.errors.contains("failed: bad"))
        #expect(try study.names() == ["good.csv", "manifest.json", "study.yaml"])
        try study.folder.write("beta\n0.7\n", to: "m.csv")
        #expect(try study.run().errors.contains("1 task done, 1 task kept"))
    }

    @Test func anotherRunInTheSameFolderIsRefused() throws {
        let study = try StudyFolder(smallStudy)
        try FileManager.default.createDirectory(atPath: study.folder["out"], withIntermediateDirectories: false)
        let lock = open(study.folder["out/.study-lock"], O_RDWR | O_CREAT, 0o644)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let ended = try study.run()
        #expect(ended.status == 73)
        #expect(ended.errors.contains("Another run works in"))
        flock(lock, LOCK_UN)
        #expect(try study.run().status == 0)
        #expect(try !study.names().contains(".study-lock"))
    }

    @Test func aFolderOfAnotherStudyIsLeftAlone() throws {
        let study = try StudyFolder(smallStudy, ["t.yaml": "study: other\ntasks: {a: {run: bounds, b: 0.7, d: 1}}"])
        #expect(try study.run().status == 0)
        let before = try study.contents()
        #expect(try study.folder.pinfi("study run t.yaml -o out").status == 65)
        #expect(try study.contents() == before)
    }

    /// A run that fails before its first task has ended leaves nothing: no folder, no journal, no lock.
    @Test(arguments: ["ulimit -f 0", "ulimit -f 1"])
    func whatFailsAtOnceLeavesNothing(limit: String) throws {
        let study = try StudyFolder("study: s\ntasks: {a: {run: phase, b: 0.7, d: 1.3, x: 0:2:9, y: 0:1:9}}")
        let ended = try study.folder.bash("\(limit); exec pinfi study run s.yaml -o deep/out")
        #expect(ended.status == 73, "\(ended.errors)")
        #expect(study.folder.names == ["s.yaml"])
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalBeforeTheFirstTaskHasEndedLeavesNothing(_ number: Int32) throws {
        let study = try StudyFolder(
            "study: s\ntasks: {a: {run: phase, b: 0.7, d: 1.3, x: 0:2:20000, y: 0:1.5:20000, columns: region}}")
        let program = try study.folder.start(["study", "run", "s.yaml", "-o", "deep/out"])
        func inside() -> [String] { (try? study.names("deep/out")) ?? [] }
        #expect(program.pump(seconds: 20) { inside().contains { $0.hasSuffix(".tmp") } })
        program.send(number)
        #expect(program.finish().ending == .signal(number))
        #expect(study.folder.names == ["s.yaml"])
    }

    @Test func anOutputThatIsAnInputOrTheStudyIsRefused() throws {
        let study = try StudyFolder(
            "study: s\ntasks: {a: {run: bounds, input: m.csv, delta: 1.3}, m: {run: bounds, b: 0.7, d: 1}}",
            ["m.csv": "beta\n0.7\n"])
        // The folder of the study itself: m.csv would be an output.
        #expect(try study.folder.pinfi("study run s.yaml -o .").status == 64)
        #expect(try study.folder.text("m.csv") == "beta\n0.7\n")
        // By links.
        try FileManager.default.createDirectory(atPath: study.folder["out"], withIntermediateDirectories: false)
        for (link, target) in [("out/a.csv", "m.csv"), ("out/a.csv", "s.yaml"), ("out/a.csv", "out/m.csv")] {
            unlink(study.folder[link])
            symlink(study.folder[target], study.folder[link])
            // The file is right, and the folder is not: 64 and no line of the file.
            let ended = try study.run()
            #expect(ended.status == 64, "\(target)")
            #expect(ended.errors.contains("is the same file as"), "\(ended.errors)")
            #expect(try study.names() == ["a.csv"], "\(target)")
        }
        #expect(try study.folder.text("m.csv") == "beta\n0.7\n")
    }

    @Test func aFileInPlaceOfTheFolder() throws {
        let study = try StudyFolder(smallStudy, ["out": "x"])
        #expect(try study.run().status == 73)
        #expect(try study.folder.text("out") == "x")
    }

    @Test(.enabled(if: getuid() != 0, "root writes everywhere"))
    func aFolderThatCannotBeWritten() throws {
        let study = try StudyFolder(smallStudy)
        mkdir(study.folder["out"], 0o555)
        #expect(try study.run().status == 73)
        chmod(study.folder["out"], 0o755)
    }

    /// A file system of 300 kB: what is done stays, and with more room the run goes on to the same bytes.
    @Test(.enabled(if: canMount, "only root mounts file systems"))
    func aFullDisk() throws {
        let tasks = (0..<20).map { "  t\($0): {run: phase, b: 0.7, d: 1.3, x: 0:2:21, y: 0:1.\($0 + 10):16}\n" }
            .joined()
        let study = try StudyFolder("study: s\ntasks:\n\(tasks)")
        #expect(try study.folder.pinfi("study run s.yaml -o whole").status == 0)
        let script = """
            mkdir out && mount -t tmpfs -o size=300k none out || exit 99
            pinfi study run s.yaml -o out 2>err; echo $?
            ls -A out | grep -c tmp
            mount -o remount,size=8m out
            pinfi study run s.yaml -o out 2>>err; echo $?
            cp -r out copy; umount out
            """
        let path = try #require(PinFi.path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let program = try RunningProgram(
            "/usr/bin/unshare", ["-m", "/bin/bash", "-c", script], in: study.folder.path,
            environment: ["PATH": "\(folder):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"])
        let ended = program.finish(within: 60)
        // A task is refused beforehand where there is too little room, and cannot be written where it fills up meanwhile.
        #expect(
            ["70\n0\n0\n", "73\n0\n0\n"].contains(ended.output),
            "\(ended.errors) \((try? study.folder.text("err")) ?? "")")
        #expect(try study.contents("copy") == study.contents("whole"))
    }

    private static var canMount: Bool {
        guard getuid() == 0, let program = try? RunningProgram("/usr/bin/unshare", ["-m", "true"], in: "/") else {
            return false
        }
        return program.finish().status == 0
    }

    /// Killed at any moment and resumed: the same bytes, and nothing but them.
    @Test func killedAndResumed() throws {
        let tasks = (0..<12).map {
            "  t\($0): {run: phase, b: 0.7, d: 1.3, x: 0:2:61, y: 0:1.\($0 + 10):41, boundaries: true}\n"
        }.joined()
        let study = try StudyFolder("study: s\ntasks:\n\(tasks)")
        let start = Date()
        #expect(try study.folder.pinfi("study run s.yaml -o whole --quiet").status == 0)
        let whole = Date().timeIntervalSince(start)
        let expected = try study.contents("whole")
        var generator = SystemRandomNumberGenerator()
        for attempt in 0..<10 {
            let directory = "out\(attempt)"
            for _ in 0..<3 {
                let program = try study.folder.start(["study", "run", "s.yaml", "-o", directory, "--quiet"])
                program.pump(seconds: Double.random(in: 0...whole, using: &generator))
                program.send(SIGKILL)
                _ = program.finish()
            }
            #expect(try study.folder.pinfi("study run s.yaml -o \(directory) --quiet").status == 0)
            #expect(try study.contents(directory) == expected)
        }
    }

    /// A run that was killed while it wrote a line of its journal.
    @Test func halfALineOfTheJournal() throws {
        let study = try StudyFolder(smallStudy)
        #expect(try study.run().status == 0)
        let expected = try study.contents()
        let program = try study.folder.start(["study", "run", "s.yaml", "-o", "cut", "--quiet"])
        program.pump(seconds: 30) { (try? study.folder.text("cut/.study-journal").contains("\"rest\"")) == true }
        program.send(SIGKILL)
        _ = program.finish()
        guard let journal = try? study.folder.text("cut/.study-journal") else { return }
        for count in stride(from: 0, to: journal.utf8.count, by: max(journal.utf8.count / 7, 1)) {
            try study.folder.write(Array(journal.utf8.prefix(count)), to: "cut/.study-journal")
            try? FileManager.default.removeItem(atPath: study.folder["cut/manifest.json"])
            try study.folder.write("half", to: "cut/.rest.csv.1234.tmp")
            #expect(try study.folder.pinfi("study run s.yaml -o cut --quiet").status == 0)
            #expect(try study.contents("cut") == expected)
        }
    }

    /// Debug builds parse a command line some thirty times more slowly.
    @Test func manyTasks() throws {
        #if DEBUG
            let count = 200
        #else
            let count = 10_000
        #endif
        let tasks = (0..<count).map { "  t\($0): {run: bounds, b: 0.7, d: 1.\($0 + 10_000)}\n" }.joined()
        let study = try StudyFolder("study: s\ntasks:\n\(tasks)")
        let program = try study.folder.start(["study", "run", "s.yaml", "-o", "out"])
        let ended = program.finish(within: 600)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.errors.contains("\(count) tasks done"))
        #expect(try study.names().count == count + 2)
    }
}
