// `pinfi study report`: a page that needs nothing else.
import Foundation
import Testing

@Suite struct StudyReportTests {
    private func report(_ study: StudyFolder) throws -> String {
        let ended = try study.folder.pinfi("study report out -o r.html")
        #expect(ended.status == 0, "\(ended.errors)")
        return try study.folder.text("r.html")
    }

    @Test func whatThePageHas() throws {
        let study = try StudyFolder(smallStudy)
        #expect(try study.run("--quiet").status == 0)
        let page = try report(study)
        for words in [
            "<!DOCTYPE html>", "<html lang=\"en\">", "name=\"viewport\"", "<title>Study small</title>",
            "<h1>Study small</h1>",
            "<a href=\"out/diagram.csv\">diagram.csv</a>: the first 10 of 336 rows",
            "<th scope=\"col\">alpha_ratio</th>",
            "pinfi equilibrium --b 0.7 --y 0.79 --critical-lag", "estimator: saltelli", "SHA-256",
            "OpenBLAS".lowercased(),
            "@media print",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        for caption in page.matches(of: /<table>\n(.{9})/) { #expect(caption.1 == "<caption>") }
        #expect(page.matches(of: /(src|href)="(https?:|\/\/)/).isEmpty, "nothing from a network")
        #expect(!page.contains("<script"))
    }

    /// A table of many columns stands upright, a line for each; tasks that compare routes are named.
    @Test func wideTablesAndRoutes() throws {
        let study = try StudyFolder(
            """
            study: s
            defaults: {b: 0.7, d: 1.3}
            tasks:
              wide: {run: bounds, y: 0.79}
              routes: {run: equilibrium, y: 0.79, agreement: true}
              cells: {run: phase, x: 0:2:5, y: 0:1:5, agreement: true}
            """)
        #expect(try study.run("--quiet").status == 0)
        let page = try report(study)
        #expect(page.contains("<tr><th scope=\"row\">gamma_min</th><td>0.7</td></tr>"))
        #expect(page.contains("<thead><tr><th scope=\"col\">column</th><th scope=\"col\">row 1</th></tr></thead>"))
        #expect(page.contains("<li><strong>routes</strong>: the rows of <a href=\"out/routes.csv\">routes.csv</a> are"))
        #expect(page.contains("<li><strong>cells</strong>: Agreement of the two routes"))
    }

    @Test func textOfTheStudyIsEscaped() throws {
        let study = try StudyFolder(
            #"""
            study: s
            about: "<script>alert(1)</script> & \"x\" \u202e \e[31m"
            tasks:
              a: {run: phase, b: 0.7, d: 1.3, x: 0:2:5, y: 0:1:5, plot: svg, title: "<img src=x onerror=alert(2)>\"'&"}
            """#)
        let ended = try study.run("--quiet")
        if ended.status == 69 { return }  // no gnuplot
        #expect(ended.status == 0, "\(ended.errors)")
        let page = try report(study)
        #expect(!page.contains("<script"))
        #expect(!page.contains("<img src=x"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot; \\u{202E} \\u{1B}[31m"))
    }

    /// Names that only one element of a page may have are each there once.
    @Test func severalFigures() throws {
        let study = try StudyFolder(
            """
            study: s
            defaults: {b: 0.7, d: 1.3, x: 0:2:5, y: 0:1:5, plot: svg}
            tasks: {a: {run: phase}, b: {run: phase, labels: true}, c: {run: phase, plot: png}}
            """)
        let ended = try study.run("--quiet")
        if ended.status == 69 { return }  // no gnuplot
        #expect(ended.status == 0, "\(ended.errors)")
        let page = try report(study)
        let ids = page.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
        #expect(Set(ids).count == ids.count)
        #expect(page.matches(of: /<svg [^>]*role="img" aria-label="Figure of the task/).count == 2)
        #expect(page.contains("src=\"data:image/png;base64,"))
        for reference in page.matches(of: /href="#([^"]*)"/) {
            #expect(ids.contains(String(reference.1)), "\(reference.1)")
        }
    }

    @Test func failuresAreSaid() throws {
        let study = try StudyFolder(
            """
            study: s
            tasks:
              bad: {run: bounds, input: m.csv, delta: 1.3}
              kept: {run: bounds, input: m.csv, delta: 1.3, on-error: keep}
            """, ["m.csv": "beta\n0.7\nx\n"])
        #expect(try study.run("--quiet").status == 70)
        let page = try report(study)
        #expect(page.contains("<strong>Failed: bad.</strong>"))
        #expect(page.contains("m.csv, line 3"))
        #expect(page.contains("1 failed cell"))
        #expect(page.contains("Warning: 1 of 2 rows could not be solved"))
    }

    @Test func refused() throws {
        let study = try StudyFolder(smallStudy)
        #expect(try study.folder.pinfi("study report out").status == 66)
        #expect(try study.run("--quiet").status == 0)
        let before = try study.contents()
        for name in ["study.yaml", "manifest.json", "rest.csv"] {
            #expect(try study.folder.pinfi("study report out -o out/\(name)").status == 64)
        }
        #expect(try study.contents() == before)
        try study.folder.write("{", to: "out/manifest.json")
        #expect(try study.folder.pinfi("study report out").status == 65)
    }

    private static let chromium: String? = ["chromium-headless-shell", "chrome-headless-shell"].lazy.compactMap {
        name in
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }.first

    /// The page at the widths of a phone and of a screen does not scroll to the side, and prints.
    @Test(.enabled(if: chromium != nil, "needs the Debian package chromium-headless-shell"), arguments: [390, 1280])
    func inABrowser(width: Int) throws {
        let browser = try #require(Self.chromium)
        let study = try StudyFolder(smallStudy)
        #expect(try study.run("--quiet").status == 0)
        // The page says by itself whether it is no wider than the window.
        let page = try report(study).replacing(
            "</body>",
            with:
                "<script>document.title = [document.documentElement.scrollWidth <= innerWidth, innerWidth].join(' ')</script></body>"
        )
        try study.folder.write(page, to: "measured.html")
        func chromium(_ more: [String]) throws -> Ended {
            let program = try RunningProgram(
                browser,
                [
                    "--no-sandbox", "--disable-gpu", "--user-data-dir=\(study.folder["profile"])",
                    "--window-size=\(width),900",
                ]
                    + more + ["file://\(study.folder["measured.html"])"], in: study.folder.path)
            return program.finish(within: 120)
        }
        let tree = try chromium(["--dump-dom"])
        #expect(tree.status == 0)
        #expect(tree.output.contains("<title>true \(width)</title>"), "\(tree.output.prefix(300))")
        #expect(try chromium(["--screenshot=page.png"]).status == 0)
        #expect(try study.folder.status("page.png").st_size > 10_000)
        #expect(try chromium(["--print-to-pdf=page.pdf", "--no-pdf-header-footer"]).status == 0)
        let pdf = try Data(contentsOf: URL(fileURLWithPath: study.folder["page.pdf"]))
        #expect(pdf.starts(with: Data("%PDF-".utf8)))
    }
}
