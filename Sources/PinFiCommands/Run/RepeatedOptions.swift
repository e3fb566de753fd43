import ArgumentParser
import CommandRun
import Foundation
import Reporting

/// The options of a command, read from its definition, and which of them a command line gives twice: the parser keeps the
/// last value without a word.
struct RepeatedOptions: Decodable {
    /// The command as `--experimental-dump-help` tells it.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String

                /// The name as it is typed.
                var text: String { (kind == "long" ? "--" : "-") + name }
            }
            let kind: String
            let isRepeating: Bool
            let names: [Name]?
        }
        let arguments: [Argument]?
    }
    private let command: Command

    /// The options of a command; nil where its definition cannot be read.
    init?(of command: any ParsableCommand.Type) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(command._dumpHelp().utf8)) else { return nil }
        self = read
    }

    /// Refuses an option that is given twice, by whatever names, unless it may be repeated.
    ///
    /// - Parameter words: a command line that the parser has accepted, from the first option on.
    /// - Throws: `CommandFailure` with both values.
    func refuse(in words: ArraySlice<String>) throws {
        let arguments = (command.arguments ?? []).filter { $0.kind == "option" }
        var places: [String: Int] = [:]
        for (place, argument) in arguments.enumerated() {
            for name in argument.names ?? [] { places[name.text] = place }
        }
        var given: [Int: (name: String, value: String)] = [:]
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" { return }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard word.hasPrefix("-"), let name = parts.first, let place = places[name] else { continue }
            // What follows is its value, whatever it looks like.
            guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else { return }
            guard !arguments[place].isRepeating else { continue }
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
}
