import CommandRun
import Foundation
import Reporting

/// What a run directory says of the tasks that have ended in it: its manifest, and the journal of a run that has not ended.
struct RunRecords {
    let folder: String
    /// The study that the folder belongs to; nil where it says none.
    private(set) var study: String?
    /// The last record of each task.
    private var byTask: [String: TaskRecord] = [:]
    /// The bytes of the journal up to where it is whole: a run that was killed may leave half a line.
    private(set) var wholeJournal = 0

    static func manifestPath(_ folder: String) -> String { "\(folder)/manifest.json" }
    static func journalPath(_ folder: String) -> String { "\(folder)/.study-journal" }

    /// Reads what is there; nothing where there is no such folder.
    ///
    /// - Throws: `InputError` where the manifest cannot be read or is none.
    init(_ folder: String) throws {
        self.folder = folder
        if access(Self.manifestPath(folder), F_OK) == 0 {
            let manifest = try StudyManifest(path: Self.manifestPath(folder))
            study = manifest.study
            for record in manifest.records { byTask[record.name] = record }
        }
        guard access(Self.journalPath(folder), F_OK) == 0 else { return }
        let bytes = try InputBytes(path: Self.journalPath(folder)).readAll(atMost: 1 << 30)
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            guard let value = try? JSONValue(bytes: Array(line), name: "journal") else { break }
            if let name = value["study"]?.string {
                study = name
            } else if let record = TaskRecord(line: value) {
                byTask[record.name] = record
            } else {
                break
            }
            wholeJournal += line.count + 1
        }
    }

    /// The record of a task; nil where it has not ended yet.
    subscript(task: String) -> TaskRecord? {
        get { byTask[task] }
        set { byTask[task] = newValue }
    }

    /// Whether any task has outputs.
    var hasOutputs: Bool { byTask.values.contains { $0.status.hasOutputs } }

    /// Whether a task was run as it is planned now, and its inputs and outputs are as they were then.
    ///
    /// - Parameter inputs: the hashes of inputs that were found before.
    func isDone(_ task: PlannedTask, inputs: inout FileHashes) -> Bool {
        guard let record = self[task.name], record.status.hasOutputs, record.version == pinfiVersion,
            record.command == task.command.name, record.settings == task.settings
        else { return false }
        let results = Set(task.needs.map(\.file))
        let isSame = record.inputs.allSatisfy { input in
            // What a task reads of another one may have been made anew since.
            results.contains(input.name)
                ? FileHashes.sha256(ofFile: "\(folder)/\(input.name)") == input.sha256
                : inputs.sha256(of: input.name) == input.sha256
        }
        return isSame
            && record.outputs.allSatisfy { FileHashes.sha256(ofFile: "\(folder)/\($0.name)") == $0.sha256 }
    }
}

/// The hashes of files, each found once.
struct FileHashes {
    private var known: [String: String?] = [:]

    /// The hash of a file as it was when it was asked for first; nil where it could not be read.
    mutating func sha256(of path: String) -> String? {
        if let hash = known[path] { return hash }
        let hash = Self.sha256(ofFile: path)
        known[path] = .some(hash)
        return hash
    }

    /// The hash of a file as it is now, in hexadecimal; nil where it cannot be read.
    static func sha256(ofFile path: String) -> String? { try? Reporting.sha256(ofFile: path) }
}

/// A path as messages show it.
func shownPath(_ path: String) -> String { String(shownInMessage(path).dropFirst().dropLast()) }
