// What a comparison of two folders has found.

/// What a comparison of tables file by file has found.
public struct FolderComparisonReport: Sendable, Equatable {
    /// A file that both sides have.
    public struct File: Sendable, Equatable {
        /// Its path in the folders.
        public let name: String
        /// How its tables compare.
        public let report: ComparisonReport

        /// The report of a file.
        public init(name: String, report: ComparisonReport) {
            self.name = name
            self.report = report
        }
    }

    /// How the two sides are named.
    public let expectedName: String, foundName: String
    /// The tables that both have, in order.
    public let files: [File]
    /// Tables that only the expected side has, and only the found one.
    public let missing: [String], added: [String]
    /// Files that are no tables, on either side.
    public let notCompared: [String]

    /// A report of these findings.
    public init(
        expectedName: String, foundName: String, files: [File], missing: [String] = [], added: [String] = [],
        notCompared: [String] = []
    ) {
        self.expectedName = expectedName
        self.foundName = foundName
        self.files = files
        self.missing = missing
        self.added = added
        self.notCompared = notCompared
    }

    /// The files whose tables differ.
    public var differing: [File] { files.filter { !$0.report.agrees } }

    /// Whether both sides have the same tables, and none of them differs.
    public var agrees: Bool { missing.isEmpty && added.isEmpty && differing.isEmpty }

    /// The report as a tidy table: what ``ComparisonReport/table`` has, with the file before it.
    public var table: Table {
        var findings: [(file: String, finding: Finding)] = []
        for name in missing { findings.append((name, Finding(kind: .tableMissing))) }
        for name in added { findings.append((name, Finding(kind: .tableAdded))) }
        for name in notCompared { findings.append((name, Finding(kind: .notCompared))) }
        for file in files { findings += file.report.findings.map { (file.name, $0) } }
        return Finding.table(findings.map(\.finding), files: findings.map(\.file))
    }
}

extension FolderComparisonReport: CustomStringConvertible {
    /// The report in lines of at most 80 characters, the last one ended too: first which files, then how they differ.
    public var description: String {
        var text = ReportText(keys: [])
        text.add(agrees ? "The tables agree." : "The tables differ.")
        text.add("  expected  ", shown(expectedName))
        text.add("  found     ", shown(foundName))
        text.add("")
        text.add(
            "Files: ",
            "\(files.count) compared, \(differing.count) of them different; \(missing.count) missing, "
                + "\(added.count) added.")
        func list(_ label: String, _ names: [String]) {
            for name in names.prefix(Self.limit) { text.add(label, shown(name)) }
            text.addRest(of: names.count, limit: Self.limit)
        }
        list("  different     ", differing.map(\.name))
        list("  missing       ", missing)
        list("  added         ", added)
        list("  not compared  ", notCompared)
        for file in differing.prefix(ComparisonReport.limit) {
            text.add("")
            text.add(lines: file.report.description)
        }
        if differing.count > ComparisonReport.limit {
            text.add("")
            text.add("", "…and \(differing.count - ComparisonReport.limit) files more that differ.")
        }
        return text.text
    }

    /// How many files of a kind are listed at most.
    private static let limit = 100
}
