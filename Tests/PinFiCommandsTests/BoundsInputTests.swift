// pinfi bounds --input: a market a row.
import Foundation
import Testing

@Suite struct BoundsInputTests {
    let folder: TestFolder
    init() throws { folder = try TestFolder() }

    static let options = "--p 0.2 --theta 1.5 --delta 1.6 --fee 0.05"

    /// Runs `bounds` on an input and expects the input's columns in front, verbatim.
    private func expectInFront(
        _ input: String, _ options: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> CSVText {
        try folder.write(input, to: "in.csv")
        let csv = try folder.data("bounds --input in.csv \(options)", sourceLocation: sourceLocation).csv
        let plain = input.replacing("\r\n", with: "\n").replacing("\u{FEFF}", with: "")
        let original = CSVText(plain.hasSuffix("\n") ? plain : plain + "\n")
        #expect(Array(csv.header.prefix(original.header.count)) == original.header, sourceLocation: sourceLocation)
        #expect(csv.rows.count == original.rows.count, sourceLocation: sourceLocation)
        for (row, old) in zip(csv.rows, original.rows) {
            #expect(Array(row.prefix(old.count)) == old, sourceLocation: sourceLocation)
            #expect(row.count == csv.header.count, sourceLocation: sourceLocation)
        }
        #expect(Set(csv.header).count == csv.header.count, "no name twice", sourceLocation: sourceLocation)
        return csv
    }

    @Test func eachRowIsWhatTheOneMarketIs() throws {
        let csv = try expectInFront(
            "when,price,reward\nmon,0.7,0.85\ntue,0.5,0.4\nwed,3,9\n",
            "--column beta=price --column gamma=reward --alpha 2 --kappa-s 1.5 \(Self.options)")
        for (row, (beta, gamma)) in zip(csv.rows, [("0.7", "0.85"), ("0.5", "0.4"), ("3", "9")]) {
            let one = try folder.data(
                "bounds --beta \(beta) --gamma \(gamma) --alpha 2 --kappa-s 1.5 \(Self.options)"
            ).csv
            #expect(Array(csv.header.dropFirst(3)) == one.header)
            #expect(Array(row.dropFirst(3)) == one.rows[0])
        }
    }

    @Test func aParametersOwnColumnIsWrittenOnce() throws {
        let csv = try expectInFront("id,beta,delta\n1,0.70,1.6\n2,1e0,2\n", "")
        #expect(csv.header.prefix(5) == ["id", "beta", "delta", "alpha", "p"])
        #expect(csv["beta"] == ["0.70", "1e0"], "verbatim")
        #expect(csv.numbers("gamma_min") == [0.7, 1])
        // Blanks around a number are no part of it, and stay in the column.
        #expect(try expectInFront("beta,delta\n 0.7\t,1.6\n", "").cell("gamma_min") == "0.7")
    }

    @Test func mappingWithNamesInWordsAndStrangeColumns() throws {
        let csv = try expectInFront(
            "a=b,\"c,d\",e f\n0.7,1.3,0.79\n", "--column external-price=a=b --gamma 0.8 --delta 1.3")
        #expect(csv.numbers("beta") == [0.7])
        try folder.write("a=b,\"c,d\",e f\n0.7,1.3,0.79\n", to: "in.csv")
        let run = try folder.pinfi([
            "bounds", "--input", "in.csv", "--column", "beta=a=b", "--column", "delta=c,d", "--column=gamma=e f",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.csv.number("gamma") == 0.79)
        #expect(try run.csv.number("delta") == 1.3)
    }

    @Test func oneColumnMayGiveTwoParameters() throws {
        let csv = try expectInFront("price\n0.7\n", "--column beta=price --column delta=price")
        #expect(try csv.cell("seller_cost") == "0.7")
        #expect(try csv.number("band_width") == 0)
    }

    @Test func aMappedColumnComesBeforeOneOfTheParametersName() throws {
        // The parameter is given by `price`; a column `gamma` that is its own is used as it.
        let csv = try expectInFront(
            "price,gamma\n0.7,0.79\n", "--column beta=price --p 1 --theta 0.30000000000000004 --delta 1.3")
        #expect(abs(csv.numbers("alpha_star")[0] - 1.1852444979557) < 1e-13)
    }

    @Test func fileAndOptionsGiveWhatTheColumnsLack() throws {
        try folder.write("p: 0.2\ntheta: 1.5\ndelta: 1.6\nfee: 0.05\n", to: "market.yaml")
        let file = try expectInFront("beta\n0.7\n", "--market market.yaml")
        #expect(try file.cell("gamma_max") == folder.data("bounds --beta 0.7 \(Self.options)").csv.cell("gamma_max"))
        let both = try expectInFront("beta\n0.7\n", "--market market.yaml --fee 0")
        #expect(try both.cell("fee") == "0")
    }

    @Test func ratioFormWithAColumnOfPoolPrices() throws {
        let csv = try expectInFront("alpha,fee\n0.5,0\n2,0.01\n", "--b 0.7 --d 1.3 --y 0.79")
        #expect(csv.numbers("seller_cost") == [1, 1])
        #expect(isClose(csv.numbers("cessation_time_genuine_buyer")[0], log(1.3 / 0.5) / 0.5, 1e-14))
        #expect(csv.rows.allSatisfy { $0.last == "ok" })
        for name in ["beta", "p", "theta", "delta", "gamma"] {
            try folder.write("\(name)\n0.5\n", to: "bad.csv")
            let run = try folder.pinfi("bounds --input bad.csv --b 0.7 --d 1.3")
            #expect(run.status == 64, "\(run.errors)")
            #expect(run.errors.contains("\"\(name)\""), "\(run.errors)")
            #expect(run.output == "", "\(run.errors)")
        }
    }

    @Test(arguments: [
        "beta,note\n0.7,\"a\nb\"\n2,\"q\"\"q, and\r\nmore\"\n", "\u{FEFF}beta,note\r\n0.7,x\r\n2,y\r\n",
        "beta,note\n0.7,x\n2,no line end", "\"beta\",\"note\"\n\"0.7\",\"x\"\n\"2\",\"\"\n",
        "beta,Grüße 数\n0.7,é\n2,💡\n",
        "beta,note\n0.7,x\n2,y\n\n\n",
    ])
    func goodInput(_ text: String) throws {
        try folder.write(text, to: "in.csv")
        let csv = try folder.data("bounds --input in.csv --delta 3").csv
        #expect(csv.header.first == "beta", "no byte order mark")
        #expect(csv["beta"] == ["0.7", "2"])
        #expect(csv["status"] == ["ok", "ok"])
        #expect(try folder.data("bounds --input in.csv --delta 3").output.contains("\r\n") == text.contains("\"q"))
        let note = csv.rows.map { $0[1] }
        let original = CSVText(text.replacing("\u{FEFF}", with: "") + "\n").rows.prefix(2).map { $0[1] }
        if !text.hasPrefix("\u{FEFF}") { #expect(note == original) } else { #expect(note == ["x", "y"]) }
    }

    @Test func headerOnlyGivesAHeader() throws {
        try folder.write("beta\n", to: "in.csv")
        let run = try folder.data("bounds --input in.csv --delta 2")
        #expect(run.csv.header.contains("gamma_max"))
        #expect(run.csv.rows == [])
        let json = try folder.data("bounds --input in.csv --delta 2 --format json").object()
        #expect((json["data"] as? [Any])?.count == 0 && (json["columns"] as? [Any])?.isEmpty == false)
    }

    @Test func standardInputInAllItsSpellings() throws {
        let text = "beta\n0.7\n2\n"
        try folder.write(text, to: "in.csv")
        let wanted = try folder.data("bounds --input in.csv --delta 2").output
        for name in ["-", "/dev/stdin", "/dev/fd/0"] {
            #expect(try folder.data("bounds --input \(name) --delta 2", input: text).output == wanted, "\(name)")
        }
        #expect(mkfifo(folder["fifo"], 0o600) == 0)
        for script in [
            "cat in.csv > fifo & pinfi bounds --input fifo --delta 2", "pinfi bounds --input <(cat in.csv) --delta 2",
            "pinfi bounds --input - --delta 2 < in.csv",
        ] {
            let run = try folder.bash(script)
            #expect(run.status == 0, "\(script): \(run.errors)")
            #expect(run.output == wanted, "\(script): \(run.errors)")
            #expect(run.errors == "", "\(script): \(run.errors)")
        }
    }

    // MARK: bad rows

    /// A row that is bad in an input of the columns `price,note`, and what the message has of it.
    struct BadRow: CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        /// Where it is and what was found.
        let fragments: [String]
        var testDescription: String { name }
        init(_ name: String, _ text: String, _ fragments: [String]) {
            self.init(name, bytes: Array(text.utf8), fragments)
        }
        init(_ name: String, bytes: [UInt8], _ fragments: [String]) {
            (self.name, self.bytes, self.fragments) = (name, bytes, fragments)
        }
    }
    static let badRows = [
        BadRow("a word", "abc,x", ["line 3", "column 1", "price", "\"abc\"", "number"]),
        BadRow("NaN", "NaN,x", ["line 3", "column 1", "\"NaN\"", "finite"]),
        BadRow("infinity", "inf,x", ["line 3", "column 1", "\"inf\"", "finite"]),
        BadRow("minus infinity", "-Infinity,x", ["line 3", "column 1", "\"-Infinity\"", "finite"]),
        BadRow("hexadecimal", "0x10,x", ["line 3", "column 1", "\"0x10\""]),
        BadRow("decimal comma", "\"0,7\",x", ["line 3", "column 1", "\"0,7\""]),
        BadRow("too large", "1e999,x", ["line 3", "column 1", "\"1e999\"", "large"]),
        BadRow("negative", "-1,x", ["line 3", "column 1", "\"-1\"", "greater than 0"]),
        BadRow("zero", "0,x", ["line 3", "column 1", "\"0\"", "greater than 0"]),
        BadRow("empty", ",x", ["line 3", "column 1", "missing", "greater than 0"]),
        BadRow("short", "0.7", ["line 3", "1 field", "2 fields"]),
        BadRow("long", "0.7,x,y", ["line 3", "3 fields", "2 fields"]),
        BadRow("blank", "", ["line 3", "2 fields"]),
        BadRow("Latin-1", bytes: Array("0.7,caf".utf8) + [0xE9], ["line 3", "column 2", "note", "UTF-8"]),
        BadRow("NUL", bytes: Array("0.7,a".utf8) + [0] + Array("b".utf8), ["line 3", "column 2", "note", "NUL"]),
        BadRow("stray quote", "0.7,a\"b", ["line 3", "column 2", "quote"]),
        BadRow("text behind a quote", "0.7,\"a\"b", ["line 3", "column 2", "quote"]),
        BadRow("bare carriage return", "0.7,a\rb", ["line 3", "column 2", "carriage return"]),
        BadRow("a fault within a quoted field", "0.7,\"a\nb\"\"\n\u{0}\"", ["line 5", "column 2", "NUL"]),
    ]

    private func input(_ row: BadRow) -> [UInt8] {
        Array("price,note\n0.5,first\n".utf8) + row.bytes + Array("\n0.9,last\n".utf8)
    }

    @Test(arguments: badRows)
    func aBadRowIsFatal(_ row: BadRow) throws {
        try folder.write(input(row), to: "in.csv")
        let line = "bounds --input in.csv --column beta=price --delta 2"
        let run = try folder.pinfi(line)
        #expect(run.status == 65)
        for fragment in ["in.csv"] + row.fragments {
            #expect(run.errors.contains(fragment), "\(fragment): \(run.errors)")
        }
        #expect(run.errors.hasSuffix("\n"), "one line: \(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "one line: \(run.errors)")
        #expect(!run.errorBytes.dropLast().contains { $0 < 32 }, "no control characters")
        // Rows already printed stand; they are whole rows, and none is from the bad one or behind it.
        #expect(run.output.isEmpty || run.output.hasSuffix("\n"))
        #expect(run.csv["note"].allSatisfy { $0 == "first" })
        #expect(run.csv.rows.count <= 1)

        let file = try folder.pinfi(line + " -o out.csv")
        #expect(file.status == 65)
        #expect(file.output == "")
        #expect(folder.names == ["in.csv"], "a file is not made")
        try folder.write("old\n", to: "out.csv")
        _ = try folder.pinfi(line + " -o out.csv")
        #expect(try folder.text("out.csv") == "old\n", "nor replaced")
    }

    @Test(arguments: badRows)
    func aBadRowIsKeptOnRequest(_ row: BadRow) throws {
        try folder.write(input(row), to: "in.csv")
        let run = try folder.pinfi("bounds --input in.csv --column beta=price --delta 2 --on-error keep")
        #expect(run.status == 0)
        let csv = run.csv
        try #require(csv.rows.count == 3)
        #expect(csv["note"].first == "first")
        #expect(csv["note"].last == "last")
        #expect(csv["status"][0] == "ok")
        #expect(csv["status"][2] == "ok")
        #expect(csv["gamma_max"][2] != "")
        let status = csv["status"][1]
        for fragment in row.fragments { #expect(status.contains(fragment), "\(fragment): \(status)") }
        for (name, cell) in zip(csv.header, csv.rows[1]) where !["price", "note", "status"].contains(name) {
            #expect(cell == "", "\(name)")
        }
        if let price = String(decoding: row.bytes, as: UTF8.self).split(
            separator: ",", omittingEmptySubsequences: false
        ).first,
            !row.bytes.contains(UInt8(ascii: "\"")), !row.bytes.isEmpty
        {
            #expect(csv["price"][1] == price, "the input stands as it is")
        }
        #expect(run.errors.contains("1 of 3 rows"), "\(run.errors)")
        #expect(
            try folder.pinfi("bounds --input in.csv --column beta=price --delta 2 --on-error keep --quiet").errors == ""
        )
        let json = try folder.pinfi("bounds --input in.csv --column beta=price --delta 2 --on-error keep --format json")
            .object()
        let rows = try #require(json["data"] as? [[Any]])
        #expect(rows.count == 3 && rows[1].contains { $0 is NSNull } && rows[1].last as? String == status)
    }

    @Test func rowsAlreadyPrintedStand() throws {
        // The good rows come out while the input is still being written, or at the latest when the bad row ends the run.
        let program = try folder.start(["bounds", "--input", "-", "--delta", "2"])
        program.feed("beta\n".utf8)
        program.feed(String(repeating: "0.7\n", count: 20_000).utf8)
        #expect(program.pump(seconds: 20) { program.output.count > 1_000_000 }, "rows come as the input does")
        program.feed("oops\n0.8\n".utf8, andClose: true)
        let run = program.finish()
        #expect(run.ending == .status(65))
        #expect(run.errors.contains("standard input, line 20002, column 1 (beta): found \"oops\""), "\(run.errors)")
        let csv = run.csv
        #expect(
            csv.rows.count <= 20_000 && csv.rows.count > 1000 && csv["status"].allSatisfy { $0 == "ok" },
            "\(csv.rows.count) rows")
        #expect(csv.rows.allSatisfy { $0.count == csv.header.count }, "and whole ones")
    }

    @Test func anOpenQuoteIsFatalUnderKeepToo() throws {
        try folder.write("beta,note\n0.7,x\n0.8,\"open\n0.9,y\n", to: "in.csv")
        let run = try folder.pinfi("bounds --input in.csv --delta 2 --on-error keep")
        #expect(run.status == 65, "\(run.errors)")
        #expect(run.errors.contains("line 3"), "\(run.errors)")
        #expect(run.errors.contains("column 2"), "\(run.errors)")
    }

    @Test func jsonHasNumbersWhereParametersAre() throws {
        try folder.write("beta,id\n0.7,01\n", to: "in.csv")
        let json = try folder.data("bounds --input in.csv --delta 2 --format json").object()
        let columns = try #require(json["columns"] as? [String])
        let row = try #require((json["data"] as? [[Any]])?.first)
        let cells = Dictionary(zip(columns, row)) { first, _ in first }
        #expect(cells["id"] as? String == "01", "what is no parameter is text, as it stands")
        #expect(cells["beta"] as? Double == 0.7, "a parameter is a number")
        #expect(!(cells["beta"] is String), "a parameter is a number")
    }

    @Test func aWarningNamesWhatIsNotUsed() throws {
        try folder.write("beta\n0.7\n", to: "in.csv")
        let option = try folder.pinfi("bounds --input in.csv --delta 2 --beta 5")
        #expect(option.status == 0)
        #expect(option.errors.contains("--beta"))
        #expect(try option.csv.cell("gamma_min") == "0.7")
        try folder.write("beta: 5\ndelta: 2\n", to: "market.yaml")
        let file = try folder.pinfi("bounds --input in.csv --market market.yaml")
        #expect(file.status == 0)
        #expect(file.output == option.output)
        #expect(!file.errors.contains("--beta"), "nobody gave that option: \(file.errors)")
    }

    // MARK: size

    @Test func memoryIsConstant() throws {
        let program = try folder.start([
            "bounds", "--input", "-", "--column", "beta=price", "--delta", "2", "-o", "/dev/null",
        ])
        let row = Array("2016-02-25T12:42:13Z,0.5723\n".utf8)
        program.feed("time,price\n".utf8)
        /// Feeds rows and waits until they are read but for what the pipe and the reader hold.
        func feed(_ rows: Int) {
            let block = Array(repeatElement(row, count: 1000).joined())
            for _ in 0..<rows / 1000 { program.feed(block) }
            program.pump(seconds: 30) { program.isFed }
        }
        feed(30_000)
        let early = try #require(program.peakMemory)
        feed(270_000)
        let late = try #require(program.peakMemory)
        program.feed("end,oops\n".utf8, andClose: true)
        let run = program.finish()
        // That the last line is met shows that all rows have been read.
        #expect(run.ending == .status(65), "\(run.errors)")
        #expect(run.errors.contains("line 300002"), "\(run.errors)")
        // 270,000 rows are 8 MB of input and 160 MB of output; the allocator's own growth is far below 6 MB.
        #expect(late - early < 6_000, "\(early) kB after 30,000 rows, \(late) kB after 300,000")
        #expect(late < 150_000)
    }
}
