import CommandRun
import Reporting

/// The tasks of a study with everything filled in: commands, options, defaults, file names, and an order in which each
/// follows those whose outputs it reads.
struct StudyPlan {
    let file: String
    let name: String
    let about: String?
    /// The seed for all tasks, as text; nil where the file gives none.
    let seed: String?
    /// The tasks in the order of the file.
    private(set) var tasks: [PlannedTask] = []
    /// The places in ``tasks``, in the order of work.
    private(set) var order: [Int] = []
    /// What is wrong so far.
    var faults: StudyFaults

    /// Options that a study does not set, and why.
    static let keptFromStudies = [
        "output": "outputs are named after their task in the run directory",
        "manifest": "the run directory has one manifest of all tasks",
        "threads": "results do not depend on it; give it to 'pinfi study run'",
        "progress": "results do not depend on it; give it to 'pinfi study run'",
        "quiet": "what a task says is kept in the manifest; give it to 'pinfi study run'",
        "verbose": "results do not depend on it; give it to 'pinfi study run'",
    ]
    /// Commands that are no task, and why.
    private static let keptFromTasks = ["study": "a study does not run studies"]
    /// The names of the run directory's own files.
    static let ownFiles = ["study.yaml", "manifest.json"]
    /// The keys of a task that are no options.
    private static let taskKeys = ["run", "tolerance", "baseline"]

    private var defaults: [YAMLEntry]

    /// Fills in what the file leaves out. What is wrong is in ``faults``.
    init(_ study: StudyFile) {
        file = study.file
        name = study.name
        about = study.about
        seed = study.seed?.value.text
        faults = study.faults
        defaults = study.defaults.filter { $0.key != "seed" || study.seed == nil }
        if let seed = study.seed { defaults.append(seed) }
        tasks = study.tasks.compactMap { planned($0) }
        for entry in defaults { checkDefault(entry) }
        connect()
        refuseSharedFiles()
        sort()
    }

    // MARK: - Defaults

    private static let allNames = CommandDefinition.all.flatMap { $0.options.flatMap(\.names) }

    /// Whether this names an option of any command; those of the tasks are looked at first, since all take long to read.
    private func isOption(_ name: String) -> Bool {
        tasks.contains { $0.command.option(name) != nil } || Self.allNames.contains(name)
    }

    private mutating func checkDefault(_ entry: YAMLEntry) {
        if let reason = Self.keptFromStudies[entry.key] {
            faults.add("a study does not set \(entry.key): \(reason)", at: entry.place)
        } else if !isOption(entry.key) {
            let nearest = nearestName(to: entry.key, among: Self.allNames).map { "; did you mean \($0)?" } ?? ""
            faults.add("no command has the option \(shownInMessage(entry.key))\(nearest)", at: entry.place)
        }
    }

    /// Leaves a default out of a task that says something which excludes it.
    mutating func removeDefault(_ name: String, ofTask index: Int) {
        tasks[index].options.removeAll { $0.isDefault && $0.definition.name == name }
    }

    /// Puts a task back as it was before defaults were left out of it.
    mutating func restore(_ task: PlannedTask, at index: Int) { tasks[index] = task }

    /// Adds a fault for each default that no task takes.
    mutating func refuseUnusedDefaults() {
        var taken: Set<String> = []
        for task in tasks {
            for option in task.options where option.isDefault { taken.formUnion(option.definition.names) }
        }
        for entry in defaults
        where entry.key != "seed" && !taken.contains(entry.key) && Self.keptFromStudies[entry.key] == nil
            && isOption(entry.key)
        {
            faults.add(
                "no task takes the default \(entry.key): none has that option without saying something else that "
                    + "excludes it; leave it out", at: entry.place)
        }
    }

    /// Adds a fault for each tolerance that is none.
    mutating func checkTolerances() {
        for task in tasks {
            for tolerance in task.tolerances where (try? Tolerance(tolerance.text)) == nil {
                faults.add(
                    "\(shownInMessage(tolerance.text)) is no tolerance; allowed: \(ToleranceTextError.allowed)",
                    at: tolerance.place)
            }
        }
    }

    // MARK: - Tasks

    private mutating func planned(_ task: StudyFile.Task) -> PlannedTask? {
        guard let run = task.entries.first(where: { $0.key == "run" }) else {
            faults.add("the task \(task.name) has no run, which names its command: {run: bounds, …}", at: task.place)
            return nil
        }
        guard let command = command(run.value) else { return nil }
        let faultsBefore = faults.faults.count
        var options: [PlannedTask.Option] = []
        var given: Set<String> = []
        var tolerances: [(column: String, text: String, place: YAMLPlace)] = []
        var baselineRows: Int?
        for entry in task.entries where entry.key != "run" {
            let definition = command.option(entry.key)
            if entry.key == "baseline", definition == nil, !command.writesFolder {
                baselineRows = rows(entry)
            } else if entry.key == "tolerance", entry.value.mapping != nil, definition?.takesPairs != true {
                tolerances += pairs(entry)
            } else if let reason = Self.keptFromStudies[entry.key] {
                faults.add("a task does not set \(entry.key): \(reason)", at: entry.place)
            } else if let definition {
                guard given.isDisjoint(with: definition.names) else {
                    faults.add(
                        "\(entry.key) is another name of the option \(definition.name), which the task has already",
                        at: entry.place)
                    continue
                }
                given.formUnion(definition.names)
                if let value = value(entry, definition, task: task.name) {
                    options.append(
                        PlannedTask.Option(
                            definition: definition, value: value, place: entry.value.place, isDefault: false))
                }
            } else {
                let problem = entry.value.isLeftOut ? Self.noText(entry) : Self.unknownOption(entry.key, of: command)
                faults.add(problem, at: entry.place)
            }
        }
        given.formUnion(namesTaken(by: options))
        for entry in defaults {
            guard let definition = command.option(entry.key), given.isDisjoint(with: definition.names),
                let value = value(entry, definition, task: task.name)
            else { continue }
            options.append(
                PlannedTask.Option(definition: definition, value: value, place: entry.value.place, isDefault: true))
        }
        return PlannedTask(
            name: task.name, place: run.value.place, command: command, options: options, tolerances: tolerances,
            baselineRows: baselineRows, isWhole: faults.faults.count == faultsBefore)
    }

    private mutating func command(_ node: YAMLNode) -> CommandDefinition? {
        let words = (node.text ?? "").split(separator: " ").joined(separator: " ")
        let first = String(words.prefix { $0 != " " })
        if let reason = Self.keptFromTasks[first] {
            faults.add("\(shownInMessage(words)) cannot be a task: \(reason)", at: node.place)
            return nil
        }
        if let command = CommandDefinition.named(words) { return command }
        let names = CommandDefinition.allNames.filter { name in
            Self.keptFromTasks[String(name.prefix { $0 != " " })] == nil
        }
        let inside = names.filter { $0.hasPrefix(words + " ") }
        let nearest = nearestName(to: words, among: names).map { " (did you mean \($0)?)" } ?? ""
        let listed = inside.isEmpty ? names : inside
        faults.add("\(node.shown) is no command\(nearest); allowed: \(listed.joined(separator: ", "))", at: node.place)
        return nil
    }

    private static func unknownOption(_ key: String, of command: CommandDefinition) -> String {
        let names = command.options.flatMap(\.names).filter { keptFromStudies[$0] == nil } + taskKeys
        if key.hasPrefix("-") {
            let bare = String(key.drop { $0 == "-" })
            if names.contains(bare) { return "\(shownInMessage(key)) is written without dashes here: \(bare)" }
        }
        let advice =
            nearestName(to: key, among: names).map { "did you mean \($0)?" } ?? "see 'pinfi \(command.name) --help'"
        return "\(command.name) has no option \(shownInMessage(key)); \(advice)"
    }

    /// The parameters that a task varies or takes from a column: their options are given, in a way.
    private func namesTaken(by options: [PlannedTask.Option]) -> Set<String> {
        var names: Set<String> = []
        for option in options where ["vary", "column"].contains(option.definition.name) {
            let texts: [String] =
                switch option.value {
                case .text(let text): [text]
                case .texts(let texts): texts
                default: []
                }
            for text in texts {
                names.insert(String(text.prefix { $0 != "=" }.map { $0 == "_" ? "-" : $0 }))
            }
        }
        return names
    }

    private mutating func rows(_ entry: YAMLEntry) -> Int? {
        guard let entries = entry.value.mapping else {
            faults.add(
                "baseline is {rows: 500}, the rows of each table that are kept; found \(entry.value.shown)",
                at: entry.value.place)
            return nil
        }
        for other in entries where other.key != "rows" {
            faults.add(StudyFile.unknown(other.key, among: ["rows"], of: "baseline"), at: other.place)
        }
        guard let rows = entries.first(where: { $0.key == "rows" }) else { return nil }
        guard let count = rows.value.text.flatMap({ Int($0) }), count >= 1 else {
            faults.add("rows is \(rows.value.shown); allowed: a whole number of at least 1", at: rows.value.place)
            return nil
        }
        return count
    }

    private mutating func pairs(_ entry: YAMLEntry) -> [(column: String, text: String, place: YAMLPlace)] {
        var pairs: [(column: String, text: String, place: YAMLPlace)] = []
        for pair in entry.value.mapping ?? [] {
            guard let text = pair.value.text else {
                faults.add(Self.noText(pair), at: pair.value.place)
                continue
            }
            pairs.append((pair.key, text, pair.value.place))
        }
        return pairs
    }

    // MARK: - Values

    private static let commaHint = "a text with a comma inside { } needs quotes"

    private static func noText(_ entry: YAMLEntry) -> String {
        entry.value.isLeftOut
            ? "\(shownInMessage(entry.key)) has no value; \(commaHint)"
            : "\(shownInMessage(entry.key)) has \(entry.value.shown); it takes a text"
    }

    /// What an option is given by its key's value; nil where it is left out, or wrong.
    private mutating func value(_ entry: YAMLEntry, _ definition: OptionDefinition, task: String) -> PlannedTask.Value?
    {
        let place = entry.value.isLeftOut ? entry.place : entry.value.place
        func wrong(_ problem: String) -> PlannedTask.Value? {
            faults.add(problem, at: place)
            return nil
        }
        if entry.value.isLeftOut {
            let flag = definition.kind == .flag ? "; a flag is given by true" : ""
            return wrong("\(entry.key) has no value; \(Self.commaHint)\(flag)")
        }
        switch entry.value.content {
        case .mapping(let entries):
            guard definition.takesPairs else {
                return wrong("\(entry.key) takes no NAME: VALUE pairs; it takes \(Self.form(definition))")
            }
            var texts: [String] = []
            for pair in entries {
                guard let text = pair.value.text else {
                    faults.add(Self.noText(pair), at: pair.value.isLeftOut ? pair.place : pair.value.place)
                    return nil
                }
                texts.append("\(pair.key)=\(text)")
            }
            return list(texts, definition) ?? wrong("\(entry.key) has no entry; leave it out")
        case .sequence(let nodes):
            guard definition.kind != .flag, definition.file?.isOutput != true else {
                return wrong("\(entry.key) takes no list; it takes \(Self.form(definition))")
            }
            var texts: [String] = []
            for node in nodes {
                guard let text = node.text else {
                    faults.add("a list holds texts, and this is \(node.shown)", at: node.place)
                    return nil
                }
                texts.append(text)
            }
            return list(texts, definition) ?? wrong("\(entry.key) is a list without entries; leave it out")
        case .scalar(let text, let isPlain):
            return value(text, isPlain: isPlain, entry, definition, task: task)
        }
    }

    private func list(_ texts: [String], _ definition: OptionDefinition) -> PlannedTask.Value? {
        if texts.isEmpty { return nil }
        return definition.isRepeating ? .texts(texts) : .text(texts.joined(separator: ","))
    }

    private mutating func value(
        _ text: String, isPlain: Bool, _ entry: YAMLEntry, _ definition: OptionDefinition, task: String
    ) -> PlannedTask.Value? {
        let place = entry.value.place
        if isPlain, text == "false" { return nil }
        if definition.kind == .flag {
            if isPlain, text == "true" { return .flag }
            faults.add("\(entry.key) is a flag and has \(shownInMessage(text)); allowed: true, false", at: place)
            return nil
        }
        if case .output(let suffixes) = definition.file {
            let file = Self.fileName(text, isPlain: isPlain, task: task, option: definition.name, suffixes: suffixes)
            if let problem = Self.problem(ofFile: file) {
                faults.add("\(entry.key) is \(shownInMessage(text)); \(problem)", at: place)
                return nil
            }
            return .output(file)
        }
        if isPlain, text == "true" {
            faults.add(
                "\(entry.key) is no flag: it takes \(Self.form(definition)) (the text true is written in quotes)",
                at: place)
            return nil
        }
        let words = text.split(separator: " ").map(String.init)
        if definition.file == .input || definition.kind == .positional {
            if words.first == "task" {
                guard (2...3).contains(words.count) else {
                    faults.add(
                        "\(entry.key) is \(shownInMessage(text)); allowed: a file, 'task NAME' for the data of another "
                            + "task, or 'task NAME OPTION' for one of its files", at: place)
                    return nil
                }
                return .result(PlannedTask.Result(task: words[1], option: words.count == 3 ? words[2] : nil))
            }
            if text == "-" {
                faults.add("a task has no standard input; name a file", at: place)
                return nil
            }
        }
        return .text(text)
    }

    private static func form(_ definition: OptionDefinition) -> String {
        definition.kind == .flag ? "true or false" : definition.valueName
    }

    private static func fileName(
        _ text: String, isPlain: Bool, task: String, option: String, suffixes: [String]
    ) -> String {
        func named(_ suffix: String) -> String {
            ["csv", "json"].contains(suffix) ? "\(task)-\(option).\(suffix)" : "\(task).\(suffix)"
        }
        if isPlain, text == "true" { return named(suffixes[0]) }
        return suffixes.contains(text) ? named(text) : text
    }

    /// Why a file of the run directory cannot have this name; nil where it can.
    private static func problem(ofFile name: String) -> String? {
        if ownFiles.contains(name) { return "that is a file of the run directory itself; give another name" }
        let isName =
            !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 200
            && name.unicodeScalars.allSatisfy { $0 != "/" && $0.properties.generalCategory != .control }
        return isName
            ? nil : "allowed: the name of a file in the run directory, without / and without a dot in front"
    }

    // MARK: - Files and order

    /// Finds the files of other tasks that tasks read.
    private mutating func connect() {
        let index = Dictionary(uniqueKeysWithValues: tasks.enumerated().map { ($1.name, $0) })
        var read: Set<String> = []
        for task in tasks.indices {
            for option in tasks[task].options.indices {
                guard case .result(var result) = tasks[task].options[option].value else { continue }
                let place = tasks[task].options[option].place
                guard let other = index[result.task] else {
                    let nearest =
                        nearestName(to: result.task, among: tasks.map(\.name)).map { "; did you mean \($0)?" } ?? ""
                    faults.add("there is no task \(shownInMessage(result.task))\(nearest)", at: place)
                    continue
                }
                let outputs = tasks[other].outputs
                guard let output = outputs.first(where: { $0.option == result.option }) else {
                    let names = outputs.compactMap(\.option)
                    let listed = names.isEmpty ? "none but its data" : names.joined(separator: ", ")
                    faults.add(
                        "the task \(result.task) has no output \(shownInMessage(result.option ?? "")); it has \(listed)",
                        at: place)
                    continue
                }
                result.file = output.file
                read.insert(result.task)
                tasks[task].options[option].value = .result(result)
            }
        }
        for task in tasks where task.baselineRows != nil && read.contains(task.name) {
            faults.add(
                "another task reads the output of \(task.name), so its rows cannot be left out; leave baseline out",
                at: task.place)
        }
    }

    private mutating func refuseSharedFiles() {
        var owners: [String: (task: String, option: String?)] = [:]
        for task in tasks {
            for output in task.outputs {
                guard let owner = owners[output.file] else {
                    owners[output.file] = (task.name, output.option)
                    continue
                }
                func told(_ task: String, _ option: String?) -> String { "\(option ?? "the data") of the task \(task)" }
                faults.add(
                    "\(told(task.name, output.option)) and \(told(owner.task, owner.option)) would both be the file "
                        + "\(shownInMessage(output.file)); give one another name",
                    at: task.options.first { $0.value == .output(output.file) }?.place ?? task.place)
            }
        }
    }

    /// Finds an order in which each task follows those whose outputs it reads, otherwise that of the file.
    private mutating func sort() {
        let index = Dictionary(uniqueKeysWithValues: tasks.enumerated().map { ($1.name, $0) })
        enum Mark { case open, done }
        var marks: [Int: Mark] = [:]
        for start in tasks.indices where marks[start] == nil {
            // Tasks whose needs are being looked at, and how many of these were.
            var stack: [(task: Int, looked: Int)] = [(start, 0)]
            marks[start] = .open
            while let (task, looked) = stack.last {
                let needs = tasks[task].needs.compactMap { index[$0.task] }
                guard looked < needs.count else {
                    marks[task] = .done
                    order.append(task)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].looked += 1
                let need = needs[looked]
                switch marks[need] {
                case .done: break
                case .open:
                    let circle = stack.drop { $0.task != need }.map { tasks[$0.task].name } + [tasks[need].name]
                    faults.add(
                        "each of these tasks would have to wait for the next one: \(circle.joined(separator: ", "))",
                        at: tasks[task].place)
                case nil:
                    marks[need] = .open
                    stack.append((need, 0))
                }
            }
        }
    }

    /// The tasks of these names and all whose outputs they read, directly or not, in the order of work; all tasks for nil.
    ///
    /// - Throws: `CommandFailure` with 64 for a name that is no task's.
    func chosen(_ names: [String]) throws -> [Int] {
        if names.isEmpty { return order }
        var wanted: Set<String> = []
        for name in names {
            guard tasks.contains(where: { $0.name == name }) else {
                let nearest = nearestName(to: name, among: tasks.map(\.name)).map { " Did you mean \($0)?" } ?? ""
                throw CommandFailure(.usage, "--only: there is no task \(shownInMessage(name)) in \(file).\(nearest)")
            }
            wanted.insert(name)
        }
        var chosen: [Int] = []
        for index in order.reversed() where wanted.contains(tasks[index].name) {
            chosen.append(index)
            wanted.formUnion(tasks[index].needs.map(\.task))
        }
        return chosen.reversed()
    }
}

extension OptionDefinition {
    /// Whether it takes NAME=VALUE, which a study may write as keys with values.
    var takesPairs: Bool { kind == .option && valueName.contains("=") }
}

extension OptionDefinition.FileRole {
    var isOutput: Bool { if case .output = self { true } else { false } }
}
