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
        if keys.isEmpty {
            text.add("      ", "Matched by their place, the first with the first: no column is named as a key.")
        }
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
        if let nearBoundary {
            text.add(
                "       ",
                "Beside them \(counted(nearBoundaryCells, "label")) in rows less than "
                    + "\(formatShortest(nearBoundary)) from a boundary, where that is allowed.")
        }
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
