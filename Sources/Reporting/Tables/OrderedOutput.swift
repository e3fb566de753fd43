// Chunks are encoded on all threads and written in order.
import Foundation
import Parallelism

/// Writes buffers in the order of their indices, whichever order they are finished in.
///
/// The thread that delivers the next buffer due writes it and those that are ready after it, while the others go on
/// encoding. A thread that is far ahead waits, so memory is bounded. Indices are handed out in order, so the one that
/// is due is always being worked on, and nobody waits for ever.
private final class OrderedOutput: @unchecked Sendable {
    private let condition = NSCondition()
    private let limit: Int
    private let write: @Sendable (ByteBuffer) throws -> Void
    private var finished: [Int: ByteBuffer] = [:]
    private var spare: [ByteBuffer] = []
    private var due = 0
    private var isWriting = false
    private var hasFailed = false
    private var failure: (any Error)?

    /// - Parameters:
    ///   - limit: buffers that may wait to be written before the thread that adds one must wait too.
    ///   - write: called for one buffer at a time, in order.
    init(limit: Int, write: @escaping @Sendable (ByteBuffer) throws -> Void) {
        self.limit = limit
        self.write = write
    }

    /// An empty buffer.
    func buffer() -> ByteBuffer {
        condition.withLock { spare.popLast() } ?? ByteBuffer()
    }

    /// Takes a finished buffer; throws what writing it, or an earlier one, has thrown.
    func deliver(_ buffer: ByteBuffer, index: Int) throws {
        condition.lock()
        defer { condition.unlock() }
        finished[index] = buffer
        if !isWriting {
            isWriting = true
            while failure == nil, let ready = finished.removeValue(forKey: due) {
                due += 1
                condition.unlock()
                let outcome = Result { try write(ready) }
                condition.lock()
                ready.clear()
                spare.append(ready)
                if case .failure(let error) = outcome {
                    failure = error
                    hasFailed = true
                }
                condition.broadcast()
            }
            isWriting = false
        }
        while finished.count > limit, !hasFailed { condition.wait() }
        if let failure { throw failure }
    }

    /// Lets go those that wait: a buffer will never come.
    func giveUp() {
        condition.withLock {
            hasFailed = true
            condition.broadcast()
        }
    }
}

/// Encodes all rows of a table and writes them in order.
///
/// Where a chunk throws, those before it are written all the same.
///
/// - Parameters:
///   - dropping: how many bytes to leave out before the very first row.
///   - progress: called after each written chunk with the rows written so far.
func writeRows(
    of table: Table, style: RowStyle, dropping: Int = 0, to destination: OutputDestination, threads: Int,
    progress: (@Sendable (Int) -> Void)?
) throws -> WriteSummary {
    let encoder = RowEncoder(columns: table.columns, style: style)
    let total = RunningTotal()
    let write = { @Sendable (buffer: ByteBuffer) throws in
        guard buffer.count > 0 else { return }
        let skipped = total.summary.rows == 0 ? dropping : 0
        try destination.write(UnsafeRawBufferPointer(rebasing: buffer.bytes.dropFirst(skipped)))
        total.summary.rows += buffer.rows
        total.summary.bytes += buffer.count - skipped
        progress?(total.summary.rows)
    }
    switch table.source {
    case .indexed(let chunkCount, let chunk):
        let output = OrderedOutput(limit: 2 * max(threads, 1), write: write)
        try forEachIndex(count: chunkCount, threads: threads) { index in
            let buffer = output.buffer()
            do { try encoder.encode(chunk(index), into: buffer) } catch {
                output.giveUp()
                throw error
            }
            try output.deliver(buffer, index: index)
        }
    case .sequential(let next):
        let buffer = ByteBuffer()
        while let chunk = try next() {
            buffer.clear()
            try encoder.encode(chunk, into: buffer)
            try write(buffer)
        }
    }
    return total.summary
}

/// `@unchecked Sendable`: only the one thread that writes at the time touches it.
private final class RunningTotal: @unchecked Sendable {
    var summary = WriteSummary(rows: 0, bytes: 0)
}
