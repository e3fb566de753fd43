import ArgumentParser
import Foundation
import Parallelism
import Reporting

/// How results are written.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case csv, json, table
}

/// When progress is shown.
enum ProgressMode: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// The options of every command.
struct CommonOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
        help: ArgumentHelp("Write the data to this file; - is standard output.", valueName: "path"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: "csv, json, or table for people. Default: table for one answer on a terminal, else csv.")
    var format: OutputFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write what was run, with which settings and versions, and the hashes of its output.",
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

    @Option(
        parsing: .unconditional, help: "Threads to use. Default: all cores. Results do not depend on it.",
        transform: wholeArgument(1...4096))
    var threads: Int = availableProcessors

    @Option(parsing: .unconditional, help: "Show progress on standard error: auto (on a terminal), always or never.")
    var progress: ProgressMode = .auto

    @Flag(help: "No notes and no warnings on standard error.")
    var quiet = false

    @Flag(help: "Say more on standard error.")
    var verbose = false

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

    /// Writes a table to the output, in the format asked for, with a progress bar.
    ///
    /// - Parameter oneAnswer: whether it is short, and for people where it goes to a terminal.
    func write(
        _ table: Table, to destination: OutputDestination, keyColumns: Int, oneAnswer: Bool = false,
        progress bar: ProgressBar? = nil
    ) throws -> WriteSummary {
        let summary: WriteSummary
        switch resolvedFormat(oneAnswer: oneAnswer) {
        case .csv: summary = try CSVWriter(threads: threads) { bar?.update($0) }.write(table, to: destination)
        case .json: summary = try JSONWriter(threads: threads) { bar?.update($0) }.write(table, to: destination)
        case .table:
            summary = try TextTableWriter(width: Terminal.width, keyColumns: keyColumns).write(table, to: destination)
        }
        bar?.finish(summary.rows)
        note("\(summary.rows) rows, \(summary.bytes) bytes written to \(destination.name)")
        return summary
    }

    /// Refuses two outputs on one path; --output and --manifest are among them.
    ///
    /// - Parameter others: the other options that were given, and their paths.
    func refuseSharedOutputs(_ others: [(option: String, path: String?)] = []) throws {
        let outputs = [("--output", output)] + others + (manifest.map { [("--manifest", $0)] } ?? [])
        for (index, first): (Int, (option: String, path: String?)) in outputs.enumerated() {
            for second in outputs.dropFirst(index + 1)
            where OutputDestination.sameDestination(first.path, second.path) {
                throw CommandFailure(
                    .usage,
                    "\(first.option) and \(second.option) lead to the same place, "
                        + "\(shownInMessage(second.path ?? "-")); give each its own.")
            }
        }
    }

    /// Refuses an output beside the data that would replace a file which is read.
    ///
    /// - Parameters:
    ///   - inputs: the options that were given, and the paths they read.
    ///   - others: the options of outputs, beside --manifest.
    func refuseReplacing(
        _ inputs: [(option: String, path: String?)], by others: [(option: String, path: String?)] = []
    ) throws {
        for input in inputs {
            guard let path = input.path, path != "-" else { continue }
            for output in others + [("--manifest", manifest)] {
                guard let place = output.path, OutputDestination.sameDestination(path, place) else { continue }
                throw CommandFailure(
                    .usage, "\(output.option) would replace the file of \(input.option), \(path); give it another name."
                )
            }
        }
    }
}
