import CommandRun
import Foundation
import Reporting

/// The manifest of a run directory: what each task was, what it read and wrote.
struct StudyManifest {
    /// The form of the manifest; a later one cannot be read by this version.
    private static let format = 1

    let study: String
    var about: String?
    /// The records in the order of the study's tasks.
    var records: [TaskRecord]
    /// When, where and with what it was made, except for what each task says of itself; nil before the end of a run.
    var run: JSONObject = [:]

    /// The version of pinfi that made it.
    var version: String { run["versions"]?["pinfi"]?.string ?? "unknown" }

    /// The manifest as JSON.
    var value: JSONValue {
        var run = run
        run["tasks"] = .object(JSONObject(records.map { ($0.name, .object($0.runMembers)) }))
        return [
            "comparable": [
                "format": JSONValue(Self.format), "study": .text(study), "about": JSONValue(about),
                "failed_cells": JSONValue(records.reduce(0) { $0 + $1.failedCells }),
                "tasks": .object(JSONObject(records.map { ($0.name, .object($0.comparableMembers)) })),
                "data": .array(records.flatMap(\.dataMembers).map(JSONValue.object)),
            ],
            "run": .object(run),
        ]
    }

    init(study: String, about: String?, records: [TaskRecord]) {
        self.study = study
        self.about = about
        self.records = records
    }

    /// Reads the manifest of a run directory.
    ///
    /// - Throws: `CommandFailure` with 66 where it is not there; `InputError` where it cannot be read or is no manifest of a study; a
    ///   cut one is none.
    init(path: String) throws {
        guard access(path, F_OK) == 0 else {
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            throw CommandFailure(
                .noInput,
                "There is no manifest.json in \(shownPath(folder)), which every run of a study leaves in its folder; make one "
                    + "with 'pinfi study run FILE -o FOLDER'.")
        }
        let input = try InputBytes(path: path)
        let bytes = try input.readAll(atMost: 1 << 30)
        let value = try JSONValue(bytes: bytes, name: input.name)
        func fault(_ problem: String) -> InputError {
            .badData(BadData(file: input.name, line: 1, column: 1, problem: problem, isRecoverable: false))
        }
        guard let comparable = value["comparable"], let run = value["run"]?.object,
            let tasks = comparable["tasks"]?.object,
            let study = comparable["study"]?.string
        else {
            throw fault("this is no manifest of a study; a run directory is made by 'pinfi study run FILE -o DIR'")
        }
        guard comparable["format"]?.wholeNumber == Self.format else {
            throw fault(
                "its format is \(comparable["format"]?.text ?? "not said"), and this version of pinfi reads format "
                    + "\(Self.format); use the version that wrote it")
        }
        let tables = (comparable["data"]?.array ?? []).compactMap { value in
            value["name"]?.string.map { ($0, value.object ?? [:]) }
        }
        let data = Dictionary(tables) { first, _ in first }
        self.init(study: study, about: comparable["about"]?.string, records: [])
        for task in tasks.members {
            guard
                let record = TaskRecord(
                    task.name, comparable: task.value, run: value["run"]?["tasks"]?[task.name] ?? .null, data: data)
            else {
                throw fault("what it says of the task \(shownInMessage(task.name)) is not whole; make the run again")
            }
            records.append(record)
        }
        self.run = run
        self.run["tasks"] = nil
    }

    /// Says when, where and by what the run was made.
    mutating func finish(start: Date, seconds: Double, threads: Int, arguments: [String]) {
        run =
            Manifest.Run(
                command: arguments, start: start, seconds: seconds, threads: threads, versions: RunRecord.versions
            ).members
        run["figures"] = nil
    }
}
