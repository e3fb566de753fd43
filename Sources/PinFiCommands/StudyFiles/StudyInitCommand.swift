import ArgumentParser
import CommandRun
import Foundation
import Reporting

/// `pinfi study init`: an example of a study file, with comments.
struct StudyInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a study file with comments, to be changed; it runs as it is.",
        usage: "pinfi study init [<file>]")

    @Argument(help: "The file to write; - is standard output. A file that exists is left alone.")
    var file = "study.yaml"

    func run() throws {
        if file != "-", access(file, F_OK) == 0 {
            throw CommandFailure(.cannotCreate, "\(shownPath(file)) exists already; give another name.")
        }
        let destination = try OutputDestination.open(file)
        try destination.write(Self.example)
        try destination.commit()
        if file != "-" {
            Terminal.tell("\(shownPath(file)) is written. Run it: pinfi study run \(shellCommand([file])) -o results")
        }
    }

    /// A study of the paper's market that takes a few seconds.
    static let example = """
        # A study of pinfi: one file that says what is computed.
        #   pinfi study list study.yaml                     what there is to do
        #   pinfi study run study.yaml -o results           do it; again, to go on after an interruption
        #   pinfi study verify study.yaml --against results compute it anew and tell what moved
        #   pinfi study report results -o report.html       a page to read and to print
        study: reward-band
        about: The band of block rewards of one market, and what moves it

        # The seed of all random numbers. A task may give its own.
        seed: 7

        # What holds for every task whose command has the option and that does not say otherwise.
        defaults:
          d: 1.3

        # Each task is a command (run) and its options by their long names, as 'pinfi COMMAND --help' lists them.
        # A value is its text. true gives a flag. A text with a comma needs quotes inside braces.
        tasks:
          # The data of this task is band.csv.
          band: {run: bounds, b: 0.7, y: 0.79}

          # Where an option names an output file, true calls it TASK-option.csv (diagram-boundaries.csv).
          # baseline keeps some 500 rows of the table, so that results/ stays small enough to keep in a repository.
          diagram:
            run: phase
            b: 0.7
            x: 0:2:81
            y: 0:1.5:61
            boundaries: true
            baseline: {rows: 500}
            # plot: svg           # with gnuplot: the figure diagram.svg

          rest: {run: equilibrium, b: 0.7, y: 0.79, critical-lag: true}

          # Keys with values become NAME=VALUE. tolerance says how far a column may move before verify tells.
          indices:
            run: sensitivity sobol
            vary:
              beta: uniform(0.5,0.9)
              p: uniform(0,0.2)
              theta: uniform(0.5,2.5)
            delta: 1.6
            quantity: [gamma_min, gamma_max]
            samples: 1024
            tolerance: {s1: 1e-9 absolute, st: 1e-9 absolute}

        """
}
