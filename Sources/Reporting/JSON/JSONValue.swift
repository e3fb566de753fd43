// A JSON value of any depth.

/// A JSON value of any depth, whose objects keep their order.
///
/// Literals are values: `["alpha": [0.5, 1], "seed": nil]`. `JSONWriter` writes them.
public enum JSONValue: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A whole number; 128 bits, so that every `Int` and every `UInt64` is one.
    case integer(Int128)
    /// A number; `null` where it is not finite.
    case real(Double)
    /// A string.
    case text(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)

    /// A whole number.
    public init(_ number: Int) { self = .integer(Int128(number)) }

    /// A whole number.
    public init(_ number: UInt64) { self = .integer(Int128(number)) }

    /// A number, or `null` where there is none.
    public init(_ number: Double?) { self = number.map(JSONValue.real) ?? .null }

    /// A string, or `null` where there is none.
    public init(_ text: String?) { self = text.map(JSONValue.text) ?? .null }

    /// The value of a record's field.
    public init(_ value: Reporting.Value) {
        switch value {
        case .real(let number): self.init(number)
        case .integer(let number): self.init(number)
        case .boolean(let truth): self = .boolean(truth)
        case .text(let text): self = .text(text)
        case .missing: self = .null
        }
    }

    /// The value as JSON, without a line feed at the end.
    ///
    /// Objects have a member a line, indented by two blanks a level; arrays too where they hold arrays or objects.
    public var text: String {
        var text = ""
        write(to: &text, indentation: "\n")
        return text
    }

    private func write(to text: inout String, indentation: String) {
        let deeper = indentation + "  "
        switch self {
        case .null: text += "null"
        case .boolean(let truth): text += truth ? "true" : "false"
        case .integer(let number): text += String(number)
        case .real(let number): text += number.isFinite ? formatShortest(number) : "null"
        case .text(let string): text += quotedJSON(string)
        case .array(let values):
            let isNested = values.contains(where: \.isContainer)
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += isNested ? "," : ", " }
                if isNested { text += deeper }
                value.write(to: &text, indentation: deeper)
            }
            text += isNested ? indentation + "]" : "]"
        case .object(let object):
            text += "{"
            for (index, member) in object.members.enumerated() {
                if index > 0 { text += "," }
                text += deeper + quotedJSON(member.name) + ": "
                member.value.write(to: &text, indentation: deeper)
            }
            text += object.members.isEmpty ? "}" : indentation + "}"
        }
    }

    private var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `null`
    public init(nilLiteral: ()) { self = .null }
    /// `true` or `false`
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(Int128(value)) }
    /// A number.
    public init(floatLiteral value: Double) { self = .real(value) }
    /// A string.
    public init(stringLiteral value: String) { self = .text(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; of members with the same name the last one's value stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
