import ArgumentParser
import CommandRun
import Foundation
import Reporting

/// `pinfi study report`: a run directory as a page.
struct StudyReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write one HTML page of a run directory, to be read, printed and sent.",
        usage: "pinfi study report <folder> [-o <report.html>]",
        discussion: """
            The page has the figures, the first rows of each table with a link to its file, the study with all defaults, \
            commands, versions, hashes, warnings and counts of failed cells. It needs no network and no other file.
            """)

    @Argument(help: "The run directory, made by 'pinfi study run'.")
    var folder: String

    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
        help: ArgumentHelp("Write the page to this file; - is standard output.", valueName: "report.html"))
    var output: String?

    func run() throws {
        let place = absolutePath(folder)
        let page = absolutePath(output ?? ".")
        let parent =
            output == nil || output == "-"
            ? absolutePath("") : URL(fileURLWithPath: page).deletingLastPathComponent().path
        let report = try StudyReport(folder, link: Self.relative(place, from: parent))
        if let output { try refuseReplacing(output, report) }
        let destination = try OutputDestination.open(output)
        try destination.write(report.html)
        try destination.commit()
    }

    private func refuseReplacing(_ output: String, _ report: StudyReport) throws {
        for name in StudyPlan.ownFiles + report.manifest.records.flatMap(\.outputs).map(\.name)
        where OutputDestination.sameDestination(output, "\(folder)/\(name)") {
            throw CommandFailure(
                .usage, "--output would replace \(shownPath(name)) of the run directory; give the page another name.")
        }
    }

    /// A path as seen from a folder; both are absolute.
    private static func relative(_ path: String, from folder: String) -> String {
        let target = URL(fileURLWithPath: path).standardizedFileURL.pathComponents
        let base = URL(fileURLWithPath: folder).standardizedFileURL.pathComponents
        let shared = zip(target, base).prefix { $0 == $1 }.count
        let parts = Array(repeating: "..", count: base.count - shared) + target.dropFirst(shared)
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
