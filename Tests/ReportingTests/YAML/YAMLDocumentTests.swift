// YAML files: their trees, what is refused and where, hostile ones.
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct YAMLDocumentTests {
    private func root(_ text: String) throws -> YAMLNode? {
        try YAMLDocument(bytes: Array(text.utf8), name: "f.yaml").root
    }

    private func refusal(_ text: String) -> String { refusal(Array(text.utf8)) }

    private func refusal(_ bytes: [UInt8]) -> String {
        message { _ = try YAMLDocument(bytes: bytes, name: "f.yaml") }
    }

    /// A tree without places: scalars in quotes as Swift has them, plain ones as they are.
    private func shown(_ node: YAMLNode?) -> String {
        guard let node else { return "nothing" }
        return switch node.content {
        case .scalar(let text, let isPlain): isPlain ? text : text.debugDescription
        case .sequence(let nodes): "[" + nodes.map(shown).joined(separator: ", ") + "]"
        case .mapping(let entries): "{" + entries.map { "\($0.key): \(shown($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    // MARK: - Trees

    @Test(arguments: [
        ("beta: 0.7\np: 1e-3\nquoted: '0.7'\nword: no\n", "{beta: 0.7, p: 1e-3, quoted: \"0.7\", word: no}"),
        ("a:\n  b: [1, 2]\n  c:\n  - x\n  - y: z\n", "{a: {b: [1, 2], c: [x, {y: z}]}}"),
        // The order of the file; keys that other readers turn into truth values or merge.
        ("y: 1\nb: 2\n<<: 3\n~: 4\n", "{y: 1, b: 2, <<: 3, ~: 4}"),
        ("range: 0:2:201\nflow: {from: x=1.5,lp=0.5}", "{range: 0:2:201, flow: {from: x=1.5, lp=0.5: }}"),
        ("text: |\n  one\n  two\n", "{text: \"one\\ntwo\\n\"}"), ("\"a b\": \"\\u00e9\"", "{a b: \"é\"}"),
        ("# comment\n---\na: 1 # more\n...\n", "{a: 1}"), ("\u{FEFF}a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"), ("0.7", "0.7"),
        ("", "nothing"), ("\n# comment\n", "nothing"), ("---\n", "nothing"), ("[]", "[]"), ("{}", "{}"),
    ])
    func trees(text: String, tree: String) throws { #expect(try shown(root(text)) == tree) }

    @Test func aValueLeftOutIsNoText() throws {
        let entries = try #require(try root("plain:\nquoted: ''\ntext: a")?.mapping)
        #expect(entries.map(\.value.isLeftOut) == [true, false, false])
        #expect(entries.map(\.value.text) == [nil, "", "a"])
    }

    @Test func places() throws {
        let entries = try #require(try root("\u{FEFF}é: 1\nlist:\n  - a\n  -   b\n").flatMap(\.mapping))
        // Columns count characters, not bytes; the byte-order mark is none.
        #expect(entries.map(\.place) == [YAMLPlace(line: 1, column: 1), YAMLPlace(line: 2, column: 1)])
        #expect(entries[0].value.place == YAMLPlace(line: 1, column: 4))
        let places = try #require(entries[1].value.sequence).map(\.place)
        #expect(places == [YAMLPlace(line: 3, column: 5), YAMLPlace(line: 4, column: 7)])
    }

    // MARK: - What is refused

    @Test(arguments: [
        ("a: &x 1\nb: *x", "line 1, column 4: an anchor"), ("b: *x", "line 1, column 4: an alias"),
        ("*x : 1", "line 1, column 1: an alias"), ("- &x [1]", "line 1, column 3: an anchor"),
        ("a: &x {b: 1}", "line 1, column 4: an anchor"), ("a: !!str 1", "line 1, column 4: a tag"),
        ("a: ! 1", "line 1, column 4: a tag"), ("!x {a: 1}", "line 1, column 1: a tag"),
        ("!x [a]", "line 1, column 1: a tag"), ("%YAML 1.1\n---\na: 1", "line 1, column 1: directives"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "line 1, column 1: directives"),
        ("a: 1\n---\nb: 2", "line 2, column 1: a second document"),
        ("---\n---\n", "line 2, column 1: a second document"),
        ("a: 1\n b: 2", "line 2, column 3: a key cannot stand here"),
        ("a: 1\nb: x: 2", "line 2, column 5: a key cannot"),
        ("a: 1\na : 2", "line 2, column 1: the key \"a\" is in line 1 already"),
        ("x:\n  'a': 1\n  \"a\": 2", "line 3, column 3: the key \"a\" is in line 2 already"),
        // é as one character and as two.
        ("\u{E9}: 1\ne\u{301}: 2", "line 2, column 1: the key"), ("? [a]\n: 1", "line 1, column 3: a key is text"),
        ("{a: 1}: 2", "line 1, column 1: a key is text"), (": 1", "line 1, column 1: a key is expected here."),
        ("?\n: 1", "line 1, column 2: a key is missing"),
        ("a: \"open", "line 1, column 4: the quoted text that begins here has no closing quote"),
        ("a: 'open\nb: 2\n", "line 1, column 4: the quoted text"),
        ("a: [1\n", "the list that begins in line 1, column 4"),
        ("a: {b: 1\n", "the list in braces that begins in line 1, column 4"), ("a: 1\n]\n", "line 2, column 1: "),
        ("a:\n\tb: 1", "line 2, column 1: a tab cannot indent"),
        ("a: @x", "line 1, column 4: a value cannot begin with \"@\""),
        ("a: `x`", "line 1, column 4: a value cannot begin with \"`\""), ("a: \"\\q\"", "line 1, column 5: \\ begins"),
        ("a: 1\nb\nc: 2", "line 2, column 1"), ("- a\nb: 1", "line 2, column 1"),
        ("a: - b", "line 1, column 4: an entry"),
        ("a: \u{1}", "line 1, column 4: a control character"), ("\u{FEFF}é: \u{1B}[31m", "line 1, column 4: a control"),
        ("a: 1\u{0}\n", "line 1, column 5: a control"),
    ])
    func refused(text: String, words: String) {
        let refusal = refusal(text)
        #expect(refusal.hasPrefix("f.yaml, line "), "\(refusal)")
        #expect(refusal.contains(words), "\(refusal)")
        // No word of libyaml's inside.
        #expect(!refusal.contains("while "), "\(refusal)")
        #expect(!refusal.contains("did not find"), "\(refusal)")
    }

    @Test func otherEncodingsAreToldWithTheirPlace() {
        #expect(
            refusal(Array("ok: 1\n# caf".utf8) + [0xE9, 10]).hasPrefix("f.yaml, line 2, column 6: this is no UTF-8"))
        #expect(
            refusal([0xEF, 0xBB, 0xBF] + Array("é: ".utf8) + [0xC3]).hasPrefix(
                "f.yaml, line 1, column 4: this is no UTF-8"))
        #expect(refusal([0xFF, 0xFE, 97, 0]).contains("UTF-16"))
        #expect(refusal([0xFE, 0xFF, 0, 97]).contains("UTF-16"))
    }

    // MARK: - Hostile files

    @Test func nesting() throws {
        let most = YAMLDocument.mostDepth
        let deep = String(repeating: "[", count: most) + String(repeating: "]", count: most)
        #expect(try root(deep) != nil)
        let words = "line 1, column \(most + 1): this is nested more than \(most) deep"
        #expect(refusal("[" + deep + "]").contains(words))
        #expect(refusal(String(repeating: "[", count: 100_000)).contains(words))
        #expect(refusal(String(repeating: "{", count: 100_000)).contains("a key is text"))
        #expect(refusal(String(repeating: "- ", count: 100_000) + "a").contains("deep"))
        #expect(refusal(String(repeating: "? ", count: 100_000)).contains("a key is text"))
        #expect(refusal((0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()).contains("deep"))
    }

    @Test(arguments: ["", "? *a29\n: 1\n"])
    func anAliasBombIsRefusedAtItsFirstAnchor(end: String) {
        let lines = ["- &a0 [x, x]"] + (1..<30).map { "- &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
        #expect(refusal(lines.joined(separator: "\n") + "\n" + end).contains("line 1, column 3: an anchor"))
    }

    /// A library that compares every key with every other would take minutes.
    @Test func manyKeys() throws {
        let text = (0..<200_000).map { "key-\($0): \($0)\n" }.joined()
        let entries = try #require(try root(text)?.mapping)
        #expect(entries.count == 200_000)
        #expect(entries.last?.value.text == "199999")
        #expect(
            refusal(text + "key-77: again\n").contains(
                "line 200001, column 1: the key \"key-77\" is in line 78 already"))
    }

    @Test func aFileThatIsTooLong() throws {
        let folder = try TestFolder()
        let path = try folder.write([UInt8](repeating: 35, count: YAMLDocument.mostBytes + 1), to: "long.yaml")
        #expect(
            message { _ = try YAMLDocument(path: path) }
                == "\(path): the file has more than 16777216 bytes, the most that is read of one.")
        #expect(message { _ = try YAMLDocument(path: "/dev/zero") }.contains("more than 16777216 bytes"))
    }

    @Test func aFileThatIsNotThere() {
        #expect(
            message { _ = try YAMLDocument(path: "/nonexistent.yaml") }
                == "Cannot read /nonexistent.yaml: No such file or directory.")
        #expect(message { _ = try YAMLDocument(path: "/") }.contains("folder"))
    }

    /// Whatever the bytes, there is a tree or one sentence with a place.
    @Test func randomTexts() {
        var generator = SeededGenerator(seed: 12)
        let pieces = [
            "a", "b", ": ", ":", "\n", "  ", "- ", "? ", "[", "]", "{", "}", ",", "'", "\"", "&x ", "*x", "!t ", "#",
            "|", ">",
            "%", "@", "`", "---", "...", "\t", "\\", "\u{E9}", "\u{2028}", "\u{1}", "\r\n", "0.7", "~", "<<",
            "\u{FEFF}",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &generator)
            var bytes = (0..<count).flatMap { _ in Array((pieces.randomElement(using: &generator) ?? "").utf8) }
            if !bytes.isEmpty, Int.random(in: 0..<10, using: &generator) == 0 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let refusal = refusal(bytes)
            guard refusal != "no error" else { continue }
            #expect(refusal.wholeMatch(of: /f\.yaml, line \d+, column \d+: [^\n]+\./) != nil, "\(bytes): \(refusal)")
        }
    }
}
