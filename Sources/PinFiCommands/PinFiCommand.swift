import ArgumentParser
import Foundation
import NumericalMethods
import Reporting

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
            OpenBLAS \(NumericalLibraries.openBLASVersion)
            """,
        subcommands: [
            BoundsCommand.self, PhaseCommand.self, ExplainCommand.self, FlowCommand.self, SimulateCommand.self,
            EquilibriumCommand.self, EnsembleCommand.self, PortraitCommand.self, SweepCommand.self,
            SensitivityCommand.self, CalibrateCommand.self, ReproduceCommand.self,
        ])
}

/// Runs the command line of this process and returns the status to exit with.
public func runCommandLine() -> Int32 {
    // A reader that has gone is then an error of a write, which ends the run quietly.
    signal(SIGPIPE, SIG_IGN)
    Interruption.install()
    NumericalLibraries.setOpenBLASThreads(1)
    if let failure = unknownCommand(CommandLine.arguments.dropFirst(), of: PinFiCommand.self) {
        Terminal.tell("Error: \(failure)")
        return failure.status.rawValue
    }
    var command: any ParsableCommand
    do { command = try PinFiCommand.parseAsRoot() } catch {
        // Help and versions come this way too, with a status of 0.
        return tell(error)
    }
    do {
        try command.run()
        return ExitStatus.done.rawValue
    } catch  where PinFiCommand.exitCode(for: error) == .success {
        // `pinfi help …` is a command that ends by throwing its text.
        return tell(error)
    } catch {
        guard let failure = CommandFailure(error) else { return ExitStatus.done.rawValue }
        Terminal.tell("Error: \(failure)")
        return failure.status.rawValue
    }
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
    let nearest = nearestName(to: word, among: names).map { "did you mean \($0)? " } ?? ""
    return CommandFailure(
        .usage,
        "there is no command '\(path == "pinfi" ? "" : path.dropFirst(6) + " ")\(shownInMessage(word).dropFirst().dropLast())'; "
            + "\(nearest)The commands are \(names.joined(separator: ", ")). See '\(path) --help'.")
}

/// Writes the parser's message where it belongs and returns its status.
private func tell(_ error: any Error) -> Int32 {
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
        guard let failure = CommandFailure(error) else { return status }
        Terminal.tell("Error: \(failure)")
        return failure.status.rawValue
    }
}
