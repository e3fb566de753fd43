// What the columns of a table mean, as a table.

/// What the columns of a table mean, as a table with a row for each: `column, kind, unit, values, meaning`.
///
/// `kind` is one of real, integer, boolean, label and text; `values` are the words of a label, with bars between them.
public func dataDictionary(of columns: [Column]) -> Table {
    func values(_ kind: Column.Kind) -> String? {
        if case .label(let words) = kind { words.joined(separator: "|") } else { nil }
    }
    let definitions = [
        Column("column", .text, summary: "name of the column"),
        Column("kind", .label(["real", "integer", "boolean", "label", "text"]), summary: "what its cells hold"),
        Column("unit", .text, summary: "unit of its numbers; empty for bare numbers and words"),
        Column("values", .text, summary: "the words of a label, with bars between them"),
        Column("meaning", .text, summary: "what it is"),
    ]
    let kinds = columns.map { column -> UInt8 in
        switch column.kind {
        case .real: 0
        case .integer: 1
        case .boolean: 2
        case .label: 3
        case .text: 4
        }
    }
    let chunk = TableChunk(
        rowCount: columns.count,
        columns: [
            .text(columns.map(\.name)), .label(kinds), .text(columns.map(\.unit)),
            .text(columns.map { values($0.kind) }), .text(columns.map(\.summary)),
        ])
    return Table(columns: definitions, source: .indexed(chunkCount: 1) { _ in chunk })
}
