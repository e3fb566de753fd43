// The commands and their options, as the executable itself tells them.
import Foundation
import Testing

/// A command without subcommands, from `pinfi --experimental-dump-help`.
struct CommandDefinition {
    struct Option {
        /// As typed: --beta, -o.
        let names: [String]
        let isFlag: Bool
        /// What stands for the value in help; "file.csv", "start:stop:count".
        let valueName: String
        let allowed: [String]
    }
    /// The words that name it: ["sensitivity", "sobol"].
    let words: [String]
    let options: [Option]

    private struct Tool: Decodable { let command: Node }
    private struct Node: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }
            let kind: String
            let names: [Name]?
            let valueName: String?
            let allValues: [String]?
        }
        let commandName: String
        let subcommands: [Node]?
        let arguments: [Argument]?

        func leaves(_ words: [String]) -> [CommandDefinition] {
            let inner = (subcommands ?? []).filter { $0.commandName != "help" }
            guard inner.isEmpty else { return inner.flatMap { $0.leaves(words + [$0.commandName]) } }
            let options = (arguments ?? []).filter { $0.kind != "positional" }.map { argument in
                Option(
                    names: (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name },
                    isFlag: argument.kind == "flag", valueName: argument.valueName ?? "",
                    allowed: argument.allValues ?? [])
            }
            return [CommandDefinition(words: words, options: options)]
        }
    }

    static func all(in folder: TestFolder) throws -> [CommandDefinition] {
        let run = try folder.pinfi(["--experimental-dump-help"])
        return try JSONDecoder().decode(Tool.self, from: Data(run.bytes)).command.leaves([])
    }
}
