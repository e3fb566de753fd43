import CommandRun
import NumericalMethods
import Reporting

/// A method of integration. All commands call it by one family of names, and each takes those that it has.
protocol IntegrationMethod: CaseIterable, RawRepresentable, Sendable where RawValue == String {
    /// The commands that have the methods of this kind.
    static var commands: String { get }
}

extension ODEMethod: IntegrationMethod {
    static var commands: String { "'pinfi simulate', which follows one trajectory" }
}

extension EnsembleMethod: IntegrationMethod {
    static var commands: String { "'pinfi ensemble' and 'pinfi portrait', which follow many trajectories at once" }
}

extension IntegrationMethod {
    /// The names of the methods of this kind, in a sentence: "a, b or c".
    static var names: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}

/// A transform for a method of a command.
///
/// - Parameters:
///   - method: the kind that the command has.
///   - other: the kind that other commands have.
func methodArgument<Method: IntegrationMethod>(
    _ method: Method.Type, not other: (some IntegrationMethod).Type
) -> @Sendable (String) throws -> Method {
    { text in
        if let found = Method(rawValue: text) { return found }
        guard other.init(rawValue: text) == nil else {
            throw ArgumentFault("\(text) is a method of \(other.commands); allowed here: \(Method.names)")
        }
        let nearest = nearestName(to: text, among: Method.allCases.map(\.rawValue)).map { "did you mean \($0)? " } ?? ""
        throw ArgumentFault("there is no method \(shownInMessage(text)); \(nearest)allowed: \(Method.names)")
    }
}
