import Foundation
import Reporting

/// `pinfi sweep` of 10⁷ rows of closed forms to a CSV file, as a whole process, against the CSV writer alone on a table of
/// the same rows' first part over and over.
final class SweepBenchmark {
    static let runs = 5
    private static let rowsAtOnce = 4096
    /// 10,002,432, in whole chunks.
    private static let rowCount = 2442 * rowsAtOnce
    private static let kept = 64
    private let pinfi: String?
    private let folder: URL
    private let chunks: [TableChunk]

    /// - Parameter path: nil for the executable that was built next to this one.
    init(executable path: String?) throws {
        pinfi = path
        folder = FileManager.default.temporaryDirectory.appending(path: "pinfi-sweep-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // What the writer alone has to write: rows of the sweep, as pinfi has made them.
        let sample = folder.appending(path: "sample.csv").path
        _ = try Self.program(pinfi, rows: Self.kept * Self.rowsAtOnce, threads: 2, output: sample).run()
        let reader = try CSVReader(path: sample)
        var chunks: [TableChunk] = []
        for _ in 0..<Self.kept {
            var columns = [[Double]](repeating: [], count: 3)
            for _ in 0..<Self.rowsAtOnce {
                guard let row = try reader.next() else { throw BenchmarkFailure("the sweep has too few rows") }
                for index in columns.indices { columns[index].append(try row.real(at: index) ?? .nan) }
            }
            let status = ColumnValues.text([String?](repeating: "ok", count: Self.rowsAtOnce))
            chunks.append(TableChunk(rowCount: Self.rowsAtOnce, columns: columns.map(ColumnValues.real) + [status]))
        }
        self.chunks = chunks
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A sweep of 4096 external prices and as many rewards as make the rows.
    private static func program(_ path: String?, rows: Int, threads: Int, output: String) throws -> TimedProgram {
        try .pinfi(
            path,
            [
                "sweep", "--theta", "1.5", "--p", "0.1", "--vary", "beta=0.5:0.9:\(rowsAtOnce)", "--vary",
                "gamma=0.9:1.4:\(rows / rowsAtOnce)", "--quantity", "alpha_star", "--threads", String(threads), "-o",
                output,
            ])
    }

    func rows(threads: Int) throws -> [BenchmarkRow] {
        let path = folder.appending(path: "sweep.csv").path
        let sweep = try Self.program(pinfi, rows: Self.rowCount, threads: threads, output: path)
        let columns = (1...3).map { Column("x\($0)", .real) } + [Column("status", .text)]
        let (chunks, count) = (chunks, (Self.rowCount + Self.rowsAtOnce - 1) / Self.rowsAtOnce)
        let table = Table(columns: columns, source: .indexed(chunkCount: count) { chunks[$0 % chunks.count] })
        let costs = try PairedCosts(warmUps: 1, pairs: Self.runs) {
            try? FileManager.default.removeItem(atPath: path)
            return try sweep.run().cost
        } peer: {
            try? FileManager.default.removeItem(atPath: path)
            return try cost {
                let destination = try OutputDestination.open(path)
                try CSVWriter(threads: threads).write(table, to: destination)
                try destination.commit()
            }
        }
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        return [
            BenchmarkRow(
                "sweep-process", threads: threads, costs: costs, peer: "the CSV writer alone, rows from memory",
                rate: "\(Int(Double(bytes) / costs.seconds / 1e6)) MB a second")
        ]
    }

    /// The memory of a sweep of a tenth of the rows and of all.
    func memory() throws -> [String] {
        let sizes = try [Self.rowCount / 10, Self.rowCount].map { rows in
            try Self.program(pinfi, rows: rows, threads: 2, output: "/dev/null").run().memory
        }
        return [
            "sweep-process: \(sizes[0] / 1_000_000) MB of memory for \(Self.rowCount / 10) rows, "
                + "\(sizes[1] / 1_000_000) MB for \(Self.rowCount)"
        ]
    }
}
