// The members of a JSON object, in order.

/// The members of a JSON object, in the order in which they came; each name stands once.
public struct JSONObject: Sendable, Equatable {
    /// A name and its value.
    public struct Member: Sendable, Equatable {
        /// The name.
        public let name: String
        /// The value.
        public fileprivate(set) var value: JSONValue
    }

    /// The members, in order.
    public private(set) var members: [Member] = []
    private var indices: [String: Int] = [:]

    /// An object of these members; of those with the same name the last one's value stays, at the first one's place.
    public init(_ members: [(String, JSONValue)] = []) {
        for (name, value) in members { self[name] = value }
    }

    /// The value of a name; nil where there is none.
    ///
    /// Setting it changes the value where it stands, or adds a member at the end; nil removes the member.
    public subscript(name: String) -> JSONValue? {
        get { indices[name].map { members[$0].value } }
        set {
            switch (indices[name], newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil):
                members.remove(at: index)
                indices[name] = nil
                for index in index..<members.count { indices[members[index].name] = index }
            case (nil, let value?):
                indices[name] = members.count
                members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject {
    /// Whether two objects have the same names with the same values, in whatever order.
    public static func == (one: JSONObject, other: JSONObject) -> Bool {
        one.members.count == other.members.count && one.members.allSatisfy { other[$0.name] == $0.value }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object of these members; of those with the same name the last one's value stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
