// SIGINT, SIGTERM, SIGHUP and SIGQUIT in the middle of a run; SIGKILL, and what the next run does then.
import Foundation
import Testing

@Suite struct InterruptionTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// 400 million cells: many seconds of work, of which milliseconds are run.
    static let longRun = "phase --b 0.7 --d 1.3 --x 0:2:20000 --y 0:1.5:20000 --columns region"

    private func start(_ line: String) throws -> RunningProgram {
        try folder.start(line.split(separator: " ").map(String.init))
    }

    @Test(arguments: signals)
    func aLongDiagramLeavesNothing(_ number: Int32) throws {
        let program = try start(Self.longRun + " -o out.csv --boundaries curves.csv")
        #expect(program.pump(seconds: 20) { folder.temporaries.count == 2 }, "both outputs are begun")
        #expect(folder.names.count == 2)
        usleep(50_000)
        program.send(number)
        let run = program.finish()
        #expect(run.ending == .signal(number), "the parent sees how it ended")
        #expect(folder.names == [], "no file, no temporary")
    }

    @Test(arguments: signals)
    func theOldFileStays(_ number: Int32) throws {
        try folder.write("old\n", to: "out.csv")
        let program = try start("bounds --input - --delta 2 -o out.csv")
        program.feed(("beta\n" + String(repeating: "0.7\n", count: 3000)).utf8)
        #expect(program.pump(seconds: 20) { !folder.temporaries.isEmpty })
        // It waits for more rows.
        program.send(number)
        let stopped = program.pump(seconds: 10) { folder.temporaries.isEmpty }
        #expect(stopped)
        #expect(program.finish().ending == .signal(number))
        #expect(try folder.text("out.csv") == "old\n")
        #expect(folder.names == ["out.csv"])
    }

    @Test func aReplacedLinkTargetStaysToo() throws {
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: true)
        try folder.write("old\n", to: "sub/out.csv")
        #expect(symlink("sub/out.csv", folder["link"]) == 0)
        let program = try start(Self.longRun + " -o link")
        func inside() -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: folder["sub"]))?.sorted() ?? []
        }
        #expect(program.pump(seconds: 20) { inside().count == 2 }, "the temporary is beside the link's target")
        program.send(SIGTERM)
        #expect(program.finish().ending == .signal(SIGTERM))
        #expect(inside() == ["out.csv"])
        #expect(try folder.text("sub/out.csv") == "old\n")
    }

    @Test(arguments: signals)
    func toStandardOutputItEndsByTheSignalToo(_ number: Int32) throws {
        let program = try start(Self.longRun)
        #expect(program.pump(seconds: 20) { program.output.count > 100_000 })
        program.send(number)
        let run = program.finish()
        #expect(run.ending == .signal(number))
        #expect(run.output.hasPrefix("region\naB\n"))
    }

    @Test(arguments: signals)
    func whileNobodyReadsStandardOutput(_ number: Int32) throws {
        // The pipe is full and the program waits in a write.
        let program = try start(Self.longRun)
        usleep(300_000)
        program.send(number)
        #expect(program.finish(within: 10).ending == .signal(number))
    }

    @Test(arguments: signals)
    func whileItWaitsForAPipeToBeOpened(_ number: Int32) throws {
        #expect(mkfifo(folder["fifo"], 0o600) == 0)
        let program = try start("bounds --input fifo --delta 2 -o out.csv")
        usleep(200_000)
        program.send(number)
        #expect(program.finish(within: 10).ending == .signal(number))
        #expect(folder.names == ["fifo"])
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func theFoldersThatItMadeGoToo(_ number: Int32) throws {
        let program = try start("reproduce figure4 -o deep/figure4")
        #expect(program.pump(seconds: 20) { folder.names == ["deep"] })
        program.send(number)
        #expect(program.finish().ending == .signal(number))
        #expect(folder.names == [])
    }

    @Test func twoSignalsAtOnce() throws {
        let program = try start(Self.longRun + " -o out.csv")
        #expect(program.pump(seconds: 20) { !folder.temporaries.isEmpty })
        program.send(SIGINT)
        program.send(SIGTERM)
        let ending = program.finish().ending
        #expect(ending == .signal(SIGINT) || ending == .signal(SIGTERM))
        #expect(folder.names == [])
    }

    @Test func aSignalThatIsIgnoredStaysIgnored() throws {
        // As under nohup: the shell ignores it, and so does what it starts.
        let script = """
            trap '' HUP
            { echo beta; sleep 1; echo 0.7; } | pinfi bounds --input - --delta 2 -o out.csv &
            sleep 0.3
            kill -HUP $!
            wait $!
            """
        let run = try folder.bash(script)
        #expect(run.status == 0)
        #expect(run.errors == "")
        #expect(try folder.csv("out.csv").rows.count == 1)
    }

    @Test func whatSIGKILLLeavesIsRemovedByTheNextRun() throws {
        try folder.write("old\n", to: "out.csv")
        let living = try start("bounds --input - --delta 2 -o living.csv")
        living.feed("beta\n".utf8)
        #expect(living.pump(seconds: 20) { folder.temporaries.count == 1 })
        let killed = try start(Self.longRun + " -o out.csv --boundaries living.csv")
        #expect(killed.pump(seconds: 20) { folder.temporaries.count == 3 })
        killed.send(SIGKILL)
        #expect(killed.finish().ending == .signal(SIGKILL))
        #expect(folder.temporaries.count == 3)

        let next = try start("bounds --b 0.7 --d 1.3 -o out.csv").finish()
        #expect(next.status == 0)
        #expect(folder.temporaries.count == 2, "those of the other place stay")
        let other = try start("bounds --b 0.7 --d 1.3 -o living.csv").finish()
        #expect(other.status == 0)
        #expect(folder.temporaries.count == 1, "the living run's stays")
        living.feed("0.7\n".utf8, andClose: true)
        #expect(living.finish().status == 0)
        #expect(folder.names == ["living.csv", "out.csv"])
    }
}
