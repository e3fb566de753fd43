import ArgumentParser
import CommandRun
import Foundation
import Reporting

/// `pinfi study verify`: a study computed anew and compared with a baseline.
struct StudyVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run a study anew and compare it with a baseline, a run directory that was kept.",
        usage: "pinfi study verify <file> --against <folder> [--keep <folder>] [--report <file.csv>]",
        discussion: """
            Ends with 0 where every table is as in the baseline and with 1 where one is not; what moved is said on \
            standard error, the worst ten cells of each table in units of their tolerance, and written as a table to \
            standard output (or -o) and to --report. The tolerances are those of the study and, of other columns, of \
            pinfi's definitions. Figures are not compared. Nothing of the baseline is touched.
            """)

    @Argument(help: "The study file.")
    var file: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The baseline: the folder of an earlier 'pinfi study run'.", valueName: "folder"))
    var against: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keep the new run in this folder. Without it the run is removed.", valueName: "folder"))
    var keep: String?

    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
        help: ArgumentHelp("Write the table of what was found to this file; - is standard output.", valueName: "path"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the same table to this file, as CSV.", valueName: "file.csv"))
    var report: String?

    @OptionGroup(title: "Everywhere") var work: WorkOptions

    func run() throws {
        let (baseline, output, report) = (absolutePath(against), output.map(absolutePath), report.map(absolutePath))
        let kept = keep.map(absolutePath)
        let temporary = try kept == nil ? TemporaryFolder("pinfi-verify") : nil
        defer { withExtendedLifetime(temporary) {} }
        let folder = kept ?? temporary?.path ?? ""
        if let kept, samePlace(kept, baseline) {
            throw CommandFailure(
                .usage,
                "--keep and --against are one folder, \(shownPath(against)); a run beside a baseline needs its own.")
        }
        let study = try LoadedStudy(file, folder: folder, threads: work.threads)
        let verification = try StudyVerification(study.plan, baseline: baseline)
        let notes = verification.notes
        if !work.quiet { for note in notes { Terminal.tell("Note: \(note)") } }

        let directory = try RunDirectory(folder, study: study.plan.name)
        let outcome = try StudyRun(
            plan: study.plan, directory: directory, options: StudyRunOptions(study, work),
            keptEvery: verification.keptEvery
        ).run(study.plan.order)
        let comparison = try verification.compare(with: directory, name: keep ?? "the new run", threads: work.threads)
        if output != nil || !Terminal.outputIsTerminal { try write(comparison.table, to: output) }
        if let report { try write(comparison.table, to: report) }

        var differences: [String] = []
        func differ(_ names: [String], _ words: String) {
            if !names.isEmpty { differences.append("\(words): \(names.joined(separator: ", ")).") }
        }
        differ(verification.missingTasks, "The baseline lacks these tasks of the study")
        differ(verification.addedTasks, "The study lacks these tasks of the baseline")
        if !outcome.failed.isEmpty {
            throw CommandFailure(
                .numerics,
                ["These tasks failed: \(outcome.failed.joined(separator: ", "))."].joined(separator: "\n")
                    + (differences + (comparison.agrees ? [] : [comparison.description])).map { "\n\($0)" }.joined())
        }
        let text = "Study \(study.plan.name): the run "
        guard differences.isEmpty else {
            throw CommandFailure(
                .difference,
                ([text + "is not as the baseline."] + differences + [comparison.description]).joined(separator: "\n"))
        }
        try ComparisonVerdict(comparison).tell(
            agreement: text + "is as the baseline \(shownPath(against))", difference: text + "is not as the baseline",
            quiet: work.quiet)
    }

    private func write(_ table: Table, to path: String?) throws {
        let destination = try OutputDestination.open(path)
        try CSVWriter().write(table, to: destination)
        try destination.commit()
    }

    private func samePlace(_ a: String, _ b: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(a, &first) == 0, stat(b, &second) == 0 else { return a == b }
        return first.st_ino == second.st_ino && first.st_dev == second.st_dev
    }
}
