// Every command with a command line that runs, and the options that its definition says name files.
import Foundation
import Testing

/// A command that does something, with a line that runs in moments.
struct CommandLineExample: CustomTestStringConvertible {
    let command: String
    /// The options beside those that name files.
    let line: String
    /// The options that read a file, with FILE in its place, and what is in it.
    var inputs: [(option: String, contents: String)] = []

    var testDescription: String { command }

    static let prices = "time,beta\n0,0.7\n3600,0.8\n7200,0.75\n"
    private static let market = (option: "--market FILE", contents: "fee: 0\n")
    private static let empirical = (option: "--vary delta=empirical(FILE:beta)", contents: "beta\n1.5\n1.6\n1.7\n")
    private static let correlation = (
        option: "--correlation FILE", contents: "parameter,beta,p\nbeta,1,0.2\np,0.2,1\n"
    )
    private static let varied = "--vary beta=uniform(0.6,0.8) --vary p=uniform(0,0.1)"
    private static let study = "\(varied) --theta 1 --delta 1.6 --quantity gamma_max"
    private static let studyOfFile = "--beta 0.7 --quantity gamma_max"

    /// All commands but `reproduce`, which writes a folder; some with several lines, for inputs of their own.
    static let all: [CommandLineExample] = [
        .init(command: "bounds", line: "--b 0.7 --d 1.3", inputs: [market]),
        .init(command: "bounds", line: "--delta 1.6", inputs: [("--input FILE", prices)]),
        .init(command: "phase", line: "--b 0.7 --d 1.3 --x 0:2:3 --y 0:1:3", inputs: [market]),
        .init(command: "explain", line: "--b 0.7 --d 1.3 --x 1.2 --y 0.79", inputs: [market]),
        .init(command: "flow", line: "--b 0.7 --d 1.3 --x 2 --y 0.79", inputs: [market]),
        .init(
            command: "simulate", line: "--model sharp --b 0.7 --d 1.3 --y 0.79 --from x=2 --times 0,1", inputs: [market]
        ),
        .init(command: "equilibrium", line: "--b 0.7 --d 1.3 --y 0.79", inputs: [market]),
        .init(
            command: "continue", line: "--b 0.7 --d 1.3 --y 0.79 --parameter lag=0.1:0.5 --max-points 5",
            inputs: [market]),
        .init(command: "ensemble", line: "--b 0.7 --d 1.3 --y 0.79 --x0 1:1.5:3 --until 1", inputs: [market]),
        .init(
            command: "population",
            line: "--b 0.7 --d 1.3 --y 0.79 --holders 20 --runs 2 --from x=1.2 --until 1 --every 0.5", inputs: [market]),
        .init(
            command: "protocol",
            line: "--b 0.7 --d 1.3 --y 0.79 --providers 20 --runs 2 --until 2 --every 1 --mechanism pool,posted",
            inputs: [market, ("--pools FILE", "pools:\n  - {name: a, providers: 10}\n")]),
        .init(
            command: "portrait",
            line: "--beta 0.7 --delta 1.3 --gamma 0.79 --x x=0.9:1.6:3 --y seller=0:1:3 --until 1 --trajectory x=1.4",
            inputs: [market]),
        .init(command: "sweep", line: "\(study) --samples 4", inputs: [market, correlation]),
        .init(command: "sweep", line: "\(studyOfFile) --samples 4", inputs: [empirical]),
        .init(command: "sensitivity local", line: study, inputs: [market]),
        .init(command: "sensitivity morris", line: "\(study) --trajectories 4", inputs: [market]),
        .init(command: "sensitivity sobol", line: "\(study) --samples 16 --bootstrap 2", inputs: [market]),
        .init(command: "sensitivity pawn", line: "\(study) --samples 40 --bootstrap 2", inputs: [market, correlation]),
        .init(command: "sensitivity chaos", line: "\(study) --samples 40", inputs: [market]),
        .init(
            command: "calibrate history", line: "--delta 2.6 --rolling 1h:1h --until 10800",
            inputs: [("--input FILE", prices)]),
        .init(
            command: "calibrate backtest", line: "--delta 2.6 --policy constant=0.8 --until 10800",
            inputs: [("--input FILE", prices)]),
        .init(
            command: "calibrate robust", line: "\(varied) --theta 1 --delta 1.6 --samples 16",
            inputs: [market, correlation]),
        .init(command: "calibrate inverse", line: "--b 0.7 --d 1.3 --y 0.79", inputs: [market]),
        .init(
            command: "calibrate schedule",
            line:
                "--tokens 100000 --start 2024-04-09 --halving 365d --capacity 2000 --token-price 0.5 --beta 0.7 --delta 2.6",
            inputs: [market]),
    ]

    /// The words of the command line.
    func words(_ more: [String] = []) -> [String] {
        (command + " " + line).split(separator: " ").map(String.init) + more
    }

    /// The words of an option of ``inputs`` that reads the file of a name.
    static func words(_ input: (option: String, contents: String), file: String) -> [String] {
        input.option.replacing("FILE", with: file).split(separator: " ", maxSplits: 1).map(String.init)
    }
}

/// What the program says of its own options.
struct CommandDefinitions {
    /// Of each command without subcommands, the options that name files, by their longest names.
    let files: [String: [String]]

    /// The options among them that are read.
    static let read: Set<String> = ["input", "market", "pools", "correlation"]

    init(in folder: TestFolder) throws {
        let ended = try folder.data("--experimental-dump-help")
        let dump = try #require(try JSONSerialization.jsonObject(with: Data(ended.bytes)) as? [String: Any])
        var found: [String: [String]] = [:]
        func walk(_ command: [String: Any], _ path: [String]) {
            let subcommands = (command["subcommands"] as? [[String: Any]] ?? [])
                .filter { $0["commandName"] as? String != "help" }
            guard subcommands.isEmpty else {
                for next in subcommands { walk(next, path + [next["commandName"] as? String ?? ""]) }
                return
            }
            let options = (command["arguments"] as? [[String: Any]] ?? []).filter { $0["kind"] as? String == "option" }
            found[path.joined(separator: " ")] = options.compactMap { option in
                let value = option["valueName"] as? String ?? ""
                guard value.contains("file") || value.contains("path") else { return nil }
                return (option["names"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
                    .max { $0.count < $1.count }
            }
        }
        walk(try #require(dump["command"] as? [String: Any]), [])
        files = found
    }

    /// The options that name outputs, with their dashes.
    func outputs(of command: String) -> [String] {
        (files[command] ?? []).filter { !Self.read.contains($0) }.map { "--\($0)" }
    }
}
