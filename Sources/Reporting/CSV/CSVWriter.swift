// Tables and records as CSV.
import Parallelism

/// Writes RFC 4180 CSV: UTF-8, a header row, line feeds.
///
/// Doubles are the shortest decimals that read back to the same double; a missing value is an empty cell; truth values
/// are `true` and `false`; a field with a comma, quote, CR or LF in it is quoted. The bytes are the same at any number
/// of threads.
public struct CSVWriter: Sendable {
    private let threads: Int
    private let progress: (@Sendable (Int) -> Void)?

    /// A writer; it holds nothing of what it writes, and may be used again.
    ///
    /// - Parameters:
    ///   - threads: the most threads that encode rows at the same time.
    ///   - progress: called after each written chunk, by one thread at a time, with the rows written so far.
    public init(threads: Int = availableProcessors, progress: (@Sendable (Int) -> Void)? = nil) {
        self.threads = threads
        self.progress = progress
    }

    /// Writes a table at constant memory: some chunks a thread, and their bytes.
    ///
    /// - Throws: ``OutputError``, ``MalformedChunk``, or what the table's source throws; the rows before that chunk are
    ///   written then.
    @discardableResult
    public func write(_ table: Table, to destination: OutputDestination) throws -> WriteSummary {
        let header = line(table.columns.map(\.name))
        try destination.write(header.bytes)
        var summary = try writeRows(
            of: table, style: .csv, to: destination, threads: threads, progress: progress)
        summary.bytes += header.count
        return summary
    }

    /// Writes a record as a header row and one row.
    @discardableResult
    public func write(_ record: Record, to destination: OutputDestination) throws(OutputError) -> WriteSummary {
        let lines = line(record.fields.map(\.column.name))
        line(record.fields.map { cell($0.value) }, after: lines)
        try destination.write(lines.bytes)
        return WriteSummary(rows: 1, bytes: lines.count)
    }

    private func cell(_ value: Value) -> String {
        switch value {
        case .real(let number?) where number.isFinite: formatShortest(number)
        case .integer(let number): String(number)
        case .boolean(let truth): truth ? "true" : "false"
        case .text(let text): text
        case .real, .missing: ""
        }
    }

    @discardableResult
    private func line(_ cells: [String], after buffer: ByteBuffer = ByteBuffer(capacity: 1024)) -> ByteBuffer {
        for (index, cell) in cells.enumerated() {
            if index > 0 { buffer.append(",") }
            var text = cell
            text.withUTF8 { utf8 in
                let position = buffer.makeRoom(RowStyle.csv.room(forText: utf8.count), at: buffer.tail)
                buffer.count = writeCSVText(utf8, at: position) - buffer.start
            }
        }
        buffer.append("\n")
        return buffer
    }
}
