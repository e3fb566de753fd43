import CZlib
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct CSVDialectTests {
    private func reader(_ bytes: [UInt8], _ change: (inout CSVDialect) -> Void = { _ in }) throws -> CSVReader {
        var dialect = CSVDialect()
        dialect.delimiter = nil
        change(&dialect)
        return try CSVReader(bytes: bytes, name: "file", dialect: dialect)
    }

    private func rows(_ text: String, _ change: (inout CSVDialect) -> Void = { _ in }) throws -> [[String]] {
        let reader = try self.reader(Array(text.utf8), change)
        var rows = [reader.header]
        while let row = try reader.next() { rows.append(row.fields) }
        return rows
    }

    @Test(arguments: [
        ("a;b,c;d\n1;2,5;3\n", ["a", "b,c", "d"]), ("a\tb\n1\t2\n", ["a", "b"]), ("a|b|c\n1|2|3\n", ["a", "b", "c"]),
        ("\"x;y;z\",b\n1,2\n", ["x;y;z", "b"]), ("a,b;c\n1,2\n", ["a", "b;c"]), ("\u{FEFF}a;b\n1;2\n", ["a", "b"]),
        ("\"a\n;;\",b\n1,2\n", ["a\n;;", "b"]), ("a\n1\n", ["a"]),
    ]) func theHeaderTellsTheDelimiter(_ text: String, _ header: [String]) throws {
        let rows = try self.rows(text)
        #expect(rows[0] == header)
        #expect(rows[1].count == header.count)
    }

    /// The delimiter may stand anywhere in the eight bytes that are looked at together, and so may whatever lies next to it.
    @Test(arguments: [UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "\t"), UInt8(ascii: ":")], 0..<20)
    func anyDelimiterSplitsAsACommaDoes(_ delimiter: UInt8, _ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["a", "0", ".", ":", ";", "<", "{", "|", "}", "é", "😀", "=", "z"].filter {
            !$0.utf8.contains(delimiter)
        }
        let fields = (0..<40).map { _ in
            (0..<3).map { _ in
                (0..<Int.random(in: 0...12, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? ""
                }
                .joined()
            }
        }
        let mark = String(Character(Unicode.Scalar(delimiter)))
        let text = ([["x", "y", "z"]] + fields).map { $0.joined(separator: mark) }.joined(separator: "\n") + "\n"
        let found = try rows(text) { $0.delimiter = delimiter }
        #expect(found == [["x", "y", "z"]] + fields)
    }

    @Test func linesAreSkippedAndHeadersGiven() throws {
        let text = "Report of prices; all of them\n\"unfinished\na;b\n1;2\n"
        #expect(try rows(text) { $0.skippedLines = 2 } == [["a", "b"], ["1", "2"]])
        let given = try rows(text) {
            $0.skippedLines = 2
            $0.header = ["x", "y"]
        }
        #expect(given == [["x", "y"], ["a", "b"], ["1", "2"]])
        let file = try reader(Array(text.utf8)) { $0.skippedLines = 2 }
        #expect(try file.next()?.line == 4)
        #expect(message { _ = try rows("a\n") { $0.skippedLines = 3 } }.contains("has 1 line, and 3 are to be skipped"))
    }

    @Test(arguments: [
        ("-3,41", -3.41), ("1.234,50", 1234.5), ("1.234.567", 1_234_567), ("12,5e1", 125), ("1 234,5", 1234.5),
        ("1\u{A0}234,5", 1234.5), ("1\u{202F}234", 1234), ("1'234,5", 1234.5), ("+0,5", 0.5), ("7", 7), (" 7,0 ", 7),
        (",5", 0.5),
    ]) func decimalCommas(_ text: String, _ expected: Double) throws {
        let file = try reader(Array("a\n\"\(text)\"\n".utf8)) { $0.numbers = .groupedComma }
        #expect(try file.next()?.real(at: 0) == expected)
    }

    /// A point that is meant as a decimal point must not make thousands in silence.
    @Test(arguments: [
        "12.5", "0.123", "1234.567", "1.23,4", "1.234.5", "1,2,3", "1.234 567", "1..234", "1.2345", "x", "-",
    ])
    func whatIsNoNumberWithADecimalComma(_ text: String) throws {
        let file = try reader(Array("a\n\"\(text)\"\n".utf8)) { $0.numbers = .groupedComma }
        let row = try #require(try file.next())
        #expect(message { _ = try row.real(at: 0) }.contains("with a decimal comma"))
    }

    @Test func pointsWithCommasBetweenThousands() throws {
        let file = try reader(Array("a\n\"-1,234.5\"\n".utf8)) { $0.numbers = .groupedPoint }
        #expect(try file.next()?.real(at: 0) == -1234.5)
        let plain = try reader(Array("a\n\"1,234.5\"\n".utf8)) { $0.advice.number = "do this" }
        let row = try #require(try plain.next())
        #expect(message { _ = try row.real(at: 0) }.hasSuffix("for a missing value; do this."))
    }

    @Test func textsThatStandForNothing() throws {
        let file = try reader(Array("a,b\nNA, - \nNA1,--\n".utf8)) { $0.missing = ["NA", "-"] }
        let first = try #require(try file.next())
        #expect(try first.real(at: 0) == nil)
        #expect(first.isEmpty(at: 1))
        let second = try #require(try file.next())
        #expect(!second.isEmpty(at: 0))
        #expect(message { _ = try second.real(at: 1) }.contains("not a finite decimal number"))
    }

    @Test func conditionsChooseRows() throws {
        let text = "region,kind=x,v\neu, a ,1\nus,a,2\neu,b,3\n"
        #expect(try rows(text) { $0.conditions = [RowCondition("region=eu")] }.dropFirst().map { $0[2] } == ["1", "3"])
        let both = try rows(text) { $0.conditions = [RowCondition("region=eu"), RowCondition("kind=x=a")] }
        #expect(both.dropFirst().map { $0[2] } == ["1"])
        #expect(
            message { _ = try rows(text) { $0.conditions = [RowCondition("region=EU")] } }
                .contains("no row has region=EU; in the column \"region\" stand \"eu\", \"us\""))
        #expect(
            message { _ = try rows(text) { $0.conditions = [RowCondition("regio=eu")] } }
                .contains("did you mean \"region\"?"))
    }

    // MARK: - Encodings

    private static let text = "Preis [€/MWh];x😀\n1,5;é\n" + String(repeating: "2,5;ü\n", count: 40_000)

    private static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        ([0xFEFF] + Array(text.utf16)).flatMap { unit in
            bigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
    }

    /// One member, as gzip has it.
    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        try #require(deflateInit2_(&stream, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
        defer { deflateEnd(&stream) }
        var (input, output) = (bytes, [UInt8](repeating: 0, count: bytes.count + 1000))
        let count = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                _ = deflate(&stream, Z_FINISH)
                return target.count - Int(stream.avail_out)
            }
        }
        return Array(output[..<count])
    }

    private func transcript(_ reader: CSVReader) throws -> [[String]] {
        var rows = [reader.header]
        while let row = try reader.next() { rows.append(row.fields) }
        return rows
    }

    @Test func encodingsAreOneText() throws {
        let bytes = Array(Self.text.utf8)
        let plain = try transcript(reader(bytes))
        #expect(plain.count == 40_002)
        let half = bytes.count / 2
        for (name, encoded, encodings) in [
            ("little", Self.utf16(Self.text, bigEndian: false), ["UTF-16"]),
            ("big", Self.utf16(Self.text, bigEndian: true), ["UTF-16"]), ("gzip", try Self.gzip(bytes), ["gzip"]),
            ("two members", try Self.gzip(Array(bytes[..<half])) + Self.gzip(Array(bytes[half...])), ["gzip"]),
            ("padded", try Self.gzip(bytes) + [0, 0, 0], ["gzip"]),
            ("both", try Self.gzip(Self.utf16(Self.text, bigEndian: false)), ["gzip", "UTF-16"]),
        ] {
            let reader = try self.reader(encoded)
            #expect(try transcript(reader) == plain, "\(name)")
            #expect(reader.encodings == encodings, "\(name)")
        }
    }

    /// A file that is not whole must not look like one that is.
    @Test func whatIsNotWholeIsTold() throws {
        let zipped = try Self.gzip(Array(Self.text.utf8))
        for cut in [3, 20, zipped.count / 2, zipped.count - 9, zipped.count - 1] {
            let words = message { _ = try transcript(reader(Array(zipped[..<cut]))) }
            #expect(words.contains("not whole"), "\(cut): \(words)")
        }
        var damaged = zipped
        damaged[zipped.count - 6] ^= 0x40
        #expect(message { _ = try transcript(reader(damaged)) }.contains("damaged"))
        #expect(message { _ = try transcript(reader(zipped + Array("more".utf8))) }.contains("something else follows"))
        let wide = Self.utf16(Self.text, bigEndian: false)
        #expect(message { _ = try transcript(reader(wide.dropLast())) }.contains("ends within a character"))
        let broken = Self.utf16("a,b\n1,2\n", bigEndian: false) + [0x00, 0xD8, 0x41, 0x00]
        let words = message { _ = try transcript(reader(broken)) }
        #expect(words.contains("half of a character"))
    }
}

extension CSVDialectTests {
    private func reader(_ bytes: ArraySlice<UInt8>) throws -> CSVReader {
        try reader(Array(bytes))
    }
}
