// The report of a comparison, for people.

extension ComparisonReport: CustomStringConvertible {
    /// The report in lines of at most 80 characters, the last one ended too.
    public var description: String {
        var text = ReportText(keys: keys)
        text.add(agrees ? "The tables agree." : "The tables differ.")
        text.add("  expected  ", "\(shown(expectedName)), \(counted(expectedRows, "row"))")
        text.add("  found     ", "\(shown(foundName)), \(counted(foundRows, "row"))")
        text.add("")
        text.add(
            "Rows: ",
            "\(matchedRows) matched, \(missingRows) missing, \(addedRows) added, "
                + "\(counted(duplicateKeys, "key")) more than once.")
        for row in firstMissingRows { text.add("  missing   ", text.place(row) + line(row.line)) }
        text.addRest(of: missingRows)
        for row in firstAddedRows { text.add("  added     ", text.place(row) + line(row.line)) }
        text.addRest(of: addedRows)
        for duplicate in firstDuplicateKeys {
            let counts = ", \(duplicate.expectedRows) expected, \(duplicate.foundRows) found"
            text.add("  repeated  ", text.place(duplicate.key) + counts + line(duplicate.key.line))
        }
        text.addRest(of: duplicateKeys)
        text.add(
            "Columns: ", "\(columns.count) compared, \(missingColumns.count) missing, \(addedColumns.count) added.")
        for name in missingColumns { text.add("  missing   ", shown(name)) }
        for name in addedColumns { text.add("  added     ", shown(name)) }
        text.add("Cells: ", "\(differingCells) of \(comparedCells) differ.")
        for column in columns where column.differingCells > 0 {
            let units = formatRounded(column.worstUnits, digits: 3)
            let allowed = column.worstUnits.isFinite ? "by up to \(units) times the tolerance of" : "tolerance"
            let cells = counted(column.differingCells, "cell")
            text.add("  \(shown(column.name))  ", "\(cells), \(allowed) \(column.tolerance)")
        }
        guard !worst.isEmpty else { return text.text }
        text.add("")
        text.add("The worst differences, in units of the tolerance:")
        for difference in worst {
            text.add("  \(units(difference))", "\(shown(difference.column)) at \(text.place(difference.key))")
            text.add("              expected  ", value(difference.expected) + line(difference.key.line))
            text.add("              found     ", value(difference.found) + line(difference.foundLine))
        }
        return text.text
    }

    private func value(_ text: String?) -> String { text.map(shown) ?? "–" }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private func line(_ line: Int?) -> String { line.map { " (line \($0))" } ?? "" }

    /// Units, or the word for what is not measured, 12 columns wide.
    private func units(_ difference: CellDifference) -> String {
        let text =
            switch difference.kind {
            case .number: difference.units.isFinite ? formatRounded(difference.units, digits: 6) : "∞"
            case .word, .missing, .added, .unreadable: difference.kind.rawValue
            }
        return text + String(repeating: " ", count: max(12 - text.count, 1))
    }
}

/// `text` as one line that fills no screen.
private func shown(_ text: String) -> String {
    let limit = 200
    let start = text.unicodeScalars.prefix(limit)
    return escapingControls(String(start)) + (start.endIndex < text.unicodeScalars.endIndex ? "…" : "")
}

/// Lines for people.
private struct ReportText {
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
    mutating func addRest(of count: Int) {
        if count > ComparisonReport.limit { add("  …         ", "and \(count - ComparisonReport.limit) more") }
    }

    /// `alpha=0.5, region=aA`
    func place(_ row: RowKey) -> String {
        zip(keys, row.cells).map { "\(shown($0))=\(shown($1 ?? "–"))" }.joined(separator: ", ")
    }
}
