import Figures
import Foundation
import Reporting

/// Lets no signal end the program with a temporary file, an empty folder or a program that it has started left behind.
///
/// All is done within the handlers: they take no lock that the interrupted code may hold, and need no thread, which the
/// system may not give.
package enum Interruption {
    /// Call once, before any output is opened. A signal that was ignored from the start (nohup) stays ignored.
    package static func install() {
        TemporaryFiles.prepare()
        OutputFolder.prepare()
        TemporaryFolder.prepare()
        ChildProgram.prepare()
        // A reader that has gone, and a file that may not grow, are then errors of a write. Who started the program may
        // have had SIGCHLD ignored; then no child's end could be told.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGCHLD, SIG_DFL)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            var old = sigaction()
            sigaction(number, nil, &old)
            if unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                continue
            }
            handle(number, flags: SA_RESTART) { number in
                Interruption.clearAway()
                // The parent sees how the program ended.
                signal(number, SIG_DFL)
                kill(getpid(), number)
            }
        }
        handleFaults()
    }

    /// A fault of the program's own, or memory that the system does not give, ends with a message and a status as
    /// everything else does.
    private static func handleFaults() {
        // A stack of its own, since the other one may be what has run out.
        let size = 1 << 16
        var stack = stack_t(
            ss_sp: UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16), ss_flags: 0, ss_size: size)
        sigaltstack(&stack, nil)
        handle(SIGXCPU, flags: SA_ONSTACK) { _ in
            Interruption.end(
                "Error: the limit of processor time (ulimit -t) is reached; raise it, or ask for less at once.\n")
        }
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
            handle(number, flags: SA_ONSTACK) { _ in
                Interruption.end(
                    Interruption.memoryIsLimited
                        ? "Error: there is not enough memory; raise the limit (ulimit -v), or ask for less at once.\n"
                        : "Error: pinfi met a fault of its own and has written nothing; please report the command.\n")
            }
        }
    }

    private static func handle(_ number: Int32, flags: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        action.sa_flags = flags
        // One at a time: a second signal waits until the first has ended the program.
        sigfillset(&action.sa_mask)
        sigaction(number, &action, nil)
    }

    private static func clearAway() {
        ChildProgram.killAll()
        TemporaryFiles.discardAll()
        OutputFolder.discardAll()
        TemporaryFolder.discardAll()
    }

    /// Ends the program from within a handler.
    private static func end(_ message: StaticString) {
        clearAway()
        _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
        _exit(ExitStatus.numerics.rawValue)
    }

    /// Whether the process may have only so much memory.
    private static var memoryIsLimited: Bool {
        for resource in [RLIMIT_AS, RLIMIT_DATA] {
            var limit = rlimit()
            if getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max {
                return true
            }
        }
        return false
    }
}
