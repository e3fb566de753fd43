// The output as a JSON reader sees it.
import Foundation
import Testing

/// A strict reader of JSON (RFC 8259) that keeps every double exactly: Foundation's is off by some units in the last place.
struct JSONText {
    private let bytes: [UInt8]
    private var index = 0

    /// `String`, `Double`, `Bool`, `NSNull`, `[Any]` or `[String: Any]`.
    static func value(of bytes: [UInt8]) throws -> Any {
        // Foundation must take it too.
        _ = try JSONSerialization.jsonObject(with: Data(bytes))
        var text = JSONText(bytes: bytes)
        let value = try text.value()
        text.skipBlanks()
        try #require(text.index == bytes.count, "something stands behind the JSON")
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: Character { index < bytes.count ? Character(UnicodeScalar(bytes[index])) : "\u{0}" }

    private mutating func skipBlanks() { while " \n\r\t".contains(next) { index += 1 } }

    private mutating func take(_ word: String) -> Bool {
        skipBlanks()
        guard bytes[index...].starts(with: word.utf8) else { return false }
        index += word.utf8.count
        return true
    }

    private mutating func value() throws -> Any {
        skipBlanks()
        switch next {
        case "{":
            index += 1
            var object: [String: Any] = [:]
            if take("}") { return object }
            repeat {
                skipBlanks()
                let key = try string()
                try #require(take(":"))
                try #require(object.updateValue(value(), forKey: key) == nil, "\(key) stands twice")
            } while take(",")
            try #require(take("}"))
            return object
        case "[":
            index += 1
            var array: [Any] = []
            if take("]") { return array }
            repeat { array.append(try value()) } while take(",")
            try #require(take("]"))
            return array
        case "\"": return try string()
        case "t" where take("true"): return true
        case "f" where take("false"): return false
        case "n" where take("null"): return NSNull()
        default:
            let start = index
            while "+-.eE0123456789".contains(next) { index += 1 }
            let text = String(decoding: bytes[start..<index], as: UTF8.self)
            try #require(
                text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil, "'\(text)' is no number")
            return try #require(Double(text))
        }
    }

    private mutating func string() throws -> String {
        let start = index
        try #require(next == "\"")
        index += 1
        while next != "\"", index < bytes.count { index += next == "\\" ? 2 : 1 }
        index += 1
        try #require(index <= bytes.count)
        // The escapes are Foundation's to undo.
        let text = Data("[".utf8) + bytes[start..<index] + Data("]".utf8)
        return try #require((try JSONSerialization.jsonObject(with: text) as? [String])?.first)
    }
}
