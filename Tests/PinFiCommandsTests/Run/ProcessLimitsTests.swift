// What the system allows the process: descriptors, file sizes, address space, threads; closed standard streams.
import Figures
import Foundation
import Testing

private let hasGnuplot = (try? Gnuplot()) != nil

@Suite struct ProcessLimitsTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder(["market.csv": "beta,delta\n0.7,1.3\n"]) }

    private static let phase = "phase --b 0.7 --d 1.3 --x 0:2:41 --y 0:1.5:41"
    private static let many = phase + " -o out.csv --boundaries curves.csv --manifest run.json --plot-script p.gp"

    /// The contract of a run under a limit: done with all its files, or one message, a status, and no file.
    private func check(_ run: Ended, files: [String], _ line: String) {
        let isDone = run.status == 0
        #expect([0, 64, 70, 73].contains(run.status ?? -1), "\(line): \(run.ending) \(run.errors)")
        #expect(folder.names == (isDone ? (files + ["market.csv"]).sorted() : ["market.csv"]), "\(line)")
        let lines = run.errors.split(separator: "\n")
        #expect(isDone || (lines.count == 1 && lines[0].hasPrefix("Error: ")), "\(line): \(run.errors)")
        for name in folder.names where name != "market.csv" { unlink(folder[name]) }
    }

    // Four are what the loader of the libraries needs; with three there is no pinfi yet.
    @Test(arguments: 4...20)
    func fewDescriptors(_ count: Int) throws {
        let files = ["out.csv", "curves.csv", "run.json", "p.gp"]
        check(try folder.bash("ulimit -n \(count); exec pinfi \(Self.many)"), files: files, "-n \(count)")
        if hasGnuplot {
            check(
                try folder.bash("ulimit -n \(count); exec pinfi \(Self.many) --plot p.svg"), files: files + ["p.svg"],
                "-n \(count) --plot")
        }
    }

    @Test(arguments: [0, 1, 4, 100_000])
    func filesMayBeNoLarger(_ kilobytes: Int) throws {
        let line = "ulimit -f \(kilobytes); exec pinfi \(Self.many)\(hasGnuplot ? " --plot p.svg" : "")"
        let run = try folder.bash(line)
        let files = ["out.csv", "curves.csv", "run.json", "p.gp"] + (hasGnuplot ? ["p.svg"] : [])
        // Estimated beforehand, where the estimate is enough to tell.
        #expect(run.status == (kilobytes == 100_000 ? 0 : 64), "\(run.errors)")
        if kilobytes < 100_000 { #expect(run.errors.contains("ulimit -f"), "\(run.errors)") }
        check(run, files: files, line)
    }

    @Test func aFileThatGrowsTooLargeAllTheSame() throws {
        let rows = String(repeating: "0.7,1.3\n", count: 3000)
        try folder.write("beta,delta\n" + rows, to: "market.csv")
        let run = try folder.bash("ulimit -f 16; exec pinfi bounds --input market.csv -o out.csv --manifest run.json")
        #expect(run.status == 73, "\(run.errors)")
        #expect(run.errors.contains("ulimit -f"), "\(run.errors)")
        check(run, files: [], "ulimit -f 16")
    }

    @Test func standardOutputMayBeNoLarger() throws {
        let run = try folder.bash(
            "ulimit -f 1; yes 0.7,1.3 | head -100 | sed '1i beta,delta' | pinfi bounds --input - > out.csv")
        #expect(run.status == 73)
        #expect(run.errors.contains("standard output"), "\(run.errors)")
        #expect(run.errors.contains("ulimit -f"), "\(run.errors)")
    }

    /// From where the libraries are loaded up to where there is enough.
    @Test(arguments: [150, 200, 250, 300, 350, 400, 500, 600, 800])
    func littleAddressSpace(_ megabytes: Int) throws {
        let line = "ulimit -v \(megabytes)000; exec pinfi \(Self.phase) -o out.csv"
        check(try folder.bash(line), files: ["out.csv"], line)
        // 16 million cells take more than is left.
        let large =
            "ulimit -v \(megabytes)000; exec pinfi phase --dynamics role --b 0.7 --d 1.3 --x 0:2:4000 --y 0:1.5:4000 -o out.csv"
        if megabytes <= 300 {
            let run = try folder.bash(large)
            #expect([64, 70].contains(run.status ?? -1), "\(run.ending) \(run.errors)")
            #expect(folder.names == ["market.csv"])
        }
    }

    /// A fault of the program's own ends with a message and a status as well, and leaves nothing.
    @Test(arguments: [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE])
    func aFaultLeavesNothing(_ number: Int32) throws {
        let program = try folder.start(["bounds", "--input", "-", "--delta", "2", "-o", "out.csv"])
        program.feed("beta\n".utf8)
        #expect(program.pump(seconds: 20) { !folder.temporaries.isEmpty })
        program.send(number)
        let run = program.finish()
        #expect(run.status == 70)
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.errors.contains("report"), "\(run.errors)")
        #expect(folder.names == ["market.csv"])
    }

    @Test func theLimitOfProcessorTime() throws {
        let run = try folder.bash(
            "ulimit -S -t 1; exec pinfi phase --b 0.7 --d 1.3 --x 0:2:20000 --y 0:1.5:20000 --columns region -o out.csv"
        )
        #expect(run.status == 70, "\(run.errors)")
        #expect(run.errors.contains("ulimit -t"), "\(run.errors)")
        #expect(folder.names == ["market.csv"])
    }

    /// Every combination of closed standard streams, with and without a file to write.
    @Test(arguments: 0...7)
    func closedStreams(_ combination: Int) throws {
        let closed = ["<&-", ">&-", "2>&-"].enumerated().filter { combination >> $0.offset & 1 == 1 }.map(\.element)
            .joined(separator: " ")
        for line in ["bounds --b 0.7 --d 1.3", "bounds --input - --delta 2", "bounds --input market.csv --threads 1"] {
            let run = try folder.bash("pinfi \(line) \(closed)")
            let readsInput = line.contains("--input -")
            // What is read comes first, and there is nothing to read.
            let expected: Int32 = readsInput ? (combination & 1 == 1 ? 66 : 65) : combination & 2 == 2 ? 73 : 0
            #expect(run.status == expected, "\(line) \(closed): \(run.errors)")
        }
        let plot = hasGnuplot ? " --plot p.svg" : ""
        let run = try folder.bash("pinfi \(Self.many)\(plot) \(closed)")
        #expect(run.status == 0, "\(closed): \(run.errors)")
        #expect(try folder.text("out.csv").hasPrefix("alpha_ratio,"))
        if hasGnuplot { #expect(try folder.text("p.svg").contains("</svg>")) }
    }

    /// A user who may have no more processes; root is exempt, so root becomes somebody else.
    @Test(.enabled(if: hasThreadLimit, "needs root, setpriv and prlimit"), arguments: 1...3)
    func noThread(_ processes: Int) throws {
        let path = try #require(PinFi.path)
        #expect(chmod(folder.path, 0o777) == 0)
        // The build may lie where others may not look.
        let copy = try folder.bash("cp -L '\(path)' pinfi && chmod 755 pinfi")
        #expect(copy.status == 0)
        let become = "exec setpriv --reuid=61234 --regid=61234 --clear-groups prlimit --nproc=\(processes) ./pinfi"
        for (line, name) in [
            ("bounds --b 0.7 --d 1.3 -o out.csv", "out.csv"), ("\(Self.phase) -o out.csv", "out.csv"),
            (
                "sweep --b 0.7 --d 1.3 --vary y=0.5:1.1:20 --quantity share_lp,critical_lag -o out.csv --quiet",
                "out.csv"
            ),
        ] {
            let run = try folder.bash("\(become) \(line) --threads 4")
            #expect(run.status == 0, "\(line): \(run.ending) \(run.errors)")
            #expect(run.errors == "", "\(line): \(run.ending) \(run.errors)")
            #expect(folder.names.contains(name))
            unlink(folder[name])
        }
        if hasGnuplot {
            let run = try folder.bash("\(become) \(Self.phase) -o out.csv --plot p.svg")
            #expect([0, 70].contains(run.status ?? -1), "\(run.ending) \(run.errors)")
            #expect(run.status == 0 || run.errors.contains("ulimit -u"), "\(run.errors)")
        }
    }
}

private var hasThreadLimit: Bool {
    geteuid() == 0
        && ["setpriv", "prlimit"].allSatisfy { name in
            ["/usr/bin/", "/bin/"].contains { access($0 + name, X_OK) == 0 }
        }
}
