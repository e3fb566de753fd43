import ArgumentParser
import Foundation
import Reporting

/// How results are written.
package enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case csv, json, table, markdown, latex
}

/// The options of every command.
package struct CommonOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
        help: ArgumentHelp(
            "Write the data to this file; - is standard output. Without it a table of more than 100 rows is not shown on a "
                + "terminal beside a figure.", valueName: "path"))
    package var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "csv, json, table for people, or markdown or latex for a text. Default: table for one answer on a terminal, "
                + "else csv."))
    package var format: OutputFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write what was run, with which settings and versions, and the hashes of what was read and written.",
            valueName: "file.json"))
    package var manifest: String?

    @Option(
        parsing: .unconditional,
        help: "Seed of random numbers. Taken by every command; those that draw none do not depend on it.",
        transform: { text in
            guard let seed = UInt64(text) else {
                throw ArgumentFault("allowed: a whole number from 0 to \(UInt64.max)")
            }
            return seed
        })
    package var seed: UInt64?

    @OptionGroup package var work: WorkOptions

    package var threads: Int { work.threads }
    package var progress: ProgressMode { work.progress }
    package var quiet: Bool { work.quiet }
    package var verbose: Bool { work.verbose }

    /// The format of a one-answer command, or of one that writes a table.
    package func resolvedFormat(oneAnswer: Bool) -> OutputFormat {
        if let format { return format }
        let toTerminal = (output == nil || output == "-") && Terminal.outputIsTerminal
        return oneAnswer && toTerminal ? .table : .csv
    }

    package func warn(_ text: String) {
        if !quiet { Terminal.tell("Warning: \(text)") }
    }

    /// Tells what was taken as it is without being asked for.
    package func tell(_ text: String) {
        if !quiet { Terminal.tell("Note: \(text)") }
    }

    package func note(_ text: String) {
        if verbose && !quiet { Terminal.tell(text) }
    }

    /// Writes a record to the output, in the format asked for.
    package func write(_ record: Record, to destination: OutputDestination) throws -> WriteSummary {
        switch resolvedFormat(oneAnswer: true) {
        case .csv: try CSVWriter().write(record, to: destination)
        case .json: try JSONWriter().write(record, to: destination)
        case .table: try TextTableWriter(width: Terminal.width).write(record, to: destination)
        case .markdown: try PaperTableWriter(.markdown).write(record, to: destination)
        case .latex: try PaperTableWriter(.latex).write(record, to: destination)
        }
    }

    package init() {}
}
