import ArgumentParser
import CommandRun
import Reporting

/// A command and its options, as the argument parser itself describes them.
struct CommandDefinition: Sendable {
    /// The words that call it, behind `pinfi`: "sensitivity sobol".
    let name: String
    /// Its options, flags and arguments in the order of its help, without help and version.
    let options: [OptionDefinition]
    /// The type that parses and runs it.
    let type: any ParsableCommand.Type

    /// Whether its output is a folder of several files.
    var writesFolder: Bool { name == "reproduce" }

    /// All commands that can be run, in the order of the help.
    static let all: [CommandDefinition] = {
        let text = PinFiCommand._dumpHelp()
        guard let tree = try? JSONValue(bytes: Array(text.utf8), name: "the commands"), let root = tree["command"]
        else {
            return []
        }
        return definitions(root, type: PinFiCommand.self, words: [])
    }()

    /// The command that these words call; nil where there is none.
    static func named(_ name: String) -> CommandDefinition? { byName[name] }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// The option with this long name or alias, without dashes, or the argument of this name.
    func option(_ name: String) -> OptionDefinition? { options.first { $0.names.contains(name) } }

    private static func definitions(
        _ description: JSONValue, type: any ParsableCommand.Type, words: [String]
    ) -> [CommandDefinition] {
        let subcommands = description["subcommands"]?.array ?? []
        let types = type.configuration.subcommands
        guard types.isEmpty else {
            return zip(subcommands, types).flatMap { description, type in
                definitions(description, type: type, words: words + [description["commandName"]?.string ?? ""])
            }
        }
        let options = (description["arguments"]?.array ?? []).compactMap(OptionDefinition.init)
        return [
            CommandDefinition(
                name: words.joined(separator: " "), options: options.filter { !["help", "version"].contains($0.name) },
                type: type)
        ]
    }
}

/// An option, flag or argument of a command.
struct OptionDefinition: Sendable, Equatable {
    /// How it is given.
    enum Kind: String, Sendable {
        /// A name and a value.
        case option
        /// A name alone.
        case flag
        /// A value alone, by its place.
        case positional
    }
    /// How it is given.
    let kind: Kind
    /// Its long names without dashes, the one that the help shows first; of an argument the name of its value.
    let names: [String]
    /// What the help calls its value.
    let valueName: String
    /// Whether it may be given more than once.
    let isRepeating: Bool
    /// The value where it is not given, as the help shows it; nil where it then has none, or the command finds one.
    let defaultValue: String?

    /// The name that the help shows.
    var name: String { names[0] }

    fileprivate init?(_ description: JSONValue) {
        guard let kind = description["kind"]?.string.flatMap(Kind.init), let value = description["valueName"]?.string
        else { return nil }
        let preferred = description["preferredName"]?["name"]?.string
        let long = (description["names"]?.array ?? []).compactMap { name in
            name["kind"]?.string == "long" ? name["name"]?.string : nil
        }
        let names = (preferred.map { [$0] } ?? []) + long.filter { $0 != preferred }
        self.kind = kind
        self.names = kind == .positional ? [value.lowercased()] : names
        guard !self.names.isEmpty else { return nil }
        valueName = value
        isRepeating = description["isRepeating"] == .boolean(true)
        defaultValue = description["defaultValue"]?.string
    }

    /// What the file is for that the value names; nil where it names none.
    ///
    /// The help calls files `file.csv`, `file.svg|.pdf|.png` and so on; those that are read are ``inputs``.
    var file: FileRole? {
        guard kind != .flag else { return nil }
        if Self.inputs.contains(name) { return .input }
        guard valueName.hasPrefix("file.") else { return nil }
        return .output(
            suffixes: valueName.split(separator: "|").map { $0.split(separator: ".").last.map(String.init) ?? "" })
    }

    /// What an option's file is for.
    enum FileRole: Equatable {
        /// The command reads it.
        case input
        /// The command writes it; its name ends with one of these.
        case output(suffixes: [String])
    }

    /// The options and arguments that name files to read.
    private static let inputs: Set<String> = ["input", "market", "expected", "found"]
}
