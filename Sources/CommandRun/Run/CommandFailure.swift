import DissipativeMarket
import Figures
import Reporting

/// The exit statuses that scripts rely on, after sysexits.h.
public enum ExitStatus: Int32, Sendable {
    case done = 0
    /// A check found a difference.
    case difference = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    /// A program that is needed is missing.
    case unavailable = 69
    /// The numerics failed.
    case numerics = 70
    case cannotCreate = 73
}

/// The end of a run that did not do what it was asked: a status for scripts and a sentence for people.
package struct CommandFailure: Error, CustomStringConvertible {
    package let status: ExitStatus
    package let description: String

    package init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    /// What an error of a library means for the command line; nil for a reader that has gone, which is no failure.
    package init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case InputError.cannotRead(_, _): self.init(.noInput, "\(error)")
        case is InputError: self.init(.badData, "\(error)")
        case OutputError.closedPipe: return nil
        case is OutputError: self.init(.cannotCreate, "\(error)")
        case ComparisonError.missingKey(_, _, _), ComparisonError.repeatedColumn(_, _): self.init(.badData, "\(error)")
        case ComparisonError.unknownKey(let error): self.init(.usage, "--key: \(error)")
        case is ComparisonError: self.init(.usage, "\(error)")
        case is UnknownColumn, is RepeatedColumn: self.init(.usage, "--columns: \(error)")
        case is FigureRequestError: self.init(.usage, "\(error)")
        case GnuplotError.missing: self.init(.unavailable, "\(error)")
        case let error as ParameterError: self.init(.usage, "--\(error)")
        default: self.init(.numerics, "\(error)")
        }
    }
}
