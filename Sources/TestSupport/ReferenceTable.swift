/// Rows of decimal numbers, some of them with more digits than a double has.
public struct ReferenceTable: Sendable {
    public let rows: [[ReferenceValue]]

    /// One row a line, numbers separated by blanks. A word that is no number becomes NaN, which no check accepts.
    public init(_ text: String) {
        rows = text.split(separator: "\n").map { line in
            line.split(separator: " ").map { ReferenceValue(String($0)) }
        }
    }
}

/// A number known to more digits than a double: 64 bits of significand on x86, elsewhere the nearest double.
public struct ReferenceValue: Sendable, CustomStringConvertible {
    public let description: String

    public init(_ decimal: String) { description = decimal }

    /// The nearest double.
    public var double: Double { Double(description) ?? .nan }

    /// The distance of `computed` from the reference in units of the reference's last place.
    ///
    /// Where there is nothing longer than a double the reference itself may be off by half an ulp, which is taken off.
    /// A reference beyond the largest double asks for an infinity.
    public func ulps(of computed: Double) -> Double { error(of: computed, unit: double.ulp) }

    /// The distance of `computed` from the reference in units of the last place of `term`, the largest of a sum.
    public func ulps(of computed: Double, term: Double) -> Double {
        error(of: computed, unit: max(double.ulp, abs(term).ulp))
    }

    private func error(of computed: Double, unit: Double) -> Double {
        if double.isInfinite { return computed == double ? 0 : .infinity }
        guard computed.isFinite else { return .infinity }
        #if arch(x86_64)
            guard let exact = Float80(description) else { return .infinity }
            return Double(abs(Float80(computed) - exact) / Float80(unit))
        #else
            return max(abs(computed - double) / unit - 0.5, 0)
        #endif
    }
}
