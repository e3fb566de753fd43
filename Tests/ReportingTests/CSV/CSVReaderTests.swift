import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct CSVReaderTests {
    private func rows(_ text: String) throws -> [[String]] {
        let folder = try TestFolder()
        let reader = try folder.reader(text)
        var rows = [reader.header]
        while let row = try reader.next() { rows.append(row.fields) }
        return rows
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]), ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n", [["a", "b"]]), ("a,b", [["a", "b"]]), ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,b\n\"1\",\"\"\n", [["a", "b"], ["1", ""]]), ("a,b\n 1 ,2\t\n", [["a", "b"], [" 1 ", "2\t"]]),
        ("a,b\n\"x\ny\",\"p\r\nq\"\n", [["a", "b"], ["x\ny", "p\r\nq"]]),
        ("a,b\n\"\"\"\",\"a\"\"b,\"\n", [["a", "b"], ["\"", "a\"b,"]]),
        ("a,b\n1,2\n\n\r\n\n", [["a", "b"], ["1", "2"]]),
        ("a\n1\n\n3\n\n\n", [["a"], ["1"], [""], ["3"]]), ("a\n\"\"\n\"\"\n", [["a"], [""], [""]]),
        ("é\n😀\n", [["é"], ["😀"]]), (",b\n1,2\n", [["", "b"], ["1", "2"]]),
        ("a,b\n1,\"2\"", [["a", "b"], ["1", "2"]]),
    ])
    func goodFiles(text: String, expected: [[String]]) throws {
        #expect(try rows(text).map { $0.map { Array($0.utf8) } } == expected.map { $0.map { Array($0.utf8) } })
    }

    /// All that the reader says of a file: rows and errors.
    private func transcript(_ reader: CSVReader) -> [String] {
        var lines = ["\(reader.header)"]
        while true {
            do throws(InputError) {
                guard let row = try reader.next() else { return lines }
                lines.append("\(row.line) \(row.fields)")
            } catch {
                lines.append("\(error)")
                if !error.isRecoverable { return lines }
            }
        }
    }

    @Test(arguments: 0..<200)
    func theWindowMayEndAnywhere(seed: UInt64) throws {
        let folder = try TestFolder()
        var generator = SeededGenerator(seed: seed)
        let text = "a,b\n" + (0..<30).map { _ in randomText(using: &generator) }.joined(separator: "\n")
        let path = try folder.write(text, to: "x.csv")
        let whole = try transcript(CSVReader(path: path))
        for capacity in [3, 4, 7] {
            let reader = try CSVReader(CSVScanner(InputBytes(path: path), capacity: capacity))
            #expect(transcript(reader) == whole)
        }
    }

    @Test(arguments: [
        (
            "a,b\n1,2\n3\n",
            "line 3: the row has 1 field and the header has 2 fields; each row needs as many fields as the header"
        ),
        (
            "a,b\n1,2,3\n",
            "line 2: the row has 3 fields and the header has 2 fields; each row needs as many fields as the header"
        ),
        (
            "a\n1,2\n",
            "line 2: the row has 2 fields and the header has 1 field; each row needs as many fields as the header"
        ),
        (
            "a,b\n\n1,2\n",
            "line 2: the line is blank and the header has 2 fields; each row needs as many fields as the header"
        ),
        (
            "a,b\n1,x\"y\"\n",
            "line 2, column 2 (b): found \"x\"y\"\"; a quote inside a field that does not start with one; "
                + "quote the whole field and double its quotes"
        ),
        (
            "a,b\n\"x\ny\" z,2\n",
            "line 3, column 1 (a): found \"x\\ny z\"; text behind the closing quote of a field; "
                + "double the quotes within the field"
        ),
        (
            "a,b\nx\ry,2\n",
            "line 2, column 1 (a): found \"x\\ry\"; a carriage return without a line feed; end lines with LF or CRLF"
        ),
        (
            "a,b\n1,\0\n",
            "line 2, column 2 (b): found \"\\u{0}\"; a NUL byte; this is no text, or it is UTF-16: "
                + "save the file as UTF-8"
        ),
        (
            "a,b\n1,\"\0\"\n",
            "line 2, column 2 (b): found \"\\u{0}\"; a NUL byte; this is no text, or it is UTF-16: "
                + "save the file as UTF-8"
        ),
    ])
    func faultsInARow(text: String, expected: String) throws {
        let folder = try TestFolder()
        let reader = try folder.reader(
            text + "good\n".replacingOccurrences(of: "good", with: text.hasPrefix("a,b") ? "8,9" : "9"))
        let file = folder["input.csv"]
        var errors: [String] = []
        var last: [String] = []
        while true {
            do throws(InputError) {
                guard let row = try reader.next() else { break }
                last = row.fields
            } catch {
                errors.append("\(error)")
                #expect(error.isRecoverable)
                if case .badData(let fault) = error { #expect(fault.fields.count == reader.header.count) }
            }
        }
        #expect(errors == ["\(file), \(expected)."])
        // The row after the bad one is read as if nothing had happened.
        #expect(last.last == "9")
    }

    @Test func textThatIsNotUTF8() throws {
        let folder = try TestFolder()
        let path = try folder.write(Array("a,b\n1,2\n\"x\ny\",caf".utf8) + [0xE9] + Array("\n3,4\n".utf8), to: "x.csv")
        let reader = try CSVReader(path: path)
        _ = try reader.next()
        let text = message { _ = try reader.next() }
        #expect(
            text
                == "\(path), line 4, column 2 (b): found \"caf\u{FFFD}\"; not UTF-8 (byte 0xE9); "
                + "save the file as UTF-8."
        )
        #expect(try reader.next()?.fields == ["3", "4"])
    }

    @Test(arguments: [
        ("", "line 1: there is no header row; the first line must name the columns"),
        ("\u{FEFF}", "line 1: there is no header row; the first line must name the columns"),
        ("\n\n", "line 1: the line is blank; the first line must name the columns"),
        ("\na,b\n", "line 1: the line is blank; the first line must name the columns"),
        ("a,b,a\n", "line 1, column 3: found \"a\"; column 1 has the same name; give each column its own"),
        (
            "a,\"b\n",
            "line 1, column 2: a quote opens here and is not closed before the end of the file; close it, or double it "
                + "if it belongs to the text"
        ),
        (
            "a\rb\r",
            "line 1, column 1: found \"a\\rb\\r\"; a carriage return without a line feed; end lines with LF or CRLF"
        ),
        (
            "a\0,b\n",
            "line 1, column 1: found \"a\\u{0}\"; a NUL byte; this is no text, or it is UTF-16: save the file as UTF-8"
        ),
    ])
    func faultsInTheHeader(text: String, expected: String) throws {
        let folder = try TestFolder()
        let path = try folder.write(text, to: "x.csv")
        #expect(message { _ = try CSVReader(path: path) } == "\(path), \(expected).")
    }

    @Test func aQuoteThatIsNeverClosed() throws {
        let folder = try TestFolder()
        let reader = try folder.reader("a,b\n1,2\n3,\"4\n5,6\n")
        _ = try reader.next()
        let expected =
            "\(folder["input.csv"]), line 3, column 2: a quote opens here and is not closed before the end of the "
            + "file; close it, or double it if it belongs to the text."
        #expect(message { _ = try reader.next() } == expected)
        // It stays so: nil would look like a file that ended well.
        #expect(message { _ = try reader.next() } == expected)
    }

    @Test func aRowMayHave16MiBAndNoMore() throws {
        let folder = try TestFolder()
        let long = String(repeating: "x", count: CSVScanner.longestRecord - 3)
        #expect(try folder.reader("a,b\n\(long),\n").next()?.text(at: 0).utf8.count == long.utf8.count)
        let reader = try folder.reader("a,b\n1,2\n3,\"\(long)xxx\n")
        _ = try reader.next()
        #expect(
            message { _ = try reader.next() }
                == "\(folder["input.csv"]), line 3: the row that starts here is longer than 16 MiB; "
                + "the quote opened on line 3 is probably not closed.")
        let commas = try folder.reader("a,b\n" + String(repeating: ",", count: CSVScanner.longestRecord + 10))
        #expect(
            message { _ = try commas.next() }
                == "\(folder["input.csv"]), line 2: the row that starts here is longer than 16 MiB; "
                + "this is probably no CSV file."
        )
    }

    @Test func whatCannotBeRead() throws {
        let folder = try TestFolder()
        #expect(
            message { _ = try CSVReader(path: folder["none"]) }
                == "Cannot read \(folder["none"]): No such file or directory.")
        #expect(
            message { _ = try CSVReader(path: folder.path) }
                == "Cannot read \(folder.path): it is a folder; name a file in it.")
        #expect(message { _ = try CSVReader(path: "") } == "Cannot read \"\": No such file or directory.")
        #expect(message { _ = try CSVReader(path: "/dev/fd/987654") } == "Cannot read /dev/fd/987654: it is closed.")
    }

    @Test func pipesAreReadAsTheyCome() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        #expect(write(ends[1], "a,b\n1,", 6) == 6)
        let reader = try CSVReader(path: "/dev/fd/\(ends[0])")
        #expect(reader.header == ["a", "b"])
        #expect(write(ends[1], "2\n3,4", 5) == 5)
        #expect(try reader.next()?.fields == ["1", "2"])
        close(ends[1])
        #expect(try reader.next()?.fields == ["3", "4"])
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test func linesAreThoseOfTheFile() throws {
        let folder = try TestFolder()
        let reader = try folder.reader("a,b\n\"1\n\n\",2\n3,4\n")
        #expect(try reader.next()?.line == 2)
        #expect(try reader.next()?.line == 5)
    }
}

@Suite struct CSVRowTests {
    @Test(arguments: [
        ("1.5", 1.5), (" 2 ", 2), ("\t-0.25e1\t", -2.5), ("+3", 3), (".5", 0.5), ("5.", 5), ("1e308", 1e308),
        ("1e-400", 0),
        ("4.9e-324", 5e-324), ("0.1000000000000000055511151231257827021181583404541015625", 0.1),
    ])
    func numbers(text: String, value: Double) throws {
        let row = try #require(try TestFolder().reader("x,y\n\(text),0\n").next())
        #expect(try row.real(at: 0) == value)
    }

    @Test(arguments: ["", "  ", "\t", "\"\""])
    func emptyCellsAreMissing(text: String) throws {
        let row = try #require(try TestFolder().reader("x,y\n\(text),0\n").next())
        #expect(try row.real(at: 0) == nil)
        #expect(row.isEmpty(at: 0))
        #expect(!row.isEmpty(at: 1))
    }

    @Test(arguments: [
        "abc", "nan", "inf", "-infinity", "0x10", "1e", "1 2", "--1", "+-1", "+", "1,5", "1_000", "−1", "١",
    ])
    func otherTextIsNoNumber(text: String) throws {
        let folder = try TestFolder()
        let row = try #require(try folder.reader("y,x\n0,\"\(text)\"\n").next())
        #expect(
            message { _ = try row.real(at: 1) }
                == "\(folder["input.csv"]), line 2, column 2 (x): found \"\(text)\"; not a finite decimal number; "
                + "allowed are numbers such as 0.25 or -1e-3, with a decimal point, and an empty cell for a missing value."
        )
    }

    @Test func numbersTooLargeForADouble() throws {
        let folder = try TestFolder()
        let row = try #require(try folder.reader("x\n-1e400\n").next())
        #expect(
            message { _ = try row.real(at: 0) }
                == "\(folder["input.csv"]), line 2, column 1 (x): found \"-1e400\"; this is too large for a double "
                + "(the largest is about 1.8e308).")
    }

    @Test func aRowThatIsKeptStaysAsItIs() throws {
        let reader = try TestFolder().reader("x,y\n1,2\n3,4\n5,6\n")
        var kept: [CSVRow] = []
        while let row = try reader.next() { kept.append(row) }
        #expect(kept.map(\.fields) == [["1", "2"], ["3", "4"], ["5", "6"]])
        #expect(kept.map(\.line) == [2, 3, 4])
    }

    @Test func faultsOfTheCallerNameTheField() throws {
        let folder = try TestFolder()
        let row = try #require(try folder.reader("x,beta\n1,-2\n").next())
        let fault = row.fault(at: 1, problem: "beta must be greater than 0")
        #expect(
            "\(fault)" == "\(folder["input.csv"]), line 2, column 2 (beta): found \"-2\"; beta must be greater than 0.")
        #expect(fault.isRecoverable)
    }
}
