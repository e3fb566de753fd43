import Reporting

/// What a comparison says in the end, to people and by its status.
package struct ComparisonVerdict {
    package let agrees: Bool
    /// The report, in lines.
    package let report: String
    /// How much was compared.
    package let extent: String

    package init(_ report: ComparisonReport) {
        agrees = report.agrees
        self.report = report.description
        extent = Self.extent([report])
    }

    /// - Parameter others: what differs beside the tables, in lines.
    package init(_ report: FolderComparisonReport, others: [String] = []) {
        agrees = report.agrees && others.isEmpty
        self.report = report.description + others.map { $0 + "\n" }.joined()
        extent = Self.counted(report.files.count, "file") + ", " + Self.extent(report.files.map(\.report))
    }

    /// Says that there is no difference, or ends the run with the status for one and the report.
    ///
    /// - Parameters:
    ///   - agreement: what to say where nothing differs, without a full stop.
    ///   - difference: what to say first where something does.
    package func tell(agreement: String, difference: String, quiet: Bool) throws {
        guard agrees else { throw CommandFailure(.difference, "\(difference).\n\(report)") }
        if !quiet { Terminal.tell("\(agreement): \(extent).") }
    }

    private static func extent(_ reports: [ComparisonReport]) -> String {
        let rows = reports.reduce(0) { $0 + $1.matchedRows }
        let cells = reports.reduce(0) { $0 + $1.comparedCells }
        var text = counted(rows, "row")
        let keys = Set(reports.map(\.keys))
        if reports.count == 1, let keys = keys.first, !keys.isEmpty {
            text += " by " + keys.map { shownInMessage($0).dropFirst().dropLast() }.joined(separator: ", ")
        } else if keys == [[]] {
            text += " by their place (no column is named as a key)"
        }
        text += ", \(counted(cells, "cell")) within their tolerances"
        if reports.contains(where: { $0.nearBoundary != nil }) {
            let near = reports.reduce(0) { $0 + $1.nearBoundaryCells }
            text += ", \(counted(near, "label")) beside them near a boundary"
        }
        return text
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
