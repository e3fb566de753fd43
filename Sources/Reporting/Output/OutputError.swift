// What can go wrong with an output.
import Glibc

/// An output cannot be written.
public enum OutputError: Error, Equatable, CustomStringConvertible {
    /// The program that read the output has gone, as `head` does when it has seen enough: no fault, and no message due.
    case closedPipe
    /// The place cannot be written, and why.
    case cannotWrite(path: String, reason: String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .closedPipe: "The program that read the output has closed it."
        case .cannotWrite(let path, let reason): "Cannot write \(path): \(reason)."
        }
    }
}

/// The system's words for an error number, with what to do where that is known.
package func systemReason(_ code: Int32) -> String {
    let words = String(cString: strerror(code))
    switch code {
    case ENOSPC, EDQUOT: return "\(words); free some space or write to another place"
    case EBADF: return "it is closed"
    case EFBIG: return "the file would exceed the limit of file sizes; raise it (ulimit -f) or write less"
    case EMFILE: return "the process may have no more files open; raise the limit (ulimit -n)"
    case EAGAIN: return "the system gives no further process; raise the limit (ulimit -u) or try again later"
    case ENOMEM: return "there is not enough memory; free some, or raise the limit (ulimit -v)"
    default: return words
    }
}
