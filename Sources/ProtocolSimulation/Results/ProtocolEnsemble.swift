import Parallelism

/// Runs of a mechanism that differ in their random numbers alone.
public struct ProtocolEnsemble: Sendable {
    public let parameters: ProtocolParameters
    public let mechanism: Mechanism
    /// What is kept of each run, in their order.
    public let runs: [RunOutcome]

    /// The runs 0 ..< count, spread over the processors.
    ///
    /// - Parameters:
    ///   - books: the order book of every pool's devices, for ``Mechanism/posted``.
    ///   - threads: the most that are used; the result does not depend on it.
    ///   - progress: told of each run that is done; called from any thread.
    /// - Throws: `ParameterError`, or the ``ProtocolFailure`` of the first run that has one.
    public init(
        _ parameters: ProtocolParameters, mechanism: Mechanism = .pool, books: [OrderBookParameters] = [],
        runs count: Int,
        seed: UInt64, threads: Int = availableProcessors, progress: @Sendable (Int) throws -> Void = { _ in }
    ) throws {
        try parameters.validate()
        if mechanism == .posted {
            guard books.count == parameters.pools.count else { throw MissingOrderBooks() }
        }
        var outcomes = [RunOutcome?](repeating: nil, count: count)
        do {
            try outcomes.withUnsafeMutableBufferPointer { buffer in
                try forEachChunk(of: buffer, chunkSize: 1, threads: threads) { (run: Int, chunk) throws(RunError) in
                    do {
                        chunk[0] =
                            mechanism == .pool
                            ? try parameters.runPool(seed: seed, run: UInt64(run))
                            : try parameters.runOrderBooks(books, seed: seed, run: UInt64(run))
                        try progress(run)
                    } catch {
                        throw RunError(error: error)
                    }
                }
            }
        } catch let failure as RunError {
            throw failure.error
        }
        self.parameters = parameters
        self.mechanism = mechanism
        runs = outcomes.compactMap { $0 }
    }

    /// An error of any kind, since the threads want one type.
    private struct RunError: Error {
        let error: any Error
    }

    /// The values of a quantity of a pool at a time, run after run.
    public func values(_ quantity: ProtocolQuantity, pool: Int, time: Int) -> [Double] {
        let quantities = ProtocolQuantity.allCases
        let place = (time * parameters.pools.count + pool) * quantities.count + quantities.firstIndex(of: quantity)!
        return runs.map { $0.values[place] }
    }

    /// The values of a metric of a pool: run after run, or, of a single run, part after part.
    public func values(_ metric: ProtocolMetric, pool: Int) -> [Double] {
        let metrics = ProtocolMetric.allCases
        let place = pool * metrics.count + metrics.firstIndex(of: metric)!
        return runs.count == 1 ? runs[0].batches.map { $0[place] } : runs.map { $0.metrics[place] }
    }
}

/// An ensemble of the order book without one for every pool.
struct MissingOrderBooks: Error, CustomStringConvertible {
    var description: String { "an order book for every pool is missing" }
}
