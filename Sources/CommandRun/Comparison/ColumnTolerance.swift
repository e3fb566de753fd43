import Reporting

/// `NAME=TOLERANCE`: how far the numbers of a column may be from the expected ones.
package struct ColumnTolerance {
    package let column: String
    package let tolerance: Tolerance

    package init(_ text: String) throws {
        guard let named = NamedValue(text), !named.name.isEmpty else {
            throw ArgumentFault("allowed: NAME=TOLERANCE, rest_price=\"1e-9 relative\" for example")
        }
        column = named.name
        tolerance = try Self.tolerance(named.value)
    }

    /// A transform for a tolerance alone.
    package static func tolerance(_ text: String) throws -> Tolerance {
        do { return try Tolerance(text) } catch { throw ArgumentFault("allowed: \(ToleranceTextError.allowed)") }
    }
}
