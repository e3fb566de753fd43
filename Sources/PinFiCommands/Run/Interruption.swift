import Foundation
import Reporting

/// Lets SIGINT, SIGTERM and SIGHUP end the program without leaving a temporary file behind.
///
/// The handler only writes the signal's number into a pipe. A thread that reads it removes the temporaries and then sends
/// the signal again with its default action, so that the parent sees how the program ended.
enum Interruption {
    nonisolated(unsafe) private static var pipeEnd: Int32 = -1

    /// Call once, before any output is opened. A signal that was ignored from the start (nohup) stays ignored.
    static func install() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }  // the default action then ends the program all the same
        // Above the standard descriptors: of those that are closed none may turn out to be this pipe.
        for index in ends.indices {
            let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
            close(ends[index])
            ends[index] = moved
        }
        guard ends[0] >= 0, ends[1] >= 0 else { return }
        pipeEnd = ends[1]
        let readEnd = ends[0]
        let thread = Thread {
            var number: UInt8 = 0
            while read(readEnd, &number, 1) != 1 {}
            TemporaryFiles.discardAll()
            signal(Int32(number), SIG_DFL)
            kill(getpid(), Int32(number))
        }
        thread.start()
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var old = sigaction()
            sigaction(number, nil, &old)
            if unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                continue
            }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                let saved = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Interruption.pipeEnd, &byte, 1)
                errno = saved
            }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
    }
}
