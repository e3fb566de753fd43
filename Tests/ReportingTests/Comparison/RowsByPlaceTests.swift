// Rows that are matched by their place.
import TestSupport
import Testing

@testable import Reporting

@Suite struct RowsByPlaceTests {
    private func csv(_ text: String) throws -> ComparedTable {
        .csv(try CSVReader(bytes: Array(text.utf8), name: "file"))
    }

    @Test func rowsAreMatchedInOrder() throws {
        let report = try TableComparison().compare(
            expected: csv("a,b\n1,x\n1,x\n2,y\n"), found: csv("b,a\nx,1\nz,1\ny,2\n"))
        #expect(report.keys == [])
        #expect(report.matchedRows == 3)
        #expect(report.columns.map(\.name) == ["a", "b"])
        #expect(report.columns.map(\.differingCells) == [0, 1])
        #expect(report.worst.map(\.key) == [RowKey(cells: [], row: 2, line: 3)])
        #expect(report.description.contains("Matched by their place"))
        #expect(report.description.contains("b at row 2"))
    }

    @Test func theLongerTableHasRowsOfItsOwn() throws {
        let (short, long) = ("a\n1\n", "a\n1\n2\n3\n")
        let missing = try TableComparison(keys: []).compare(expected: csv(long), found: csv(short))
        #expect(missing.missingRows == 2)
        #expect(missing.firstMissingRows.map(\.row) == [2, 3])
        #expect(missing.addedRows == 0)
        let added = try TableComparison(keys: []).compare(expected: csv(short), found: csv(long))
        #expect(added.addedRows == 2)
        #expect(added.firstAddedRows.map(\.line) == [3, 4])
        #expect(added.missingRows == 0)
    }

    @Test func withoutRowsTablesAgree() throws {
        let report = try TableComparison().compare(expected: csv("a\n"), found: csv("a\n"))
        #expect(report.agrees)
        #expect(report.matchedRows == 0)
    }

    @Test func theTableForProgramsSaysSo() throws {
        let report = try TableComparison().compare(expected: csv("a\n1\n"), found: csv("a\n2\n"))
        let text = try TestFolder().output { try CSVWriter().write(report.table, to: $0) }
        #expect(text.contains("\nrows-matched,1,by place,"))
        #expect(text.contains("\nnumber-differs,,row 1,a,1,2,1,,2,2\n"))
    }
}

/// What the tables' definitions say of keys, kinds and tolerances.
@Suite struct DefinedTablesTests {
    private func csv(_ text: String, _ definition: TableDefinition? = nil) throws -> ComparedTable {
        .csv(try CSVReader(bytes: Array(text.utf8), name: "file"), definition: definition)
    }

    private let definition = TableDefinition(
        columns: [Column("code", .text), Column("x", .real, tolerance: .absolute(0.5)), Column("n", .integer)],
        keys: ["k"], tolerance: .absolute(0.125))
    private let first = "k,code,x,n,other\n1,1,1,1,1\n2,2,2,2,2\n"

    @Test(arguments: [false, true])
    func eitherSidesKeysAndTolerancesCount(isFound: Bool) throws {
        let second = "k,code,x,n,other\n2,2,2.5,2,2.125\n1,1,0.5,1,0.875\n"
        let report = try TableComparison().compare(
            expected: csv(first, isFound ? nil : definition), found: csv(second, isFound ? definition : nil))
        #expect(report.keys == ["k"])
        #expect(report.columns.map(\.tolerance) == [.exact, .absolute(0.5), .absolute(0.125), .absolute(0.125)])
        #expect(report.agrees)
    }

    @Test func aBitBeyondDiffers() throws {
        let second = "k,code,x,n,other\n2,2,2.5000000000000004,2,2.1250000000000004\n1,1.0,1,1,1\n"
        let report = try TableComparison().compare(expected: csv(first, definition), found: csv(second))
        // Words are compared as words, also where they look like numbers.
        #expect(report.columns.map(\.differingCells) == [1, 1, 0, 1])
    }

    @Test func whatIsAskedForComesFirst() throws {
        let second = "k,code,x,n,other\n1,1,3,1,1\n2,2,2,2,2.25\n"
        let (one, other) = (try csv(first, definition), try csv(second))
        let report = try TableComparison(
            keys: ["n"], tolerances: ["x": .absolute(2)], defaultTolerance: .absolute(0.25)
        ).compare(expected: one, found: other)
        #expect(report.keys == ["n"])
        #expect(report.agrees)
    }

    @Test func aKeyOfTheDefinitionHasNoTolerance() throws {
        let (one, other) = (try csv(first, definition), try csv(first))
        #expect(throws: ComparisonError.toleranceOfKey("k")) {
            try TableComparison(tolerances: ["k": .absolute(1)]).compare(expected: one, found: other)
        }
    }

    @Test func aTableHasNoKeysWhereOneOfThemIsNotAmongItsColumns() throws {
        let columns = [(Column("a", .real), ColumnValues.real([1])), (Column("b", .real), .real([2]))]
        let both = Table(columns, keys: ["a", "b"])
        #expect(both.keys == ["a", "b"])
        #expect(try both.selecting(["b", "a"]).keys == ["a", "b"])
        #expect(try both.selecting(["a"]).keys == [])
    }
}

/// Labels that may differ in rows near a boundary.
@Suite struct NearBoundaryTests {
    private func report(
        _ expected: String, _ found: String, near distance: Double, keys: [String]? = ["k"]
    ) throws -> ComparisonReport {
        func csv(_ text: String) throws -> ComparedTable { .csv(try CSVReader(bytes: Array(text.utf8), name: "file")) }
        return try TableComparison(keys: keys, defaultTolerance: .absolute(1), nearBoundary: distance)
            .compare(expected: csv(expected), found: csv(found))
    }

    @Test func labelsMayDifferBelowTheDistance() throws {
        let expected = "k,region,margin\n1,aA,0.25\n2,aA,-0.25\n3,aA,0.5\n"
        let found = "k,region,margin\n1,aB,0.75\n2,aB,0.75\n3,aB,0.75\n"
        let report = try report(expected, found, near: 0.5)
        // The third row's distance is 0.5, which is not below 0.5.
        #expect(report.differingCells == 1)
        #expect(report.worst.map(\.key.row) == [3])
        #expect(report.nearBoundaryCells == 2)
        #expect(report.columns.map(\.nearBoundaryCells) == [2, 0])
        #expect(report.description.contains("2 labels in rows less than 0.5 from a boundary"))
    }

    @Test func theEdgeIsExact() throws {
        let (expected, found) = ("k,r,margin\n1,a,0.1\n", "k,r,margin\n1,b,0.1\n")
        #expect(try report(expected, found, near: 0.1).differingCells == 1)
        #expect(try report(expected, found, near: 0.1.nextUp).agrees)
    }

    @Test func theMarginOfEitherTableCounts() throws {
        #expect(try report("k,r,margin\n1,a,0.9\n", "k,r,margin\n1,b,0\n", near: 0.5).agrees)
        #expect(try report("k,r,band_margin\n1,a,0\n", "k,r,band_margin\n1,b,0.9\n", near: 0.5).agrees)
    }

    @Test func onlyWordsMayDiffer() throws {
        let rows = try report(
            "k,r,x,margin\n1,a,0,0\n2,a,1,0\n3,a,1,0\n4,,1,0\n", "k,r,x,margin\n1,a,2,0\n2,1,1,0\n3,,1,0\n4,a,1,0\n",
            near: 1)
        // A number beyond its tolerance, a number for a word, no value for a word, and a word for no value.
        #expect(rows.differingCells == 4)
        #expect(rows.nearBoundaryCells == 0)
    }

    @Test func aRowWithoutAMarginIsNotNear() throws {
        #expect(try report("k,r,margin\n1,a,\n", "k,r,margin\n1,b,\n", near: 1).differingCells == 1)
        #expect(try report("k,r,margin\n1,a,0\n", "k,r,margin\n1,b,0\n", near: 0).differingCells == 1)
    }

    @Test func withoutAMarginColumnItIsRefused() throws {
        #expect(throws: ComparisonError.noMargin) {
            try report("k,r,margin\n1,a,0\n", "k,r\n1,b\n", near: 1)
        }
        #expect(throws: ComparisonError.wrongBoundaryDistance(-1)) { try TableComparison(nearBoundary: -1) }
        #expect(throws: ComparisonError.wrongBoundaryDistance(.infinity)) {
            try TableComparison(nearBoundary: .infinity)
        }
    }
}
