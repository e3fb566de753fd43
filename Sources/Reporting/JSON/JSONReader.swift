// JSON text, read back.

extension JSONValue {
    /// Reads JSON that is in memory.
    ///
    /// Whole numbers that 128 bits hold are integers, all other numbers doubles.
    ///
    /// - Parameters:
    ///   - bytes: the whole text, UTF-8.
    ///   - name: how messages name it.
    /// - Throws: ``InputError/badData(_:)`` at the first place that is no JSON; a text that ends too early is one.
    public init(bytes: [UInt8], name: String) throws(InputError) {
        var reader = JSONReader(bytes: bytes)
        guard let value = reader.document() else {
            let place = reader.place
            throw .badData(
                BadData(
                    file: name, line: place.line, column: place.column, problem: reader.problem, isRecoverable: false))
        }
        self = value
    }

    /// The members of an object; nil for anything else.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The values of an array; nil for anything else.
    public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

    /// A string; nil for anything else.
    public var string: String? { if case .text(let text) = self { text } else { nil } }

    /// The texts of an array of nothing else; nil for anything else.
    public var strings: [String]? {
        guard let array else { return nil }
        let texts = array.compactMap(\.string)
        return texts.count == array.count ? texts : nil
    }

    /// A whole number; nil for anything else.
    public var wholeNumber: Int? { if case .integer(let number) = self { Int(exactly: number) } else { nil } }

    /// The value of a member of an object; nil where there is none, and for anything but an object.
    public subscript(name: String) -> JSONValue? { object?[name] }
}

/// A reader of one JSON text. A function that finds a fault says which in `problem` and returns nil.
private struct JSONReader {
    let bytes: [UInt8]
    private(set) var problem = ""
    private var next = 0
    private var depth = 0

    /// How deeply arrays and objects may be nested; the reader calls itself for each level.
    private static let mostDepth = 256

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Where the reader stands; columns count characters.
    var place: (line: Int, column: Int) {
        let before = bytes.prefix(next)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // Bytes that go on with a character begin with the bits 10.
        return (before.count { $0 == UInt8(ascii: "\n") } + 1, before[start...].count { $0 & 0xC0 != 0x80 } + 1)
    }

    mutating func document() -> JSONValue? {
        guard let value = value() else { return nil }
        skipBlanks()
        guard next == bytes.count else { return fault("the text should end here") }
        return value
    }

    private mutating func fault<T>(_ problem: String) -> T? {
        self.problem = next == bytes.count ? "the text ends too early; it was cut" : problem
        return nil
    }

    private mutating func skipBlanks() {
        while next < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[next]) { next += 1 }
    }

    private mutating func skip(_ character: Character) -> Bool {
        skipBlanks()
        guard next < bytes.count, bytes[next] == character.asciiValue else { return false }
        next += 1
        return true
    }

    private mutating func value() -> JSONValue? {
        skipBlanks()
        guard next < bytes.count else { return fault("") }
        switch bytes[next] {
        case UInt8(ascii: "{"): return nested { reader in reader.members() }
        case UInt8(ascii: "["): return nested { reader in reader.elements() }
        case UInt8(ascii: "\""): return string().map(JSONValue.text)
        case UInt8(ascii: "t"): return word("true", .boolean(true))
        case UInt8(ascii: "f"): return word("false", .boolean(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func nested(_ body: (inout JSONReader) -> JSONValue?) -> JSONValue? {
        guard depth < Self.mostDepth else { return fault("this is nested more than \(Self.mostDepth) deep") }
        next += 1
        depth += 1
        defer { depth -= 1 }
        return body(&self)
    }

    private mutating func members() -> JSONValue? {
        var object = JSONObject()
        if skip("}") { return .object(object) }
        repeat {
            skipBlanks()
            guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else { return fault("a name in quotes is due") }
            let start = next
            guard let name = string() else { return nil }
            guard object[name] == nil else {
                next = start
                return fault("the name \(shownInMessage(name)) stands twice")
            }
            guard skip(":") else { return fault("a colon is due") }
            guard let value = value() else { return nil }
            object[name] = value
        } while skip(",")
        return skip("}") ? .object(object) : fault("a comma or } is due")
    }

    private mutating func elements() -> JSONValue? {
        var values: [JSONValue] = []
        if skip("]") { return .array(values) }
        repeat {
            guard let value = value() else { return nil }
            values.append(value)
        } while skip(",")
        return skip("]") ? .array(values) : fault("a comma or ] is due")
    }

    private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
        for byte in word.utf8 {
            guard next < bytes.count, bytes[next] == byte else { return fault("a value is due; \(word)?") }
            next += 1
        }
        return value
    }

    private mutating func number() -> JSONValue? {
        let start = next
        func isDigit(_ index: Int) -> Bool { index < bytes.count && (0x30...0x39).contains(bytes[index]) }
        func skipDigits() -> Int {
            var index = next
            while isDigit(index) { index += 1 }
            return index
        }
        var isWhole = true
        if next < bytes.count, bytes[next] == UInt8(ascii: "-") { next += 1 }
        guard isDigit(next) else { return fault("a value is due") }
        guard bytes[next] != 0x30 || !isDigit(next + 1) else { return fault("a number has no leading zero") }
        next = skipDigits()
        if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
            isWhole = false
            next += 1
            guard isDigit(next) else { return fault("a digit is due") }
            next = skipDigits()
        }
        if next < bytes.count, bytes[next] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            next += 1
            if next < bytes.count, [0x2B, 0x2D].contains(bytes[next]) { next += 1 }
            guard isDigit(next) else { return fault("a digit is due") }
            next = skipDigits()
        }
        let text = String(decoding: bytes[start..<next], as: UTF8.self)
        if isWhole, let number = Int128(text) { return .integer(number) }
        return Double(text).map(JSONValue.real)
    }

    private mutating func string() -> String? {
        next += 1
        var text: [UInt8] = []
        while next < bytes.count {
            switch bytes[next] {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    return fault("this is no UTF-8 text")
                }
                next += 1
                return string
            case UInt8(ascii: "\\"):
                next += 1
                guard let character = escaped() else { return nil }
                text += Array(String(character).utf8)
            case 0..<0x20: return fault("a control character must be escaped")
            default:
                text.append(bytes[next])
                next += 1
            }
        }
        return fault("")
    }

    /// The character of an escape whose backslash has been read.
    private mutating func escaped() -> Unicode.Scalar? {
        guard next < bytes.count else { return fault("") }
        let plain: [Character: Unicode.Scalar] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
        ]
        let letter = Character(Unicode.Scalar(bytes[next]))
        if let character = plain[letter] {
            next += 1
            return character
        }
        guard letter == "u" else { return fault("this escape is none of JSON's") }
        next += 1
        guard let first = fourDigits() else { return nil }
        guard UTF16.isLeadSurrogate(first) else {
            return Unicode.Scalar(first) ?? fault("half of a surrogate pair stands alone")
        }
        guard next + 1 < bytes.count, bytes[next] == UInt8(ascii: "\\"), bytes[next + 1] == UInt8(ascii: "u") else {
            return fault("half of a surrogate pair stands alone")
        }
        next += 2
        guard let second = fourDigits() else { return nil }
        guard UTF16.isTrailSurrogate(second) else { return fault("half of a surrogate pair stands alone") }
        return Unicode.Scalar(0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF)
    }

    private mutating func fourDigits() -> UInt16? {
        let digits = bytes[next...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            next += digits.count < 4 ? digits.count : 0
            return fault("four hexadecimal digits are due")
        }
        next += 4
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
