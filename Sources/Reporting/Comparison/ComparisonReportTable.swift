// The report of a comparison, for programs.

extension ComparisonReport {
    /// The report as a tidy table: a finding a row; counts first, then what is listed.
    ///
    /// A cell is empty where it does not apply. The text of a key is `alpha=0.5, region=aA`, or `row 3` where rows are
    /// matched by their place.
    public var table: Table { Finding.table(findings) }

    /// What was found.
    var findings: [Finding] {
        var findings: [Finding] = []
        func count(_ finding: Finding.Kind, _ number: Int, column: String? = nil, units: Double? = nil) {
            findings.append(Finding(kind: finding, count: number, column: column, units: units))
        }
        findings.append(Finding(kind: .rowsMatched, count: matchedRows, key: keys.isEmpty ? "by place" : nil))
        count(.rowsMissing, missingRows)
        count(.rowsAdded, addedRows)
        count(.keysRepeated, duplicateKeys)
        for column in columns {
            count(.cellsDiffering, column.differingCells, column: column.name, units: column.worstUnits)
            if nearBoundary != nil, column.nearBoundaryCells > 0 {
                count(.labelsNearBoundary, column.nearBoundaryCells, column: column.name)
            }
        }
        for name in missingColumns { findings.append(Finding(kind: .columnMissing, column: name)) }
        for name in addedColumns { findings.append(Finding(kind: .columnAdded, column: name)) }
        for row in firstMissingRows {
            findings.append(Finding(kind: .rowMissing, key: text(row), expectedLine: row.line))
        }
        for row in firstAddedRows { findings.append(Finding(kind: .rowAdded, key: text(row), foundLine: row.line)) }
        for duplicate in firstDuplicateKeys {
            let isExpected = duplicate.expectedRows > 0
            findings.append(
                Finding(
                    kind: .keyRepeated, count: duplicate.expectedRows + duplicate.foundRows, key: text(duplicate.key),
                    expectedLine: isExpected ? duplicate.key.line : nil,
                    foundLine: isExpected ? nil : duplicate.key.line))
        }
        for difference in worst {
            findings.append(
                Finding(
                    kind: Finding.Kind(difference.kind), key: text(difference.key), column: difference.column,
                    expected: difference.expected, found: difference.found, difference: difference.difference,
                    units: difference.units, expectedLine: difference.key.line, foundLine: difference.foundLine))
        }
        return findings
    }

    private func text(_ row: RowKey) -> String {
        if keys.isEmpty { return "row \(row.row)" }
        return zip(keys, row.cells).map { "\($0)=\($1 ?? "")" }.joined(separator: ", ")
    }
}

/// One row of a report's table.
struct Finding {
    enum Kind: UInt8, CaseIterable {
        case tableMissing, tableAdded, notCompared
        case rowsMatched, rowsMissing, rowsAdded, keysRepeated, cellsDiffering, labelsNearBoundary
        case columnMissing, columnAdded, rowMissing, rowAdded, keyRepeated
        case numberDiffers, labelDiffers, valueMissing, valueAdded, unreadable

        init(_ kind: CellDifference.Kind) {
            self =
                switch kind {
                case .number: .numberDiffers
                case .word: .labelDiffers
                case .missing: .valueMissing
                case .added: .valueAdded
                case .unreadable: .unreadable
                }
        }

        var word: String {
            switch self {
            case .tableMissing: "table-missing"
            case .tableAdded: "table-added"
            case .notCompared: "not-compared"
            case .rowsMatched: "rows-matched"
            case .rowsMissing: "rows-missing"
            case .rowsAdded: "rows-added"
            case .keysRepeated: "keys-repeated"
            case .cellsDiffering: "cells-differing"
            case .labelsNearBoundary: "labels-near-boundary"
            case .columnMissing: "column-missing"
            case .columnAdded: "column-added"
            case .rowMissing: "row-missing"
            case .rowAdded: "row-added"
            case .keyRepeated: "key-repeated"
            case .numberDiffers: "number-differs"
            case .labelDiffers: "label-differs"
            case .valueMissing: "value-missing"
            case .valueAdded: "value-added"
            case .unreadable: "unreadable"
            }
        }
    }

    var kind: Kind
    var count: Int?
    var key: String?
    var column: String?
    var expected: String?
    var found: String?
    var difference: Double?
    var units: Double?
    var expectedLine: Int?
    var foundLine: Int?

    /// - Parameter files: the file of each finding, of which there is then a column.
    static func table(_ findings: [Finding], files: [String]? = nil) -> Table {
        let columns = [
            Column("finding", .label(Kind.allCases.map(\.word)), summary: "what was found"),
            Column("count", .integer, unit: "rows, keys or cells", summary: "how many"),
            Column("key", .text, summary: "the key of the row"),
            Column("column", .text, summary: "the column"),
            Column("expected", .text, summary: "the expected value"),
            Column("found", .text, summary: "the value found"),
            Column("difference", .real, unit: "unit of the column", summary: "|found - expected|"),
            Column(
                "units", .real, unit: "tolerances",
                summary: "the difference in units of the tolerance; of a "
                    + "column the largest; empty where it is infinite or no number differs"),
            Column("expected_line", .integer, summary: "line of the expected file"),
            Column("found_line", .integer, summary: "line of the found file"),
        ]
        let values: [ColumnValues] = [
            .label(findings.map(\.kind.rawValue)), .integer(findings.map(\.count)), .text(findings.map(\.key)),
            .text(findings.map(\.column)), .text(findings.map(\.expected)), .text(findings.map(\.found)),
            .real(findings.map { $0.difference ?? .nan }), .real(findings.map { $0.units ?? .nan }),
            .integer(findings.map(\.expectedLine)), .integer(findings.map(\.foundLine)),
        ]
        let chunk = TableChunk(rowCount: findings.count, columns: (files.map { [.text($0)] } ?? []) + values)
        let file = files.map { _ in [Column("file", .text, summary: "the file, by its path in the folders")] }
        return Table(columns: (file ?? []) + columns, source: .indexed(chunkCount: 1) { _ in chunk })
    }
}
