import CommandRun
import Reporting

/// What is kept of a task that has ended.
struct TaskRecord: Sendable, Equatable {
    /// How a task ended.
    enum Status: Sendable, Equatable {
        case done
        /// Its outputs are there, and a check that is part of it found a difference.
        case different(String)
        case failed(String)

        /// Whether its outputs are there.
        var hasOutputs: Bool { if case .failed = self { false } else { true } }
    }

    let name: String
    var status: Status
    /// The values of all options of the task, defaults too.
    let settings: JSONObject
    /// The command's name.
    let command: String
    /// What does not depend on when and where it ran, as the manifest of the command says it: its resolved configuration,
    /// tolerances, seed, number of failed cells.
    var comparable: JSONObject = [:]
    /// The files that it read.
    var inputs: [RecordedFile] = []
    /// The files that it wrote.
    var outputs: [RecordedFile] = []
    /// The version of pinfi that ran it.
    let version: String
    /// The command as one would type it in the run directory.
    let typed: String
    /// How long it took, in seconds.
    var seconds = 0.0
    /// What the command said on standard error.
    var messages: [String] = []

    /// The number of cells, rows or evaluations without a value.
    var failedCells: Int { comparable["failed_cells"]?.wholeNumber ?? 0 }
}

/// A file with its hash.
struct RecordedFile: Sendable, Equatable {
    /// The option that makes it; nil for data and inputs.
    var option: String?
    /// The name in the run directory; of an input its path as given.
    let name: String
    let sha256: String
    /// What the manifest says of a table: rows, columns, keys; empty for other files.
    var table: JSONObject = [:]
    /// Each so many rows of the table one is kept, from the first on; 1 for all of them.
    var every = 1
    /// The rows of the whole table, where not all are kept.
    var rowsOfAll: Int?

    /// Whether it is a table, which can be compared.
    var isTable: Bool { !table.members.isEmpty }
}

// MARK: - In a manifest

extension TaskRecord {
    /// The task's part of `comparable`.
    var comparableMembers: JSONObject {
        var members: JSONObject = ["command": .text(command), "status": .text(status.word)]
        switch status {
        case .done: break
        case .different(let reason), .failed(let reason): members["reason"] = .text(reason)
        }
        members["options"] = .object(settings)
        for member in comparable.members where !["data", "inputs"].contains(member.name) {
            members[member.name] = member.value
        }
        members["inputs"] = .array(inputs.map { ["name": .text($0.name), "sha256": .text($0.sha256)] })
        members["data"] = .array(outputs.filter(\.isTable).map { .text($0.name) })
        return members
    }

    /// The task's part of `run`.
    var runMembers: JSONObject {
        [
            "command": .text(typed), "pinfi": .text(version), "seconds": .real(seconds),
            "files": .array(
                outputs.filter { !$0.isTable }.map { file in
                    ["name": .text(file.name), "option": JSONValue(file.option), "sha256": .text(file.sha256)]
                }),
            "messages": .array(messages.map(JSONValue.text)),
        ]
    }

    /// The entries of its tables in `comparable.data`.
    var dataMembers: [JSONObject] {
        outputs.filter(\.isTable).map { file in
            var members = file.table
            members["name"] = .text(file.name)
            members["sha256"] = .text(file.sha256)
            members["option"] = JSONValue(file.option)
            if file.every > 1 {
                members["kept_every"] = JSONValue(file.every)
                members["rows_of_all"] = file.rowsOfAll.map { JSONValue($0) } ?? .null
            }
            return members
        }
    }

    /// Reads a record from the parts of a manifest; nil where something is missing.
    init?(_ name: String, comparable: JSONValue, run: JSONValue, data: [String: JSONObject]) {
        guard let command = comparable["command"]?.string, let word = comparable["status"]?.string,
            let settings = comparable["options"]?.object, let inputs = comparable["inputs"]?.array,
            let tables = comparable["data"]?.array, let version = run["pinfi"]?.string,
            let typed = run["command"]?.string, let files = run["files"]?.array, let messages = run["messages"]?.array,
            let status = Status(word, reason: comparable["reason"]?.string ?? "")
        else { return nil }
        self.init(name: name, status: status, settings: settings, command: command, version: version, typed: typed)
        let own = ["command", "status", "reason", "options", "inputs", "data"]
        for member in comparable.object?.members ?? [] where !own.contains(member.name) {
            self.comparable[member.name] = member.value
        }
        func file(_ value: JSONValue) -> RecordedFile? {
            guard let name = value["name"]?.string, let sha256 = value["sha256"]?.string else { return nil }
            return RecordedFile(option: value["option"]?.string, name: name, sha256: sha256)
        }
        self.inputs = inputs.compactMap(file)
        for table in tables {
            guard let name = table.string, let members = data[name], var found = file(.object(members)) else {
                return nil
            }
            found.every = members["kept_every"]?.wholeNumber ?? 1
            found.rowsOfAll = members["rows_of_all"]?.wholeNumber
            found.table = members
            for key in ["name", "sha256", "option", "kept_every", "rows_of_all"] { found.table[key] = nil }
            outputs.append(found)
        }
        outputs += files.compactMap(file)
        if case .real(let seconds) = run["seconds"] { self.seconds = seconds }
        if let seconds = run["seconds"]?.wholeNumber { self.seconds = Double(seconds) }
        self.messages = messages.compactMap(\.string)
    }

    /// The record as a line of the journal of a run that has not ended.
    var journalValue: JSONValue {
        [
            "name": .text(name), "comparable": .object(comparableMembers), "run": .object(runMembers),
            "data": .array(dataMembers.map(JSONValue.object)),
        ]
    }

    /// Reads a line of a journal.
    init?(line: JSONValue) {
        guard let name = line["name"]?.string, let comparable = line["comparable"], let run = line["run"],
            let data = line["data"]?.array
        else { return nil }
        let tables = data.compactMap { value in value["name"]?.string.map { ($0, value.object ?? [:]) } }
        self.init(name, comparable: comparable, run: run, data: Dictionary(tables) { first, _ in first })
    }
}

extension TaskRecord.Status {
    /// The status in one word.
    var word: String {
        switch self {
        case .done: "ok"
        case .different: "difference"
        case .failed: "failed"
        }
    }

    fileprivate init?(_ word: String, reason: String) {
        switch word {
        case "ok": self = .done
        case "difference": self = .different(reason)
        case "failed": self = .failed(reason)
        default: return nil
        }
    }
}
