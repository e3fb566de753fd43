// Why two tables cannot be compared.

/// A comparison that makes no sense; differences between the tables are no errors but the result.
public enum ComparisonError: Error, Equatable, CustomStringConvertible {
    /// A key column is named twice.
    case repeatedKey(String)
    /// A key column is in neither table.
    case unknownKey(UnknownColumn)
    /// A key column is not in one of the tables, whose columns are `known`.
    case missingKey(String, table: String, known: [String])
    /// No file of two folders has all of the key columns.
    case keysNowhereTogether([String])
    /// The distance from a boundary below which labels may differ is negative, infinite or NaN.
    case wrongBoundaryDistance(Double)
    /// Labels may differ near a boundary, but the tables share no column that says how near a row is.
    case noMargin
    /// A tolerance is given for a key column.
    case toleranceOfKey(String)
    /// A tolerance is negative, infinite or NaN; no column means the default.
    case wrongTolerance(Double, column: String?)
    /// A tolerance is given for a column that is in neither table.
    case toleranceOfUnknownColumn(UnknownColumn)
    /// A tolerance other than `exact` is given for a column of words.
    case toleranceOfWords(column: String, tolerance: Tolerance)
    /// A table has two columns of the same name.
    case repeatedColumn(String, table: String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .repeatedKey(let name): return "The key column \(shownInMessage(name)) is named twice; name it once."
        case .unknownKey(let error): return "A key is no column of either table. \(error)"
        case .missingKey(let name, let table, let known):
            return "A key column is missing in \(table). \(UnknownColumn(name: name, known: known))"
        case .keysNowhereTogether(let names):
            return "No file has all of the key columns \(names.map(shownInMessage).joined(separator: ", "))."
        case .wrongBoundaryDistance(let distance):
            return "The distance from a boundary is \(formatShortest(distance)); it must be a finite number, 0 or more."
        case .noMargin:
            return "Labels may differ near a boundary, but the tables have no common column "
                + TableComparison.marginColumns.joined(separator: " or ") + ", which would say how near a row is."
        case .toleranceOfKey(let name):
            return
                "The column \(shownInMessage(name)) is a key and has a tolerance; rows are matched by equal keys only."
        case .wrongTolerance(let amount, let column):
            let place = column.map { "of the column " + shownInMessage($0) } ?? "by default"
            return "The tolerance \(place) is \(formatShortest(amount)); it must be a finite number, 0 or more."
        case .toleranceOfUnknownColumn(let error): return "A tolerance is given for a column of neither table. \(error)"
        case .toleranceOfWords(let column, let tolerance):
            return "The column \(shownInMessage(column)) has the tolerance \(tolerance), but it holds words; "
                + "they are compared exactly."
        case .repeatedColumn(let name, let table):
            return "There are two columns \(shownInMessage(name)) in \(table); give each column its own name."
        }
    }
}
