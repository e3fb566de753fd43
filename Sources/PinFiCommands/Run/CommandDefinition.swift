import ArgumentParser
import CommandRun
import Reporting
import Synchronization

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

    /// Reads what the parser tells of a command; nil where that cannot be read.
    ///
    /// - Parameters:
    ///   - type: a command without subcommands.
    ///   - name: the words that call it.
    init?(_ type: any ParsableCommand.Type, name: String = "") {
        let told = try? JSONValue(bytes: Array(type._dumpHelp().utf8), name: "the command")
        guard let arguments = told?["command"]?["arguments"]?.array else { return nil }
        self.name = name
        self.type = type
        options = arguments.compactMap(OptionDefinition.init).filter { !["help", "version"].contains($0.name) }
    }

    /// The names of all commands that can be run, in the order of the help.
    static let allNames = names(within: PinFiCommand.self, "")

    /// All commands that can be run, in the order of the help. To read them takes the parser some 50 ms.
    static var all: [CommandDefinition] { allNames.compactMap(named) }

    private static func names(within type: any ParsableCommand.Type, _ name: String) -> [String] {
        let inner = type.configuration.subcommands
        guard !inner.isEmpty else { return [name] }
        return inner.flatMap { names(within: $0, (name.isEmpty ? "" : name + " ") + $0._commandName) }
    }

    /// The commands that were asked for, each read once.
    private static let known = Mutex<[String: CommandDefinition]>([:])

    /// The command that these words call; nil where there is none.
    static func named(_ name: String) -> CommandDefinition? {
        if let definition = known.withLock({ $0[name] }) { return definition }
        var type: any ParsableCommand.Type = PinFiCommand.self
        for word in name.split(separator: " ") {
            guard let inner = type.configuration.subcommands.first(where: { $0._commandName == word }) else {
                return nil
            }
            type = inner
        }
        guard type.configuration.subcommands.isEmpty, let definition = CommandDefinition(type, name: name) else {
            return nil
        }
        known.withLock { $0[name] = definition }
        return definition
    }

    /// The option with this long name or alias, without dashes, or the argument of this name.
    func option(_ name: String) -> OptionDefinition? { options.first { $0.names.contains(name) } }
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
    /// All its names as they are typed: `--output`, `-o`.
    let typedNames: [String]
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
        typedNames = (description["names"]?.array ?? []).compactMap { name in
            name["name"]?.string.map { (name["kind"]?.string == "long" ? "--" : "-") + $0 }
        }
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
    private static let inputs: Set<String> = ["input", "market", "pools", "expected", "found"]
}
