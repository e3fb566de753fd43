import ArgumentParser
import CommandRun
import Foundation
import Reporting

/// A run of a study in a run directory: tasks that were finished before are kept, the others are done one after another.
///
/// One after another, because the long commands use all threads by themselves, and the short ones end sooner than threads
/// could be shared out.
struct StudyRun {
    /// What became of the tasks.
    struct Outcome {
        /// Tasks that were finished before, and nothing has changed since.
        var kept: [String] = []
        /// Tasks that were done now.
        var done: [String] = []
        /// Tasks whose command failed, or that would have read the output of such a one.
        var failed: [String] = []
        /// Tasks that are done, and in which a check found a difference.
        var different: [String] = []
    }

    let plan: StudyPlan
    let directory: RunDirectory
    let options: StudyRunOptions
    /// Tables of a baseline that has only some of the rows, with the distance between these; else the plan says.
    var keptEvery: [String: Int] = [:]

    /// Runs these tasks and writes the resolved study and the manifest.
    ///
    /// - Parameter chosen: places of tasks, in an order in which each follows those that it needs.
    /// - Throws: `CommandFailure` with 73 where the directory cannot be written: that would end the other tasks as well. What
    ///   is finished is kept.
    func run(_ chosen: [Int]) throws -> Outcome {
        let start = Date()
        let startUptime = ProcessInfo.processInfo.systemUptime
        try refuseSharedPlaces()
        let study = try studyToWrite()
        var outcome = Outcome()
        var hashes = FileHashes()
        var ended = 0
        let bar = ProgressBar(
            "study", unit: "tasks", total: chosen.count, mode: options.progress, isQuiet: options.quiet)
        for index in chosen {
            let task = plan.tasks[index]
            bar.update(ended)
            if options.verbose { Terminal.tell("Task \(task.name): \(shellCommand(["pinfi"] + task.arguments()))") }
            ended += 1
            if let need = task.needs.first(where: { outcome.failed.contains($0.task) }) {
                let reason = "not run: the task \(need.task), whose output it reads, failed"
                try directory.add(record(of: task, .failed(reason)))
                fail(task, reason, &outcome)
                continue
            }
            if directory.records.isDone(task, inputs: &hashes) {
                outcome.kept.append(task.name)
                if case .different = directory.records[task.name]?.status { outcome.different.append(task.name) }
                continue
            }
            let record = try carriedOut(task)
            try directory.add(record)
            switch record.status {
            case .done: outcome.done.append(task.name)
            case .different(let reason):
                outcome.done.append(task.name)
                outcome.different.append(task.name)
                tell(task, reason)
            case .failed(let reason): fail(task, reason, &outcome)
            }
        }
        bar.finish(ended)
        var manifest = StudyManifest(
            study: plan.name, about: plan.about, records: plan.tasks.compactMap { directory.records[$0.name] })
        manifest.finish(
            start: start, seconds: ProcessInfo.processInfo.systemUptime - startUptime, threads: options.threads,
            arguments: ["pinfi"] + CommandLine.arguments.dropFirst())
        try directory.finish(manifest)
        // After the manifest: a folder that has no room for that is left without the study.
        if let study {
            let destination = try OutputDestination.open("\(directory.path)/study.yaml")
            try destination.write(study)
            try destination.commit()
        }
        return outcome
    }

    private func fail(_ task: PlannedTask, _ reason: String, _ outcome: inout Outcome) {
        outcome.failed.append(task.name)
        tell(task, reason)
    }

    private func tell(_ task: PlannedTask, _ text: String) { Terminal.tell("Task \(task.name): \(text)") }

    // MARK: - One task

    /// Runs a task; what it says is kept, and a failure too.
    private func carriedOut(_ task: PlannedTask) throws -> TaskRecord {
        let start = ProcessInfo.processInfo.systemUptime
        let context = RunContext(.run)
        var status = TaskRecord.Status.done
        do {
            var command =
                try options.commands[task.name]
                ?? task.parsed(
                    task.arguments(outputsIn: directory.path) + LoadedStudy.more(threads: options.threads))
            try context.run { try command.run() }
        } catch {
            let failure = CommandFailure(error) ?? CommandFailure(.cannotCreate, "An output was closed.")
            switch failure.status {
            case .cannotCreate: throw CommandFailure(.cannotCreate, "Task \(task.name): \(failure)")
            case .difference: status = .different(failure.description)
            default:
                let message = failure.description.isEmpty ? task.command.type.message(for: error) : failure.description
                status = .failed(withoutFolder(message))
            }
        }
        var record = record(of: task, status)
        record.seconds = ProcessInfo.processInfo.systemUptime - start
        record.messages = context.messages.map(withoutFolder)
        if status.hasOutputs {
            record.comparable = context.manifest?.comparable ?? [:]
            try addFiles(of: task, context, to: &record)
        }
        for message in record.messages where !options.quiet { tell(task, message) }
        return record
    }

    private func record(of task: PlannedTask, _ status: TaskRecord.Status) -> TaskRecord {
        TaskRecord(
            name: task.name, status: status, settings: task.settings, command: task.command.name, version: pinfiVersion,
            typed: shellCommand(["pinfi"] + task.arguments()))
    }

    /// The run directory's place is no part of what is kept: its files are named within it.
    private func withoutFolder(_ text: String) -> String {
        text.split(separator: "\(directory.path)/", omittingEmptySubsequences: false).joined()
    }

    private func addFiles(of task: PlannedTask, _ context: RunContext, to record: inout TaskRecord) throws {
        for input in record.comparable["inputs"]?.array ?? [] {
            guard let name = input["name"]?.string, let sha256 = input["sha256"]?.string else { continue }
            record.inputs.append(RecordedFile(name: withoutFolder(name), sha256: sha256))
        }
        let tables = (record.comparable["data"]?.array ?? []).compactMap(\.object)
        if task.command.writesFolder {
            let figures = (context.manifest?.run.figures ?? []).map(\.name)
            for name in tables.compactMap({ $0["name"]?.string }) + figures {
                var file = RecordedFile(name: "\(task.name)/\(name)", sha256: "")
                file.table = tables.first { $0["name"]?.string == name } ?? [:]
                for key in ["name", "sha256"] { file.table[key] = nil }
                record.outputs.append(try hashed(file, "\(directory.path)/\(file.name)"))
            }
            return
        }
        for output in task.outputs {
            let path = "\(directory.path)/\(output.file)"
            let table = tables.first { $0["name"]?.string == output.file }
            var file = RecordedFile(option: output.option, name: output.file, sha256: table?["sha256"]?.string ?? "")
            if var members = table {
                let rows = members["rows"]?.wholeNumber ?? 0
                file.every = every(of: output.file, rows: rows, task)
                if file.every > 1 {
                    let kept = try ThinnedTable(path: path, every: file.every).write()
                    file.rowsOfAll = rows
                    members["rows"] = JSONValue(kept.rows)
                    members["bytes"] = JSONValue(kept.bytes)
                }
                for key in ["name", "sha256"] { members[key] = nil }
                file.table = members
            }
            if table == nil || file.every > 1 { file = try hashed(file, path) }
            record.outputs.append(file)
        }
    }

    private func hashed(_ file: RecordedFile, _ path: String) throws -> RecordedFile {
        RecordedFile(
            option: file.option, name: file.name, sha256: try sha256(ofFile: path), table: file.table,
            every: file.every, rowsOfAll: file.rowsOfAll)
    }

    private func every(of file: String, rows: Int, _ task: PlannedTask) -> Int {
        if let every = keptEvery[file] { return every }
        guard let most = task.baselineRows, file.hasSuffix(".csv") else { return 1 }
        return max((rows + most - 1) / most, 1)
    }

    // MARK: - The directory's own files

    /// Refuses outputs that lead to one place in this directory, by links too, or to a file that is read.
    ///
    /// - Throws: `CommandFailure` with 64: the study file is right, and the folder that was chosen for it is not.
    private func refuseSharedPlaces() throws {
        var owners: [OutputIdentity: String] = [:]
        if let identity = OutputDestination.identity(of: options.file) { owners[identity] = "the study file" }
        for (task, paths) in options.inputs {
            for path in paths {
                if let identity = OutputDestination.identity(of: path) {
                    owners[identity] = "\(shownPath(path)), which the task \(task) reads"
                }
            }
        }
        let files = plan.tasks.flatMap { task in task.outputs.map { ($0.file, "the task \(task.name)") } }
        for (file, owner) in [("manifest.json", "the run")] + files {
            let path = "\(directory.path)/\(file)"
            guard let identity = OutputDestination.identity(of: path) else { continue }
            if let other = owners[identity] {
                throw CommandFailure(
                    .usage,
                    "\(shownPath(path)), an output of \(owner), is the same file as \(other); give another folder with -o, or "
                        + "another name.")
            }
            owners[identity] = "\(shownPath(file)), an output of \(owner)"
        }
    }

    /// The study with all its defaults; nil where the directory has it already.
    ///
    /// - Throws: `CommandFailure` with 64 where it would replace the study file, which may say the same in other words.
    private func studyToWrite() throws -> String? {
        let text = StudyText(plan: plan).description
        let path = "\(directory.path)/study.yaml"
        let there = try? InputBytes(path: path).readAll(atMost: text.utf8.count + 1)
        if there == Array(text.utf8) { return nil }
        if OutputDestination.sameDestination(path, options.file) {
            throw CommandFailure(
                .usage,
                "The study with all its defaults would replace the study file \(shownPath(options.file)); give -o another "
                    + "folder.")
        }
        return text
    }
}
