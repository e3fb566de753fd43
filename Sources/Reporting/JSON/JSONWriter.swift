// Tables and records as JSON.
import Parallelism

/// Writes JSON: a record is one object, a table is `{"columns": […], "data": [[…], …]}`, a row a line.
///
/// Numbers are the shortest decimals that read back to the same double; what is missing, or not finite, is `null`.
/// The bytes are the same at any number of threads.
public struct JSONWriter: Sendable {
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

    /// Writes a table at constant memory.
    ///
    /// - Throws: ``OutputError``, ``MalformedChunk``, or what the table's source throws; the JSON is incomplete then.
    @discardableResult
    public func write(_ table: Table, to destination: OutputDestination) throws -> WriteSummary {
        let names = table.columns.map { quotedJSON($0.name) }.joined(separator: ", ")
        let opening = "{\"columns\": [\(names)], \"data\": ["
        let closing = "\n]}\n"
        try destination.write(opening)
        // The very first row has no comma before it.
        var summary = try writeRows(
            of: table, style: .json, dropping: 1, to: destination, threads: threads, progress: progress)
        try destination.write(closing)
        summary.bytes += opening.utf8.count + closing.utf8.count
        return summary
    }

    /// Writes a record as one object, a field a line.
    @discardableResult
    public func write(_ record: Record, to destination: OutputDestination) throws(OutputError) -> WriteSummary {
        let fields = record.fields.map { "  \(quotedJSON($0.column.name)): \(JSONValue($0.value).text)" }
        let text = fields.isEmpty ? "{}\n" : "{\n" + fields.joined(separator: ",\n") + "\n}\n"
        try destination.write(text)
        return WriteSummary(rows: 1, bytes: text.utf8.count)
    }

    /// Writes a value, of whatever depth, in lines that people can read.
    @discardableResult
    public func write(_ value: JSONValue, to destination: OutputDestination) throws(OutputError) -> WriteSummary {
        let text = value.text + "\n"
        try destination.write(text)
        return WriteSummary(rows: 1, bytes: text.utf8.count)
    }
}

/// Text as a JSON string.
func quotedJSON(_ text: String) -> String {
    var text = text
    return text.withUTF8 { utf8 in
        let buffer = ByteBuffer(capacity: RowStyle.json.room(forText: utf8.count))
        buffer.count = writeJSONText(utf8, at: buffer.start) - buffer.start
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}
