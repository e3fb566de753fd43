// Two tables, compared cell by cell within tolerances.
import Parallelism

/// Compares two tables: rows are matched by key columns, cells by a tolerance for each column.
///
/// Rows match where all their keys are equal, in whatever order they stand: words byte by byte, numbers as the doubles
/// that they read as, nothing with nothing. Keys have no tolerance, because closeness is not transitive: which rows
/// belong together would depend on their order. Without key columns the first row matches the first, the second the
/// second, and so on. The other columns that both tables have are compared:
///
/// - numbers by their tolerance; words exactly;
/// - no value agrees with no value and with nothing else;
/// - text in a column of numbers that is no number, `nan` too, agrees with nothing.
public struct TableComparison: Sendable {
    /// The key columns: none to match rows by their place, nil to take those of the tables' definitions.
    public let keys: [String]?
    /// Tolerances of columns.
    public let tolerances: [String: Tolerance]
    /// The tolerance of the other columns; nil for those of the tables' definitions, and `exact` where there is none.
    public let defaultTolerance: Tolerance?
    /// The distance from a boundary below which a row's labels may differ; nil for nowhere.
    ///
    /// A row's distance is the smallest modulus of a ``marginColumns`` cell in either table.
    public let nearBoundary: Double?

    /// The columns that say how far a row is from where its labels change.
    public static let marginColumns = ["margin", "band_margin"]

    /// A comparison with these keys and tolerances.
    ///
    /// - Throws: ``ComparisonError`` where a key is named twice or has a tolerance, or a tolerance or the distance is
    ///   negative or not finite.
    public init(
        keys: [String]? = nil, tolerances: [String: Tolerance] = [:], defaultTolerance: Tolerance? = nil,
        nearBoundary: Double? = nil
    ) throws(ComparisonError) {
        if let keys, let name = firstRepeated(keys) { throw .repeatedKey(name) }
        if let name = keys?.first(where: { tolerances[$0] != nil }) { throw .toleranceOfKey(name) }
        for (name, tolerance) in tolerances.sorted(by: { $0.key < $1.key }) {
            if let amount = tolerance.wrongAmount { throw .wrongTolerance(amount, column: name) }
        }
        if let amount = defaultTolerance?.wrongAmount { throw .wrongTolerance(amount, column: nil) }
        if let nearBoundary, !(nearBoundary >= 0 && nearBoundary.isFinite) {
            throw .wrongBoundaryDistance(nearBoundary)
        }
        self.keys = keys
        self.tolerances = tolerances
        self.defaultTolerance = defaultTolerance
        self.nearBoundary = nearBoundary
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
        let definitions = [expected.definition, found.definition].compactMap { $0 }
        let keys = self.keys ?? definitions.lazy.map(\.keys).first { !$0.isEmpty } ?? []
        let shared = expected.columnNames.filter(Set(found.columnNames).contains)
        let names = keys + shared.filter { !keys.contains($0) }
        let columns = names.map { name in
            (name: name, reading: CellReading(expected.definition?[name]?.kind, found.definition?[name]?.kind))
        }
        try check(expected, found, keys: keys, columns)
        let (first, second) = try load(expected, found, columns: columns, threads: threads)
        let matching = match(first, second, keys: keys.count)
        let compared = names.indices.dropFirst(keys.count).map { index in
            let name = names[index]
            let defined = definitions.lazy.compactMap { $0[name]?.tolerance ?? $0.tolerance }.first
            return ComparedColumn(
                name: name, tolerance: tolerances[name] ?? defaultTolerance ?? defined ?? .exact,
                expected: first.columns[index], found: second.columns[index])
        }
        let margins = names.indices.filter { Self.marginColumns.contains(names[$0]) }
        let boundary = nearBoundary.map { distance in
            NearBoundary(
                distance: distance, expected: margins.map { first.columns[$0] },
                found: margins.map { second.columns[$0] })
        }
        let tally = DifferenceTally(compared, matching, boundary, threads: threads)

        func key(_ row: Int, of table: LoadedTable) -> RowKey {
            RowKey(
                cells: keys.indices.map { table.columns[$0].text(at: row) }, row: row + 1, line: table.line(of: row))
        }
        let limit = ComparisonReport.limit
        return ComparisonReport(
            expectedName: expected.name, foundName: found.name, keys: keys, nearBoundary: nearBoundary,
            expectedRows: first.rowCount, foundRows: second.rowCount, matchedRows: matching.matchedCount,
            missingRows: matching.missing.count,
            firstMissingRows: matching.missing.prefix(limit).map { key($0, of: first) },
            addedRows: matching.added.count, firstAddedRows: matching.added.prefix(limit).map { key($0, of: second) },
            duplicateKeys: matching.duplicates.count,
            firstDuplicateKeys: matching.duplicates.prefix(limit).map { duplicate in
                let row =
                    switch duplicate.firstRow {
                    case .expected(let row): key(row, of: first)
                    case .found(let row): key(row, of: second)
                    }
                return DuplicateKey(key: row, expectedRows: duplicate.expectedCount, foundRows: duplicate.foundCount)
            },
            missingColumns: expected.columnNames.filter { !names.contains($0) },
            addedColumns: found.columnNames.filter { !names.contains($0) },
            columns: compared.indices.map { index in
                ComparedColumnSummary(
                    name: compared[index].name,
                    tolerance: compared[index].hasNumbers ? compared[index].tolerance : .exact,
                    differingCells: tally.counts[index], nearBoundaryCells: tally.nearBoundary[index],
                    worstUnits: tally.largest[index])
            },
            worst: tally.worst.items.map { item in
                let column = compared[item.column]
                return CellDifference(
                    key: key(item.expectedRow, of: first), column: column.name, kind: item.fault.kind,
                    expected: column.expected.text(at: item.expectedRow), found: column.found.text(at: item.foundRow),
                    difference: item.fault.distance, units: item.fault.units,
                    foundLine: second.line(of: item.foundRow))
            })
    }

    private func check(
        _ expected: ComparedTable, _ found: ComparedTable, keys: [String],
        _ columns: [(name: String, reading: CellReading)]
    ) throws(ComparisonError) {
        let names = expected.columnNames + found.columnNames.filter { !expected.columnNames.contains($0) }
        if let key = keys.first(where: { !names.contains($0) }) {
            throw .unknownKey(UnknownColumn(name: key, known: names))
        }
        for table in [expected, found] {
            let names = table.columnNames
            if let name = firstRepeated(names) { throw .repeatedColumn(name, table: table.name) }
            if let key = keys.first(where: { !names.contains($0) }) {
                throw .missingKey(key, table: table.name, known: names)
            }
        }
        if let key = keys.first(where: { tolerances[$0] != nil }) { throw .toleranceOfKey(key) }
        for (name, tolerance) in tolerances.sorted(by: { $0.key < $1.key }) {
            guard names.contains(name) else {
                throw .toleranceOfUnknownColumn(UnknownColumn(name: name, known: names))
            }
            let kinds = (expected.definition?[name]?.kind, found.definition?[name]?.kind)
            if tolerance != .exact, CellReading(kinds.0, kinds.1) == .words {
                throw .toleranceOfWords(column: name, tolerance: tolerance)
            }
        }
        if nearBoundary != nil, !columns.contains(where: { Self.marginColumns.contains($0.name) }) {
            throw .noMargin
        }
    }

    private func load(
        _ expected: ComparedTable, _ found: ComparedTable, columns: [(name: String, reading: CellReading)], threads: Int
    ) throws -> (LoadedTable, LoadedTable) {
        if case .csv(let first, _) = expected, case .csv(let second, _) = found, first !== second {
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

    private func match(_ expected: LoadedTable, _ found: LoadedTable, keys: Int) -> RowMatching {
        guard keys > 0 else { return RowMatching(expectedRows: expected.rowCount, foundRows: found.rowCount) }
        let pairs = zip(expected.columns, found.columns).prefix(keys)
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
}

private func firstRepeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
}
