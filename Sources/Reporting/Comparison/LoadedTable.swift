// The compared columns of a table, in memory.
import Parallelism

/// The compared columns of a table, in memory.
struct LoadedTable: Sendable {
    var rowCount = 0
    /// Line of the file where each row starts; empty where the table is no file.
    var lines: [Int] = []
    var columns: [LoadedColumn]

    /// The line of a row, for messages.
    func line(of row: Int) -> Int? { lines.isEmpty ? nil : lines[row] }

    /// Reads a table to its end.
    ///
    /// - Parameters:
    ///   - columns: names of columns that it has, and what to read their cells as.
    ///   - threads: the most threads that make chunks at the same time.
    init(_ table: ComparedTable, columns: [(name: String, reading: CellReading)], threads: Int) throws {
        self.columns = columns.map { LoadedColumn(reading: $0.reading) }
        let names = table.columnNames
        let indices = columns.compactMap { names.firstIndex(of: $0.name) }
        switch table {
        case .csv(let reader, _): try read(reader, indices)
        case .table(let table, _): try read(table, indices, threads: threads)
        }
    }

    private mutating func read(_ reader: CSVReader, _ indices: [Int]) throws(InputError) {
        // Cells are gathered column by column, some rows at a time: an array that grows by one costs as much as a number.
        let rows = 1024
        let numbers = UnsafeMutablePointer<Double>.allocate(capacity: rows * indices.count)
        let codes = UnsafeMutablePointer<Int>.allocate(capacity: rows * indices.count)
        defer {
            numbers.deallocate()
            codes.deallocate()
        }
        var count = 0
        func append() {
            for column in columns.indices {
                columns[column].append(
                    UnsafeBufferPointer(start: numbers + rows * column, count: count),
                    UnsafeBufferPointer(start: codes + rows * column, count: count))
            }
            rowCount += count
            count = 0
        }
        while let row = try reader.next() {
            lines.append(row.line)
            for (column, index) in indices.enumerated() {
                let place = rows * column + count
                (numbers[place], codes[place]) = row.withPlainBytes(at: index) { columns[column].value(of: $0) }
            }
            count += 1
            if count == rows { append() }
        }
        append()
    }

    private mutating func read(_ table: Table, _ indices: [Int], threads: Int) throws {
        func append(_ chunk: TableChunk) throws {
            try chunk.check(against: table.columns)
            for (column, index) in indices.enumerated() {
                columns[column].append(chunk.columns[index], of: table.columns[index])
            }
            rowCount += chunk.rowCount
        }
        guard case .indexed(let chunkCount, let chunk) = table.source, threads > 1 else {
            return try table.forEachChunkInOrder(append)
        }
        // Some chunks at a time: made on all threads, appended in order.
        let batch = 8 * threads
        var start = 0
        while start < chunkCount {
            let first = start
            var chunks = [TableChunk?](repeating: nil, count: min(batch, chunkCount - start))
            try chunks.withUnsafeMutableBufferPointer { chunks in
                try forEachChunk(of: chunks, chunkSize: 1, threads: threads) { index, slot throws in
                    slot[0] = try chunk(first + index)
                }
            }
            for chunk in chunks { try chunk.map(append) }
            start += chunks.count
        }
    }
}
