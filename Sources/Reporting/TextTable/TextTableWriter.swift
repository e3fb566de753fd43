// Tables and records for people, on a terminal.

/// Writes text for people: numbers to 6 significant digits, `–` for what is missing, no line wider than the terminal.
public struct TextTableWriter: Sendable {
    private let width: Int
    private let keyColumns: Int
    private let pageRows: Int

    /// A writer for a terminal of this width.
    ///
    /// - Parameters:
    ///   - width: columns of the terminal; 40 at least are used.
    ///   - keyColumns: how many columns at the left say which row it is; each block of a wide table repeats them.
    ///   - pageRows: rows that are laid out together; more of them start again with a header.
    public init(width: Int = 80, keyColumns: Int = 1, pageRows: Int = 500) {
        self.width = max(width, 40)
        self.keyColumns = max(keyColumns, 0)
        self.pageRows = max(pageRows, 1)
    }

    /// Writes a table, a page at a time.
    ///
    /// - Throws: ``OutputError``, ``MalformedChunk``, or what the table's source throws.
    @discardableResult
    public func write(_ table: Table, to destination: OutputDestination) throws -> WriteSummary {
        var summary = WriteSummary(rows: 0, bytes: 0)
        var page = table.columns.map { _ in [String]() }
        var rows = 0
        func flush() throws {
            let text = (summary.rows > 0 ? "\n" : "") + layOut(page, of: table.columns)
            try destination.write(text)
            summary.rows += rows
            summary.bytes += text.utf8.count
            rows = 0
            for index in page.indices { page[index].removeAll(keepingCapacity: true) }
        }
        try table.forEachChunkInOrder { chunk in
            try chunk.check(against: table.columns)
            var row = 0
            while row < chunk.rowCount {
                let end = min(chunk.rowCount, row + pageRows - rows)
                for index in page.indices {
                    page[index] += chunk.columns[index].shown(as: table.columns[index], rows: row..<end)
                }
                rows += end - row
                row = end
                if rows == pageRows { try flush() }
            }
        }
        if rows > 0 || summary.rows == 0 { try flush() }
        return summary
    }

    /// Writes a record as lines of name, value, and what the value is where that fits.
    @discardableResult
    public func write(_ record: Record, to destination: OutputDestination) throws(OutputError) -> WriteSummary {
        let nameWidth = record.fields.map { $0.column.name.count }.max() ?? 0
        let values = record.fields.map(\.value.shown)
        let valueWidth = values.map(\.count).filter { $0 <= 24 }.max() ?? 0
        var text = ""
        for (field, value) in zip(record.fields, values) {
            let name = padded(field.column.name, nameWidth) + "  "
            let room = max(width - nameWidth - 2, 20)
            let lines = value.count <= room ? [value] : wrappedLines(value, room)
            text += name + lines.joined(separator: "\n" + String(repeating: " ", count: nameWidth + 2))
            if lines.count == 1 {
                let start = max(value.count, valueWidth)
                let (unit, summary) = (field.column.unit, field.column.summary)
                let both = [summary, unit].filter { !$0.isEmpty }.joined(separator: "; ")
                if let note = [both, summary, unit].first(where: {
                    !$0.isEmpty && nameWidth + 2 + start + 2 + $0.count <= width
                }) {
                    text += String(repeating: " ", count: start - value.count + 2) + note
                }
            }
            text += "\n"
        }
        try destination.write(text)
        return WriteSummary(rows: 1, bytes: text.utf8.count)
    }

    /// One page: blocks of columns, each with a header, a blank line between two.
    private func layOut(_ page: [[String]], of columns: [Column]) -> String {
        let aligned = zip(columns, page).map { column, cells in
            let cells = ([column.name] + cells).map { clipped($0, to: width) }
            let widest = cells.map(\.count).max() ?? 0
            return cells.map { padded($0, widest, atLeft: column.isNumeric) }
        }
        let widths = aligned.map { $0.first?.count ?? 0 }
        var blocks: [[Int]] = []
        let keys = Array(columns.indices.prefix(keyColumns))
        var block: [Int] = []
        var used = 0
        for index in columns.indices {
            if !block.isEmpty, used + 2 + widths[index] > width {
                blocks.append(block)
                // Keys that would leave no room for a column are not repeated beside it.
                let keyWidth = keys.reduce(0) { $0 + widths[$1] + 2 }
                block = index >= keyColumns && keyWidth + widths[index] <= width ? keys : []
                used = block.isEmpty ? -2 : keyWidth - 2
            } else if block.isEmpty {
                used = -2
            }
            block.append(index)
            used += 2 + widths[index]
        }
        blocks.append(block)
        let rowCount = aligned.first?.count ?? 0
        let texts = blocks.map { block in
            (0..<rowCount).map { row in
                var line = Substring(block.map { aligned[$0][row] }.joined(separator: "  "))
                while line.last == " " { line.removeLast() }
                return line + "\n"
            }.joined()
        }
        return texts.joined(separator: "\n")
    }

    private func padded(_ text: String, _ width: Int, atLeft: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(width - text.count, 0))
        return atLeft ? blanks + text : text + blanks
    }

    private func clipped(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "…"
    }
}

/// Lines of at most `width` characters, broken at blanks where there are any.
public func wrappedLines(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var rest = Substring(text)
    while rest.count > width {
        let head = rest.prefix(width + 1)
        if let blank = head.lastIndex(of: " "), blank > rest.startIndex {
            lines.append(String(rest[..<blank]))
            rest = rest[rest.index(after: blank)...]
        } else {
            lines.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
    }
    return lines + [String(rest)]
}
