import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Reporting

@Suite struct CSVWriterTests {
    @Test func everyKindOfCell() throws {
        let folder = try TestFolder()
        let rows = table([
            (Column("x", .real), .real([0.1, .nan, .infinity, -0.0])),
            (Column("n", .integer), .integer([Int.min, nil, 0, Int.max])),
            (Column("b", .boolean), .boolean([true, false, nil, true])),
            (Column("l", .label(["plain", "a,b", "c\"d"])), .label([0, 1, 2, 255])),
            (Column("t\n", .text), .text(["", nil, "two\nlines", " é "])),
        ])
        var bytes = 0
        let text = try folder.output {
            let summary = try CSVWriter().write(rows, to: $0)
            #expect(summary.rows == 4)
            bytes = summary.bytes
        }
        #expect(text.utf8.count == bytes)
        #expect(
            text == """
                x,n,b,l,"t
                "
                0.1,-9223372036854775808,true,plain,
                ,,false,"a,b",
                ,0,,"c""d","two
                lines"
                -0,9223372036854775807,true,, é \n
                """)
    }

    @Test func randomDoublesReadBackExactly() throws {
        let folder = try TestFolder()
        let values = randomDoubles(count: 100_000, seed: 1)
        let rows = Table(
            columns: [Column("x", .real)],
            source: .indexed(chunkCount: 100) { index in
                TableChunk(rowCount: 1000, columns: [.real(Array(values[index * 1000..<(index + 1) * 1000]))])
            })
        _ = try folder.output { try CSVWriter().write(rows, to: $0) }
        let reader = try CSVReader(path: folder["output"])
        var read: [UInt64] = []
        while let row = try reader.next() { read.append(try #require(try row.real(at: 0)).bitPattern) }
        #expect(read == values.map(\.bitPattern))
    }

    @Test(arguments: 0..<50)
    func randomTextReadsBackExactly(seed: UInt64) throws {
        let folder = try TestFolder()
        var generator = SeededGenerator(seed: seed)
        let names = ["1" + randomText(using: &generator), "2" + randomText(using: &generator)]
        let cells = (0..<2).map { _ in (0..<200).map { _ in randomText(using: &generator) } }
        let rows = table([(Column(names[0], .text), .text(cells[0])), (Column(names[1], .text), .text(cells[1]))])
        _ = try folder.output { try CSVWriter().write(rows, to: $0) }
        let reader = try CSVReader(path: folder["output"])
        #expect(reader.header.map { Array($0.utf8) } == names.map { Array($0.utf8) })
        for row in 0..<200 {
            let read = try #require(try reader.next()).fields
            // Swift's == would call different spellings of the same characters equal.
            #expect(read.map { Array($0.utf8) } == [Array(cells[0][row].utf8), Array(cells[1][row].utf8)])
        }
        #expect(try reader.next() == nil)
    }

    static func sample(chunkCount: Int, failingAt: Int? = nil) -> Table {
        struct Failure: Error {}
        let words = ["plain", "with,comma"]
        return Table(
            columns: [Column("i", .integer), Column("x", .real), Column("l", .label(words)), Column("t", .text)],
            source: .indexed(chunkCount: chunkCount) { index in
                if index == failingAt { throw Failure() }
                // Chunks of very different sizes, empty ones among them, finish in another order than they start.
                let rowCount = (index * 7919) % 400
                let values = randomDoubles(count: rowCount, seed: UInt64(index))
                return TableChunk(
                    rowCount: rowCount,
                    columns: [
                        .integer(Array(repeating: index, count: rowCount)), .real(values),
                        .label(values.map { $0 < 0 ? 0 : 1 }), .text(values.map { $0 < 0 ? "\"" : nil }),
                    ])
            })
    }

    @Test func theBytesAreTheSameAtAnyNumberOfThreads() throws {
        let folder = try TestFolder()
        let one = try folder.output { try CSVWriter(threads: 1).write(Self.sample(chunkCount: 150), to: $0) }
        let rowCount = (0..<150).reduce(0) { $0 + ($1 * 7919) % 400 }
        #expect(one.split(separator: "\n").count == rowCount + 1)
        for threads in [2, 3, 8] {
            let more = try folder.output { try CSVWriter(threads: threads).write(Self.sample(chunkCount: 150), to: $0) }
            #expect(more == one)
        }
        let source = Self.sample(chunkCount: 150)
        guard case .indexed(_, let chunk) = source.source else { return }
        var index = 0
        let sequential = Table(
            columns: source.columns,
            source: .sequential {
                defer { index += 1 }
                return index < 150 ? try chunk(index) : nil
            })
        #expect(try folder.output { try CSVWriter().write(sequential, to: $0) } == one)
    }

    @Test(arguments: [1, 2, 3])
    func rowsBeforeAFailureAreWritten(threads: Int) throws {
        let folder = try TestFolder()
        let before = try folder.output { try CSVWriter(threads: 1).write(Self.sample(chunkCount: 50), to: $0) }
        let failed = try folder.output { destination in
            #expect(throws: (any Error).self) {
                try CSVWriter(threads: threads).write(Self.sample(chunkCount: 150, failingAt: 50), to: destination)
            }
        }
        #expect(failed == before)
    }

    @Test(arguments: [1, 2, 3])
    func aFullDiskEndsTheWriting(threads: Int) throws {
        let destination = try OutputDestination.open("/dev/full")
        #expect(throws: OutputError.self) {
            try CSVWriter(threads: threads).write(Self.sample(chunkCount: 150), to: destination)
        }
    }

    @Test func progressCountsTheRowsWritten() throws {
        let folder = try TestFolder()
        let seen = Mutex<[Int]>([])
        let writer = CSVWriter(threads: 2) { rows in seen.withLock { $0.append(rows) } }
        let destination = try OutputDestination.open(folder["x"])
        let summary = try writer.write(Self.sample(chunkCount: 20), to: destination)
        let counts = seen.withLock { $0 }
        #expect(counts.last == summary.rows)
        #expect(counts == counts.sorted())
        // Chunk 0 is empty and says nothing.
        #expect(counts.count == 19)
    }

    @Test func aTableWithoutRowsOrColumns() throws {
        let folder = try TestFolder()
        #expect(try folder.output { try CSVWriter().write(Self.sample(chunkCount: 0), to: $0) } == "i,x,l,t\n")
        #expect(
            try folder.output { try CSVWriter().write(Self.sample(chunkCount: 2).selecting([]), to: $0) }.hasPrefix(
                "\n"))
    }

    @Test func aRecordIsAHeaderAndARow() throws {
        let folder = try TestFolder()
        let record = Record([
            (Column("x", .real), .real(1e-7)), (Column("y", .real), .real(.nan)), (Column("n", .integer), .integer(-3)),
            (Column("b", .boolean), .boolean(false)), (Column("t", .text), .text("a,\"b\"")),
            (Column("m", .text), .missing),
        ])
        let text = try folder.output {
            let summary = try CSVWriter().write(record, to: $0)
            #expect(summary.rows == 1)
        }
        #expect(text == "x,y,n,b,t,m\n1e-07,,-3,false,\"a,\"\"b\"\"\",\n")
    }
}
