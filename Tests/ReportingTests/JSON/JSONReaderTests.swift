import TestSupport
import Testing

@testable import Reporting

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue { try JSONValue(bytes: Array(text.utf8), name: "a.json") }

    @Test(
        arguments: [
            ("null", nil), (" true\n", true), ("-0", 0), ("0.1", 0.1), ("1e3", 1000.0), ("-2.5E-1", -0.25), ("[]", []),
            ("{}", [:]), (#"[1,null,"x"]"#, [1, nil, "x"]), (#"{"b":1,"a":{"c":[]}}"#, ["b": 1, "a": ["c": []]]),
            (#""a\"\\\/\b\f\n\r\té\u00e9\uD83D\ude00""#, "a\"\\/\u{8}\u{C}\n\r\téé😀"),
            ("18446744073709551615", JSONValue(UInt64.max)), ("-9223372036854775808", JSONValue(Int.min)),
            ("1\(String(repeating: "0", count: 40))", .real(1e40)),
        ] as [(String, JSONValue)])
    func values(text: String, value: JSONValue) throws { #expect(try read(text) == value) }

    @Test(
        arguments: [
            ("", "line 1, column 1: the text ends too early"),
            ("{\"a\": 1,\n", "line 2, column 1: the text ends too early"),
            ("{\"a\": tru", "line 1, column 10: the text ends too early"),
            ("\"é", "line 1, column 3: the text ends too early"),
            ("\"\\u00", "line 1, column 6: the text ends too early"), ("[1 2]", "line 1, column 4: a comma or ]"),
            ("{a: 1}", "line 1, column 2: a name in quotes"), ("{\"a\" 1}", "line 1, column 6: a colon"),
            ("{\"a\": 1, \"a\": 2}", "column 10: the name \"a\" stands twice"), ("[1,]", "column 4: a value is due"),
            ("01", "column 1: a number has no leading zero"), ("1.", "ends too early"), ("1.e2", "column 3: a digit"),
            ("+1", "a value is due"), ("NaN", "a value is due"), ("1 x", "column 3: the text should end here"),
            ("\"\u{1}\"", "control character"), ("\"\\q\"", "escape"), ("\"\\uD800\"", "surrogate"),
            ("\"\\uD800\\u0041\"", "surrogate"), ("\"\\uDC00\"", "surrogate"), ("\"\\u00g0\"", "hexadecimal"),
            (String(repeating: "[", count: 100_000), "nested more than 256 deep"),
        ])
    func faults(text: String, message: String) throws {
        let error = try #require(throws: InputError.self) { try read(text) }
        #expect(error.description.hasPrefix("a.json, line "))
        #expect(error.description.contains(message), "\(error)")
    }

    @Test func bytesThatAreNoText() throws {
        let error = try #require(throws: InputError.self) { try JSONValue(bytes: [0x22, 0xFF, 0x22], name: "a") }
        #expect(error.description.contains("no UTF-8"))
    }

    /// Every beginning of a text is refused, and the whole is what was written.
    @Test func whatIsWrittenReadsBack() throws {
        let value: JSONValue = [
            "a": [1, -2.5e-300, nil, true, "é\u{1}\"\\\n"], "b": ["c": [:], "d": [[], [[1]]]],
            "e": JSONValue(UInt64.max),
        ]
        let bytes = Array(value.text.utf8)
        #expect(try JSONValue(bytes: bytes, name: "a") == value)
        for count in 0..<bytes.count {
            #expect(throws: InputError.self) { try JSONValue(bytes: Array(bytes.prefix(count)), name: "a") }
        }
    }
}
