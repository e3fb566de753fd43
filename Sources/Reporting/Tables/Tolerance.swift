// How far a number may be from the one that is expected.

/// How far a number may be from the one that is expected.
///
/// A number f agrees with the expected e where |f − e| is at most the bound of the tolerance. Difference and bound are
/// compared as the exact real numbers that the doubles stand for, so a value at the very edge agrees and the next one
/// beyond it does not. 0 and −0 always agree.
public enum Tolerance: Sendable, Equatable {
    /// The bound is 0: only the same number agrees.
    case exact
    /// The bound is this number, in the units of the column.
    case absolute(Double)
    /// The bound is this multiple of |e|; it asks for 0 exactly where 0 is expected.
    case relative(Double)
    /// The bound is this many units in the last place of e.
    case ulps(Double)
    /// The larger of the two bounds: relative far from zero, absolute near it.
    case absoluteOrRelative(absolute: Double, relative: Double)

    /// The numbers of the tolerance.
    private var amounts: [Double] {
        switch self {
        case .exact: []
        case .absolute(let amount), .relative(let amount), .ulps(let amount): [amount]
        case .absoluteOrRelative(let absolute, let relative): [absolute, relative]
        }
    }

    /// The first of its numbers that is negative or not finite.
    var wrongAmount: Double? { amounts.first { !($0 >= 0 && $0.isFinite) } }

    /// How far two numbers are apart, in units of the bound; nil where they agree.
    ///
    /// What is returned is more than 1 in any case, and infinite where the bound is 0. Neither number is NaN.
    func units(expected: Double, found: Double) -> Double? {
        guard expected != found else { return nil }
        return units(of: ExactSum(difference: found, expected).magnitude, expected: expected)
    }

    /// How far two integers that a double may not hold are apart, in units of the bound; nil where they agree. The
    /// difference is rounded to a double, the zero is exact.
    func units(expectedInteger expected: Int128, foundInteger found: Int128) -> Double? {
        guard expected != found else { return nil }
        let difference = ExactSum(value: Double((expected - found).magnitude), rest: 0)
        return units(of: difference, expected: Double(expected))
    }

    private func units(of difference: ExactSum, expected: Double) -> Double? {
        let size = expected.magnitude
        let bound: ExactSum
        switch self {
        case .exact: bound = ExactSum(value: 0, rest: 0)
        case .absolute(let amount): bound = ExactSum(value: amount, rest: 0)
        case .relative(let amount): bound = ExactSum(product: amount, size)
        case .ulps(let amount): bound = ExactSum(product: amount, size.ulp)
        case .absoluteOrRelative(let absolute, let relative):
            let smaller = ExactSum(value: absolute, rest: 0)
            let larger = ExactSum(product: relative, size)
            bound = smaller.isAtMost(larger) ? larger : smaller
        }
        guard !difference.isAtMost(bound) else { return nil }
        let units = difference.value / bound.value
        // ∞ / ∞ where both overflow; and just beyond the edge the quotient may round to 1.
        return units.isNaN ? .infinity : max(units, 1.0.nextUp)
    }
}

extension Tolerance: CustomStringConvertible {
    /// The tolerance as people write it, and as ``init(_:)`` reads it: `exact`, `1e-09 absolute`, `1e-09 relative`, `4
    /// ulp`,
    /// `1e-12 absolute or 1e-09 relative`.
    public var description: String {
        switch self {
        case .exact: "exact"
        case .absolute(let amount): "\(formatShortest(amount)) absolute"
        case .relative(let amount): "\(formatShortest(amount)) relative"
        case .ulps(let amount): "\(formatShortest(amount)) ulp"
        case .absoluteOrRelative(let absolute, let relative):
            "\(formatShortest(absolute)) absolute or \(formatShortest(relative)) relative"
        }
    }
}

extension Tolerance {
    /// The tolerance that a text says.
    ///
    /// The text is one of `exact`, `1e-9 relative`, `1e-12 absolute`, `4 ulp`, and `1e-12 absolute or 1e-9 relative`
    /// with its two parts in either order. A bare number is an absolute tolerance. Upper and lower case are alike.
    ///
    /// - Throws: ``ToleranceTextError``.
    public init(_ text: String) throws(ToleranceTextError) {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        let parts = words.split(separator: "or", omittingEmptySubsequences: false).map(Array.init)
        if words == ["exact"] {
            self = .exact
            return
        }
        var absolute: Double?
        var relative: Double?
        var ulps: Double?
        for part in parts {
            guard let first = part.first, part.count <= 2, let amount = Self.amount(first) else {
                throw ToleranceTextError(text: text)
            }
            guard amount >= 0 else { throw ToleranceTextError(text: text) }
            switch part.dropFirst().first {
            case nil where absolute == nil, "absolute" where absolute == nil: absolute = amount
            case "relative" where relative == nil: relative = amount
            case "ulp" where ulps == nil, "ulps" where ulps == nil: ulps = amount
            default: throw ToleranceTextError(text: text)
            }
        }
        switch (absolute, relative, ulps) {
        case (let absolute?, nil, nil): self = .absolute(absolute)
        case (nil, let relative?, nil): self = .relative(relative)
        case (let absolute?, let relative?, nil): self = .absoluteOrRelative(absolute: absolute, relative: relative)
        case (nil, nil, let ulps?): self = .ulps(ulps)
        default: throw ToleranceTextError(text: text)
        }
    }

    private static func amount(_ word: String) -> Double? {
        var word = word
        guard case .number(let amount) = word.withUTF8({ readNumber($0) }) else { return nil }
        return amount + 0  // no −0
    }
}

/// A text that says no tolerance.
public struct ToleranceTextError: Error, Equatable, CustomStringConvertible {
    /// The text.
    public let text: String

    /// What texts say one.
    public static let allowed =
        "\"exact\", \"1e-9 relative\", \"1e-12 absolute\", \"4 ulp\" or \"1e-12 absolute or 1e-9 relative\", with finite "
        + "numbers of at least 0"

    /// A sentence for people.
    public var description: String { "\(shownInMessage(text)) is no tolerance; allowed: \(Self.allowed)." }
}

/// A real number as a double and what rounding to it has left over.
private struct ExactSum {
    var value: Double
    var rest: Double

    init(value: Double, rest: Double) {
        self.value = value
        self.rest = rest
    }

    /// a − b, exactly (Knuth's TwoSum), unless it overflows.
    init(difference a: Double, _ b: Double) {
        value = a - b
        let subtracted = a - value
        rest = (a - (value + subtracted)) + (subtracted - b)
    }

    /// a·b, exactly, unless it overflows or the rest is below the smallest double.
    init(product a: Double, _ b: Double) {
        value = a * b
        rest = (-value).addingProduct(a, b)
    }

    var magnitude: ExactSum { value < 0 ? ExactSum(value: -value, rest: -rest) : self }

    /// Rounding is monotonic, so the rests decide only where the doubles are equal.
    func isAtMost(_ other: ExactSum) -> Bool {
        value < other.value || (value == other.value && rest <= other.rest)
    }
}
