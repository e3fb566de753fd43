/// A value of a parameter that the model does not allow.
public struct ParameterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The parameter's name as options and columns have it: "beta", "kappa-g".
    public let name: String
    /// The name in words: "external price".
    public let title: String
    /// The value that was given.
    public let value: Double
    /// The allowed values in words: "a finite number greater than 0".
    public let allowed: String

    /// An error for a quantity that has no definition of its own, a share at the start for example.
    public init(name: String, title: String, value: Double, allowed: String) {
        self.name = name
        self.title = title
        self.value = value
        self.allowed = allowed
    }

    /// An error for a parameter in its own words.
    ///
    /// - Parameter allowed: what would have been allowed where that depends on other parameters; the domain unless given.
    @inline(never)
    public init(_ parameter: ParameterDefinition, value: Double, allowed: String? = nil) {
        self.init(
            name: parameter.name, title: parameter.title, value: value,
            allowed: allowed ?? parameter.domain.description)
    }

    /// The error in a line: `p (failure probability) is 1.2; allowed: a number from 0 to 1`.
    public var description: String { "\(name) (\(title)) is \(value); allowed: \(allowed)" }
}
