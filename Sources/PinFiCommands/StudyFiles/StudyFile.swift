import CommandRun
import Reporting

/// A study file as it stands: its parts, with the places of all keys and values, and nothing checked but their form.
struct StudyFile {
    /// A task as it stands.
    struct Task {
        let name: String
        let place: YAMLPlace
        /// The options, by name, and the keys of studies.
        let entries: [YAMLEntry]
    }

    /// The file as messages name it.
    let file: String
    /// The study's name.
    let name: String
    /// What it is about, for people; nil where the file does not say.
    let about: String?
    /// The seed of all tasks that give none; nil where the file gives none.
    let seed: YAMLEntry?
    /// What holds for all tasks that do not say otherwise.
    let defaults: [YAMLEntry]
    let tasks: [Task]
    /// What is wrong so far.
    var faults: StudyFaults

    /// The keys of the whole file.
    private static let keys = ["study", "about", "seed", "defaults", "tasks"]
    /// The most bytes of a name of a study or a task, which names files.
    private static let longestName = 100

    /// Reads a study.
    ///
    /// - Throws: `InputError` where the file cannot be read or is no YAML, `CommandFailure` with 65 where there are no tasks
    ///   to check. Other faults are in ``faults``.
    init(path: String) throws {
        let document = try YAMLDocument(path: path)
        file = document.name
        var faults = StudyFaults(file: file)
        let start = YAMLPlace(line: 1, column: 1)
        guard let entries = document.root?.mapping else {
            let found = document.root.map { "\($0.shown) is no study" } ?? "the file is empty"
            throw document.fault(
                "\(found); a study has the keys study and tasks ('pinfi study init' writes an example)",
                at: document.root?.place ?? start)
        }
        func entry(_ key: String) -> YAMLEntry? { entries.first { $0.key == key } }

        for entry in entries where !Self.keys.contains(entry.key) {
            faults.add(Self.unknown(entry.key, among: Self.keys), at: entry.place)
        }
        name = Self.name(entry("study"), at: start, &faults)
        about = entry("about").flatMap { entry in
            if entry.value.text == nil {
                faults.add("about is a text, and this is \(entry.value.shown)", at: entry.value.place)
            }
            return entry.value.text
        }
        seed = entry("seed")
        defaults = Self.entries(entry("defaults"), "the options that all tasks take", &faults)
        let tasks = Self.entries(entry("tasks"), "the tasks by their names", &faults)
        if entry("tasks") == nil {
            faults.add("the key tasks is missing: it has the tasks by their names", at: entries[0].place)
        } else if tasks.isEmpty, entry("tasks")?.value.mapping != nil {
            faults.add("there is no task; a study has at least one", at: entry("tasks")?.place ?? start)
        }
        self.tasks = tasks.compactMap { task in
            if let problem = Self.problem(ofName: task.key, "a task") { faults.add(problem, at: task.place) }
            guard let entries = task.value.mapping else {
                faults.add(
                    "the task has \(task.value.shown); it needs options by their names, run among them: "
                        + "{run: bounds, b: 0.7, d: 1.3}", at: task.value.isLeftOut ? task.place : task.value.place)
                return nil
            }
            return Task(name: task.key, place: task.place, entries: entries)
        }
        self.faults = faults
    }

    private static func name(_ entry: YAMLEntry?, at start: YAMLPlace, _ faults: inout StudyFaults) -> String {
        guard let entry else {
            faults.add("the key study is missing: it has the study's name", at: start)
            return ""
        }
        let name = entry.value.text ?? ""
        if let problem = problem(ofName: name, "a study") { faults.add(problem, at: entry.value.place) }
        return name
    }

    private static func entries(_ entry: YAMLEntry?, _ what: String, _ faults: inout StudyFaults) -> [YAMLEntry] {
        guard let entry else { return [] }
        if let entries = entry.value.mapping { return entries }
        if !entry.value.isLeftOut || entry.key == "tasks" {
            faults.add("\(entry.key) has \(entry.value.shown); it holds \(what)", at: entry.value.place)
        }
        return []
    }

    /// Why a name cannot be one of a study or a task; nil where it can. Files are named after it.
    private static func problem(ofName name: String, _ what: String) -> String? {
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        let isUsable =
            name.utf8.first.map(isPlain) == true && name.utf8.count <= longestName
            && name.utf8.allSatisfy { isPlain($0) || "-_.".utf8.contains($0) }
        return isUsable
            ? nil
            : "\(shownInMessage(name)) cannot be the name of \(what): files are named after it; allowed: up to "
                + "\(longestName) letters from a to z, digits, - _ and . with a letter or digit first"
    }

    /// The message of a key that is not known.
    static func unknown(_ key: String, among keys: [String], of what: String = "a study") -> String {
        let nearest = nearestName(to: key, among: keys).map { " (did you mean \($0)?)" } ?? ""
        return "\(shownInMessage(key)) is no key of \(what)\(nearest); allowed: \(keys.joined(separator: ", "))"
    }
}
