// -o, standard output, and what they lead to.
import Foundation
import Testing

@Suite struct OutputTests {
    let folder: TestFolder
    let wanted: String
    static let line = "bounds --b 0.7 --d 1.3 --y 0.79"
    init() throws {
        folder = try TestFolder()
        wanted = try folder.data(Self.line).output
    }

    @Test func aNewFileFollowsTheUmask() throws {
        for (mask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664), ("000", 0o666)] as [(String, mode_t)] {
            let run = try folder.bash("umask \(mask); pinfi \(Self.line) -o new-\(mask).csv")
            #expect(run.status == 0)
            #expect(run.output == "")
            #expect(run.errors == "")
            #expect(try folder.mode("new-\(mask).csv") == mode)
            #expect(try folder.text("new-\(mask).csv") == wanted)
        }
    }

    @Test(arguments: [0o600, 0o640, 0o664, 0o755] as [mode_t])
    func aReplacedFileKeepsItsMode(_ mode: mode_t) throws {
        try folder.write("old, and longer than what comes: " + String(repeating: "x", count: 5000), to: "out.csv")
        #expect(chmod(folder["out.csv"], mode) == 0)
        let before = try folder.status("out.csv").st_ino
        _ = try folder.data(Self.line + " -o out.csv")
        #expect(try folder.text("out.csv") == wanted)
        #expect(try folder.mode("out.csv") == mode)
        #expect(try folder.status("out.csv").st_ino != before, "it is renamed into place, not written over")
    }

    @Test func symbolicLinksAreFollowed() throws {
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: true)
        try folder.write("old", to: "sub/file.csv")
        for (target, name) in [
            ("sub/file.csv", "link"), ("link", "link-to-link"), ("sub/new.csv", "dangling"),
            ("nowhere/new.csv", "broken"),
        ] {
            #expect(symlink(target, folder[name]) == 0)
        }
        for (name, file) in [("link", "sub/file.csv"), ("link-to-link", "sub/file.csv"), ("dangling", "sub/new.csv")] {
            try? folder.write("old", to: "sub/file.csv")
            _ = try folder.data(Self.line + " -o \(name)")
            #expect(try folder.text(file) == wanted, "\(name)")
            #expect(try folder.status(name).st_mode & S_IFMT == S_IFLNK, "\(name) is still a link")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder["sub"]).sorted() == ["file.csv", "new.csv"])
        let broken = try folder.pinfi(Self.line + " -o broken")
        #expect(broken.status == 73, "\(broken.errors)")
        #expect(broken.errors.contains("broken"), "\(broken.errors)")
        #expect(symlink("loop", folder["loop"]) == 0)
        #expect(try folder.pinfi(Self.line + " -o loop").status == 73)
    }

    @Test(arguments: ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
    func theDescriptorItself(_ path: String) throws {
        #expect(try folder.data(Self.line + " -o \(path)").output == wanted)
        // Redirected into a file it is written where the descriptor stands: behind what is there.
        let run = try folder.bash("{ echo before; pinfi \(Self.line) -o \(path); echo after; } > out.csv")
        #expect(run.status == 0)
        #expect(run.errors == "")
        #expect(try folder.text("out.csv") == "before\n" + wanted + "after\n")
        let appended = try folder.bash("pinfi \(Self.line) -o \(path) >> out.csv")
        #expect(appended.status == 0)
        #expect(try folder.text("out.csv") == "before\n" + wanted + "after\n" + wanted)
    }

    @Test func otherDescriptors() throws {
        let run = try folder.bash("pinfi \(Self.line) -o /dev/fd/5 5> five.csv; pinfi \(Self.line) -o /dev/stderr")
        #expect(run.status == 0)
        #expect(run.output == "")
        #expect(run.errors == wanted)
        #expect(try folder.text("five.csv") == wanted)
        let closed = try folder.pinfi(Self.line + " -o /dev/fd/99")
        #expect(closed.status == 73)
        #expect(closed.errors.contains("/dev/fd/99"))
    }

    @Test func whatIsNoRegularFileIsWrittenDirectlyAndNeverReplaced() throws {
        // A device of our own where we may make one, else the system's.
        for (name, number) in [("null", 3), ("full", 7)] {
            _ = mknod(folder[name], S_IFCHR | 0o666, dev_t(1 << 8 | number))
            let descriptor = open(folder[name], O_WRONLY)
            let path = descriptor >= 0 ? folder[name] : "/dev/" + name
            if descriptor >= 0 { close(descriptor) }
            let run = try folder.pinfi(Self.line + " -o \(path)")
            #expect(run.status == (name == "null" ? 0 : 73), "\(run.errors)")
            if name == "full" { #expect(run.errors.contains("No space left") && run.errors.contains(path)) }
            var status = stat()
            #expect(lstat(path, &status) == 0, "\(path) is still a device")
            #expect(status.st_mode & S_IFMT == S_IFCHR, "\(path) is still a device")
        }
        #expect(symlink("/dev/null", folder["link"]) == 0)
        _ = try folder.data(Self.line + " -o link")
        #expect(try folder.status("link").st_mode & S_IFMT == S_IFLNK)

        #expect(mkfifo(folder["fifo"], 0o600) == 0)
        let run = try folder.bash("cat fifo & pinfi \(Self.line) -o fifo; status=$?; wait; exit $status")
        #expect(run.status == 0)
        #expect(run.output == wanted)
        #expect(try folder.status("fifo").st_mode & S_IFMT == S_IFIFO)
    }

    @Test(arguments: [
        ("none/out.csv", "none"), (".", "folder"), ("sub", "folder"), ("sub/", "folder"), ("", "empty"),
        ("file.txt/out.csv", "file.txt"),
        ("none/", "none"), ("out\u{1B}[31m/x.csv", "out\\u{1B}[31m"), ("/dev/full", "No space left"),
        (String(repeating: "n", count: 300), "long"),
    ])
    func anOutputThatCannotBeWritten(_ path: String, _ fragment: String) throws {
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: true)
        try folder.write("text", to: "file.txt")
        let names = folder.names
        for command in [Self.line, "phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3", "explain --b 0.7 --d 1.3 --x 1 --y 1"] {
            let run = try folder.pinfi(command.split(separator: " ").map(String.init) + ["-o", path])
            #expect(run.status == 73, "\(run.errors)")
            #expect(run.output == "", "\(run.errors)")
            #expect(run.errors.contains(fragment), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1)
            #expect(!run.errors.contains("\u{1B}"))
        }
        #expect(folder.names == names)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func whatIsWriteProtected() throws {
        try FileManager.default.createDirectory(atPath: folder["sub"], withIntermediateDirectories: true)
        try folder.write("old", to: "file.csv")
        #expect(chmod(folder["sub"], 0o555) == 0)
        #expect(chmod(folder["file.csv"], 0o444) == 0)
        #expect(try folder.pinfi(Self.line + " -o sub/out.csv").status == 73)
        #expect(try folder.pinfi(Self.line + " -o file.csv").status == 73)
        #expect(try folder.text("file.csv") == "old")
    }

    @Test(arguments: [
        "bounds --b 0.7 --d 1.3", "phase --b 0.7 --d 1.3 --x 0:2:101 --y 0:1:101",
        "explain --b 0.7 --d 1.3 --x 1 --y 1",
        "bounds --b 0.7 --d 1.3 --format table", "phase --b 0.7 --d 1.3 --x 0:2:101 --y 0:1:101 --format json",
    ])
    func standardOutputThatIsFullOrClosed(_ command: String) throws {
        for redirection in ["> /dev/full", ">&-", "<&- >&-", "<&- >&- 2> errors"] {
            let run = try folder.bash("pinfi \(command) \(redirection)")
            #expect(run.status == 73, "\(redirection)")
            let errors = try redirection.contains("2>") ? folder.text("errors") : run.errors
            #expect(
                errors.contains("standard output"),
                "\(redirection): \(errors)")
            #expect(
                errors.split(separator: "\n").count == 1,
                "\(redirection): \(errors)")
        }
    }

    @Test(arguments: ["bounds --b 0.7 --d 1.3", "phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3"])
    func theOtherStreamsMayBeClosed(_ command: String) throws {
        let output = try folder.data(command).output
        for redirection in ["<&-", "2>&-", "<&- 2>&-", "2> /dev/full", "<&- >&- 2>&-"] {
            let run = try folder.bash("pinfi \(command) -o out.csv \(redirection)")
            #expect(run.status == 0, "\(redirection)")
            #expect(try folder.text("out.csv") == output, "\(redirection): nothing else gets into the file")
        }
    }

    @Test(arguments: ["2> /dev/full", "2>&-", "<&- >&- 2>&-", "2> >(exec true)"])
    func messagesThatNobodyCanReadDoNoHarm(_ redirection: String) throws {
        // The status is the same; the message is lost.
        for (command, status) in [
            ("bounds", 64), ("bounds --b 0.7 --d 1.3 --market none.yaml", 66),
            ("bounds --b 0.7 --d 1.3 -o none/x", 73), ("bounds --bogus", 64),
        ] as [(String, Int32)] {
            let run = try folder.bash("pinfi \(command) \(redirection)")
            #expect(run.status == status, "\(command) \(redirection)")
        }
        let progress = try folder.bash(
            "pinfi phase --b 0.7 --d 1.3 --x 0:2:301 --y 0:1:301 --progress always --verbose -o out.csv \(redirection)")
        #expect(progress.status == 0)
        #expect(try folder.csv("out.csv").rows.count == 301 * 301)
    }

    @Test(arguments: ["--help", "--version", "bounds --help", "--generate-completion-script bash", "help phase"])
    func helpThatCannotBeWrittenIsTold(_ arguments: String) throws {
        for redirection in ["> /dev/full", ">&-"] {
            let run = try folder.bash("pinfi \(arguments) \(redirection)")
            #expect(run.status == 73, "pinfi \(arguments) \(redirection)")
        }
    }

    @Test(arguments: ["csv", "json", "table"])
    func aReaderThatHasSeenEnoughEndsTheRunQuietly(_ format: String) throws {
        let run = try folder.bash(
            "pinfi phase --b 0.7 --d 1.3 --x 0:2:2001 --y 0:1:1001 --format \(format) | head -1; echo ${PIPESTATUS[0]}")
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 2, "\(lines)")
        #expect(lines.last == "0", "\(lines)")
        #expect(run.errors == "")
        let input = try folder.bash(
            "{ echo beta; yes 0.7; } | pinfi bounds --input - --delta 2 --format \(format) | head -1; echo ${PIPESTATUS[@]}"
        )
        #expect(
            input.output.split(separator: "\n").last == "141 0 0",
            "`yes` is ended by the signal, pinfi ends by itself: \(input.output)")
        #expect(input.errors == "")
        #expect(try folder.bash("pinfi --help | head -1; echo ${PIPESTATUS[0]}").output.hasSuffix("\n0\n"))
    }

    @Test func aRunThatFailsLeavesTheOldFile() throws {
        try folder.write("old\n", to: "out.csv")
        try folder.write("beta\n" + String(repeating: "0.7\n", count: 5000) + "oops\n", to: "in.csv")
        let run = try folder.pinfi("bounds --input in.csv --delta 2 -o out.csv")
        #expect(run.status == 65)
        #expect(try folder.text("out.csv") == "old\n")
        #expect(folder.names == ["in.csv", "out.csv"])
    }

    @Test func aFileIsNotThereBeforeItIsComplete() throws {
        let program = try folder.start(["bounds", "--input", "-", "--delta", "2", "-o", "out.csv"])
        program.feed(("beta\n" + String(repeating: "0.7\n", count: 5000)).utf8)
        #expect(program.pump(seconds: 20) { !folder.temporaries.isEmpty }, "it is written beside its place")
        #expect(!folder.names.contains("out.csv"))
        let run = program.finish()
        #expect(run.ending == .status(0))
        #expect(try folder.csv("out.csv").rows.count == 5000)
        #expect(folder.names == ["out.csv"])
    }

    @Test func aFileThatFillsUpIsNotKept() throws {
        // A limit on the size of files stands in for a file system that is full.
        let run = try folder.bash(
            "trap '' XFSZ; ulimit -f 100; { echo beta; yes 0.7; } | pinfi bounds --input - --delta 2 -o out.csv")
        #expect(run.status == 73, "\(run.errors)")
        #expect(run.errors.contains("out.csv"), "\(run.errors)")
        #expect(folder.names == [])
    }

    @Test(arguments: ["csv", "json", "table"])
    func formatsToAFileAreThoseOfStandardOutput(_ format: String) throws {
        for command in [Self.line, "phase --b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3", "explain --b 0.7 --d 1.3 --x 1 --y 1"] {
            _ = try folder.data("\(command) --format \(format) --output out")
            #expect(try folder.text("out") == folder.data("\(command) --format \(format)").output)
        }
    }
}
