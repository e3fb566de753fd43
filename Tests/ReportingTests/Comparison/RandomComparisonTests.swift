import TestSupport
import Testing

@testable import Reporting

/// Random tables against a plain comparison of rows in a dictionary.
@Suite struct RandomComparisonTests {
    struct Row: Equatable {
        var alpha: Double
        var region: Int
        var x: Double?
        var n: Int?
        var label: Int?
        var note: String?
    }

    static let words = ["aA", "aB", "a,\"C"]
    static let columns = [
        Column("alpha", .real), Column("region", .label(words)), Column("x", .real), Column("n", .integer),
        Column("label", .label(words)), Column("note", .text),
    ]

    static func table(_ rows: [Row], chunkSize: Int) -> Table {
        let chunks = stride(from: 0, to: rows.count, by: chunkSize).map { start in
            let part = rows[start..<min(rows.count, start + chunkSize)]
            return TableChunk(
                rowCount: part.count,
                columns: [
                    .real(part.map(\.alpha)), .label(part.map { UInt8($0.region) }), .real(part.map { $0.x ?? .nan }),
                    .integer(part.map(\.n)), .label(part.map { UInt8($0.label ?? 255) }), .text(part.map(\.note)),
                ])
        }
        return Table(columns: columns, source: .indexed(chunkCount: chunks.count) { chunks[$0] })
    }

    static func row(using generator: inout SeededGenerator, keys: Int) -> Row {
        func maybe<T>(_ value: T) -> T? { Int.random(in: 0..<5, using: &generator) == 0 ? nil : value }
        let alpha = Double(Int.random(in: 0..<keys, using: &generator)) / 8
        let region = Int.random(in: 0..<3, using: &generator)
        let x = Double.random(in: -1...1, using: &generator)
        let n = Int.random(in: -3...3, using: &generator) + (Bool.random(using: &generator) ? 1 << 60 : 0)
        let (label, text) = (Int.random(in: 0..<3, using: &generator), randomText(using: &generator))
        // An empty text is written like a missing one.
        return Row(
            alpha: alpha, region: region, x: maybe(x), n: maybe(n), label: maybe(label),
            note: maybe(text.isEmpty ? "-" : text))
    }

    /// The same rows with some changed, lost, added, repeated and moved.
    static func changed(_ rows: [Row], using generator: inout SeededGenerator, keys: Int) -> [Row] {
        var result: [Row] = []
        for row in rows {
            var row = row
            switch Int.random(in: 0..<40, using: &generator) {
            case 0: continue
            case 1: result.append(row)
            case 2: row = Self.row(using: &generator, keys: keys)
            case 3: row.x = row.x.map { $0 + 1e-3 * Double.random(in: -3...3, using: &generator) }
            case 4: row.x = nil
            case 5: row.n = row.n.map { $0 + 1 }
            case 6: row.label = 1
            case 7: row.note = "x"
            default: break
            }
            result.append(row)
        }
        if Bool.random(using: &generator) { result.shuffle(using: &generator) }
        return result
    }

    struct Plain: Equatable {
        var matched = 0, missing = 0, added = 0, duplicates = 0
        var cells = [0, 0, 0, 0]
        var worst: [Double] = []
    }

    static func plain(_ expected: [Row], _ found: [Row]) -> Plain {
        struct Key: Hashable {
            var alpha: Double
            var region: Int
        }
        func grouped(_ rows: [Row]) -> [Key: [Row]] {
            Dictionary(grouping: rows) { Key(alpha: $0.alpha, region: $0.region) }
        }
        let (first, second) = (grouped(expected), grouped(found))
        var result = Plain()
        var units: [Double] = []
        for key in Set(first.keys).union(second.keys) {
            let (a, b) = (first[key] ?? [], second[key] ?? [])
            if a.count > 1 || b.count > 1 {
                result.duplicates += 1
            } else if b.isEmpty {
                result.missing += 1
            } else if a.isEmpty {
                result.added += 1
            } else {
                result.matched += 1
                func differ(_ column: Int, _ size: Double) {
                    result.cells[column] += 1
                    units.append(size)
                }
                if let x = a[0].x, let y = b[0].x {
                    if abs(x - y) > 1e-3 { differ(0, abs(x - y) / 1e-3) }
                } else if a[0].x != b[0].x {
                    differ(0, .infinity)
                }
                if a[0].n != b[0].n { differ(1, .infinity) }
                if a[0].label != b[0].label { differ(2, .infinity) }
                if a[0].note.map({ Array($0.utf8) }) != b[0].note.map({ Array($0.utf8) }) { differ(3, .infinity) }
            }
        }
        result.worst = Array(units.sorted(by: >).prefix(10))
        return result
    }

    static func summary(_ report: ComparisonReport) -> Plain {
        Plain(
            matched: report.matchedRows, missing: report.missingRows, added: report.addedRows,
            duplicates: report.duplicateKeys, cells: report.columns.map(\.differingCells),
            worst: report.worst.map(\.units))
    }

    private func check(_ expected: [Row], _ found: [Row]) throws {
        let folder = try TestFolder()
        let comparison = try TableComparison(keys: ["alpha", "region"], tolerances: ["x": .absolute(1e-3)])
        let plain = Self.plain(expected, found)
        func tables() -> (Table, Table) { (Self.table(expected, chunkSize: 37), Self.table(found, chunkSize: 100)) }
        for (name, table) in [("a", tables().0), ("b", tables().1)] {
            let output = try OutputDestination.open(folder[name])
            try CSVWriter().write(table, to: output)
            try output.commit()
        }
        func file(_ name: String) throws -> ComparedTable { .csv(try CSVReader(path: folder[name])) }
        let report = try comparison.compare(expected: .table(tables().0), found: .table(tables().1))
        #expect(Self.summary(report) == plain)
        let others = [
            try comparison.compare(expected: .table(tables().0), found: .table(tables().1), threads: 1),
            try comparison.compare(expected: file("a"), found: .table(tables().1)),
            try comparison.compare(expected: .table(tables().0), found: file("b"), threads: 3),
            try comparison.compare(expected: file("a"), found: file("b")),
        ]
        for other in others {
            #expect(Self.summary(other) == plain)
            #expect(other.worst.map(\.key.cells) == report.worst.map(\.key.cells))
            #expect(other.worst.map(\.column) == report.worst.map(\.column))
            #expect(other.firstDuplicateKeys.map(\.key.cells) == report.firstDuplicateKeys.map(\.key.cells))
            #expect(other.firstAddedRows.map(\.cells) == report.firstAddedRows.map(\.cells))
        }
    }

    @Test(arguments: 0..<60)
    func smallTables(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 0...400, using: &generator)
        let keys = [5, 300, 5000].randomElement(using: &generator) ?? 5
        let expected = (0..<count).map { _ in Self.row(using: &generator, keys: keys) }
        try check(expected, Self.changed(expected, using: &generator, keys: keys))
    }

    @Test func aHundredThousandRows() throws {
        var generator = SeededGenerator(seed: 1)
        let expected = (0..<100_000).map { _ in Self.row(using: &generator, keys: 1_000_000) }
        try check(expected, Self.changed(expected, using: &generator, keys: 1_000_000))
    }
}
