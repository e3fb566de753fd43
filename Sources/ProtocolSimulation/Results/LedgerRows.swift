/// The ledger of one run, row by row, a few events at a time: what is remembered is what is alive.
public struct LedgerReader {
    private enum Source {
        case pools(ProtocolRun)
        case books([OrderBook])
    }

    private var source: Source
    private let end: Double
    private var book = 0
    private var isDone = false

    /// The events of a run of the pools.
    ///
    /// - Throws: `ParameterError` for what cannot be simulated.
    public init(pool parameters: ProtocolParameters, seed: UInt64, run: UInt64) throws {
        source = .pools(try ProtocolRun(parameters, seed: seed, run: run, keepsRows: true))
        end = parameters.end
    }

    /// The events of a run of the order books, one device type after another.
    ///
    /// - Throws: `ParameterError` for what cannot be simulated.
    public init(posted parameters: ProtocolParameters, books: [OrderBookParameters], seed: UInt64, run: UInt64) throws {
        try parameters.validate()
        source = .books(
            parameters.pools.indices.map {
                parameters.orderBook(books[$0], pool: $0, seed: seed, run: run, keepsRows: true)
            })
        end = parameters.end
    }

    /// The rows of the next events, at least one; nil after the last.
    ///
    /// - Throws: ``ProtocolFailure`` for an event that broke a rule.
    public mutating func next() throws -> [LedgerRow]? {
        while !isDone {
            let rows: [LedgerRow]
            switch source {
            case .pools(var run):
                source = .books([])
                isDone = try run.advance(to: end, atMost: 4096)
                rows = run.takeRows()
                source = .pools(run)
            case .books(var books):
                source = .books([])
                if books[book].advance(to: end, atMost: 4096) { book += 1 }
                rows = books.indices.flatMap { books[$0].takeRows() }
                isDone = book == books.count
                source = .books(books)
            }
            if !rows.isEmpty { return rows }
        }
        return nil
    }
}
