// The tables of two folders, compared file by file.
import Parallelism

/// Compares the tables of two folders, and of the folders in them: CSV files that have the same path in either.
///
/// The settings are those of a ``TableComparison``. Keys, tolerances and margins apply to the files that have such
/// columns: keys to those that have all of them.
public struct FolderComparison {
    private let settings: TableComparison
    private let dialect: CSVDialect
    private let table: (_ folder: String, _ path: String) throws -> ComparedTable

    /// A comparison with these settings.
    ///
    /// - Parameters:
    ///   - dialect: how the files are written.
    ///   - table: opens a CSV file of one of the folders, by its path, which begins with the folder's.
    public init(
        _ settings: TableComparison, dialect: CSVDialect = CSVDialect(),
        opening table: @escaping (_ folder: String, _ path: String) throws -> ComparedTable = { try .file($1) }
    ) {
        self.settings = settings
        self.dialect = dialect
        self.table = table
    }

    /// Compares all tables. The report is the same at any number of threads.
    ///
    /// - Throws: ``ComparisonError``, and ``InputError`` where a folder or a file cannot be read.
    public func compare(expected: String, found: String, threads: Int = availableProcessors) throws
        -> FolderComparisonReport
    {
        let (first, second) = (try FolderFiles(expected), try FolderFiles(found))
        let shared = first.tables.filter(Set(second.tables).contains)
        try refuseUnknownNames(
            try shared.flatMap { name in
                try [expected, found].map { try CSVReader(path: path(of: name, in: $0), dialect: dialect).header }
            })
        let files = try shared.map { name in
            let report = try compare(
                try table(expected, path(of: name, in: expected)), try table(found, path(of: name, in: found)),
                threads: threads)
            return FolderComparisonReport.File(name: name, report: report)
        }
        return FolderComparisonReport(
            expectedName: expected, foundName: found, files: files,
            missing: first.tables.filter { !Set(second.tables).contains($0) },
            added: second.tables.filter { !Set(first.tables).contains($0) },
            notCompared: Set(first.others).union(second.others).sorted())
    }

    private func compare(_ expected: ComparedTable, _ found: ComparedTable, threads: Int) throws -> ComparisonReport {
        let names = Set(expected.columnNames).intersection(found.columnNames)
        let either = Set(expected.columnNames).union(found.columnNames)
        let keys = settings.keys.flatMap { $0.allSatisfy(either.contains) ? $0 : nil }
        let hasMargin = TableComparison.marginColumns.contains(where: names.contains)
        return try TableComparison(
            keys: keys, tolerances: settings.tolerances.filter { either.contains($0.key) },
            defaultTolerance: settings.defaultTolerance, nearBoundary: hasMargin ? settings.nearBoundary : nil
        ).compare(expected: expected, found: found, threads: threads)
    }

    /// Refuses keys, tolerances and a distance that no table has a column for.
    private func refuseUnknownNames(_ headers: [[String]]) throws(ComparisonError) {
        guard !headers.isEmpty else { return }
        var known: [String] = []
        var seen: Set<String> = []
        for name in headers.joined() where seen.insert(name).inserted { known.append(name) }
        if let keys = settings.keys, !headers.contains(where: { Set($0).isSuperset(of: keys) }) {
            if let name = keys.first(where: { !seen.contains($0) }) {
                throw .unknownKey(UnknownColumn(name: name, known: known))
            }
            throw .keysNowhereTogether(keys)
        }
        for name in settings.tolerances.keys.sorted() where !seen.contains(name) {
            throw .toleranceOfUnknownColumn(UnknownColumn(name: name, known: known))
        }
        if settings.nearBoundary != nil, !TableComparison.marginColumns.contains(where: seen.contains) {
            throw .noMargin
        }
    }
}
