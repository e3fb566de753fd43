import Figures
import NumericalMethods
import Reporting

/// The outputs of a run: data, side files, figure and manifest.
///
/// All outputs are opened when this object is made, before any work; ``finish()`` puts them in place when all are
/// complete. A run that ends before that leaves the old files, or none. The reader of a pipe that has gone ends that
/// output alone, or the run where there is no other.
package final class RunOutputs {
    /// What the manifest will say.
    package var record: RunRecord

    private let common: CommonOptions
    private let files: RunFiles
    private let title: String
    private let arguments: [String]
    private let data: OutputDestination
    private let sides: [(option: String, destination: OutputDestination)]
    private let figure: PreparedPlot?
    private let manifest: OutputDestination?
    /// The columns of the tables that were written, each once.
    private var columns: [Column] = []

    /// The option that asks for a file which says what the columns of the tables mean.
    package static let dictionaryOption = "--data-dictionary"
    /// The most rows that go to a terminal where a figure was asked for and no place for the data.
    private static let mostRowsBesideFigure = 100

    /// Opens the outputs.
    ///
    /// - Parameters:
    ///   - command: its name, "sensitivity sobol" for example.
    ///   - files: what the run reads and writes.
    ///   - arguments: the command line, for the manifest.
    /// - Throws: `OutputError` where a place cannot be written, `GnuplotError` where there is no gnuplot for a figure.
    package init(
        _ command: String, _ common: CommonOptions, _ files: RunFiles, arguments: [String] = CommandLine.arguments
    ) throws {
        self.common = common
        self.files = files
        self.arguments = arguments
        title = String(command.split(separator: " ").last ?? "")
        record = RunRecord(command, seed: common.seed)
        if RunContext.current != nil, files.plot?.plot != nil { _ = try Gnuplot() }
        try RunContext.endCheck()
        func open(_ path: String?) throws -> OutputDestination {
            try OutputDestination.open(
                path, hashing: files.isHashing, endsWithReader: files.isDataAlone)
        }
        figure = try files.plot?.prepare(opening: open)
        data = try open(common.output)
        sides = try files.sides.map { ($0.option, try open($0.path)) }
        manifest = try common.manifest.map(open)
        if common.verbose, let newer = NumericalLibraries.newerOpenBLASKernel {
            common.note(
                "OpenBLAS \(NumericalLibraries.openBLASVersion) uses its kernels for \(NumericalLibraries.openBLASKernel), older than "
                    + "this processor. With OPENBLAS_CORETYPE=\(newer) in the environment 'sensitivity chaos' and surfaces by "
                    + "interpolation are faster; last digits may differ.")
        }
    }

    /// Whether a figure or its script was asked for.
    package var draws: Bool { figure != nil }

    /// A line on standard error that says how far the work is.
    ///
    /// - Parameters:
    ///   - unit: what is counted, in the plural: "cells".
    ///   - total: nil where it is not known.
    ///   - title: the command's name where nothing else is said.
    package func progress(_ title: String? = nil, unit: String, total: Int?) -> ProgressBar {
        ProgressBar(title ?? self.title, unit: unit, total: total, mode: common.progress, isQuiet: common.quiet)
    }

    // MARK: - Writing

    /// Writes a table of any length as the data, with progress.
    ///
    /// A long one does not go to a terminal beside a figure, unless `-o -` asks for that.
    ///
    /// - Parameters:
    ///   - rows: how many rows there will be; nil where that is not known.
    ///   - unit: what the rows are, in the plural: "cells".
    ///   - keyColumns: the first columns, which name a row.
    ///   - tolerance: how far its numbers may be from those of another machine; nil for that of closed forms.
    /// - Returns: the number of rows.
    @discardableResult
    package func write(
        _ table: Table, rows: Int?, unit: String = "rows", keyColumns: Int, tolerance: Tolerance? = nil
    ) throws -> Int {
        let isDropped =
            draws && common.output == nil && Terminal.outputIsTerminal
            && (rows ?? .max) > Self.mostRowsBesideFigure
        if isDropped { data.dropRest() }
        let bar = progress(unit: unit, total: rows)
        let summary = try write(
            table, format: common.resolvedFormat(oneAnswer: false), keyColumns: keyColumns, tolerance: tolerance, bar)
        bar.finish(summary.rows)
        if isDropped, !common.quiet {
            Terminal.tell(
                "Note: the \(summary.rows) rows of the table are not shown beside a figure: give -o FILE for a file of "
                    + "them, or -o - to see them here.")
        }
        return summary.rows
    }

    /// Writes a short table as the data; to a terminal as people read it.
    package func write(_ table: Table, keyColumns: Int) throws {
        _ = try write(table, format: common.resolvedFormat(oneAnswer: true), keyColumns: keyColumns, nil)
    }

    /// Writes a record as the data; to a terminal as people read it.
    package func write(_ record: Record) throws {
        try writeData(record.fields.map(\.column)) { try common.write(record, to: $0) }
    }

    /// Writes the data in a form of its own.
    ///
    /// - Parameter columns: what the data has of columns.
    package func writeData(_ columns: [Column], _ body: (OutputDestination) throws -> WriteSummary) throws {
        add(data, TableDefinition(columns: columns), try body(data))
    }

    /// Writes a table as CSV where an option asked for it; otherwise it is not made.
    ///
    /// - Parameter tolerance: how far its numbers may be from those of another machine; nil for that of closed forms.
    package func write(_ option: String, tolerance: Tolerance? = nil, _ table: () throws -> Table) throws {
        guard let (_, destination) = sides.first(where: { $0.option == option }) else { return }
        let table = try table()
        var definition = table.definition
        definition.tolerance = tolerance
        add(destination, definition, try CSVWriter(threads: common.threads).write(table, to: destination))
    }

    /// Draws a figure where one was asked for; otherwise its sheet is not made.
    package func draw(_ sheet: () throws -> FigureSheet) throws {
        guard let figure else { return }
        try figure.draw(sheet())
        if let picture = figure.picture {
            record.figures.append(Manifest.Figure(path: picture.name, sha256: picture.sha256))
        }
    }

    /// Writes the manifest and the data dictionary, and then puts all outputs in place: side files, figure, data, manifest.
    package func finish() throws {
        let told = columns
        try write(Self.dictionaryOption) { dataDictionary(of: told) }
        if files.isHashing {
            let told = record.manifest(inputs: files.read, arguments: arguments, threads: common.threads)
            try manifest.map { try told.write(to: $0) }
            RunContext.current?.take(told)
        }
        for side in sides { try side.destination.commit() }
        try figure?.commit()
        try data.commit()
        try manifest?.commit()
    }

    private func write(
        _ table: Table, format: OutputFormat, keyColumns: Int, tolerance: Tolerance? = nil, _ bar: ProgressBar?
    ) throws -> WriteSummary {
        let threads = common.threads
        let summary: WriteSummary
        switch format {
        case .csv: summary = try CSVWriter(threads: threads) { bar?.update($0) }.write(table, to: data)
        case .json: summary = try JSONWriter(threads: threads) { bar?.update($0) }.write(table, to: data)
        case .table:
            summary = try TextTableWriter(width: Terminal.width, keyColumns: keyColumns).write(table, to: data)
        case .markdown: summary = try PaperTableWriter(.markdown).write(table, to: data)
        case .latex: summary = try PaperTableWriter(.latex).write(table, to: data)
        }
        var definition = table.definition
        definition.tolerance = tolerance
        add(data, definition, summary)
        return summary
    }

    private func add(_ destination: OutputDestination, _ table: TableDefinition, _ summary: WriteSummary) {
        common.note("\(summary.rows) rows, \(summary.bytes) bytes written to \(destination.name)")
        var definition = table
        definition.tolerance = definition.tolerance ?? KnownTables.tolerance
        record.data.append(
            Manifest.DataFile(destination, columns: table.columns.count, summary, definition: definition))
        for column in table.columns where !self.columns.contains(where: { $0.name == column.name }) {
            self.columns.append(column)
        }
    }
}
