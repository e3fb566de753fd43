import TestSupport
import Testing

@testable import Reporting

@Suite struct TextTableWriterTests {
    @Test func numbersAlignAtTheRightAndTextAtTheLeft() throws {
        let folder = try TestFolder()
        let rows = table([
            (Column("n", .integer), .integer([1, 200])), (Column("x", .real), .real([1.0 / 3, .nan])),
            (Column("role", .label(["lp", "seller"])), .label([1, 255])),
            (Column("b", .boolean), .boolean([true, nil])),
            (Column("t", .text), .text(["a\u{1B}\n", nil])),
        ])
        let text = try folder.output { try TextTableWriter().write(rows, to: $0) }
        #expect(
            text == #"""
                  n         x  role    b     t
                  1  0.333333  seller  true  a\u{1B}\n
                200         –  –       –     –

                """#)
    }

    @Test func wideTablesComeInBlocksWithTheKeyColumns() throws {
        let folder = try TestFolder()
        let rows = table(
            [(Column("key", .text), .text(["r1", "r2"]))]
                + (0..<30).map { (Column("value_\($0)", .real), .real([Double($0), -1234.5678])) })
        let text = try folder.output { try TextTableWriter(width: 80).write(rows, to: $0) }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.allSatisfy { $0.count <= 80 })
        // A key of 3 and seven columns of 8, two blanks between: 5 blocks.
        #expect(lines.map(\.count).max() == 73)
        #expect(lines.filter { $0.hasPrefix("key ") }.count == 5)
        #expect(lines.filter { $0.hasPrefix("r1  ") }.count == 5)
        #expect(lines.filter(\.isEmpty).count == 4)
        let shown = lines.filter { $0.hasPrefix("key ") }.flatMap { $0.split(separator: " ").dropFirst() }
        #expect(shown.map(String.init) == (0..<30).map { "value_\($0)" })
    }

    @Test func noLineIsWiderThanTheTerminal() throws {
        let folder = try TestFolder()
        let long = String(repeating: "long ", count: 100)
        let rows = table([
            (Column("key_" + String(repeating: "k", count: 60), .text), .text(["a"])),
            (Column("t", .text), .text([long])),
            (Column(String(repeating: "n", count: 100), .real), .real([1])),
        ])
        let text = try folder.output { try TextTableWriter(width: 80, keyColumns: 2).write(rows, to: $0) }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(text.contains("…"))
        let record = Record([
            (Column("note", .text), .text(long)), (Column("x", .text), .text(String(repeating: "y", count: 200))),
        ])
        let lines = try folder.output { try TextTableWriter(width: 80).write(record, to: $0) }.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        // Nothing of a one-answer result is cut off.
        #expect(lines.joined().filter { $0 == "y" }.count == 200)
        #expect(lines.joined(separator: " ").split(separator: " ").filter { $0 == "long" }.count == 100)
    }

    @Test func manyRowsComeInPages() throws {
        let folder = try TestFolder()
        let rows = Table(
            columns: [Column("i", .integer)],
            source: .indexed(chunkCount: 5) { TableChunk(rowCount: 3, columns: [.integer([$0, $0, $0])]) })
        let text = try folder.output {
            let summary = try TextTableWriter(pageRows: 7).write(rows, to: $0)
            #expect(summary.rows == 15)
        }
        #expect(text == "i\n0\n0\n0\n1\n1\n1\n2\n\ni\n2\n2\n3\n3\n3\n4\n4\n\ni\n4\n")
    }

    @Test func aTableWithoutRowsIsItsHeader() throws {
        let folder = try TestFolder()
        let text = try folder.output { try TextTableWriter().write(CSVWriterTests.sample(chunkCount: 0), to: $0) }
        #expect(text == "i  x  l  t\n")
    }

    @Test func aRecordHasALineForEachField() throws {
        let folder = try TestFolder()
        let record = Record([
            (Column("gamma_min", .real, unit: "tokens", summary: "the least price"), .real(1.0 / 3)),
            (Column("outcome", .text, summary: "how it ends"), .text("balanced")),
            (Column("alpha_star", .real, unit: "tokens", summary: String(repeating: "long ", count: 20)), .real(nil)),
            (Column("n", .integer), .integer(12)), (Column("ok", .boolean), .boolean(true)),
        ])
        let text = try folder.output { try TextTableWriter(width: 60).write(record, to: $0) }
        #expect(
            text == """
                gamma_min   0.333333  the least price; tokens
                outcome     balanced  how it ends
                alpha_star  –         tokens
                n           12
                ok          true

                """)
    }
}
