// A YAML file as a tree that knows where each of its parts stands.

/// A place in a file, as editors count it.
public struct YAMLPlace: Sendable, Equatable {
    /// The line, from 1.
    public let line: Int
    /// The character of the line, from 1.
    public let column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A value of a YAML file: text, a list, or keys with values.
public struct YAMLNode: Sendable, Equatable {
    /// What a value is.
    public enum Content: Sendable, Equatable {
        /// The text as it stands, which nothing has read as a number, a date or a truth value: `1e-3` and `no` are those
        /// letters. Plain text is in neither quotes nor a block; a plain text of no letters is a value left out.
        case scalar(String, isPlain: Bool)
        /// The values of a list.
        case sequence([YAMLNode])
        /// Keys with values in the file's order, no key twice.
        case mapping([YAMLEntry])
    }
    /// What it is.
    public let content: Content
    /// Where it begins.
    public let place: YAMLPlace

    /// A value.
    public init(_ content: Content, place: YAMLPlace) {
        self.content = content
        self.place = place
    }

    /// The text of a scalar; nil for a list, for keys with values, and for a value left out.
    public var text: String? {
        if case .scalar(let text, let isPlain) = content, !isPlain || !text.isEmpty { text } else { nil }
    }

    /// The values of a list; nil for anything else.
    public var sequence: [YAMLNode]? { if case .sequence(let nodes) = content { nodes } else { nil } }

    /// Keys with values; nil for anything else.
    public var mapping: [YAMLEntry]? { if case .mapping(let entries) = content { entries } else { nil } }

    /// Whether the value was left out, as after the colon of `beta:`.
    public var isLeftOut: Bool { content == .scalar("", isPlain: true) }

    /// What it is, in words for a message: `"0.7"`, `a list`, `keys with values`, `no value`.
    public var shown: String {
        switch content {
        case .scalar(let text, _): isLeftOut ? "no value" : shownInMessage(text)
        case .sequence: "a list"
        case .mapping: "keys with values"
        }
    }
}

/// A key with its value.
public struct YAMLEntry: Sendable, Equatable {
    /// The key.
    public let key: String
    /// Where the key begins.
    public let place: YAMLPlace
    /// The value.
    public let value: YAMLNode

    /// A key with its value.
    public init(key: String, place: YAMLPlace, value: YAMLNode) {
        self.key = key
        self.place = place
        self.value = value
    }
}
