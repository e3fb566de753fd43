// Tables and records for a text: Markdown and LaTeX.

/// Writes tables that go into a text, numbers to 6 significant digits, as a stream of rows.
public struct PaperTableWriter: Sendable {
    /// The language of the text.
    public enum Markup: Sendable {
        /// A pipe table, as GitHub and pandoc read it.
        case markdown
        /// A `tabular` with the rules of the package booktabs.
        case latex
    }

    private let markup: Markup

    public init(_ markup: Markup) { self.markup = markup }

    /// Writes a table row by row, at constant memory.
    ///
    /// - Throws: ``OutputError``, ``MalformedChunk``, or what the table's source throws.
    @discardableResult
    public func write(_ table: Table, to destination: OutputDestination) throws -> WriteSummary {
        var summary = WriteSummary(rows: 0, bytes: 0)
        func put(_ text: String) throws {
            try destination.write(text)
            summary.bytes += text.utf8.count
        }
        try put(head(table.columns))
        try table.forEachChunkInOrder { chunk in
            try chunk.check(against: table.columns)
            let columns = zip(chunk.columns, table.columns).map { $0.shown(as: $1, rows: 0..<chunk.rowCount) }
            var text = ""
            for row in 0..<chunk.rowCount {
                text += line(zip(columns, table.columns).map { cell($0[row], isNumber: $1.isNumeric) })
            }
            try put(text)
            summary.rows += chunk.rowCount
        }
        try put(foot)
        return summary
    }

    /// Writes a record as a table of its names, values and units.
    @discardableResult
    public func write(_ record: Record, to destination: OutputDestination) throws(OutputError) -> WriteSummary {
        var text = head([Column("quantity", .text), Column("value", .real), Column("unit", .text)])
        for field in record.fields {
            text += line([
                cell(field.column.name, isNumber: false), cell(field.value.shown, isNumber: field.column.isNumeric),
                cell(field.column.unit, isNumber: false),
            ])
        }
        text += foot
        try destination.write(text)
        return WriteSummary(rows: 1, bytes: text.utf8.count)
    }

    private func head(_ columns: [Column]) -> String {
        let names = columns.map { cell($0.name, isNumber: false) }
        return switch markup {
        case .markdown: line(names) + "|" + columns.map { $0.isNumeric ? " ---: |" : " :--- |" }.joined() + "\n"
        case .latex:
            "% needs \\usepackage{booktabs}\n\\begin{tabular}{"
                + columns.map { $0.isNumeric ? "r" : "l" }.joined() + "}\n\\toprule\n" + line(names) + "\\midrule\n"
        }
    }

    private func line(_ cells: [String]) -> String {
        switch markup {
        case .markdown: "| " + cells.joined(separator: " | ") + " |\n"
        case .latex: cells.joined(separator: " & ") + " \\\\\n"
        }
    }

    private var foot: String {
        switch markup {
        case .markdown: ""
        case .latex: "\\bottomrule\n\\end{tabular}\n"
        }
    }

    private func cell(_ text: String, isNumber: Bool) -> String {
        switch markup {
        case .markdown: isNumber ? text : Self.escaped(text, Self.markdown)
        case .latex: isNumber ? Self.latexNumber(text) : Self.escaped(text, Self.latex)
        }
    }

    /// A number in mathematics: `-1.5e-07` is `$-1.5\times10^{-7}$`.
    private static func latexNumber(_ text: String) -> String {
        guard text != Value.shownMissing else { return "--" }
        let parts = text.split(separator: "e", maxSplits: 1)
        guard parts.count == 2, let exponent = Int(parts[1]) else { return "$\(text)$" }
        return "$\(parts[0])\\times10^{\(exponent)}$"
    }

    private static func escaped(_ text: String, _ marks: [Character: String]) -> String {
        text.reduce(into: "") { $0 += marks[$1] ?? String($1) }
    }

    /// What Markdown would take for markup within a cell.
    private static let markdown: [Character: String] = Dictionary(
        "\\`*_[]<>|~".map { ($0, "\\\($0)") }, uniquingKeysWith: { first, _ in first })

    /// What LaTeX would take for commands.
    private static let latex: [Character: String] = [
        "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "&": "\\&", "%": "\\%",
        "$": "\\$", "#": "\\#", "_": "\\_", "{": "\\{", "}": "\\}", "–": "--",
    ]
}
