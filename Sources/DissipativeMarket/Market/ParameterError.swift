/// A value of a parameter that the model does not allow.
public struct ParameterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The parameter's name as options and columns have it: "beta", "kappa-g".
    public let name: String
    /// The name in words: "external price".
    public let title: String
    /// The value that was given.
    public let value: Double
    /// What would have been allowed: "a finite number greater than 0".
    public let allowed: String

    /// An error for a parameter of any kind.
    public init(name: String, title: String, value: Double, allowed: String) {
        self.name = name
        self.title = title
        self.value = value
        self.allowed = allowed
    }

    /// An error for a parameter of the market, in that parameter's own words.
    public init(parameter: MarketParameter, value: Double) {
        self.init(name: parameter.rawValue, title: parameter.title, value: value, allowed: parameter.allowed)
    }

    /// The error in a line: `p (failure probability) is 1.2; allowed: a number from 0 to 1`.
    public var description: String { "\(name) (\(title)) is \(value); allowed: \(allowed)" }
}
