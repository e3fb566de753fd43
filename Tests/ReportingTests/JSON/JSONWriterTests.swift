import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct JSONWriterTests {
    private func parsed(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func everyKindOfCell() throws {
        let folder = try TestFolder()
        var bytes = 0
        let text = try folder.output {
            let summary = try JSONWriter().write(TableTests.sample(), to: $0)
            #expect(summary.rows == 2)
            bytes = summary.bytes
        }
        #expect(
            text == """
                {"columns": ["alpha", "region", "count", "known", "note"], "data": [
                [1,"aB",null,true,null],
                [null,null,7,null,"x"]
                ]}\n
                """)
        #expect(text.utf8.count == bytes)
    }

    @Test func randomNumbersReadBackExactly() throws {
        // JSONSerialization is off by units in the last place; JSONDecoder reads correctly rounded.
        struct Numbers: Decodable { var data: [[Double]] }
        let folder = try TestFolder()
        let values = randomDoubles(count: 10_000, seed: 2)
        let text = try folder.output { try JSONWriter().write(table([(Column("x", .real), .real(values))]), to: $0) }
        let read = try JSONDecoder().decode(Numbers.self, from: Data(text.utf8)).data
        let differing = zip(read, values).filter { $0.count != 1 || $0[0].bitPattern != $1.bitPattern }
        #expect(read.count == values.count)
        #expect(differing.isEmpty)
    }

    @Test func randomTextReadsBackExactly() throws {
        let folder = try TestFolder()
        var generator = SeededGenerator(seed: 3)
        let texts = (0..<1000).map { _ in randomText(using: &generator) }
        let rows = table([(Column("t\"\n", .text), .text(texts))])
        let object = try parsed(folder.output { try JSONWriter().write(rows, to: $0) })
        #expect(object["columns"] as? [String] == ["t\"\n"])
        let read = try #require(object["data"] as? [[Any]])
        #expect(read.map { ($0[0] as? String).map { Array($0.utf8) } } == texts.map { Array($0.utf8) })
    }

    @Test func theBytesAreTheSameAtAnyNumberOfThreads() throws {
        let folder = try TestFolder()
        let rows = { CSVWriterTests.sample(chunkCount: 60) }
        let one = try folder.output { try JSONWriter(threads: 1).write(rows(), to: $0) }
        for threads in [2, 3] {
            #expect(try folder.output { try JSONWriter(threads: threads).write(rows(), to: $0) } == one)
        }
        let read = try #require(try parsed(one)["data"] as? [[Any]])
        let rowCounts = (0..<60).map { ($0 * 7919) % 400 }
        #expect(read.count == rowCounts.reduce(0, +))
    }

    @Test func aTableWithoutRowsOrColumns() throws {
        let folder = try TestFolder()
        let text = try folder.output { try JSONWriter().write(CSVWriterTests.sample(chunkCount: 0), to: $0) }
        #expect((try parsed(text)["data"] as? [Any])?.count == 0)
        let narrow = try folder.output {
            try JSONWriter().write(CSVWriterTests.sample(chunkCount: 2).selecting([]), to: $0)
        }
        #expect((try parsed(narrow)["columns"] as? [Any])?.count == 0)
    }

    @Test func aRecordIsAnObject() throws {
        let folder = try TestFolder()
        let record = Record([
            (Column("x", .real), .real(0.1)), (Column("y", .real), .real(.infinity)),
            (Column("n", .integer), .integer(3)),
            (Column("b", .boolean), .boolean(true)), (Column("t", .text), .text("a\u{1}\"\\")),
            (Column("m", .text), .missing),
        ])
        let text = try folder.output { try JSONWriter().write(record, to: $0) }
        #expect(
            text == #"""
                {
                  "x": 0.1,
                  "y": null,
                  "n": 3,
                  "b": true,
                  "t": "a\u0001\"\\",
                  "m": null
                }

                """#)
        #expect(try parsed(text)["t"] as? String == "a\u{1}\"\\")
        #expect(try folder.output { try JSONWriter().write(Record(), to: $0) } == "{}\n")
    }
}
