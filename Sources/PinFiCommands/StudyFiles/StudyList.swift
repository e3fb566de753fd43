import CommandRun
import Reporting

/// The tasks of a study as a table: their commands as one would type them, their outputs, and whether they are done.
struct StudyList {
    let table: Table

    /// - Parameters:
    ///   - chosen: the places of the tasks.
    ///   - folder: the absolute path of the run directory; nil where none is asked about.
    init(_ plan: StudyPlan, _ chosen: [Int], folder: String?) throws {
        let tasks = chosen.map { plan.tasks[$0] }
        var hashes = FileHashes()
        let records = try folder.map { try RunRecords($0) }
        let isDone = tasks.map { task in records?.isDone(task, inputs: &hashes) }
        table = Table([
            (Column("task", .text, summary: "name of the task"), .text(tasks.map(\.name))),
            (
                Column("done", .boolean, summary: "whether the run directory has its outputs; empty without one"),
                .boolean(isDone)
            ),
            (
                Column("command", .text, summary: "the command as one would type it"),
                .text(tasks.map { shellCommand(["pinfi"] + $0.arguments()) })
            ),
            (
                Column("outputs", .text, summary: "its files, separated by blanks"),
                .text(tasks.map { $0.outputs.map(\.file).joined(separator: " ") })
            ),
        ])
    }

    /// Writes the table to standard output; to a terminal as people read it where no format is given.
    func write(format: OutputFormat?) throws {
        let destination = try OutputDestination.open(nil)
        switch format ?? (Terminal.outputIsTerminal ? .table : .csv) {
        case .table: try TextTableWriter(width: Terminal.width, keyColumns: 1).write(table, to: destination)
        case .json: try JSONWriter().write(table, to: destination)
        case .markdown: try PaperTableWriter(.markdown).write(table, to: destination)
        case .latex: try PaperTableWriter(.latex).write(table, to: destination)
        case .csv: try CSVWriter().write(table, to: destination)
        }
        try destination.commit()
    }
}
