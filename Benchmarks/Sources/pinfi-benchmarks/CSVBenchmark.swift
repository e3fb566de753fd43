import Foundation
import Reporting

/// CSV of 1,000,000 rows of 5 doubles and 2 short words to a file, against polars' `write_csv`, and reading 3 columns.
///
/// The doubles are random to the last bit and none repeats: every one is formatted in full. Both sides hold the data in
/// memory, write to a path where there is nothing, and end with the file closed, not flushed to the disk.
final class CSVBenchmark {
    private static let rowCount = 1_000_000
    /// What the commands write at once too.
    private static let rowsAtOnce = 8192
    private static let firstWords = ["aA", "aB", "aC", "aD", "aE", "aF", "aG", "lp-idle"]
    private static let secondWords = ["lp", "seller", "buyer"]

    private let folder: URL
    private let chunks: [TableChunk]
    private let labelChunks: [TableChunk]
    private let numberChunks: [TableChunk]
    private var dataPath: String { folder.appending(path: "data.csv").path }
    private var outputPath: String { folder.appending(path: "ours.csv").path }
    private var numbersPath: String { folder.appending(path: "numbers.csv").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pinfi-benchmarks-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var random = SplitMix(seed: 2)
        let scales = [2, 1.5, 1, 1e-3, 1e5]
        var text: [TableChunk] = []
        var labels: [TableChunk] = []
        var numbers: [TableChunk] = []
        for start in stride(from: 0, to: Self.rowCount, by: Self.rowsAtOnce) {
            let count = min(Self.rowsAtOnce, Self.rowCount - start)
            let reals = scales.map { scale in ColumnValues.real((0..<count).map { _ in scale * random.nextUnit() }) }
            let first = (0..<count).map { _ in UInt8.random(in: 0..<UInt8(Self.firstWords.count), using: &random) }
            let second = (0..<count).map { _ in UInt8.random(in: 0..<UInt8(Self.secondWords.count), using: &random) }
            let words: [ColumnValues] = [
                .text(first.map { Self.firstWords[Int($0)] }), .text(second.map { Self.secondWords[Int($0)] }),
            ]
            text.append(TableChunk(rowCount: count, columns: reals + words))
            labels.append(TableChunk(rowCount: count, columns: reals + [.label(first), .label(second)]))
            numbers.append(TableChunk(rowCount: count, columns: Array(reals.prefix(3))))
        }
        (chunks, labelChunks, numberChunks) = (text, labels, numbers)
        try write(textTable, to: dataPath, threads: 2)
        try write(table(numberChunks, (1...3).map { Column("x\($0)", .real) }), to: numbersPath, threads: 2)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func rows(threads: Int, pairs: Int) throws -> [BenchmarkRow] {
        var name = ""
        let polars: PolarsPeer?
        do {
            let found = try PolarsPeer(
                threads: threads, table: dataPath, output: folder.appending(path: "polars.csv").path)
            name = "polars \(found.version)"
            try checkRoundTrip(found)
            polars = found
        } catch let missing as PolarsPeer.Missing {
            name = "skipped: \(missing.reason)"
            polars = nil
        }
        var rows: [BenchmarkRow] = []
        let writes = [("text", textTable, ", write_csv"), ("labels", labelTable, ", write_csv of Enums")]
        for (command, table, addition) in writes {
            let costs = try PairedCosts(pairs: pairs) {
                try? FileManager.default.removeItem(atPath: outputPath)
                return try cost { try write(table, to: outputPath, threads: threads) }
            } peer: {
                try polars?.cost(command)
            }
            let bytes = try fileSize(outputPath)
            rows.append(
                BenchmarkRow(
                    command == "text" ? "csv-write" : "csv-write-labels", threads: threads, costs: costs,
                    peer: polars == nil ? name : name + addition, rate: rate(bytes, costs)))
        }
        if threads == 1 {
            let costs = try PairedCosts(pairs: pairs) {
                try cost { try readNumbers() }
            } peer: {
                try polars?.cost("read \(numbersPath)")
            }
            rows.append(
                BenchmarkRow(
                    "csv-read", threads: 1, costs: costs, peer: polars == nil ? name : name + ", read_csv",
                    rate: rate(try fileSize(numbersPath), costs)))
        }
        return rows
    }

    private var textTable: Table { table(chunks, Self.numbers + [Column("word1", .text), Column("word2", .text)]) }

    private var labelTable: Table {
        table(
            labelChunks,
            Self.numbers + [Column("word1", .label(Self.firstWords)), Column("word2", .label(Self.secondWords))])
    }

    private static let numbers = (1...5).map { Column("x\($0)", .real) }

    private func table(_ chunks: [TableChunk], _ columns: [Column]) -> Table {
        Table(columns: columns, source: .indexed(chunkCount: chunks.count) { chunks[$0] })
    }

    private func write(_ table: Table, to path: String, threads: Int) throws {
        let destination = try OutputDestination.open(path)
        try CSVWriter(threads: threads).write(table, to: destination)
        try destination.commit()
    }

    private func readNumbers() throws -> [[Double]] {
        let reader = try CSVReader(path: numbersPath)
        var columns = [[Double]](repeating: [], count: 3)
        while let row = try reader.next() {
            for index in 0..<3 { columns[index].append(try row.real(at: index) ?? .nan) }
        }
        return columns
    }

    /// Makes sure that ours, as polars reads and writes it again, is what was in memory to the last bit.
    private func checkRoundTrip(_ polars: PolarsPeer) throws {
        for command in ["text", "labels"] {
            _ = try polars.cost(command)
            let reader = try CSVReader(path: polars.output)
            for chunk in chunks {
                for index in 0..<chunk.rowCount {
                    guard let row = try reader.next() else { throw BenchmarkFailure("polars wrote too few rows") }
                    for (column, values) in chunk.columns.enumerated() {
                        let agrees =
                            switch values {
                            case .real(let values): try row.real(at: column) == values[index]
                            case .text(let values): row.text(at: column) == values[index]
                            default: false
                            }
                        guard agrees else {
                            throw BenchmarkFailure("line \(row.line) of polars' table (\(command)) is not as ours")
                        }
                    }
                }
            }
            guard try reader.next() == nil else { throw BenchmarkFailure("polars wrote too many rows") }
        }
    }

    private func fileSize(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    private func rate(_ bytes: Int, _ costs: PairedCosts) -> String {
        "\(Int(Double(bytes) / costs.seconds / 1e6)) MB a second"
    }
}
