import Foundation

/// The number of processors that this process may use.
public var availableProcessors: Int { ProcessInfo.processInfo.activeProcessorCount }

/// Calls `body` once for each of `0 ..< count`, on up to `threads` threads at a time, and returns when all calls have.
/// The calling thread is one of them; where the system gives no others it does all the work.
///
/// Indices are handed out in order, one at a time, so uneven work spreads itself. What a call computes must depend on
/// its index alone, never on the thread: then the result is the same at any number of threads.
///
/// - Parameters:
///   - count: number of calls; none is made for `count <= 0`.
///   - threads: the most calls that run at once; 1 runs them in order on the calling thread.
///   - body: called with an index; it may not touch what another index's call writes.
/// - Throws: the error of the lowest index that threw. Indices that had not started by then may be left out.
public func forEachIndex<Failure: Error>(
    count: Int, threads: Int = availableProcessors, _ body: @Sendable (Int) throws(Failure) -> Void
) throws(Failure) {
    guard count > 0 else { return }
    let workers = min(max(threads, 1), count)
    if workers == 1 {
        for index in 0..<count { try body(index) }
        return
    }
    let tickets = TicketOffice<Failure>()
    WorkerPool.shared.run(helpers: workers - 1) {
        while let index = tickets.next(below: count) {
            do throws(Failure) { try body(index) } catch { tickets.close(index: index, error: error) }
        }
    }
    if let error = tickets.firstError { throw error }
}

/// Fills `elements` in parallel, a chunk at a time.
///
/// - Parameters:
///   - elements: the storage to fill.
///   - chunkSize: elements a chunk, at least 1; the last one may be shorter.
///   - threads: the most chunks that are worked on at once.
///   - body: called with the offset of a chunk's first element and the chunk itself.
/// - Throws: the error of the lowest chunk that threw.
public func forEachChunk<Element, Failure: Error>(
    of elements: UnsafeMutableBufferPointer<Element>, chunkSize: Int, threads: Int = availableProcessors,
    _ body: @Sendable (Int, UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
) throws(Failure) {
    let size = min(max(chunkSize, 1), max(elements.count, 1))
    // The chunks are disjoint, and the call does not return before all of them are done.
    nonisolated(unsafe) let base = elements
    try forEachIndex(count: (elements.count + size - 1) / size, threads: threads) { chunk throws(Failure) in
        let start = chunk * size
        let end = min(start + size, base.count)
        try body(start, UnsafeMutableBufferPointer(rebasing: base[start..<end]))
    }
}

/// Hands out indices and keeps the error of the lowest index that failed.
private final class TicketOffice<Failure: Error>: @unchecked Sendable {
    private let lock = NSLock()
    private var upcoming = 0
    private var failure: (index: Int, error: Failure)?

    func next(below count: Int) -> Int? {
        lock.withLock {
            guard upcoming < count, failure == nil else { return nil }
            defer { upcoming += 1 }
            return upcoming
        }
    }

    func close(index: Int, error: Failure) {
        lock.withLock {
            if failure.map({ index < $0.index }) ?? true { failure = (index, error) }
        }
    }

    var firstError: Failure? { lock.withLock { failure?.error } }
}
