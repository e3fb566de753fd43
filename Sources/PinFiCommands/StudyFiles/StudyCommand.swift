import ArgumentParser

/// `pinfi study`: studies in files, run, kept and verified.
struct StudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study",
        abstract: "Studies in files: run, resumed, verified against a baseline, and reported.",
        discussion: """
            A study is a YAML file of tasks, each a command of pinfi with its options by their long names:

              study: reward-band
              seed: 7
              tasks:
                diagram: {run: phase, b: 0.7, d: 1.3, x: 0:2:9, y: 0:1:5, boundaries: true}
                rest:    {run: equilibrium, b: 0.7, d: 1.3, y: 0.79, critical-lag: true}

            A value is its text; true gives a flag, false leaves it out. A list repeats an option that may be \
            repeated, and is otherwise joined by commas; keys with values become NAME=VALUE. Where an option names an \
            output file, true is TASK-option.csv and svg, pdf or png is TASK.svg and so on. 'input: task rest' reads the \
            data of another task, 'input: task rest events' the file of its option. defaults: {…} holds for all tasks \
            that do not say otherwise, seed: for all; tolerance: {COLUMN: 1e-9 relative} in a task is what 'verify' \
            allows; baseline: {rows: 500} keeps that many rows of a large table. Relative paths of inputs are taken from \
            the file's folder.

            Examples:
              pinfi study init study.yaml
              pinfi study run study.yaml -o results
              pinfi study verify study.yaml --against results
              pinfi study report results -o report.html
            """,
        subcommands: [
            StudyInitCommand.self, StudyListCommand.self, StudyRunCommand.self, StudyVerifyCommand.self,
            StudyReportCommand.self,
        ])
}
