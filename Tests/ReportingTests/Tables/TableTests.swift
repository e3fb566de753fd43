import TestSupport
import Testing

@testable import Reporting

@Suite struct TableTests {
    static func sample() -> Table {
        table([
            (Column("alpha", .real), .real([1, .nan])), (Column("region", .label(["aA", "aB"])), .label([1, 255])),
            (Column("count", .integer), .integer([nil, 7])), (Column("known", .boolean), .boolean([true, nil])),
            (Column("note", .text), .text([nil, "x"])),
        ])
    }

    @Test func selectingReorders() throws {
        let folder = try TestFolder()
        let chosen = try Self.sample().selecting(["note", "region", "alpha"])
        #expect(chosen.columns.map(\.name) == ["note", "region", "alpha"])
        #expect(try folder.output { try CSVWriter().write(chosen, to: $0) } == "note,region,alpha\n,aB,1\nx,,\n")
    }

    @Test func selectingFromASequentialSource() throws {
        let folder = try TestFolder()
        var chunks = [TableChunk(rowCount: 1, columns: [.real([1]), .real([2])])]
        let columns = [Column("a", .real), Column("b", .real)]
        let whole = Table(columns: columns, source: .sequential { chunks.popLast() })
        #expect(try folder.output { try CSVWriter().write(whole.selecting(["b"]), to: $0) } == "b\n2\n")
    }

    @Test func anUnknownColumnIsNamed() {
        let text = message { _ = try Self.sample().selecting(["alpha", "regoin"]) }
        #expect(
            text == "There is no column \"regoin\". Did you mean region? "
                + "The columns are alpha, region, count, known, note.")
        #expect(throws: UnknownColumn(name: "", known: ["alpha", "region", "count", "known", "note"])) {
            try Self.sample().selecting([""])
        }
    }

    @Test func aColumnIsSelectedOnce() {
        let text = message { _ = try Self.sample().selecting(["note", "note"]) }
        #expect(text == "The column \"note\" is asked for twice; name each column once.")
    }
}

@Suite struct TableChunkTests {
    static let columns = [Column("a", .real), Column("b", .label(["x", "y"]))]

    @Test(arguments: [
        (TableChunk(rowCount: 2, columns: [.real([1, 2])]), "it has 1 columns and the table 2"),
        (TableChunk(rowCount: 2, columns: [.real([1]), .label([0, 0])]), "column a has 1 values for 2 rows"),
        (
            TableChunk(rowCount: 1, columns: [.text(["1"]), .label([0])]),
            "the values of column a do not fit its definition"
        ),
        (
            TableChunk(rowCount: 1, columns: [.real([1]), .label([2])]),
            "the values of column b do not fit its definition"
        ),
    ])
    func whatDoesNotFitIsRefusedByEachWriter(chunk: TableChunk, fault: String) throws {
        let folder = try TestFolder()
        let wrong = Table(columns: Self.columns, source: .indexed(chunkCount: 1) { _ in chunk })
        let destination = try OutputDestination.open(folder["x"])
        #expect(throws: MalformedChunk(fault)) { try CSVWriter().write(wrong, to: destination) }
        #expect(throws: MalformedChunk(fault)) { try JSONWriter().write(wrong, to: destination) }
        #expect(throws: MalformedChunk(fault)) { try TextTableWriter().write(wrong, to: destination) }
    }

    @Test func counts() {
        #expect(ColumnValues.real([1, 2]).count == 2)
        #expect(ColumnValues.integer([nil]).count == 1)
        #expect(ColumnValues.boolean([]).count == 0)
        #expect(ColumnValues.label([1, 2, 255]).count == 3)
        #expect(ColumnValues.text(["a", nil]).count == 2)
    }
}
