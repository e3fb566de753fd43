import TestSupport
import Testing

@testable import Reporting

@Suite struct TableComparisonTests {
    static let stored = """
        alpha,region,x,n,known,note
        0.5,aA,1.25,7,true,first
        0.5,aB,2.5,,false,
        1,aA,,9,,"a, b"

        """

    /// The same as `stored`, as a program would compute it.
    static func computed() -> Table {
        table([
            (Column("alpha", .real), .real([0.5, 0.5, 1])),
            (Column("region", .label(["aA", "aB"])), .label([0, 1, 0])),
            (Column("x", .real), .real([1.25, 2.5, .nan])), (Column("n", .integer), .integer([7, nil, 9])),
            (Column("known", .boolean), .boolean([true, false, nil])),
            (Column("note", .text), .text(["first", nil, "a, b"])),
        ])
    }

    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func csv(_ text: String, _ name: String = "a.csv") throws -> ComparedTable {
        .csv(try CSVReader(path: folder.write(text, to: name)))
    }

    /// Compares by alpha and region.
    private func compare(
        _ expected: ComparedTable, _ found: ComparedTable, _ tolerances: [String: Tolerance] = [:],
        keys: [String] = ["alpha", "region"]
    ) throws -> ComparisonReport {
        try TableComparison(keys: keys, tolerances: tolerances).compare(expected: expected, found: found)
    }

    /// The stored table after a change of its text, against the computed one and against itself as a file.
    private func changed(_ old: String, _ new: String, _ tolerances: [String: Tolerance] = [:]) throws
        -> [ComparisonReport]
    {
        let text = Self.stored.replacing(old, with: new, maxReplacements: 1)
        try #require(text != Self.stored)
        return [
            try compare(.table(Self.computed()), csv(text), tolerances),
            try compare(csv(Self.stored), csv(text, "b.csv"), tolerances),
        ]
    }

    @Test func equalTablesAgree() throws {
        let pairs: [(ComparedTable, ComparedTable)] = [
            (.table(Self.computed()), .table(Self.computed())), (try csv(Self.stored), .table(Self.computed())),
            (.table(Self.computed()), try csv(Self.stored)), (try csv(Self.stored), try csv(Self.stored, "b.csv")),
        ]
        for (expected, found) in pairs {
            let report = try compare(expected, found)
            #expect(report.agrees)
            #expect(report.matchedRows == 3)
            #expect(report.comparedCells == 12)
            #expect(report.worst.isEmpty)
        }
    }

    @Test func theOrderOfRowsAndColumnsDoesNotMatter() throws {
        let text = """
            note,x,known,region,n,alpha
            "a, b",,,aA,9,1.0
            first,1.250,true,aA,7,0.5
            ,2.5,false,aB,,5e-1

            """
        #expect(try compare(.table(Self.computed()), csv(text)).agrees)
        #expect(try compare(csv(Self.stored), csv(text, "b.csv")).agrees)
    }

    @Test func aDigit() throws {
        for report in try changed("1.25", "1.26", ["x": .absolute(0.001)]) {
            #expect(!report.agrees)
            #expect(report.columns.map(\.differingCells) == [1, 0, 0, 0])
            let worst = try #require(report.worst.first)
            #expect(worst.key.cells == ["0.5", "aA"])
            #expect(worst.column == "x")
            #expect(worst.kind == .number)
            #expect(worst.expected == "1.25")
            #expect(worst.found == "1.26")
            #expect(worst.difference == 1.26 - 1.25)
            #expect(worst.units == (1.26 - 1.25) / 0.001)
            #expect(worst.foundLine == 2)
            #expect(report.columns[0].worstUnits == worst.units)
        }
        for report in try changed("1.25", "1.26", ["x": .absolute(0.011)]) { #expect(report.agrees) }
        for report in try changed("2.5", "2.5000000000000004", ["x": .ulps(1)]) { #expect(report.agrees) }
        for report in try changed("2.5", "2.5000000000000004") { #expect(report.differingCells == 1) }
    }

    @Test func aLabelAndAText() throws {
        for report in try changed("first", "First") {
            #expect(report.worst.map(\.kind) == [.word])
            #expect(report.worst.map(\.units) == [.infinity])
            #expect(report.worst.map(\.column) == ["note"])
        }
        // Labels are keys here: another one is another row.
        for report in try changed("aB", "aC") {
            #expect(report.firstMissingRows.map(\.cells) == [["0.5", "aB"]])
            #expect(report.firstAddedRows.map(\.cells) == [["0.5", "aC"]])
            #expect(report.firstAddedRows.map(\.line) == [3])
            #expect(report.matchedRows == 2)
        }
        for report in try changed("true", "false") { #expect(report.worst.map(\.column) == ["known"]) }
        for report in try changed(",first", ", first") { #expect(report.differingCells == 1) }
    }

    @Test func wordsDifferWhereTheirBytesDo() throws {
        // To Swift, and to a dictionary, these strings are equal.
        let words = ["\u{E9}", "e\u{301}"]
        #expect(words[0] == words[1])
        let report = try compare(
            csv("k,w\n1,\(words[0])\n"), csv("k,w\n1,\(words[1])\n", "b.csv"), keys: ["k"])
        #expect(report.differingCells == 1)
        let keys = try compare(csv("k\n\(words[0])\n"), csv("k\n\(words[1])\n", "b.csv"), keys: ["k"])
        #expect(keys.matchedRows == 0)
    }

    @Test func aRowLessAndARowMore() throws {
        for report in try changed("0.5,aB,2.5,,false,\n", "") {
            #expect(!report.agrees)
            #expect(report.missingRows == 1)
            #expect(report.firstMissingRows.map(\.cells) == [["0.5", "aB"]])
            #expect(report.addedRows == 0)
            #expect(report.matchedRows == 2)
            #expect(report.differingCells == 0)
        }
        for report in try changed("1,aA,", "2,aA,1,1,true,x\n1,aA,") {
            #expect(!report.agrees)
            #expect(report.addedRows == 1)
            #expect(report.firstAddedRows == [RowKey(cells: ["2", "aA"], row: 3, line: 4)])
            #expect(report.matchedRows == 3)
        }
    }

    @Test func aColumnLessAndAColumnMore() throws {
        let fewer = try Self.computed().selecting(["region", "alpha", "n"])
        let report = try compare(.table(Self.computed()), .table(fewer))
        #expect(report.missingColumns == ["x", "known", "note"])
        #expect(report.addedColumns == [])
        #expect(report.columns.map(\.name) == ["n"])
        #expect(!report.agrees)
        let back = try compare(.table(fewer), .table(Self.computed()))
        #expect(back.addedColumns == ["x", "known", "note"])
        #expect(!back.agrees)
    }

    @Test func aMissingValueAgreesWithNothingElse() throws {
        for report in try changed("1.25", "", ["x": .absolute(1e9)]) {
            #expect(report.worst.map(\.kind) == [.missing])
            #expect(report.worst.map(\.found) == [nil])
        }
        for report in try changed("aB,2.5,,", "aB,2.5,0,", ["n": .absolute(1e9)]) {
            #expect(report.worst.map(\.kind) == [.added])
        }
        for report in try changed("first", "") { #expect(report.worst.map(\.kind) == [.missing]) }
        for report in try changed("false,", "false,x") { #expect(report.worst.map(\.kind) == [.added]) }
        for report in try changed("true", "") { #expect(report.worst.map(\.kind) == [.missing]) }
    }

    @Test(arguments: ["nan", "NaN", "-nan", "inf", "1e999", "0x10", "1.2.3", "1,25"])
    func whatIsNoNumberAgreesWithNothing(text: String) throws {
        let text = Self.stored.replacing("1.25", with: "\"\(text)\"")
        let report = try compare(.table(Self.computed()), csv(text), ["x": .absolute(1e9)])
        #expect(report.worst.map(\.kind) == [.unreadable])
        #expect(report.worst.map(\.foundLine) == [2])
        let back = try compare(csv(text), .table(Self.computed()), ["x": .absolute(1e9)])
        #expect(back.worst.map(\.key.line) == [2])
    }

    @Test func anIntegerIsNoFraction() throws {
        #expect(try changed("7", "7.0").map(\.agrees) == [true, true])
        #expect(try changed("7", "7.5", ["n": .absolute(1)])[0].worst.map(\.kind) == [.unreadable])
        #expect(try changed("7", " 7\t").map(\.agrees) == [true, true])
    }

    @Test func notANumberNeverAgreesInFilesEither() throws {
        let text = "k,x\n1,nan\n2,inf\n3,ok\n"
        let report = try compare(csv(text), csv(text, "b.csv"), keys: ["k"])
        #expect(report.worst.map(\.key.cells) == [["1"]])
        #expect(report.worst.map(\.kind) == [.word])
        // As the word of a label it is one like any other.
        let label = Column("x", .label(["nan", "inf", "ok"]))
        let rows = table([(Column("k", .integer), .integer([1, 2, 3])), (label, .label([0, 1, 2]))])
        #expect(try compare(.table(rows), csv(text), keys: ["k"]).agrees)
    }

    @Test func whatIsNotFiniteInATableIsMissing() throws {
        let columns = (Column("k", .real), Column("x", .real))
        let rows = table([(columns.0, .real([1, 2, 3])), (columns.1, .real([.nan, .infinity, 5]))])
        #expect(try compare(csv("k,x\n1,\n2,\n3,5\n"), .table(rows), keys: ["k"]).agrees)
        #expect(try compare(csv("k,x\n1,\n2,2\n3,5\n"), .table(rows), keys: ["k"]).worst.map(\.kind) == [.missing])
    }

    @Test func cellsOfFilesAreNumbersWhereBothAre() throws {
        let report = try compare(
            csv("k,v\n1,1.0\n2,a\n3,2\n4,b\n"), csv("k,v\n1,1\n2,a\n3,x\n4,c\n", "b.csv"), keys: ["k"])
        #expect(report.worst.map(\.key.cells) == [["3"], ["4"]])
        #expect(report.worst.map(\.kind) == [.word, .word])
        // One broken cell leaves the tolerance of the others alone.
        let close = try compare(
            csv("k,v\n1,1.0\n2,3\n"), csv("k,v\n1,1.1\n2,3x\n", "b.csv"), ["v": .absolute(0.2)], keys: ["k"])
        #expect(close.worst.map(\.found) == ["3x"])
    }

    @Test func integersThatNoDoubleHolds() throws {
        let large = [9_007_199_254_740_993, 9_007_199_254_740_992, Int.max]
        let rows = { (values: [Int?]) in
            table([(Column("k", .integer), .integer([1, 2, 3])), (Column("n", .integer), .integer(values))])
        }
        let text = "k,n\n1,9007199254740993\n2,9007199254740992\n3,9223372036854775807\n"
        #expect(try compare(.table(rows(large)), csv(text), keys: ["k"]).agrees)
        #expect(try compare(csv(text), csv(text, "b.csv"), keys: ["k"]).agrees)
        let swapped = rows([large[1], large[0], large[2] - 1])
        let report = try compare(.table(swapped), csv(text), keys: ["k"])
        #expect(report.worst.map(\.difference) == [1, 1, 1])
        #expect(report.worst.map(\.expected) == ["9007199254740992", "9007199254740993", "9223372036854775806"])
        #expect(try compare(.table(swapped), csv(text), ["n": .absolute(1)], keys: ["k"]).agrees)
        // As keys they are told apart too.
        #expect(try compare(csv(text), .table(rows(large)), keys: ["n"]).matchedRows == 3)
        #expect(try compare(csv(text), .table(swapped), keys: ["n"]).matchedRows == 2)
        // A double near such an integer is not the same number.
        let real = table([
            (Column("k", .real), .real([1, 2, 3])), (Column("n", .real), .real([0x1p53, 0x1p53, 0x1p63])),
        ])
        #expect(try compare(.table(rows(large)), .table(real), keys: ["k"]).worst.map(\.key.cells) == [["1"], ["3"]])
    }

    @Test func noIntegerIsTooLarge() throws {
        let digits = [
            "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728",
            "1267650600228229401496703205375", "-1267650600228229401496703205375", String(repeating: "9", count: 300),
        ]
        let cells = digits.enumerated().map { "\($0),\($1)\n" }.joined()
        let swapped = digits.enumerated().map { "\($0),-\($1)\n".replacing("--", with: "") }.joined()
        let report = try compare(csv("k,n\n" + cells), csv("k,n\n" + swapped, "b.csv"), keys: ["k"])
        #expect(report.differingCells == 5)
        let keys = table([(Column("k", .integer), .integer([0, 1, 2, 3, 4]))])
        let wide = Table(
            columns: keys.columns + [Column("n", .integer)],
            source: .indexed(chunkCount: 1) { _ in
                TableChunk(
                    rowCount: 5, columns: [.integer([0, 1, 2, 3, 4]), .integer([.max, .min, .max, .min, nil])])
            })
        #expect(try compare(.table(wide), csv("k,n\n" + cells), keys: ["k"]).differingCells == 5)
    }

    @Test func keysAreEqualNumbersOrEqualText() throws {
        let report = try compare(
            csv("k\n0.1\n0\na\n\n1\n"), csv("k\n0.10\n-0\na\n\n1.0000000000000002\n", "b.csv"), keys: ["k"])
        #expect(report.matchedRows == 4)
        #expect(report.firstMissingRows.map(\.cells) == [["1"]])
        #expect(report.firstAddedRows.map(\.cells) == [["1.0000000000000002"]])
        let text = table([(Column("k", .text), .text(["0.1", "1"]))])
        #expect(try compare(.table(text), csv("k\n0.10\n1\n"), keys: ["k"]).matchedRows == 1)
    }

    @Test func repeatedKeysAreNeverMatched() throws {
        let report = try compare(
            csv("k,x\n1,1\n2,2\n1,1\n3,3\n4,4\n"), csv("k,x\n1,1\n3,3\n2,2\n3,3\n3,3\n5,5\n5,6\n6,6\n", "b.csv"),
            keys: ["k"])
        #expect(!report.agrees)
        #expect(report.matchedRows == 1)
        #expect(report.firstMissingRows.map(\.cells) == [["4"]])
        #expect(report.firstAddedRows.map(\.cells) == [["6"]])
        #expect(report.duplicateKeys == 3)
        #expect(
            report.firstDuplicateKeys == [
                DuplicateKey(key: RowKey(cells: ["1"], row: 1, line: 2), expectedRows: 2, foundRows: 1),
                DuplicateKey(key: RowKey(cells: ["3"], row: 4, line: 5), expectedRows: 1, foundRows: 3),
                DuplicateKey(key: RowKey(cells: ["5"], row: 6, line: 7), expectedRows: 0, foundRows: 2),
            ])
        // The same rows twice in both tables, in the same order, are no agreement.
        let twice = try compare(csv("k,x\n1,1\n1,1\n2,2\n"), csv("k,x\n1,1\n1,1\n2,2\n", "b.csv"), keys: ["k"])
        #expect(!twice.agrees)
        #expect(twice.matchedRows == 1)
        #expect(twice.missingRows + twice.addedRows == 0)
    }

    @Test func emptyTables() throws {
        let header = "alpha,region,x,n,known,note\n"
        #expect(try compare(csv(header), csv(header, "b.csv")).agrees)
        let all = try compare(csv(header), .table(Self.computed()))
        #expect(all.addedRows == 3)
        let none = try compare(.table(Self.computed()), csv(header))
        #expect(none.missingRows == 3)
        #expect(!all.agrees)
        #expect(!none.agrees)
        let noChunks = Table(columns: Self.computed().columns, source: .indexed(chunkCount: 0) { _ in throw Stop() })
        #expect(try compare(csv(header), .table(noChunks)).agrees)
    }

    private struct Stop: Error {}

    @Test func onlyTheFirstTenAreListed() throws {
        let keys = (1...25).map(Double.init)
        let key = Column("k", .real)
        let report = try compare(
            .table(table([(key, .real(keys))])), .table(table([(key, .real(keys.map { -$0 }))])), keys: ["k"])
        #expect(report.missingRows == 25)
        #expect(report.firstMissingRows.map(\.cells) == (1...10).map { ["\($0)"] })
        #expect(report.addedRows == 25)
        #expect(report.firstAddedRows.map(\.cells) == (1...10).map { ["-\($0)"] })
    }

    @Test func theWorstComeFirst() throws {
        let keys = (0..<25).map { Double($0) }
        let rows = { (values: [Double], other: [Double]) in
            table([
                (Column("k", .real), .real(keys)), (Column("x", .real), .real(values)),
                (Column("y", .real), .real(other)),
            ])
        }
        let zeros = keys.map { _ in 0.0 }
        // 0, 7, 14, 21, 3, …: each of 0 … 24 once.
        let scattered = keys.map { ($0 * 7).truncatingRemainder(dividingBy: 25) }
        let report = try compare(
            .table(rows(zeros, zeros)), .table(rows(scattered, scattered.map { $0 == 24 ? 0 : 2 * $0 })),
            ["x": .absolute(1), "y": .absolute(2)], keys: ["k"])
        // Two are not beyond the tolerance; 24 differs in x only; equal units come in the order of the columns.
        #expect(report.columns.map(\.differingCells) == [23, 22])
        #expect(report.worst.map(\.units) == [24, 23, 23, 22, 22, 21, 21, 20, 20, 19])
        #expect(report.worst.map(\.column) == ["x", "x", "y", "x", "y", "x", "y", "x", "y", "x"])
    }

    @Test func brokenFilesAndTablesAreErrors() throws {
        let text = message { _ = try compare(.table(Self.computed()), csv("alpha,region\n1\n")) }
        #expect(text.hasPrefix("\(folder["a.csv"]), line 2: the row has 1 field"))
        let wrong = Table(
            columns: [Column("alpha", .real), Column("region", .text)],
            source: .indexed(chunkCount: 1) { _ in TableChunk(rowCount: 1, columns: [.real([1])]) })
        #expect(throws: MalformedChunk.self) { try compare(.table(wrong), .table(Self.computed())) }
        let failing = Table(columns: Self.computed().columns, source: .indexed(chunkCount: 9) { _ in throw Stop() })
        #expect(throws: Stop.self) { try compare(.table(failing), .table(Self.computed())) }
    }

    @Test func theSameReaderTwiceIsReadOnce() throws {
        let reader = try CSVReader(path: folder.write(Self.stored, to: "a.csv"))
        let report = try compare(.csv(reader), .csv(reader))
        #expect(report.missingRows == 3)
        #expect(!report.agrees)
    }

    @Test func sequentialTables() throws {
        var chunks = [1.0, 2, 3]
        let rows = Table(
            columns: [Column("k", .real)],
            source: .sequential { chunks.popLast().map { TableChunk(rowCount: 1, columns: [.real([$0])]) } })
        #expect(try compare(csv("k\n1\n2\n3\n"), .table(rows), keys: ["k"]).agrees)
    }
}

@Suite struct ComparisonErrorTests {
    @Test(
        arguments: [
            (["a", "b", "a"], [:], .exact, .repeatedKey("a")),
            (["a"], ["a": .absolute(1)], .exact, .toleranceOfKey("a")),
            (["a"], ["x": .absolute(-1)], .exact, .wrongTolerance(-1, column: "x")),
            (["a"], ["x": .ulps(.infinity)], .exact, .wrongTolerance(.infinity, column: "x")),
            (
                ["a"], ["x": .absoluteOrRelative(absolute: 1, relative: -0.5)], .exact,
                .wrongTolerance(-0.5, column: "x")
            ),
            (["a"], [:], .relative(-2), .wrongTolerance(-2, column: nil)),
        ] as [([String], [String: Tolerance], Tolerance, ComparisonError)])
    func whatMakesNoSense(
        keys: [String], tolerances: [String: Tolerance], standard: Tolerance, error: ComparisonError
    ) {
        #expect(throws: error) { try TableComparison(keys: keys, tolerances: tolerances, defaultTolerance: standard) }
    }

    @Test func aToleranceMustBeANumber() {
        let text = ReportingTests.message { _ = try TableComparison(keys: ["a"], tolerances: ["x": .relative(.nan)]) }
        #expect(text == "The tolerance of the column \"x\" is nan; it must be a finite number, 0 or more.")
    }

    private func message(keys: [String], tolerances: [String: Tolerance] = [:]) -> String {
        let other = table([(Column("alpha", .real), .real([])), (Column("z", .real), .real([]))])
        do {
            let comparison = try TableComparison(keys: keys, tolerances: tolerances)
            _ = try comparison.compare(
                expected: .table(TableComparisonTests.computed(), name: "a.csv"), found: .table(other, name: "b.csv"))
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func whatDoesNotFitTheTables() {
        #expect(
            message(keys: ["alpha", "region"])
                == "A key column is missing in b.csv. There is no column \"region\". The columns are alpha, z.")
        #expect(
            message(keys: ["alhpa"])
                == "A key is no column of either table. There is no column \"alhpa\". Did you mean alpha? "
                + "The columns are alpha, region, x, n, known, note, z.")
        #expect(
            message(keys: ["alpha"], tolerances: ["not": .exact])
                == "A tolerance is given for a column of neither table. There is no column \"not\". Did you mean note? "
                + "The columns are alpha, region, x, n, known, note, z.")
        #expect(
            message(keys: ["alpha"], tolerances: ["region": .absolute(1)])
                == "The column \"region\" has the tolerance 1 absolute, but it holds words; they are compared exactly.")
        // In one table only is a difference, not an error.
        #expect(message(keys: ["alpha"], tolerances: ["x": .absolute(1), "z": .ulps(1)]) == "no error")
    }

    @Test func aTableMayHaveANameOnce() throws {
        let column = Column("a", .real)
        let rows = table([(column, .real([])), (column, .real([]))])
        #expect(throws: ComparisonError.repeatedColumn("a", table: "computed table")) {
            try TableComparison(keys: ["a"]).compare(expected: .table(rows), found: .table(rows))
        }
    }
}
