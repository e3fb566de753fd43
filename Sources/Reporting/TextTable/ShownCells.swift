// Cells as people read them.

extension Value {
    /// What stands for a missing value where people read it.
    static let shownMissing = "–"

    /// The value for people: a number to 6 significant digits, `–` where it is missing.
    var shown: String {
        switch self {
        case .real(let number?) where number.isFinite: formatRounded(number)
        case .integer(let number): String(number)
        case .boolean(let truth): truth ? "true" : "false"
        case .text(let text): escapingControls(text)
        case .real, .missing: Self.shownMissing
        }
    }
}

extension ColumnValues {
    /// Some cells of a column for people.
    func shown(as column: Column, rows: Range<Int>) -> [String] {
        switch self {
        case .real(let values): values[rows].map { Value.real($0).shown }
        case .integer(let values): values[rows].map { ($0.map(Value.integer) ?? .missing).shown }
        case .boolean(let values): values[rows].map { ($0.map(Value.boolean) ?? .missing).shown }
        case .text(let values): values[rows].map { ($0.map(Value.text) ?? .missing).shown }
        case .label(let values):
            if case .label(let words) = column.kind {
                values[rows].map { Int($0) < words.count ? words[Int($0)] : Value.shownMissing }
            } else {
                values[rows].map { _ in Value.shownMissing }
            }
        }
    }
}
