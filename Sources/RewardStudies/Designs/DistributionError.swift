/// What is wrong with a distribution.
public enum DistributionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No `name(argument, …)`.
    case malformed(text: String)
    /// There is no distribution of that name.
    case unknownName(String)
    /// Another number of arguments than the distribution has.
    case argumentCount(distribution: String, found: Int, allowed: String)
    /// An argument, counted from 1, that is no number.
    case notANumber(distribution: String, argument: Int, text: String)
    /// A parameter outside of its range.
    case outOfRange(distribution: String, parameter: String, value: Double, allowed: String)
    /// The values of an empirical distribution are yet to be read.
    case valuesNotGiven
    /// An empirical distribution of fewer than two different values.
    case tooFewValues(different: Int)
    /// Another number of weights than of values.
    case weightCount(values: Int, weights: Int)

    /// The error in a line.
    public var description: String {
        switch self {
        case .malformed(let text):
            "\(text) is no distribution; allowed: NAME(ARGUMENT,…), uniform(0.5,0.9) for example"
        case .unknownName(let name):
            "there is no distribution \(name); allowed: \(Distribution.names.joined(separator: ", "))"
        case .argumentCount(let distribution, let found, let allowed):
            "\(distribution) has \(found) argument\(found == 1 ? "" : "s"); allowed: \(allowed)"
        case .notANumber(let distribution, let argument, let text):
            "argument \(argument) of \(distribution) is \(text.isEmpty ? "empty" : text); allowed: a number"
        case .outOfRange(let distribution, let parameter, let value, let allowed):
            "\(parameter) of \(distribution) is \(value); allowed: \(allowed)"
        case .valuesNotGiven: "the values of the empirical distribution have not been read"
        case .tooFewValues(let different):
            "an empirical distribution has \(different) different value\(different == 1 ? "" : "s"); allowed: 2 or more"
        case .weightCount(let values, let weights):
            "an empirical distribution has \(values) values and \(weights) weights; allowed: as many weights as values"
        }
    }
}
