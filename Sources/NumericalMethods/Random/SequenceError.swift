/// What a sequence cannot be.
public enum SequenceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No dimension, or more than there are directions for.
    case dimensions(Int, allowed: ClosedRange<Int>)

    /// The error in a line.
    public var description: String {
        switch self {
        case .dimensions(let count, let allowed):
            "the sequence has \(count) dimensions; allowed: \(allowed.lowerBound) to \(allowed.upperBound)"
        }
    }
}
