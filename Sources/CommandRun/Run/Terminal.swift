import Foundation
import Reporting

/// What is known of the terminal, if there is one.
package enum Terminal {
    package static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    package static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal: of the one that standard output is, else COLUMNS, else 80.
    package static var width: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init), columns > 0 {
            return columns
        }
        return 80
    }

    /// Writes a message to standard error, in one piece; what a task of a study tells is kept for the study. What a user or a
    /// file gave cannot move the cursor in it.
    package static func tell(_ text: String) {
        let text = escapingControls(text, keepingLines: true)
        if let context = RunContext.current { context.tell(text) } else { tellRaw(text + "\n") }
    }

    /// Writes text to standard error as it stands. Where nobody can read it, nothing is lost that could be told.
    package static func tellRaw(_ text: String) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            written += count
        }
    }
}
