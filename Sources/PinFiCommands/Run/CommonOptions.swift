import ArgumentParser
import Foundation
import Reporting

/// How results are written.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case csv, json, table
}

/// The options of every command.
struct CommonOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
        help: ArgumentHelp(
            "Write the data to this file; - is standard output. Without it a table of more than 100 rows is not shown on a "
                + "terminal beside a figure.", valueName: "path"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: "csv, json, or table for people. Default: table for one answer on a terminal, else csv.")
    var format: OutputFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write what was run, with which settings and versions, and the hashes of what was read and written.",
            valueName: "file.json"))
    var manifest: String?

    @Option(
        parsing: .unconditional,
        help: "Seed of random numbers. Taken by every command; those that draw none do not depend on it.",
        transform: { text in
            guard let seed = UInt64(text) else {
                throw ArgumentFault("allowed: a whole number from 0 to \(UInt64.max)")
            }
            return seed
        })
    var seed: UInt64?

    @OptionGroup var work: WorkOptions

    var threads: Int { work.threads }
    var progress: ProgressMode { work.progress }
    var quiet: Bool { work.quiet }
    var verbose: Bool { work.verbose }

    /// The format of a one-answer command, or of one that writes a table.
    func resolvedFormat(oneAnswer: Bool) -> OutputFormat {
        if let format { return format }
        let toTerminal = (output == nil || output == "-") && Terminal.outputIsTerminal
        return oneAnswer && toTerminal ? .table : .csv
    }

    func warn(_ text: String) {
        if !quiet { Terminal.tell("Warning: \(text)") }
    }

    func note(_ text: String) {
        if verbose && !quiet { Terminal.tell(text) }
    }

    /// Writes a record to the output, in the format asked for.
    func write(_ record: Record, to destination: OutputDestination) throws -> WriteSummary {
        switch resolvedFormat(oneAnswer: true) {
        case .csv: try CSVWriter().write(record, to: destination)
        case .json: try JSONWriter().write(record, to: destination)
        case .table: try TextTableWriter(width: Terminal.width).write(record, to: destination)
        }
    }
}
