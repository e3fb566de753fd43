import ArgumentParser
import CommandRun

/// `pinfi study list`: what a study consists of, and what of it is done.
struct StudyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The tasks of a study, their commands and outputs, and whether they are done.",
        usage: "pinfi study list <file> [-o <folder>]",
        discussion: "The whole file is checked. The commands are as one would type them in the run directory.")

    @Argument(help: "The study file.")
    var file: String

    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
        help: ArgumentHelp("The folder of a run, to tell which tasks are done.", valueName: "folder"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: "csv, json, table for people, markdown or latex. Default: table on a terminal, else csv.")
    var format: OutputFormat?

    func run() throws {
        let folder = output.map(absolutePath)
        let study = try LoadedStudy(file, folder: folder)
        try StudyList(study.plan, study.plan.order, folder: folder).write(format: format)
    }
}
