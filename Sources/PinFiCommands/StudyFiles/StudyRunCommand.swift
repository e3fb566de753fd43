import ArgumentParser
import CommandRun
import Reporting

/// What a run of a study needs beside its file.
struct StudyRunOptions {
    let threads: Int
    let progress: ProgressMode
    let quiet: Bool
    let verbose: Bool
    /// The absolute path of the study file.
    let file: String
    /// The paths that each task reads.
    let inputs: [String: [String]]
    /// The commands of tasks that read no output of another one, ready to run.
    let commands: [String: any ParsableCommand]

    init(_ study: LoadedStudy, _ work: WorkOptions) {
        threads = work.threads
        progress = work.progress
        quiet = work.quiet
        verbose = work.verbose
        file = study.file
        inputs = study.inputs
        commands = study.commands
    }
}

/// `pinfi study run`: the tasks of a study that are not done yet.
struct StudyRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the tasks of a study; what an earlier run finished is kept.",
        usage: "pinfi study run <file> -o <folder> [--only <task>] … [--dry-run]",
        discussion: """
            The whole file is checked before anything runs. The folder gets the tables and figures, the study with all \
            defaults written out (study.yaml) and manifest.json. Run it again after an interruption of any kind: a task \
            is repeated only where its options, its inputs, its outputs or the version of pinfi are not what they were. \
            A task that fails does not keep the others from running; the status is then 70. Faults of the file end with \
            65 and say their lines; a folder in which an output would replace a file that is read ends with 64.
            """)

    @Argument(help: "The study file.")
    var file: String

    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
        help: ArgumentHelp("The folder for the results; made where there is none.", valueName: "folder"))
    var output: String

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Only this task and those that it needs; may be repeated.", valueName: "task"))
    var only: [String] = []

    @Flag(help: "Show what would be run, and run nothing.")
    var dryRun = false

    @OptionGroup(title: "Everywhere") var work: WorkOptions

    func run() throws {
        let folder = absolutePath(output)
        let study = try LoadedStudy(file, folder: folder, threads: work.threads)
        let chosen = try study.plan.chosen(only)
        if dryRun { return try StudyList(study.plan, chosen, folder: folder).write(format: nil) }
        let directory = try RunDirectory(folder, study: study.plan.name)
        let run = StudyRun(plan: study.plan, directory: directory, options: StudyRunOptions(study, work))
        try run.run(chosen).tell(study.plan, folder: output, quiet: work.quiet)
    }
}

extension StudyRun.Outcome {
    /// Says what became of the tasks, and ends with the status for it.
    func tell(_ plan: StudyPlan, folder: String, quiet: Bool) throws {
        func counted(_ count: Int) -> String { "\(count) task\(count == 1 ? "" : "s")" }
        let sum =
            "Study \(plan.name): \(counted(done.count)) done"
            + (kept.isEmpty ? "" : ", \(counted(kept.count)) kept from before")
        let place = "; the results are in \(shownPath(folder))."
        if !failed.isEmpty {
            throw CommandFailure(
                .numerics, "\(sum), \(counted(failed.count)) failed: \(failed.joined(separator: ", "))\(place)")
        }
        if !different.isEmpty {
            throw CommandFailure(
                .difference, "\(sum); a check found a difference in \(different.joined(separator: ", "))\(place)")
        }
        if !quiet { Terminal.tell(sum + place) }
    }
}
