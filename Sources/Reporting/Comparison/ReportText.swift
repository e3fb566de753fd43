// The lines of a report.

/// `text` as one line that fills no screen.
func shown(_ text: String) -> String {
    let limit = 200
    let start = text.unicodeScalars.prefix(limit)
    return escapingControls(String(start)) + (start.endIndex < text.unicodeScalars.endIndex ? "…" : "")
}

/// `1 row`, `2 rows`
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// Lines for people.
struct ReportText {
    private static let width = 80
    let keys: [String]
    private(set) var text = ""

    init(keys: [String]) { self.keys = keys }

    /// Adds a line; what does not fit goes on below the first letter after the label.
    mutating func add(_ label: String, _ content: String = "") {
        // A label that would leave no room is a name that somebody gave.
        let label = label.count <= 40 || content.isEmpty ? label : label.prefix(37) + "…  "
        let lines = wrappedLines(content, Self.width - label.count)
        text += label + lines.joined(separator: "\n" + String(repeating: " ", count: label.count)) + "\n"
    }

    /// Says how many of a list are left out.
    mutating func addRest(of count: Int, limit: Int = ComparisonReport.limit) {
        if count > limit { add("  …         ", "and \(count - limit) more") }
    }

    /// Adds lines that are laid out already.
    mutating func add(lines: String) { text += lines }

    /// `alpha=0.5, region=aA`
    func place(_ row: RowKey) -> String {
        if keys.isEmpty { return "row \(row.row)" }
        return zip(keys, row.cells).map { "\(shown($0))=\(shown($1 ?? "–"))" }.joined(separator: ", ")
    }
}
