import ArgumentParser
import CommandRun
import Foundation
import Reporting

/// A study file, read and checked, with this process in its folder, from where the paths of inputs are taken.
struct LoadedStudy {
    let plan: StudyPlan
    /// The absolute path of the file.
    let file: String
    /// The paths that each task reads, by task.
    let inputs: [String: [String]]
    /// The commands of tasks that read no output of another one, ready to run, by task.
    let commands: [String: any ParsableCommand]

    /// Reads the file, enters its folder and checks everything in it, without computing.
    ///
    /// - Parameters:
    ///   - path: as given by the user.
    ///   - folder: the absolute path of the run directory, there or not; nil where none is named.
    ///   - threads: how many threads each task may use; nil for all cores.
    /// - Throws: `CommandFailure` with 65 and every fault of the file.
    init(_ path: String, folder: String?, threads: Int? = nil) throws {
        let study = try StudyFile(path: path)
        file = absolutePath(path)
        if path != "-" {
            let parent = URL(fileURLWithPath: file).deletingLastPathComponent().path
            guard FileManager.default.changeCurrentDirectoryPath(parent) else {
                throw CommandFailure(.noInput, "Cannot enter the folder \(shownPath(parent)) of the study file.")
            }
        }
        var plan = StudyPlan(study)
        var check = StudyCheck(
            folder: folder ?? absolutePath(".not-made-yet"), more: Self.more(threads: threads))
        // A plan with faults may lack files that commands would miss again.
        try check.check(&plan)
        plan.refuseUnusedDefaults()
        plan.checkTolerances()
        try plan.faults.refuse()
        self.plan = plan
        inputs = check.inputs
        commands = check.commands
    }

    /// The options that every task is given beside its own.
    static func more(threads: Int?) -> [String] {
        (threads.map { ["--threads", "\($0)"] } ?? []) + ["--progress", "never"]
    }
}

/// The path from the root of the file system; `-`, what is absolute and what is empty stay as they are.
func absolutePath(_ path: String) -> String {
    if path.isEmpty || path.hasPrefix("/") || path == "-" { return path }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    let folder = FileManager.default.currentDirectoryPath
    return rest.isEmpty || rest == "." ? folder : "\(folder)/\(rest)"
}
