import ArgumentParser
import CommandRun
import DynamicsCommands
import Foundation
import MarketCommands
import NumericalMethods
import Reporting
import RewardCommands

/// The command `pinfi`.
struct PinFiCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pinfi",
        abstract: "Game theory and numerics for the pricing of dissipative assets (PinFi).",
        discussion: """
            A dissipative asset loses its value as time passes: GPU-hours, hotel nights, power. The PinFi protocol \
            prices one in a constant-product pool; pinfi computes the bounds of the block reward that keep liquidity \
            providers, sellers and genuine buyers in the market.

            Example:
              pinfi bounds --b 0.7 --d 1.3

            Shell completions: pinfi --generate-completion-script bash (or zsh, fish).
            """,
        version: """
            pinfi \(pinfiVersion)
            GSL \(NumericalLibraries.gslVersion)
            OpenBLAS \(NumericalLibraries.openBLASVersion), kernels for \(NumericalLibraries.openBLASKernel)
            """,
        subcommands: [
            BoundsCommand.self, PhaseCommand.self, ExplainCommand.self, FlowCommand.self, SimulateCommand.self,
            EquilibriumCommand.self, ContinueCommand.self, EnsembleCommand.self, PopulationCommand.self,
            ProtocolCommand.self, PortraitCommand.self, SweepCommand.self, SensitivityCommand.self, CalibrateCommand.self,
            ReproduceCommand.self, CompareCommand.self, StudyCommand.self,
        ])
}

/// Runs the command line of this process and returns the status to exit with.
public func runCommandLine() -> Int32 {
    Interruption.install()
    NumericalLibraries.setOpenBLASThreads(1)
    let arguments = CommandLine.arguments
    // Swift reads them from /proc; without them the parser would print help, with a status of 0.
    guard !arguments.isEmpty else {
        return tell(
            CommandFailure(
                .noInput,
                "the command line cannot be read from /proc/self/cmdline; mount /proc, or let the process open more files "
                    + "(ulimit -n)."))
    }
    // The parser wraps help at COLUMNS, whatever it is; beside the names of options 30 leave nothing.
    if let columns = getenv("COLUMNS"), Int(String(cString: columns)).map({ $0 <= 30 }) ?? true { unsetenv("COLUMNS") }
    let words = arguments.dropFirst()
    if let failure = unknownCommand(words, of: PinFiCommand.self) { return tell(failure) }
    var command: any ParsableCommand
    do {
        try AddressSpace.check()
        command = try PinFiCommand.parseAsRoot(Array(words))
        try RepeatedOptions.refuse(in: words, of: type(of: command))
    } catch let failure as CommandFailure {
        return tell(failure)
    } catch {
        // Help and versions come this way too, with a status of 0.
        return tellParsers(error)
    }
    do {
        try command.run()
        return ExitStatus.done.rawValue
    } catch  where PinFiCommand.exitCode(for: error) == .success {
        // `pinfi help …` is a command that ends by throwing its text.
        return tellParsers(error)
    } catch {
        guard let failure = CommandFailure(error) else { return ExitStatus.done.rawValue }
        return tell(failure)
    }
}

/// Writes the message and returns its status.
private func tell(_ failure: CommandFailure) -> Int32 {
    // A report of several lines is one message.
    Terminal.tell("Error: \(failure)")
    return failure.status.rawValue
}

/// What the parser does not say: that a word is no command, rather than that its options are unknown.
///
/// - Parameters:
///   - words: the arguments from the word that names a subcommand on.
///   - parent: the command whose subcommand it names.
private func unknownCommand(
    _ words: ArraySlice<String>, of parent: any ParsableCommand.Type, path: String = "pinfi"
) -> CommandFailure? {
    let subcommands = parent.configuration.subcommands
    guard let word = words.first, !subcommands.isEmpty, !word.isEmpty, !word.hasPrefix("-"), word != "help" else {
        return nil
    }
    if let command = subcommands.first(where: { $0.configuration.commandName == word }) {
        return unknownCommand(words.dropFirst(), of: command, path: "\(path) \(word)")
    }
    let names = subcommands.compactMap { $0.configuration.commandName }
    let nearest = nearestName(to: word, among: names).map { " Did you mean \($0)?" } ?? ""
    return CommandFailure(
        .usage,
        "\(path) has no command \(shownInMessage(word)).\(nearest) The commands are \(names.joined(separator: ", ")). "
            + "See '\(path) --help'.")
}

/// Writes the parser's message where it belongs and returns its status.
private func tellParsers(_ error: any Error) -> Int32 {
    let message = PinFiCommand.fullMessage(for: error)
    let status = PinFiCommand.exitCode(for: error).rawValue
    guard status == 0 else {
        Terminal.tell(message)
        return status
    }
    do throws(OutputError) {
        let output = try OutputDestination.open(nil)
        try output.write(message + "\n")
        try output.commit()
        return status
    } catch {
        return CommandFailure(error).map { tell($0) } ?? status
    }
}
