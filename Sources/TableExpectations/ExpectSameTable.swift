// An expectation of Swift Testing: two tables are the same within tolerances.
import Reporting
import Testing

/// Expects that two tables are the same within tolerances; where they differ, or cannot be compared, the test has an issue
/// at the caller's place, with the words of the report.
///
/// Rows are matched by keys, in any order, and cells compared as ``TableComparison`` says.
///
/// - Parameters:
///   - expected: what should have come out.
///   - found: what has.
///   - keys: the columns that say which row is which: none to match rows by their place, nil to take those that the
///     tables' definitions name.
///   - tolerances: how far the numbers of columns may be from the expected ones.
///   - defaultTolerance: the same for the other columns; nil for those of the tables' definitions, and `exact` where
///     there is none.
///   - nearBoundary: the distance from a boundary (columns `margin` or `band_margin`) below which a row's words may
///     differ; nil for nowhere.
/// - Returns: whether the tables are the same.
@discardableResult
public func expectSameTable(
    _ expected: ComparedTable, _ found: ComparedTable, keys: [String]? = nil, tolerances: [String: Tolerance] = [:],
    defaultTolerance: Tolerance? = nil, nearBoundary: Double? = nil, sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
    do {
        let report = try TableComparison(
            keys: keys, tolerances: tolerances, defaultTolerance: defaultTolerance, nearBoundary: nearBoundary
        ).compare(expected: expected, found: found)
        if !report.agrees { Issue.record(Comment(rawValue: report.description), sourceLocation: sourceLocation) }
        return report.agrees
    } catch {
        Issue.record("The tables cannot be compared. \(error)", sourceLocation: sourceLocation)
        return false
    }
}
