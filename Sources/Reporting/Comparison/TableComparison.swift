// Two tables, compared cell by cell within tolerances.
import Parallelism

/// Compares two tables: rows are matched by key columns, cells by a tolerance for each column.
///
/// Rows match where all their keys are equal, in whatever order they stand: words byte by byte, numbers as the doubles
/// that they read as, nothing with nothing. Keys have no tolerance, because closeness is not transitive: which rows
/// belong together would depend on their order. The other columns that both tables have are compared:
///
/// - numbers by their tolerance; words exactly;
/// - no value agrees with no value and with nothing else;
/// - text in a column of numbers that is no number, `nan` too, agrees with nothing.
public struct TableComparison: Sendable {
    /// The key columns.
    public let keys: [String]
    /// Tolerances of columns.
    public let tolerances: [String: Tolerance]
    /// The tolerance of the other columns.
    public let defaultTolerance: Tolerance

    /// A comparison with these keys and tolerances.
    ///
    /// - Throws: ``ComparisonError`` where no key is named or one twice, a key has a tolerance, or a tolerance is
    ///   negative or not finite.
    public init(
        keys: [String], tolerances: [String: Tolerance] = [:], defaultTolerance: Tolerance = .exact
    ) throws(ComparisonError) {
        guard !keys.isEmpty else { throw .noKeys }
        if let name = firstRepeated(keys) { throw .repeatedKey(name) }
        if let name = keys.first(where: { tolerances[$0] != nil }) { throw .toleranceOfKey(name) }
        for (name, tolerance) in tolerances.sorted(by: { $0.key < $1.key }) {
            if let amount = tolerance.wrongAmount { throw .wrongTolerance(amount, column: name) }
        }
        if let amount = defaultTolerance.wrongAmount { throw .wrongTolerance(amount, column: nil) }
        self.keys = keys
        self.tolerances = tolerances
        self.defaultTolerance = defaultTolerance
    }

    /// Reads both tables to their ends and compares them. The report is the same at any number of threads.
    ///
    /// - Parameters:
    ///   - expected: what should have come out.
    ///   - found: what has.
    ///   - threads: the most threads that work at the same time.
    /// - Throws: ``ComparisonError`` where the comparison does not fit the tables, ``InputError`` where a file cannot be
    ///   read, ``MalformedChunk``, or what a table's source throws.
    public func compare(
        expected: ComparedTable, found: ComparedTable, threads: Int = availableProcessors
    ) throws -> ComparisonReport {
        try check(expected, found)
        let shared = expected.columnNames.filter(Set(found.columnNames).contains)
        let names = keys + shared.filter { !keys.contains($0) }
        let columns = names.map { (name: $0, reading: CellReading(expected.kind(of: $0), found.kind(of: $0))) }
        let (first, second) = try load(expected, found, columns: columns, threads: threads)
        let matching = match(first, second)
        let compared = names.indices.dropFirst(keys.count).map { index in
            ComparedColumn(
                name: names[index], tolerance: tolerances[names[index]] ?? defaultTolerance,
                expected: first.columns[index], found: second.columns[index])
        }
        let (counts, largest, worst) = differences(of: compared, matching, threads: threads)

        func key(_ row: Int, of table: LoadedTable) -> RowKey {
            RowKey(cells: keys.indices.map { table.columns[$0].text(at: row) }, line: table.line(of: row))
        }
        let limit = ComparisonReport.limit
        return ComparisonReport(
            expectedName: expected.name, foundName: found.name, keys: keys,
            expectedRows: first.rowCount, foundRows: second.rowCount, matchedRows: matching.matchedCount,
            missingRows: matching.missing.count,
            firstMissingRows: matching.missing.prefix(limit).map { key($0, of: first) },
            addedRows: matching.added.count, firstAddedRows: matching.added.prefix(limit).map { key($0, of: second) },
            duplicateKeys: matching.duplicates.count,
            firstDuplicateKeys: matching.duplicates.prefix(limit).map { duplicate in
                let inFound = duplicate.foundRow.map { key($0, of: second) }
                return DuplicateKey(
                    key: duplicate.expectedRow.map { key($0, of: first) } ?? inFound ?? RowKey(cells: [], line: nil),
                    expectedRows: duplicate.expectedCount, foundRows: duplicate.foundCount)
            },
            missingColumns: expected.columnNames.filter { !names.contains($0) },
            addedColumns: found.columnNames.filter { !names.contains($0) },
            columns: compared.indices.map { index in
                ComparedColumnSummary(
                    name: compared[index].name,
                    tolerance: compared[index].holdsWords ? .exact : compared[index].tolerance,
                    differingCells: counts[index], worstUnits: largest[index])
            },
            worst: worst.items.map { item in
                let column = compared[item.column]
                return CellDifference(
                    key: key(item.expectedRow, of: first), column: column.name, kind: item.fault.kind,
                    expected: column.expected.text(at: item.expectedRow), found: column.found.text(at: item.foundRow),
                    difference: item.fault.distance, units: item.fault.units,
                    foundLine: second.line(of: item.foundRow))
            })
    }

    private func check(_ expected: ComparedTable, _ found: ComparedTable) throws(ComparisonError) {
        for table in [expected, found] {
            let names = table.columnNames
            if let name = firstRepeated(names) { throw .repeatedColumn(name, table: table.name) }
            if let key = keys.first(where: { !names.contains($0) }) {
                throw .missingKey(key, table: table.name, known: names)
            }
        }
        let names = expected.columnNames + found.columnNames.filter { !expected.columnNames.contains($0) }
        for (name, tolerance) in tolerances.sorted(by: { $0.key < $1.key }) {
            guard names.contains(name) else {
                throw .toleranceOfUnknownColumn(UnknownColumn(name: name, known: names))
            }
            if tolerance != .exact, CellReading(expected.kind(of: name), found.kind(of: name)) == .words {
                throw .toleranceOfWords(column: name, tolerance: tolerance)
            }
        }
    }

    private func load(
        _ expected: ComparedTable, _ found: ComparedTable, columns: [(name: String, reading: CellReading)], threads: Int
    ) throws -> (LoadedTable, LoadedTable) {
        if case .csv(let first) = expected, case .csv(let second) = found, first !== second {
            // Two readers share nothing, and each is read by one thread.
            nonisolated(unsafe) let sides = [expected, found]
            var tables: [LoadedTable?] = [nil, nil]
            try tables.withUnsafeMutableBufferPointer { tables in
                try forEachChunk(of: tables, chunkSize: 1, threads: threads) { index, slot throws in
                    slot[0] = try LoadedTable(sides[index], columns: columns, threads: 1)
                }
            }
            if let first = tables[0], let second = tables[1] { return (first, second) }
        }
        return (
            try LoadedTable(expected, columns: columns, threads: threads),
            try LoadedTable(found, columns: columns, threads: threads)
        )
    }

    private func match(_ expected: LoadedTable, _ found: LoadedTable) -> RowMatching {
        let pairs = zip(expected.columns, found.columns).prefix(keys.count)
        return RowMatching(
            expected: RowKeys(
                rowCount: expected.rowCount,
                columns: pairs.map { column, _ in (column: column, sharedCodes: Array(0...column.words.count)) }),
            found: RowKeys(
                rowCount: found.rowCount,
                columns: pairs.map { column, other in
                    (column: other, sharedCodes: ComparedColumn.sharedCodes(of: other, in: column))
                }))
    }

    /// For each column how many cells differ and by how many units at most; and the worst of all.
    private func differences(
        of columns: [ComparedColumn], _ matching: RowMatching, threads: Int
    ) -> (counts: [Int], largest: [Double], worst: WorstDifferences) {
        struct Part: Sendable {
            var counts: [Int]
            var largest: [Double]
            var worst = WorstDifferences()
        }
        let none = Part(counts: columns.map { _ in 0 }, largest: columns.map { _ in 0 })
        let rows = matching.foundRows.count
        let partSize = 1 << 16
        var parts = [Part](repeating: none, count: (rows + partSize - 1) / partSize)
        parts.withUnsafeMutableBufferPointer { parts in
            forEachChunk(of: parts, chunkSize: 1, threads: threads) { index, slot in
                var part = none
                let range = index * partSize..<min(rows, (index + 1) * partSize)
                for (column, compared) in columns.enumerated() {
                    compared.forEachDifference(in: range, foundRows: matching.foundRows) { row, foundRow, fault in
                        part.counts[column] += 1
                        part.largest[column] = max(part.largest[column], fault.units)
                        part.worst.insert(
                            .init(expectedRow: row, foundRow: foundRow, column: column, fault: fault))
                    }
                }
                slot[0] = part
            }
        }
        return parts.reduce(into: (none.counts, none.largest, none.worst)) { total, part in
            for column in columns.indices {
                total.0[column] += part.counts[column]
                total.1[column] = max(total.1[column], part.largest[column])
            }
            for item in part.worst.items { total.2.insert(item) }
        }
    }
}

private func firstRepeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
}
