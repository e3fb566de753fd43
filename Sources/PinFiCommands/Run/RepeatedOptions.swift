import ArgumentParser
import CommandRun
import Reporting
import RoleDynamics

/// Options that a command line gives twice: the parser keeps the last value without a word.
enum RepeatedOptions {
    /// Refuses an option that is given twice, by whatever names, unless it may be repeated.
    ///
    /// - Parameters:
    ///   - words: a command line that the parser has accepted, from the first option on.
    ///   - type: the command that the parser has found.
    /// - Throws: `CommandFailure` with both values.
    static func refuse(in words: ArraySlice<String>, of type: any ParsableCommand.Type) throws {
        guard mayRepeat(words), let command = CommandDefinition(type) else { return }
        var places: [String: Int] = [:]
        for (place, option) in command.options.enumerated() where option.kind == .option {
            for name in option.typedNames { places[name] = place }
        }
        var given: [Int: (name: String, value: String)] = [:]
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" { return }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard word.hasPrefix("-"), let name = parts.first, let place = places[name] else { continue }
            // What follows is its value, whatever it looks like.
            guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else { return }
            guard !command.options[place].isRepeating else { continue }
            if let first = given[place] {
                let other = first.name == name ? "" : "\(name) is another name of \(first.name): "
                throw CommandFailure(
                    .usage,
                    "\(other)\(first.name) is given twice, as \(shownInMessage(first.value)) and as "
                        + "\(shownInMessage(value)); give it once.")
            }
            given[place] = (name, value)
        }
    }

    /// Whether two words begin with names of one option. Then the definitions are asked, which takes the parser as long as
    /// the rest of a short run.
    private static func mayRepeat(_ words: ArraySlice<String>) -> Bool {
        var seen: Set<Substring> = []
        for word in words where word.hasPrefix("-") {
            let name = word.prefix { $0 != "=" }
            if !seen.insert(otherNames[name] ?? name).inserted { return true }
        }
        return false
    }

    /// The first name of each option that has several, by the others.
    static let otherNames: [Substring: Substring] = {
        var names: [Substring: Substring] = ["-o": "--output"]
        for parameter in ParameterName.all {
            if let alias = parameter.definition.alias { names["--\(alias)"] = "--\(parameter.definition.name)" }
        }
        return names
    }()
}
