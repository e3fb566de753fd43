import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            (nil, "null"), (true, "true"), (-7, "-7"), (0.1, "0.1"), (1.0, "1"), ("a\"\n", #""a\"\n""#), ([], "[]"),
            ([:], "{}"), ([1, nil, "x"], #"[1, null, "x"]"#), (JSONValue(UInt64.max), "18446744073709551615"),
            (JSONValue(Int.min), "-9223372036854775808"),
            (.real(.nan), "null"), (.real(-.infinity), "null"), (JSONValue(nil as Double?), "null"),
            (["b": 1, "a": [:]], "{\n  \"b\": 1,\n  \"a\": {}\n}"),
            ([[1, 2], []], "[\n  [1, 2],\n  []\n]"), ([["a": 1]], "[\n  {\n    \"a\": 1\n  }\n]"),
        ] as [(JSONValue, String)])
    func text(value: JSONValue, text: String) { #expect(value.text == text) }

    @Test func aNameStandsOnce() {
        #expect((["a": 1, "b": 2, "a": 3] as JSONValue).text == "{\n  \"a\": 3,\n  \"b\": 2\n}")
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["a"] = nil
        object["c"] = 4
        object["d"] = 5
        object["e"] = nil
        #expect(object == ["b": 2, "c": 4, "d": 5])
        #expect(object["c"] == 4)
        #expect(object["a"] == nil)
        #expect(object.members.map(\.name) == ["b", "c", "d"])
    }

    @Test func randomValuesReadBack() throws {
        let folder = try TestFolder()
        var generator = SeededGenerator(seed: 11)
        func random(_ depth: Int) -> (JSONValue, NSObject) {
            switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
            case 0: return (nil, NSNull())
            case 1:
                // JSONSerialization makes doubles of some large integers; the exact bytes of those are tested above.
                let number = Int.random(in: -1_000_000_000...1_000_000_000, using: &generator)
                return (JSONValue(number), NSNumber(value: number))
            case 2:
                let text = randomText(using: &generator)
                return (.text(text), NSString(string: text))
            case 3:
                // Numbers of few digits: JSONSerialization is off by units in the last place of others.
                let number = Double(Int.random(in: -1000...1000, using: &generator)) / 8
                return (.real(number), NSNumber(value: number))
            case 4:
                let values = (0..<Int.random(in: 0...4, using: &generator)).map { _ in random(depth - 1) }
                return (.array(values.map(\.0)), NSArray(array: values.map(\.1)))
            default:
                let values = (0..<Int.random(in: 0...4, using: &generator)).map {
                    ("\($0)" + randomText(using: &generator), random(depth - 1))
                }
                return (
                    .object(JSONObject(values.map { ($0.0, $0.1.0) })),
                    NSDictionary(dictionary: Dictionary(uniqueKeysWithValues: values.map { ($0.0, $0.1.1) }))
                )
            }
        }
        for _ in 0..<200 {
            let (value, expected) = random(5)
            let text = try folder.output { try JSONWriter().write(value, to: $0) }
            let read = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
            #expect(expected.isEqual(read))
        }
    }

    @Test func objectsAreEqualInAnyOrder() {
        let value: JSONValue = ["a": 1, "b": ["c": 2, "d": 3]]
        #expect(value == ["b": ["d": 3, "c": 2], "a": 1])
        #expect(value != ["b": ["d": 3, "c": 2]])
        #expect(value != ["b": ["d": 3, "c": 4], "a": 1])
    }
}
