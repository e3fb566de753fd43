// Runs the real executable, in a folder of its own, with a time limit.
import Foundation
import Glibc
import Testing

/// The executable under test.
enum PinFi {
    /// Where it is: where PINFI_EXECUTABLE says, else beside the test bundle, which is where `swift test` puts it in
    /// every configuration and with every scratch path.
    static let path: String? = {
        var candidates: [String] = []
        if let given = ProcessInfo.processInfo.environment["PINFI_EXECUTABLE"] { candidates.append(given) }
        let runner = URL(
            fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
                ?? CommandLine.arguments[0])
        for place in [Bundle.main.bundleURL, runner] {
            var folder = place
            for _ in 0..<3 {
                candidates.append(folder.appendingPathComponent("pinfi").path)
                folder.deleteLastPathComponent()
            }
        }
        return candidates.first { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
                && FileManager.default.isExecutableFile(atPath: path)
        }
    }()

    /// The statuses that the contract knows.
    static let statuses: Set<Int32> = [0, 1, 64, 65, 66, 69, 70, 73]
}

/// How a program ended.
enum Ending: Equatable {
    case status(Int32)
    case signal(Int32)
    /// It had to be killed.
    case timeLimit
}

/// What a program that has ended left behind.
struct Ended {
    let ending: Ending
    let bytes: [UInt8]
    let errorBytes: [UInt8]

    var status: Int32? { if case .status(let status) = ending { status } else { nil } }
    /// Standard output.
    var output: String { String(decoding: bytes, as: UTF8.self) }
    /// Standard error.
    var errors: String { String(decoding: errorBytes, as: UTF8.self) }
    /// Standard output as a CSV file.
    var csv: CSVText { CSVText(output) }

    /// Standard output as one JSON object; it ends its line.
    func object() throws -> [String: Any] {
        try #require(bytes.last == UInt8(ascii: "\n"))
        return try #require(JSONText.value(of: bytes) as? [String: Any])
    }
}

/// A program that runs: what it reads is fed to it, what it writes is gathered. Whatever is not waited for is killed.
final class RunningProgram {
    /// What a standard stream of the program is connected to.
    enum Stream {
        case pipe, closed
        /// A terminal of so many columns.
        case terminal(columns: Int)
        /// A file, opened for writing; for standard input, for reading.
        case file(String)
    }

    let pid: pid_t
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    private var toInput: Int32 = -1
    private var fromOutput: Int32 = -1
    private var fromErrors: Int32 = -1
    private var pending: ArraySlice<UInt8> = []
    private var closesInput = false
    private var ending: Ending?

    private struct Failure: Error { let call: String, code: Int32 }
    private static let starting = NSLock()
    private static let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// - Parameters:
    ///   - environment: replaces the test's own where given a value.
    init(
        _ path: String, _ arguments: [String], in folder: String, environment: [String: String] = [:],
        input: Stream = .pipe, output: Stream = .pipe, errors: Stream = .pipe
    ) throws {
        Self.ignoresBrokenPipes
        // Between the making of a pipe and its mark no other test may start a program that would inherit it.
        Self.starting.lock()
        defer { Self.starting.unlock() }
        func check(_ code: Int32, _ call: String) throws { if code != 0 { throw Failure(call: call, code: code) } }
        Self.keepDescriptors()
        var actions = posix_spawn_file_actions_t()
        try check(posix_spawn_file_actions_init(&actions), "file_actions_init")
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        try check(posix_spawnattr_init(&attributes), "spawnattr_init")
        defer { posix_spawnattr_destroy(&attributes) }

        var childEnds: [Int32] = []
        defer { for end in childEnds { close(end) } }
        /// Connects descriptor `number` of the program and returns our end.
        func connect(_ stream: Stream, _ number: Int32) throws -> Int32 {
            switch stream {
            case .closed:
                try check(posix_spawn_file_actions_addclose(&actions, number), "addclose")
                return -1
            case .file(let path):
                let flags = number == 0 ? O_RDONLY : O_WRONLY
                try check(posix_spawn_file_actions_addopen(&actions, number, path, flags, 0), "addopen")
                return -1
            case .pipe:
                var ends: [Int32] = [-1, -1]
                guard pipe(&ends) == 0 else { throw Failure(call: "pipe", code: errno) }
                for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
                let (ours, theirs) = number == 0 ? (ends[1], ends[0]) : (ends[0], ends[1])
                childEnds.append(theirs)
                try check(posix_spawn_file_actions_adddup2(&actions, theirs, number), "adddup2")
                _ = fcntl(ours, F_SETFL, O_NONBLOCK)
                return ours
            case .terminal(let columns):
                // posix_openpt, unlockpt and ptsname by hand: Glibc's module does not have them.
                let ours = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
                var (locked, place): (Int32, Int32) = (0, -1)
                let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
                guard ours >= 0, ioctl(ours, setLock, &locked) == 0, ioctl(ours, getNumber, &place) == 0 else {
                    throw Failure(call: "open /dev/ptmx", code: errno)
                }
                let theirs = open("/dev/pts/\(place)", O_RDWR | O_NOCTTY | O_CLOEXEC)
                guard theirs >= 0 else { throw Failure(call: "open terminal", code: errno) }
                var size = winsize(ws_row: 50, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
                _ = ioctl(ours, UInt(TIOCSWINSZ), &size)
                childEnds.append(theirs)
                try check(posix_spawn_file_actions_adddup2(&actions, theirs, number), "adddup2")
                _ = fcntl(ours, F_SETFL, O_NONBLOCK)
                return ours
            }
        }
        toInput = try connect(input, 0)
        fromOutput = try connect(output, 1)
        fromErrors = try connect(errors, 2)

        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&defaults, number) }
        var mask = sigset_t()
        sigemptyset(&mask)
        try check(posix_spawnattr_setsigdefault(&attributes, &defaults), "setsigdefault")
        try check(posix_spawnattr_setsigmask(&attributes, &mask), "setsigmask")
        // A process group of its own: the time limit then ends what a shell has started, too.
        try check(posix_spawnattr_setpgroup(&attributes, 0), "setpgroup")
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | Int32(POSIX_SPAWN_SETPGROUP)
        try check(posix_spawnattr_setflags(&attributes, Int16(flags)), "setflags")

        var variables = ProcessInfo.processInfo.environment
        // A trap is told at once, without seconds of symbolication.
        variables["SWIFT_BACKTRACE"] = "enable=no"
        variables["COLUMNS"] = nil
        variables.merge(environment) { _, new in new }
        // `env` changes the folder and becomes the program: the process stays the same.
        var words = (["env", "-C", folder, path] + arguments).map { strdup($0) } + [nil]
        var settings = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + settings { free(word) } }
        var child: pid_t = 0
        try check(posix_spawn(&child, "/usr/bin/env", &actions, &attributes, &words, &settings), "posix_spawn")
        pid = child
    }

    /// Marks all descriptors of this process but the standard ones, so that no program that is started has them: the test
    /// runner's own are open to whoever reads /dev/fd/9.
    private static func keepDescriptors() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let number = Int32(name), number > 2 else { continue }
            let flags = fcntl(number, F_GETFD)
            if flags >= 0 { _ = fcntl(number, F_SETFD, flags | FD_CLOEXEC) }
        }
    }

    deinit {
        if ending == nil {
            kill(-pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        for end in [toInput, fromOutput, fromErrors] where end >= 0 { close(end) }
    }

    func send(_ number: Int32) { kill(pid, number) }

    /// Gives it something to read; it is passed on as fast as it is read.
    func feed(_ bytes: some Sequence<UInt8>, andClose: Bool = false) {
        pending += Array(bytes)
        closesInput = closesInput || andClose
    }

    /// Whether all that it was given to read is in the pipe or read.
    var isFed: Bool { pending.isEmpty }

    /// Passes bytes to and fro until `isDone`, or until all streams are closed, or for so many seconds.
    ///
    /// - Returns: whether `isDone` came true.
    @discardableResult
    func pump(seconds: Double, until isDone: () -> Bool = { false }) -> Bool {
        let deadline = ProcessInfo.processInfo.systemUptime + seconds
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while ProcessInfo.processInfo.systemUptime < deadline {
            if isDone() { return true }
            if pending.isEmpty, closesInput, toInput >= 0 {
                close(toInput)
                toInput = -1
            }
            var polled: [pollfd] = []
            if toInput >= 0, !pending.isEmpty { polled.append(pollfd(fd: toInput, events: Int16(POLLOUT), revents: 0)) }
            for end in [fromOutput, fromErrors] where end >= 0 {
                polled.append(pollfd(fd: end, events: Int16(POLLIN), revents: 0))
            }
            if polled.isEmpty { return isDone() }
            guard poll(&polled, nfds_t(polled.count), 10) > 0 else { continue }
            for entry in polled where entry.revents != 0 {
                if entry.fd == toInput {
                    let part = Array(pending.prefix(1 << 16))
                    let count = write(toInput, part, part.count)
                    if count > 0 {
                        pending = pending.dropFirst(count)
                    } else if count < 0, errno != EAGAIN, errno != EINTR {
                        pending = []
                        closesInput = true
                    }
                } else {
                    let count = read(entry.fd, &buffer, buffer.count)
                    if count > 0 {
                        if entry.fd == fromOutput { output += buffer[..<count] } else { errors += buffer[..<count] }
                    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                        // A terminal ends with an error of input.
                        close(entry.fd)
                        if entry.fd == fromOutput { fromOutput = -1 } else { fromErrors = -1 }
                    }
                }
            }
        }
        return isDone()
    }

    /// Closes its standard input when all is read, and waits for the end.
    func finish(within seconds: Double = 20) -> Ended {
        closesInput = true
        let deadline = ProcessInfo.processInfo.systemUptime + seconds
        pump(seconds: seconds) { self.fromOutput < 0 && self.fromErrors < 0 && self.toInput < 0 }
        var status: Int32 = 0
        while ending == nil {
            if waitpid(pid, &status, WNOHANG) == pid {
                let signal = status & 0x7F
                ending = signal == 0 ? .status((status >> 8) & 0xFF) : .signal(signal)
            } else if ProcessInfo.processInfo.systemUptime > deadline {
                kill(-pid, SIGKILL)
                waitpid(pid, &status, 0)
                ending = .timeLimit
            } else {
                usleep(1000)
            }
        }
        return Ended(ending: ending ?? .timeLimit, bytes: output, errorBytes: errors)
    }

    /// Its largest resident memory so far, in kB. (What `wait4` tells would count the test's own, from before exec.)
    var peakMemory: Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}

/// A folder that is removed with everything in it when the test is over.
final class TestFolder {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = NSTemporaryDirectory() + "pinfi-commands-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    subscript(name: String) -> String { path + "/" + name }

    /// All names in it, hidden ones too.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }
    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: self[name])) }
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: self[name])), as: UTF8.self)
    }
    func csv(_ name: String) throws -> CSVText { CSVText(try text(name)) }

    func status(_ name: String) throws -> stat {
        var status = stat()
        try #require(lstat(self[name], &status) == 0)
        return status
    }
    func mode(_ name: String) throws -> mode_t { try status(name).st_mode & 0o7777 }

    /// Starts pinfi in this folder.
    func start(
        _ arguments: [String], input: RunningProgram.Stream = .pipe, output: RunningProgram.Stream = .pipe,
        errors: RunningProgram.Stream = .pipe
    ) throws -> RunningProgram {
        let path = try #require(PinFi.path, "there is no executable pinfi beside the tests")
        return try RunningProgram(path, arguments, in: self.path, input: input, output: output, errors: errors)
    }

    /// Runs pinfi in this folder and checks what holds for every run: see `check`.
    func pinfi(
        _ arguments: [String], input: [UInt8] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Ended {
        let program = try start(arguments)
        program.feed(input)
        let ended = program.finish()
        check(ended, "pinfi " + arguments.joined(separator: " "), sourceLocation: sourceLocation)
        return ended
    }

    /// The same, of a line without quotes: arguments are what stands between blanks.
    func pinfi(
        _ line: String, input: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Ended {
        try pinfi(
            line.split(separator: " ").map(String.init), input: Array(input.utf8), sourceLocation: sourceLocation)
    }

    /// The same, where the run is to succeed in silence.
    func data(_ line: String, input: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws -> Ended {
        let ended = try pinfi(line, input: input, sourceLocation: sourceLocation)
        #expect(ended.status == 0, "pinfi \(line)", sourceLocation: sourceLocation)
        #expect(ended.errors == "", "pinfi \(line)", sourceLocation: sourceLocation)
        return ended
    }

    /// Runs a script of bash in this folder; `pinfi` is found in it.
    func bash(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Ended {
        let path = try #require(PinFi.path, "there is no executable pinfi beside the tests")
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let search = folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        let program = try RunningProgram("/bin/bash", ["-c", script], in: self.path, environment: ["PATH": search])
        let ended = program.finish()
        check(ended, script, knowsStatus: false, sourceLocation: sourceLocation)
        return ended
    }

    /// No signal, no trap, a status of the contract, no temporary left behind.
    func check(_ ended: Ended, _ line: String, knowsStatus: Bool = true, sourceLocation: SourceLocation) {
        switch ended.ending {
        case .status(let status):
            if knowsStatus {
                #expect(PinFi.statuses.contains(status), "\(line): \(ended.errors)", sourceLocation: sourceLocation)
            }
        case .signal(let number):
            Issue.record("signal \(number) ended: \(line)\n\(ended.errors)", sourceLocation: sourceLocation)
        case .timeLimit: Issue.record("the time limit ended: \(line)", sourceLocation: sourceLocation)
        }
        for word in ["Fatal error", "Stack dump", "Backtrace", "rashed", "Illegal instruction"] {
            #expect(!ended.errors.contains(word), "\(line)", sourceLocation: sourceLocation)
        }
        #expect(temporaries == [], "left behind by: \(line)", sourceLocation: sourceLocation)
    }

    /// The files that pinfi has not yet renamed into place.
    var temporaries: [String] { names.filter { $0.hasPrefix(".") && $0.hasSuffix(".tmp") } }
}
