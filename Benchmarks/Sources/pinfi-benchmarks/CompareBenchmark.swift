import Foundation
import Reporting

/// Two CSV files of 1,000,000 rows of a key and 7 doubles, compared cell by cell, against polars reading both and joining
/// them by the key. Once with the rows of both in one order, once with those of the second in another.
final class CompareBenchmark {
    private static let rowCount = 1_000_000
    private static let rowsAtOnce = 8192
    private static let columns = [Column("id", .integer)] + (1...7).map { Column("x\($0)", .real) }

    private let folder: URL
    private var expectedPath: String { folder.appending(path: "expected.csv").path }
    private var foundPath: String { folder.appending(path: "found.csv").path }
    private var permutedPath: String { folder.appending(path: "permuted.csv").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pinfi-compare-benchmark-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var random = SplitMix(seed: 5)
        let ids = Array(0..<Self.rowCount)
        let reals = (0..<7).map { _ in ids.map { _ in random.nextUnit() } }
        let order = ids.shuffled(using: &random)
        for (path, rows) in [(expectedPath, ids), (foundPath, ids), (permutedPath, order)] {
            let table = Table(
                columns: Self.columns, rows: Self.rowCount, atOnce: Self.rowsAtOnce
            ) { range in
                [.integer(range.map { rows[$0] })] + reals.map { column in .real(range.map { column[rows[$0]] }) }
            }
            let destination = try OutputDestination.open(path)
            try CSVWriter(threads: 2).write(table, to: destination)
            try destination.commit()
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func rows(threads: Int, pairs: Int) throws -> [BenchmarkRow] {
        var name = ""
        let polars: PolarsPeer?
        do {
            let found = try PolarsPeer(
                threads: threads, table: expectedPath, output: folder.appending(path: "polars.csv").path)
            name = "polars \(found.version), read_csv of both and join"
            polars = found
        } catch let missing as PolarsPeer.Missing {
            name = "skipped: \(missing.reason)"
            polars = nil
        }
        return try [("compare", foundPath), ("compare-permuted", permutedPath)].map { benchmark, path in
            let costs = try PairedCosts(pairs: pairs) {
                try cost { try compare(with: path, threads: threads) }
            } peer: {
                try polars?.cost("join \(expectedPath) \(path)")
            }
            return BenchmarkRow(benchmark, threads: threads, costs: costs, peer: name)
        }
    }

    private func compare(with path: String, threads: Int) throws {
        let comparison = try TableComparison(
            keys: ["id"], defaultTolerance: .absoluteOrRelative(absolute: 1e-12, relative: 1e-12))
        let report = try comparison.compare(expected: .file(expectedPath), found: .file(path), threads: threads)
        guard report.agrees, report.matchedRows == Self.rowCount else {
            throw BenchmarkFailure("two tables that are the same were found to differ")
        }
    }
}
