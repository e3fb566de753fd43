import ArgumentParser
import CommandRun
import Foundation
import Reporting

/// `pinfi compare`: two tables, or the tables of two folders, cell by cell within tolerances.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Two tables, or the tables of two folders, compared cell by cell within tolerances.",
        discussion: """
            EXPECTED is what should have come out, FOUND what has: two CSV files, or two folders, whose CSV files are \
            compared by their paths. Ends with 0 where they are the same and with 1 where they differ; what differs is \
            said on standard error, the worst ten cells of each file in units of their tolerance, and written as a \
            table to --output (standard output) and --report.

            Rows match where their keys are equal, in any order. The keys, kinds and tolerances of pinfi's own tables \
            are known from the manifest beside the file, or from the header. Of other tables --key says the keys; \
            without it the first row is compared with the first, and numbers must be equal.

            A tolerance is 'exact', '1e-9 relative', '1e-12 absolute', '4 ulp', or '1e-12 absolute or 1e-9 relative', \
            of which the wider counts; a bare number is absolute. Words are compared exactly.

            Examples:
              pinfi compare baseline/diagram.csv diagram.csv
              pinfi compare baseline new --default-tolerance "1e-9 relative" \\
                --near-boundary 1e-9 --report differences.csv
              pinfi compare old.csv new.csv --key market,date \\
                --tolerance price="1e-6 absolute"
            """)

    @Argument(help: "What should have come out: a CSV file, a folder, or - for standard input.")
    var expected: String

    @Argument(help: "What has come out: a CSV file, a folder, or - for standard input.")
    var found: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The columns that say which row is which, separated by commas.", valueName: "a,b"),
        transform: namesArgument)
    var key: [String]?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "How far the numbers of a column may be from the expected ones; may be repeated.",
            valueName: "name=tolerance"),
        transform: ColumnTolerance.init)
    var tolerance: [ColumnTolerance] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The same for all other columns of numbers.", valueName: "tolerance"),
        transform: ColumnTolerance.tolerance)
    var defaultTolerance: Tolerance?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Let words differ in rows whose margin or band_margin, in either table, is nearer to 0 than this; they are \
            counted apart.
            """, valueName: "distance"),
        transform: numberArgument("distance from a boundary", .notNegative))
    var nearBoundary: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the table of what differs to this file, as CSV.", valueName: "file.csv"))
    var report: String?

    @OptionGroup(title: "The tables") var csv: CSVOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        var tolerances: [String: Tolerance] = [:]
        for given in tolerance where tolerances.updateValue(given.tolerance, forKey: given.column) != nil {
            throw CommandFailure(
                .usage, "--tolerance names the column \(shownInMessage(given.column)) twice; name it once.")
        }
        let comparison = try TableComparison(
            keys: key, tolerances: tolerances, defaultTolerance: defaultTolerance, nearBoundary: nearBoundary)
        let files = try RunFiles(common, sides: [("--report", report)])
        let run = try RunOutputs("compare", common, files)
        record(in: run)
        let verdict: ComparisonVerdict
        let table: Table
        switch (isFolder(expected), isFolder(found)) {
        case (false, false):
            // Both are open before anything is read: standard input can be only one of them.
            let (first, second) = (
                try CSVSide("EXPECTED", expected, csv, common, files),
                try CSVSide("FOUND", found, csv, common, files)
            )
            let report = try comparison.compare(
                expected: first.table(), found: second.table(), threads: common.threads)
            for side in [first, second] { warn(side) }
            (verdict, table) = (ComparisonVerdict(report), report.table)
        case (true, true):
            var sides: [CSVSide] = []
            let folders = FolderComparison(comparison, dialect: csv.dialect()) { folder, path in
                sides.append(try CSVSide(folder == expected ? "EXPECTED" : "FOUND", path, csv, common, files))
                return try sides[sides.count - 1].table()
            }
            let report = try folders.compare(expected: expected, found: found, threads: common.threads)
            for side in sides { warn(side) }
            guard !report.files.isEmpty || !report.agrees else {
                throw CommandFailure(
                    .noInput, "There is no CSV file in \(shownInMessage(expected)) nor in \(shownInMessage(found)).")
            }
            (verdict, table) = (ComparisonVerdict(report), report.table)
        case (true, false):
            // What is not there is told as that.
            _ = try InputBytes(path: found)
            throw CommandFailure(
                .usage,
                "\(shownInMessage(expected)) is a folder and \(shownInMessage(found)) is a file; "
                    + "give two files or two folders.")
        case (false, true):
            _ = try InputBytes(path: expected)
            throw CommandFailure(
                .usage,
                "\(shownInMessage(expected)) is a file and \(shownInMessage(found)) is a folder; "
                    + "give two files or two folders.")
        }
        try write(table, run)
        let name = found == "-" ? "standard input" : String(shownInMessage(found).dropFirst().dropLast())
        try verdict.tell(
            agreement: "\(name) is as expected", difference: "\(name) is not as expected", quiet: common.quiet)
    }

    private func record(in run: RunOutputs) {
        run.record.configuration["keys"] = key.map { .array($0.map { .text($0) }) } ?? .null
        run.record.configuration["near_boundary"] = JSONValue(nearBoundary)
        for given in tolerance { run.record.tolerances[given.column] = .text(given.tolerance.description) }
        run.record.configuration["default_tolerance"] = JSONValue(defaultTolerance?.description)
    }

    /// Writes what differs as a table: to --report, and as the data unless that would only repeat on a terminal what is
    /// said there anyway.
    private func write(_ table: Table, _ run: RunOutputs) throws {
        try run.write("--report") { table }
        if common.output != nil || common.format != nil || !Terminal.outputIsTerminal {
            try run.write(table, keyColumns: 1)
        }
        try run.finish()
    }

    /// Warns of a table that is not the one that the manifest beside it tells of.
    private func warn(_ side: CSVSide) {
        guard side.isChanged else { return }
        common.warn(
            "\(side.input.name) is not what the manifest beside it says (another hash): it was changed by hand. It is "
                + "compared as it stands.")
    }

    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// A file that is compared, with what the manifest beside it says of it.
private struct CSVSide {
    let input: InputBytes
    private let stored: ManifestTables.StoredTable?

    private let csv: CSVOptions
    private let common: CommonOptions

    init(
        _ argument: String, _ path: String, _ csv: CSVOptions, _ common: CommonOptions, _ files: RunFiles
    ) throws {
        (self.csv, self.common) = (csv, common)
        stored =
            path == "-" ? nil : try ManifestTables.table(at: path) { try files.open("the manifest of \(argument)", $0) }
        input = try files.open(argument, path, hashing: stored?.sha256 != nil)
    }

    /// What is known of it beside its header: by the manifest, or else by the header itself.
    func table() throws -> ComparedTable {
        let reader = try CSVReader(input, dialect: csv.dialect())
        csv.tell(of: reader, common)
        return .csv(reader, definition: stored?.definition ?? KnownTables.definition(header: reader.header))
    }

    /// Whether the file, which has been read to its end, has another hash than the manifest says.
    var isChanged: Bool { stored?.sha256.map { $0 != input.sha256 } ?? false }
}
