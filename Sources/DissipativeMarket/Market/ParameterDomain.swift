/// An interval of finite numbers: the values that a parameter may have.
public struct ParameterDomain: Equatable, Sendable, CustomStringConvertible {
    /// The lower end.
    public let lower: Double
    /// The upper end; +∞ where there is none.
    public let upper: Double
    /// Whether the lower end belongs to the interval.
    public let includesLower: Bool
    /// Whether the upper end belongs to the interval; +∞ never does.
    public let includesUpper: Bool

    /// The numbers greater than 0.
    public static let positive = ParameterDomain(0, .infinity, includesLower: false)
    /// The numbers of at least 0.
    public static let notNegative = ParameterDomain(0, .infinity)
    /// The numbers from 0 to 1: probabilities and shares.
    public static let unit = ParameterDomain(0, 1)

    /// The interval between two ends, with both of them unless said otherwise.
    public init(_ lower: Double, _ upper: Double, includesLower: Bool = true, includesUpper: Bool = true) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower
        self.includesUpper = includesUpper && upper < .infinity
    }

    /// Whether a number belongs to the interval. NaN and infinities never do.
    @inline(__always)
    public func contains(_ value: Double) -> Bool {
        (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
    }

    /// The interval with both of its ends.
    public var closure: ClosedRange<Double> { lower...upper }

    /// The allowed values in words: "a finite number greater than 0", "a number from 0 to less than 1".
    public var description: String {
        let low = Self.text(lower)
        if upper == .infinity {
            return "a finite number " + (includesLower ? "of at least \(low)" : "greater than \(low)")
        }
        let high = Self.text(upper)
        return includesLower
            ? "a number from \(low) to " + (includesUpper ? high : "less than \(high)")
            : "a number greater than \(low) and " + (includesUpper ? "at most \(high)" : "less than \(high)")
    }

    /// The interval in signs, for a narrow place: "> 0", "≥ 0", "0…1", "0…<1", "0<…1".
    public var brief: String {
        let low = Self.text(lower)
        if upper == .infinity { return (includesLower ? "≥ " : "> ") + low }
        return low + (includesLower ? "" : "<") + "…" + (includesUpper ? "" : "<") + Self.text(upper)
    }

    private static func text(_ end: Double) -> String { Int(exactly: end).map(String.init) ?? "\(end)" }
}
