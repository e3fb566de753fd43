import CommandRun
import Foundation
import Reporting

/// A run directory as one HTML page that needs nothing else: figures, the first rows of tables, what was asked and by what it
/// was computed.
struct StudyReport {
    let folder: String
    /// The run directory as seen from where the page will lie.
    let link: String
    let manifest: StudyManifest

    /// The most rows of a table that the page shows.
    private static let mostRows = 10
    /// The most columns that stand beside each other.
    private static let mostColumns = 14

    /// - Parameters:
    ///   - folder: the run directory.
    ///   - link: the run directory as seen from where the page will lie.
    /// - Throws: `InputError` where the manifest cannot be read or is none.
    init(_ folder: String, link: String) throws {
        self.folder = folder
        self.link = link
        manifest = try StudyManifest(path: RunRecords.manifestPath(folder))
    }

    /// The page.
    var html: String {
        let title = htmlText(manifest.study)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Study \(title)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header>
            <h1>Study \(title)</h1>
            \(manifest.about.map { "<p>\(htmlText($0))</p>" } ?? "")
            <p>\(verdict)</p>
            </header>
            <main>
            \(([summary, agreement] + manifest.records.enumerated().map { section($1, number: $0 + 1) } + [resolved, origin]).joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private var verdict: String {
        let failed = manifest.records.filter { !$0.status.hasOutputs }
        let sum = "\(counted(manifest.records.count, "task")), \(counted(failedCells, "failed cell"))"
        if failed.isEmpty { return "\(sum); every task is done." }
        return "\(sum). <strong>Failed: \(failed.map { htmlText($0.name) }.joined(separator: ", ")).</strong>"
    }

    private var failedCells: Int { manifest.records.reduce(0) { $0 + $1.failedCells } }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    // MARK: - Sections

    private var summary: String {
        let rows = manifest.records.map { record in
            [
                "<a href=\"#task-\(linkAddress(record.name))\">\(htmlText(record.name))</a>", htmlText(record.command),
                status(record), htmlText(rowsText(record)), "\(record.failedCells)", "\(record.warnings.count)",
                formatRounded(record.seconds, digits: 3),
            ]
        }
        return "<section aria-labelledby=\"tasks\">\n<h2 id=\"tasks\">Tasks</h2>\n"
            + table(
                caption: "The tasks, in the order of the file",
                header: ["Task", "Command", "Status", "Rows", "Failed cells", "Warnings", "Seconds"], rows: rows,
                numbers: [false, false, false, true, true, true, true], hasRowHeader: true) + "\n</section>"
    }

    private func rowsText(_ record: TaskRecord) -> String {
        record.outputs.first { $0.isTable }.flatMap { $0.rowsOfAll ?? $0.table["rows"]?.wholeNumber }.map(String.init)
            ?? ""
    }

    private func status(_ record: TaskRecord) -> String {
        switch record.status {
        case .done: "done"
        case .different: "<strong>difference</strong>"
        case .failed: "<strong>failed</strong>"
        }
    }

    /// What tasks say of results that were computed in two ways.
    private var agreement: String {
        let told = manifest.records.flatMap { record in
            agreement(record).map { "<li><strong>\(htmlText(record.name))</strong>: \($0)</li>" }
        }
        let text =
            told.isEmpty
            ? "<p>No task was asked to compute a result in two ways (the option agreement of phase and equilibrium).</p>"
            : "<ul>\n\(told.joined(separator: "\n"))\n</ul>"
        return """
            <section aria-labelledby="agreement">
            <h2 id="agreement">Agreement of independent routes</h2>
            \(text)
            </section>
            """
    }

    /// What a task says of a result that was computed in two ways; of one that only makes a table of the ways, which.
    private func agreement(_ record: TaskRecord) -> [String] {
        let told = record.agreement.map(lines)
        guard told.isEmpty, record.settings["agreement"] == .boolean(true), let table = record.outputs.first else {
            return told
        }
        return ["the rows of \(linked(table)) are the routes, with the distance of each from the sharp price."]
    }

    private func section(_ record: TaskRecord, number: Int) -> String {
        let id = "task-\(htmlText(record.name))"
        var parts = [
            "<section aria-labelledby=\"\(id)\">", "<h2 id=\"\(id)\">\(htmlText(record.name))</h2>",
            "<pre class=\"command\"><code>\(htmlText(record.typed))</code></pre>",
        ]
        switch record.status {
        case .done: break
        case .different(let reason):
            parts.append("<p><strong>A check found a difference.</strong> \(lines(reason))</p>")
        case .failed(let reason): parts.append("<p><strong>The task failed.</strong> \(lines(reason))</p>")
        }
        if record.failedCells > 0 {
            parts.append("<p>\(counted(record.failedCells, "failed cell")): the column status says why.</p>")
        }
        if !record.messages.isEmpty {
            parts.append("<ul>\n" + record.messages.map { "<li>\(lines($0))</li>" }.joined(separator: "\n") + "\n</ul>")
        }
        for (place, file) in record.outputs.enumerated() {
            parts.append(shown(file, of: record, prefix: "t\(number)-f\(place)-"))
        }
        if !record.inputs.isEmpty {
            parts.append("<h3>Read</h3>\n<ul>")
            parts += record.inputs.map {
                "<li>\(htmlText($0.name)) <span class=\"hash\">SHA-256 \(htmlText($0.sha256))</span></li>"
            }
            parts.append("</ul>")
        }
        parts.append("</section>")
        return parts.joined(separator: "\n")
    }

    /// The study with all defaults, as the run directory has it.
    private var resolved: String {
        let text = contents("study.yaml", atMost: 1 << 24).map { String(decoding: $0, as: UTF8.self) }
        return """
            <section aria-labelledby="study">
            <h2 id="study">The study with all defaults</h2>
            \(text.map { "<pre><code>\(htmlText($0))</code></pre>" } ?? "<p>The file study.yaml is not in the run directory.</p>")
            </section>
            """
    }

    /// By what, when and with which files the run was made.
    private var origin: String {
        var facts: [(String, String)] = []
        facts.append(("Command", "<code>\(htmlText(manifest.run["command"]?.string ?? ""))</code>"))
        for member in manifest.run["versions"]?.object?.members ?? [] {
            facts.append((member.name, htmlText(member.value.string ?? "")))
        }
        facts.append(("Begun", htmlText(manifest.run["start"]?.string ?? "")))
        facts.append(("Threads", htmlText(manifest.run["threads"]?.text ?? "")))
        let host = manifest.run["host"]
        facts.append(
            (
                "Machine",
                htmlText(
                    [host?["system"]?.string, host?["architecture"]?.string].compactMap { $0 }.joined(separator: ", "))
            ))
        let list = facts.map { "<dt>\(htmlText($0.0))</dt><dd>\($0.1)</dd>" }.joined(separator: "\n")
        let files = manifest.records.flatMap(\.outputs).map { file in
            [linked(file), "<span class=\"hash\">\(htmlText(file.sha256))</span>"]
        }
        return "<section aria-labelledby=\"origin\">\n<h2 id=\"origin\">How it was made</h2>\n<dl>\n\(list)\n</dl>\n"
            + table(
                caption: "The files and their hashes", header: ["File", "SHA-256"], rows: files, hasRowHeader: true)
            + "\n</section>"
    }

    // MARK: - Files

    private func linked(_ file: RecordedFile) -> String {
        "<a href=\"\(linkAddress("\(link)/\(file.name)"))\">\(htmlText(file.name))</a>"
    }

    private func shown(_ file: RecordedFile, of record: TaskRecord, prefix: String) -> String {
        let label =
            "Figure of the task \(record.name), \(file.name): \(record.settings["title"]?.string ?? record.typed)"
        if let bytes = contents(file.name, atMost: 1 << 26) {
            if file.name.hasSuffix(".svg"),
                let svg = InlineSVG(String(decoding: bytes, as: UTF8.self), prefix: prefix, label: label).element
            {
                return "<figure>\n\(svg)\n<figcaption>\(linked(file))</figcaption>\n</figure>"
            }
            if file.name.hasSuffix(".png") {
                return "<figure>\n<img alt=\"\(htmlText(label))\" src=\"data:image/png;base64,"
                    + "\(Data(bytes).base64EncodedString())\">\n<figcaption>\(linked(file))</figcaption>\n</figure>"
            }
        }
        if file.isTable, file.name.hasSuffix(".csv"), let table = firstRows(file) { return table }
        return "<p>\(linked(file))</p>"
    }

    private func firstRows(_ file: RecordedFile) -> String? {
        guard let reader = try? CSVReader(path: "\(folder)/\(file.name)") else { return nil }
        var rows: [[String]] = []
        while rows.count < Self.mostRows, let record = try? reader.next() { rows.append(record.fields.map(htmlText)) }
        let all = file.table["rows"]?.wholeNumber ?? rows.count
        let header = reader.header.map(htmlText)
        let extent = all > rows.count ? "the first \(rows.count) of \(counted(all, "row"))" : counted(all, "row")
        let kept = file.every > 1 ? ", each \(file.every)th of \(file.rowsOfAll ?? all)" : ""
        let caption = "\(linked(file)): \(extent)\(kept)"
        guard header.count <= Self.mostColumns else {
            // Upright: a line for each column, so that it fits on paper.
            let lines = header.enumerated().map { column, name in
                [name] + rows.map { column < $0.count ? $0[column] : "" }
            }
            return table(
                caption: caption, header: ["column"] + rows.indices.map { "row \($0 + 1)" }, rows: lines,
                hasRowHeader: true)
        }
        let numbers = header.indices.map { column in
            rows.contains { column < $0.count && !$0[column].isEmpty }
                && rows.allSatisfy { column >= $0.count || $0[column].isEmpty || Double($0[column]) != nil }
        }
        return table(
            caption: caption, header: header, rows: rows, numbers: numbers)
    }

    private func contents(_ name: String, atMost limit: Int) -> [UInt8]? {
        try? InputBytes(path: "\(folder)/\(name)").readAll(atMost: limit)
    }

    // MARK: - Pieces

    /// A table in a box of its own that scrolls where it is too wide. All texts are HTML.
    private func table(
        caption: String, header: [String], rows: [[String]], numbers: [Bool] = [], hasRowHeader: Bool = false
    ) -> String {
        func isNumber(_ column: Int) -> Bool { column < numbers.count && numbers[column] }
        let head = header.map { "<th scope=\"col\">\($0)</th>" }.joined()
        let body = rows.map { row in
            let cells = row.enumerated().map { column, text in
                if hasRowHeader, column == 0 { return "<th scope=\"row\">\(text)</th>" }
                return isNumber(column) ? "<td class=\"n\">\(text)</td>" : "<td>\(text)</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        let name = String(caption.filter { $0 != "\n" }).replacing(/<[^>]*>/, with: "")
        return """
            <div class="scroll" role="region" aria-label="\(name)" tabindex="0">
            <table>
            <caption>\(caption)</caption>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body.joined(separator: "\n"))
            </tbody>
            </table>
            </div>
            """
    }

    private func lines(_ text: String) -> String {
        text.split(separator: "\n").map { htmlText(String($0)) }.joined(separator: "<br>")
    }

    private static let style = """
        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: #fff; color: #111;
          font: 16px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0; }
        h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; border-top: 1px solid #767676; padding-top: 0.75rem; }
        h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
        a { color: #0b3d91; }
        pre { background: #f4f4f4; padding: 0.5rem; white-space: pre-wrap; font-size: 0.85rem; margin: 0.5rem 0; }
        figure { margin: 1rem 0; }
        figure svg, figure img { max-width: 100%; height: auto; }
        figcaption, caption { text-align: left; font-size: 0.9rem; padding: 0.25rem 0; }
        .scroll { overflow-x: auto; margin: 1rem 0; }
        table { border-collapse: collapse; font-size: 0.85rem; overflow-wrap: normal; }
        th, td { border-bottom: 1px solid #bbb; padding: 0.2rem 0.6rem 0.2rem 0; text-align: left; vertical-align: top;
          white-space: nowrap; }
        td.n { text-align: right; font-variant-numeric: tabular-nums; }
        .hash { font: 0.8rem "Liberation Mono", monospace; overflow-wrap: anywhere; }
        dt { font-weight: bold; }
        dd { margin: 0 0 0.5rem 0; }
        @page { margin: 15mm; }
        @media print {
          body { max-width: none; padding: 0; font-size: 10pt; color: #000; }
          a { color: inherit; text-decoration: none; }
          .scroll { overflow: visible; }
          table { font-size: 7pt; }
          th, td { white-space: normal; overflow-wrap: anywhere; padding-right: 0.3rem; }
          pre { background: none; border: 1px solid #bbb; }
          h2, h3, caption { break-after: avoid; }
          figure, tr { break-inside: avoid; }
        }
        """
}

extension TaskRecord {
    /// What it warned of.
    var warnings: [String] { messages.filter { $0.hasPrefix("Warning:") } }

    /// What it says of results that were computed in two ways.
    var agreement: [String] {
        let told = messages.filter { $0.hasPrefix("Agreement") }
        if case .different(let reason) = status, reason.hasPrefix("Agreement") { return told + [reason] }
        return told
    }
}
