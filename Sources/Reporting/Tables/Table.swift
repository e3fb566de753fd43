// A table: definitions of columns and a source of chunks.

/// Typed column definitions and a source of column chunks; never a stored array of rows.
public struct Table {
    /// Where the rows come from.
    public enum Source {
        /// Chunks `0 ..< chunkCount`, which may be asked for in any order and from several threads at once.
        case indexed(chunkCount: Int, chunk: @Sendable (Int) throws -> TableChunk)
        /// Chunks that are pulled one after another on the writer's thread; nil ends them. Such a table is written
        /// once.
        case sequential(next: () throws -> TableChunk?)
    }

    /// The columns, in order.
    public let columns: [Column]
    /// The columns that no two rows have alike, by which comparisons match rows; none where a row is known by its place.
    public let keys: [String]
    /// Where the rows come from.
    public let source: Source

    /// A table of these columns; every chunk of the source has them in the same order.
    ///
    /// - Parameter keys: columns that together say which row is which. Where not all of them are among the columns,
    ///   there are none.
    public init(columns: [Column], keys: [String] = [], source: Source) {
        self.columns = columns
        self.keys = keys.allSatisfy { key in columns.contains { $0.name == key } } ? keys : []
        self.source = source
    }

    /// A table of so many rows, made some at once.
    ///
    /// - Parameters:
    ///   - columns: the columns, in order.
    ///   - keys: as of ``init(columns:keys:source:)``.
    ///   - rows: the number of rows.
    ///   - most: the most rows of a chunk, at least 1.
    ///   - chunk: the values of a range of rows, column by column; called in any order and from several threads at once.
    public init(
        columns: [Column], keys: [String] = [], rows: Int, atOnce most: Int,
        chunk: @escaping @Sendable (Range<Int>) throws -> [ColumnValues]
    ) {
        let (size, count) = (max(most, 1), max(rows, 0))
        self.init(
            columns: columns, keys: keys,
            source: .indexed(chunkCount: count / size + (count % size == 0 ? 0 : 1)) { index in
                let range = index * size..<min(index * size + size, count)
                return TableChunk(rowCount: range.count, columns: try chunk(range))
            })
    }

    /// A table of columns that are in memory.
    ///
    /// - Parameter keys: as of ``init(columns:keys:source:)``.
    public init(_ columns: [(column: Column, values: ColumnValues)], keys: [String] = []) {
        let chunk = TableChunk(rowCount: columns.first?.values.count ?? 0, columns: columns.map(\.values))
        self.init(columns: columns.map(\.column), keys: keys, source: .indexed(chunkCount: 1) { _ in chunk })
    }

    /// The table with only these columns, in this order.
    ///
    /// - Throws: ``UnknownColumn``, or ``RepeatedColumn`` where a name stands twice.
    public func selecting(_ names: [String]) throws -> Table {
        let chosen = try columns.indices(of: names)
        let width = columns.count
        @Sendable func pick(_ chunk: TableChunk) throws -> TableChunk {
            guard chunk.columns.count == width else {
                throw MalformedChunk("it has \(chunk.columns.count) columns and the table \(width)")
            }
            return TableChunk(rowCount: chunk.rowCount, columns: chosen.map { chunk.columns[$0] })
        }
        let picked: Source =
            switch source {
            case .indexed(let chunkCount, let chunk): .indexed(chunkCount: chunkCount) { try pick(chunk($0)) }
            case .sequential(let next): .sequential { try next().map(pick) }
            }
        return Table(columns: chosen.map { columns[$0] }, keys: keys, source: picked)
    }

    /// Calls `body` with one chunk after another, in order, on this thread.
    func forEachChunkInOrder(_ body: (TableChunk) throws -> Void) throws {
        switch source {
        case .indexed(let chunkCount, let chunk):
            for index in 0..<max(chunkCount, 0) { try body(chunk(index)) }
        case .sequential(let next):
            while let chunk = try next() { try body(chunk) }
        }
    }
}
