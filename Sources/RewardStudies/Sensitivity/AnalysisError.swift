/// What is wrong with the input of an analysis.
public enum AnalysisError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A number that steers the analysis is outside of its range.
    case outOfRange(name: String, value: Double, allowed: String)
    /// An array of another length than the design has.
    case wrongLength(name: String, count: Int, expected: Int)

    /// The error in a line.
    public var description: String {
        switch self {
        case .outOfRange(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
        case .wrongLength(let name, let count, let expected): "\(name) has \(count) values; allowed: \(expected)"
        }
    }
}
