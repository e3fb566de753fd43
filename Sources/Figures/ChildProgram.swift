// Running another program.
import Glibc
import Reporting

/// A program that is fed, listened to until it ends, and stopped when it takes too long or when this process ends.
///
/// Foundation's Process traps with few descriptors, and waits for ever where no thread is to be had.
package enum ChildProgram {
    /// How a program ended.
    enum Ending: Equatable {
        case status(Int32)
        case signal(Int32)
        /// The program was stopped after the limit of time.
        case tooSlow
        /// The program was stopped because it wrote more than ``mostOutput``.
        case tooMuch
    }

    /// What a program did.
    struct Run {
        var ending: Ending
        var output: [UInt8] = []
        /// The last of what it wrote to standard error.
        var words: [UInt8] = []
    }

    /// More bytes than this are no picture.
    static let mostOutput = 1 << 28
    private static let mostWords = 1 << 16

    /// The programs that run; each leads a process group of its number.
    private static let running = SignalSafeList<pid_t>(capacity: 256)

    /// Makes what ``killAll()`` needs; to be called before a signal handler that calls it is installed.
    package static func prepare() { _ = running }

    /// Kills the programs that run, with all that they have started, and lets no other start. For signal handlers too.
    package static func killAll() { running.close { kill(-$0, SIGKILL) } }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - path: the program's file.
    ///   - input: what it reads on standard input.
    ///   - limit: seconds after which it is killed.
    /// - Throws: the system's error where it cannot be started.
    static func run(
        _ path: String, _ arguments: [String], input: [UInt8], limit: Double
    ) throws(SystemError) -> Run {
        // Sockets in place of pipes: a send may go without SIGPIPE, and one pair serves both directions.
        var dialogue = try Pair()
        var words = try Pair()
        let pid = try start(path, arguments, dialogue: dialogue.theirs, words: words.theirs)
        dialogue.closeTheirs()
        words.closeTheirs()
        var run = Run(ending: .tooSlow)
        listen(to: pid, dialogue.ours, words.ours, input, limit, &run)
        return run
    }

    private static func start(
        _ path: String, _ arguments: [String], dialogue: Int32, words: Int32
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var code = posix_spawn_file_actions_init(&actions)
        guard code == 0 else { throw SystemError(code: code) }
        defer { posix_spawn_file_actions_destroy(&actions) }
        code = posix_spawnattr_init(&attributes)
        guard code == 0 else { throw SystemError(code: code) }
        defer { posix_spawnattr_destroy(&attributes) }
        for (ours, theirs) in [(dialogue, Int32(0)), (dialogue, 1), (words, 2)] {
            code = posix_spawn_file_actions_adddup2(&actions, ours, theirs)
            guard code == 0 else { throw SystemError(code: code) }
        }
        var none = sigset_t()
        sigemptyset(&none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | Int32(POSIX_SPAWN_SETPGROUP)))

        var texts = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var pid: pid_t = 0
        code = running.withLock {
            guard !running.isClosed else { return ECANCELED }
            guard running.hasRoom else { return EAGAIN }
            let code = posix_spawn(&pid, path, &actions, &attributes, &texts, environ)
            if code == 0 { running.add(pid) }
            return code
        }
        guard code == 0 else { throw SystemError(code: code) }
        return pid
    }

    /// Feeds and listens until the program has ended, and kills what is left of its group.
    private static func listen(
        to pid: pid_t, _ dialogue: Int32, _ words: Int32, _ input: [UInt8], _ limit: Double, _ run: inout Run
    ) {
        let deadline = seconds() + limit
        var sent = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var isOpen = (dialogue: true, words: true)
        if input.isEmpty { shutdown(dialogue, Int32(SHUT_WR)) }
        var stop: Ending?
        var end: Ending?
        while end == nil {
            if seconds() >= deadline { stop = .tooSlow }
            if run.output.count > mostOutput { stop = .tooMuch }
            if stop != nil { kill(-pid, SIGKILL) }
            end = ended(pid)
            var polled = [pollfd(fd: -1, events: 0, revents: 0), pollfd(fd: -1, events: Int16(POLLIN), revents: 0)]
            if isOpen.dialogue {
                polled[0].fd = dialogue
                polled[0].events = Int16(sent < input.count ? POLLIN | POLLOUT : POLLIN)
            }
            if isOpen.words { polled[1].fd = words }
            // What has ended has its last words in the sockets. Who closes them without ending is waited for.
            let anyOpen = isOpen.dialogue || isOpen.words
            if poll(&polled, 2, end != nil ? 0 : anyOpen ? 20 : 2) < 0 { continue }
            if polled[0].revents & Int16(POLLOUT) != 0 {
                let count = input[sent...].withUnsafeBytes {
                    send(dialogue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                }
                if count > 0 { sent += count } else if errno != EAGAIN, errno != EINTR { sent = input.count }
                if sent == input.count { shutdown(dialogue, Int32(SHUT_WR)) }
            }
            let receivable = Int16(POLLIN | POLLHUP | POLLERR)
            if polled[0].revents & receivable != 0 {
                repeat {
                    isOpen.dialogue = receive(dialogue, &buffer, into: &run.output)
                } while end != nil && isOpen.dialogue && run.output.count <= mostOutput && isReadable(dialogue)
            }
            if polled[1].revents & receivable != 0 {
                repeat {
                    isOpen.words = receive(words, &buffer, into: &run.words)
                    if run.words.count > mostWords { run.words.removeFirst(run.words.count - mostWords) }
                } while end != nil && isOpen.words && isReadable(words)
            }
        }
        // What it has started and left behind.
        kill(-pid, SIGKILL)
        run.ending = stop ?? end ?? .tooSlow
    }

    /// How the program ended, where it has.
    private static func ended(_ pid: pid_t) -> Ending? {
        var status: Int32 = 0
        let waited = running.withLock { () -> pid_t in
            let waited = waitpid(pid, &status, WNOHANG)
            // Struck off as it is reaped: its number may be another's now.
            if waited != 0 { _ = running.remove { $0 == pid } }
            return waited
        }
        switch waited {
        case 0: return nil
        case pid: return status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
        // Reaped by somebody else (SIGCHLD was ignored from the start): its output must tell.
        default: return .status(0)
        }
    }

    /// Appends what can be read; false at the end.
    private static func receive(_ descriptor: Int32, _ buffer: inout [UInt8], into bytes: inout [UInt8]) -> Bool {
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { bytes += buffer[..<count] }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    private static func isReadable(_ descriptor: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) == 1
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Two connected sockets above the standard descriptors, which no program inherits of its own accord.
    private struct Pair: ~Copyable {
        let ours: Int32
        private(set) var theirs: Int32

        init() throws(SystemError) {
            var ends: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemError(code: errno) }
            for index in ends.indices where ends[index] <= 2 {
                let higher = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
                let code = errno
                close(ends[index])
                guard higher >= 0 else {
                    close(ends[1 - index])
                    throw SystemError(code: code)
                }
                ends[index] = higher
            }
            (ours, theirs) = (ends[0], ends[1])
        }

        mutating func closeTheirs() {
            if theirs >= 0 { close(theirs) }
            theirs = -1
        }

        deinit {
            close(ours)
            if theirs >= 0 { close(theirs) }
        }
    }
}
