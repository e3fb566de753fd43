import Foundation
import Testing

@testable import Parallelism

@Suite struct ParallelChunksTests {
    /// What several threads write down, under a lock.
    final class Ledger: @unchecked Sendable {
        private let lock = NSLock()
        private var written: [Int] = []
        private var running = 0
        private var most = 0
        private var threads = Set<ObjectIdentifier>()

        func add(_ index: Int) { lock.withLock { written.append(index) } }

        func enter() {
            lock.withLock {
                running += 1
                most = max(most, running)
                threads.insert(ObjectIdentifier(Thread.current))
            }
        }

        func leave() { lock.withLock { running -= 1 } }

        var entries: [Int] { lock.withLock { written } }
        var mostAtOnce: Int { lock.withLock { most } }
        var callers: Set<ObjectIdentifier> { lock.withLock { threads } }
    }

    struct Failed: Error, Equatable {
        let index: Int
    }

    // MARK: - Indices

    @Test(arguments: [1, 2, 5], [1, 2, 3, 7, 1000])
    func everyIndexOnce(threads: Int, count: Int) {
        let ledger = Ledger()
        forEachIndex(count: count, threads: threads) { ledger.add($0) }
        #expect(ledger.entries.sorted() == Array(0..<count))
    }

    @Test(arguments: [0, -1, Int.min], [0, 1, 2, 5])
    func noIndexNoCall(count: Int, threads: Int) {
        let ledger = Ledger()
        forEachIndex(count: count, threads: threads) { ledger.add($0) }
        #expect(ledger.entries == [])
    }

    /// One thread, and what cannot be fewer: in order, on the calling thread.
    @Test(arguments: [1, 0, -3, Int.min])
    func oneThreadIsTheCallersOwn(threads: Int) {
        let ledger = Ledger()
        forEachIndex(count: 50, threads: threads) {
            ledger.enter()
            ledger.add($0)
            ledger.leave()
        }
        #expect(ledger.entries == Array(0..<50))
        #expect(ledger.callers == [ObjectIdentifier(Thread.current)])
    }

    /// Never more at once than asked for.
    @Test(arguments: [1, 2, 3])
    func atMostSoManyAtOnce(threads: Int) {
        let ledger = Ledger()
        forEachIndex(count: 40, threads: threads) { _ in
            ledger.enter()
            Thread.sleep(forTimeInterval: 0.0005)
            ledger.leave()
        }
        #expect(ledger.mostAtOnce >= 1 && ledger.mostAtOnce <= threads)
    }

    /// Two threads really run side by side, where there are two processors: each of two calls waits for the other.
    @Test(.enabled(if: availableProcessors >= 2, "needs two processors"))
    func worksInParallel() {
        let ledger = Ledger()
        forEachIndex(count: 2, threads: 2) { _ in
            ledger.enter()
            // Five seconds at most, where the machine is busy; milliseconds else.
            for _ in 0..<5000 where ledger.mostAtOnce < 2 { Thread.sleep(forTimeInterval: 0.001) }
            ledger.leave()
        }
        #expect(ledger.mostAtOnce == 2)
    }

    /// The handler of a fault runs where the stack has run out, too: on one that is set apart for it.
    @Test(.enabled(if: availableProcessors >= 2, "needs two processors"))
    func helpersHaveAStackForFaults() {
        let ledger = Ledger()
        let caller = pthread_self()
        forEachIndex(count: 2, threads: 2) { _ in
            ledger.enter()
            for _ in 0..<5000 where ledger.mostAtOnce < 2 { Thread.sleep(forTimeInterval: 0.001) }
            var stack = stack_t()
            sigaltstack(nil, &stack)
            if pthread_equal(pthread_self(), caller) == 0, stack.ss_flags & Int32(SS_DISABLE) == 0 {
                ledger.add(Int(stack.ss_size))
            }
            ledger.leave()
        }
        #expect(ledger.entries.count == 1)
        #expect(ledger.entries.allSatisfy { $0 >= 1 << 16 })
    }

    @Test func processorsAreCounted() {
        #expect(availableProcessors >= 1)
    }

    /// A call within a call neither waits for ever nor loses an index.
    @Test func nestedCalls() {
        let ledger = Ledger()
        forEachIndex(count: 8, threads: 2) { outer in
            forEachIndex(count: 8, threads: 2) { ledger.add(8 * outer + $0) }
        }
        #expect(ledger.entries.sorted() == Array(0..<64))
    }

    // MARK: - Errors

    @Test(arguments: [1, 2, 5])
    func errorOfTheLowestIndex(threads: Int) {
        for _ in 0..<50 {
            #expect(throws: Failed(index: 3)) {
                try forEachIndex(count: 100, threads: threads) { index throws(Failed) in
                    if index >= 3 { throw Failed(index: index) }
                }
            }
        }
    }

    /// Of two that fail, the lower one's error comes out though it fails later.
    @Test func errorOfTheLowestIndexNotOfTheFirstToFail() {
        for _ in 0..<5 {
            #expect(throws: Failed(index: 0)) {
                try forEachIndex(count: 2, threads: 2) { index throws(Failed) in
                    if index == 0 { Thread.sleep(forTimeInterval: 0.02) }
                    throw Failed(index: index)
                }
            }
        }
    }

    /// All lower indices have been called by the time the error is thrown, none twice, and with one thread no higher
    /// one.
    @Test(arguments: [1, 2, 5])
    func whatRunsBesideAnError(threads: Int) {
        let ledger = Ledger()
        #expect(throws: Failed(index: 40)) {
            try forEachIndex(count: 1000, threads: threads) { index throws(Failed) in
                ledger.add(index)
                if index == 40 { throw Failed(index: index) }
            }
        }
        let called = ledger.entries.sorted()
        #expect(Array(called.prefix(41)) == Array(0...40))
        #expect(Set(called).count == called.count)
        if threads == 1 { #expect(called.count == 41) }
    }

    // MARK: - Chunks

    struct Chunks: Sendable {
        let count, size: Int
        /// The chunks' lengths, in order.
        let lengths: [Int]
    }

    /// The chunks cover the buffer exactly, each element once; each is told where it begins.
    @Test(
        arguments: [
            Chunks(count: 10, size: 3, lengths: [3, 3, 3, 1]), Chunks(count: 9, size: 3, lengths: [3, 3, 3]),
            Chunks(count: 3, size: 3, lengths: [3]), Chunks(count: 2, size: 3, lengths: [2]),
            Chunks(count: 3, size: 1, lengths: [1, 1, 1]), Chunks(count: 3, size: 0, lengths: [1, 1, 1]),
            Chunks(count: 3, size: -5, lengths: [1, 1, 1]), Chunks(count: 0, size: 3, lengths: []),
        ], [1, 2, 5])
    func chunksCoverTheBuffer(_ row: Chunks, threads: Int) {
        let ledger = Ledger()
        let lengths = Ledger()
        var values = [Int](repeating: -1, count: row.count)
        values.withUnsafeMutableBufferPointer { buffer in
            forEachChunk(of: buffer, chunkSize: row.size, threads: threads) { start, chunk in
                for i in chunk.indices {
                    ledger.add(start + i)
                    chunk[i] = 2 * (start + i)
                }
                lengths.add(1000 * start + chunk.count)
            }
        }
        #expect(values == (0..<row.count).map { 2 * $0 })
        #expect(ledger.entries.sorted() == Array(0..<row.count))
        #expect(lengths.entries.sorted().map { $0 % 1000 } == row.lengths)
    }

    @Test(arguments: [1, 2, 5])
    func errorOfTheLowestChunk(threads: Int) {
        var values = [Int](repeating: 0, count: 100)
        _ = values.withUnsafeMutableBufferPointer { buffer in
            #expect(throws: Failed(index: 20)) {
                try forEachChunk(of: buffer, chunkSize: 10, threads: threads) { start, _ throws(Failed) in
                    if start >= 20 { throw Failed(index: start) }
                }
            }
        }
    }

    /// A chunk size larger than any buffer means one chunk. In a process of its own, which a trap ends alone.
    @Test func largestChunkSizeIsOneChunk() async {
        await #expect(processExitsWith: .success) {
            var values = [1, 2, 3]
            values.withUnsafeMutableBufferPointer { buffer in
                forEachChunk(of: buffer, chunkSize: .max, threads: 2) { _, chunk in
                    for i in chunk.indices { chunk[i] *= 2 }
                }
            }
            precondition(values == [2, 4, 6])
        }
    }
}
