// What can be wrong with a list of column names.

/// A table has no column of that name.
public struct UnknownColumn: Error, Equatable, CustomStringConvertible {
    /// The name that was asked for.
    public let name: String
    /// The names that there are.
    public let known: [String]
    /// The known name that the asked one probably stands for.
    public let nearest: String?

    /// `name` is none of `known`.
    public init(name: String, known: [String]) {
        self.name = name
        self.known = known
        nearest = nearestName(to: name, among: known)
    }

    /// A sentence for people.
    public var description: String {
        let hint = nearest.map { " Did you mean \($0)?" } ?? ""
        return "There is no column \(shownInMessage(name)).\(hint) The columns are \(known.joined(separator: ", "))."
    }
}

/// A column was asked for twice.
public struct RepeatedColumn: Error, Equatable, CustomStringConvertible {
    /// The name that stands twice.
    public let name: String

    /// A sentence for people.
    public var description: String { "The column \(shownInMessage(name)) is asked for twice; name each column once." }
}
