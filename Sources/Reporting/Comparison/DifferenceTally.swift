// How many cells differ, by how much, and where most.
import Parallelism

/// How many cells differ, by how much, and where most.
struct DifferenceTally: Sendable {
    /// For each column how many cells differ.
    private(set) var counts: [Int]
    /// For each column by how many units at most.
    private(set) var largest: [Double]
    /// For each column how many labels differ near a boundary, where they may.
    private(set) var nearBoundary: [Int]
    private(set) var worst = WorstDifferences()

    private init(columns: Int) {
        counts = [Int](repeating: 0, count: columns)
        largest = [Double](repeating: 0, count: columns)
        nearBoundary = [Int](repeating: 0, count: columns)
    }

    /// Compares all matched rows.
    ///
    /// - Parameters:
    ///   - boundary: where labels may differ; nil for nowhere.
    ///   - threads: the most threads that work at the same time.
    init(_ columns: [ComparedColumn], _ matching: RowMatching, _ boundary: NearBoundary?, threads: Int) {
        self.init(columns: columns.count)
        let none = self
        let rows = matching.foundRows.count
        let partSize = 1 << 16
        var parts = [DifferenceTally](repeating: none, count: (rows + partSize - 1) / partSize)
        parts.withUnsafeMutableBufferPointer { parts in
            forEachChunk(of: parts, chunkSize: 1, threads: threads) { index, slot in
                var part = none
                let range = index * partSize..<min(rows, (index + 1) * partSize)
                for (column, compared) in columns.enumerated() {
                    compared.forEachDifference(in: range, foundRows: matching.foundRows) { row, foundRow, fault in
                        if fault.kind == .word, let boundary, compared.areWords(row, foundRow),
                            boundary.holds(row, foundRow)
                        {
                            part.nearBoundary[column] += 1
                            return
                        }
                        part.counts[column] += 1
                        part.largest[column] = max(part.largest[column], fault.units)
                        part.worst.insert(.init(expectedRow: row, foundRow: foundRow, column: column, fault: fault))
                    }
                }
                slot[0] = part
            }
        }
        for part in parts { add(part) }
    }

    private mutating func add(_ part: DifferenceTally) {
        for column in counts.indices {
            counts[column] += part.counts[column]
            largest[column] = max(largest[column], part.largest[column])
            nearBoundary[column] += part.nearBoundary[column]
        }
        for item in part.worst.items { worst.insert(item) }
    }
}
