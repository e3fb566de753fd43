// What stands on PATH by the name of gnuplot and is none.
import Foundation
import Testing

@Suite struct FalseGnuplotTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder(["old.svg": "old\n"]) }

    private static let phase = "phase --b 0.7 --d 1.3 --x 0:2:5 --y 0:1.5:4 -o out.csv"

    /// A script of bash for a run that finds the folder `bin` first on PATH.
    private func script(_ gnuplot: String, _ line: String) -> String {
        "mkdir -p bin; printf '#!/bin/bash\\n%s\\n' '\(gnuplot)' > bin/gnuplot; chmod +x bin/gnuplot; "
            + "PATH=\"$PWD/bin:$PATH\" exec pinfi \(line)"
    }

    @Test(arguments: [
        "echo garbage", "cat /dev/null; exit 0", "echo \"<svg\"", "cat", "echo \"<html></svg>\"",
        "exec head -c 3000 /dev/urandom",
        "echo \"<svg></svg>trailing\"", "kill -SEGV $$", "exit 1", "exec yes", "exec 1>&-; exec 2>&-; exec sleep 0.2",
    ])
    func itsOutputIsNoPicture(_ gnuplot: String) throws {
        for name in ["old.svg", "new.pdf", "new.png"] {
            let run = try folder.bash(script(gnuplot, "\(Self.phase) --plot \(name)"))
            #expect(run.status == 70, "\(gnuplot): \(run.ending) \(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            #expect(run.errors.contains("gnuplot"), "\(run.errors)")
            #expect(folder.names == ["bin", "old.svg"], "\(gnuplot)")
            #expect(try folder.text("old.svg") == "old\n")
        }
    }

    @Test func aProcessItLeavesBehindIsNotWaitedFor() throws {
        let start = ProcessInfo.processInfo.systemUptime
        let run = try folder.bash(
            script("sleep 100 & echo $! > child; echo \"<svg></svg>\"", "\(Self.phase) --plot new.svg"))
        #expect(run.status == 0, "\(run.errors)")
        #expect(ProcessInfo.processInfo.systemUptime - start < 15, "a tenth of what it sleeps, on a busy machine")
        let child = try #require(Int32(folder.text("child").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(Self.ends(child), "what it has started is ended too")
    }

    @Test(arguments: ["mkdir bin/gnuplot", "touch bin/gnuplot", "ln -s nowhere bin/gnuplot"])
    func whatIsNoProgramIsPassedOver(_ making: String) throws {
        let run = try folder.bash(
            "mkdir bin; \(making); PATH=\"$PWD/bin:$PWD\" exec $(command -v pinfi) \(Self.phase) --plot new.svg")
        #expect(run.status == 69, "\(run.errors)")
        #expect(run.errors.contains("gnuplot-nox"))
        #expect(folder.names == ["bin", "old.svg"])
    }

    @Test func whatCannotBeStartedIsToldWithTheReason() throws {
        let run = try folder.bash(
            "mkdir bin; echo nothing > bin/gnuplot; chmod +x bin/gnuplot; PATH=$PWD/bin:$PATH exec pinfi \(Self.phase) --plot new.svg"
        )
        #expect(run.status == 70, "\(run.errors)")
        #expect(run.errors.contains("bin/gnuplot could not be started"), "\(run.errors)")
        #expect(folder.names == ["bin", "old.svg"])
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
    func aSignalEndsItWithUs(_ number: Int32) throws {
        let program = try RunningProgram(
            "/bin/bash",
            [
                "-c",
                script(
                    "trap \"\" TERM INT; echo $$ > pid; sleep 100 & echo $! > child; wait",
                    "\(Self.phase) --plot old.svg"),
            ],
            in: folder.path, environment: ["PATH": try pathWithPinFi()])
        #expect(program.pump(seconds: 20) { folder.names.contains("child") })
        usleep(100_000)
        program.send(number)
        #expect(program.finish().ending == .signal(number))
        for name in ["pid", "child"] {
            let pid = try #require(Int32(folder.text(name).trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(Self.ends(pid), "\(name)")
        }
        #expect(folder.names == ["bin", "child", "old.svg", "pid"])
        #expect(try folder.text("old.svg") == "old\n")
    }

    @Test func itRunsWhereTheEndOfChildrenIsIgnored() throws {
        let run = try folder.bash("trap '' CHLD; " + script("echo \"<svg></svg>\"", "\(Self.phase) --plot new.svg"))
        #expect(run.status == 0, "\(run.errors)")
        #expect(try folder.text("new.svg").hasSuffix("</svg>\n"))
    }

    private func pathWithPinFi() throws -> String {
        let path = try #require(PinFi.path)
        return URL(fileURLWithPath: path).deletingLastPathComponent().path + ":/usr/bin:/bin"
    }

    /// Whether a process is gone, or a zombie that nobody has reaped, within ten seconds.
    private static func ends(_ pid: pid_t) -> Bool {
        for _ in 0..<1000 {
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
            if text.split(separator: ")").last?.split(separator: " ").first == "Z" { return true }
            usleep(10_000)
        }
        return false
    }
}
