import CommandRun
import Reporting

/// A task of a study, ready to run: a command with its options, and the files that it reads and writes.
struct PlannedTask: Sendable {
    /// What an option is given.
    enum Value: Sendable, Equatable {
        /// Its name alone.
        case flag
        /// One text.
        case text(String)
        /// A text each time it is given.
        case texts([String])
        /// A file of the run directory that it writes.
        case output(String)
        /// A file of the run directory that another task writes.
        case result(Result)
    }

    /// An output of a task, as another one names it: `task rest events`.
    struct Result: Sendable, Equatable {
        let task: String
        /// The option that makes the output; nil for the data.
        let option: String?
        /// The name of the file.
        var file = ""

        /// The output's name as it stands in a study file.
        var text: String { (["task", task] + (option.map { [$0] } ?? [])).joined(separator: " ") }
    }

    /// An option with what it is given.
    struct Option: Sendable {
        let definition: OptionDefinition
        var value: Value
        /// Where the value stands in the study file.
        let place: YAMLPlace
        /// Whether it is a default of the study.
        let isDefault: Bool
    }

    let name: String
    /// Where the study file names the command.
    let place: YAMLPlace
    let command: CommandDefinition
    /// The options in the order of the file, defaults last.
    var options: [Option]
    /// The tolerances that the study sets for columns, in words.
    let tolerances: [(column: String, text: String, place: YAMLPlace)]
    /// How many rows of a table the run directory keeps; nil for all.
    let baselineRows: Int?
    /// Whether the file says nothing wrong of it, so that a command that misses something is right.
    let isWhole: Bool

    /// The file of its data, or the folder of its files.
    var dataFile: String {
        if command.writesFolder { return name }
        let format = options.first { $0.definition.name == "format" }?.value
        let suffixes = ["json": "json", "table": "txt", "markdown": "md", "latex": "tex"]
        if case .text(let format) = format, let suffix = suffixes[format] { return "\(name).\(suffix)" }
        return "\(name).csv"
    }

    /// The files that it writes, with the options that make them; nil for the data, which comes first.
    var outputs: [(option: String?, file: String)] {
        [(nil, dataFile)]
            + options.compactMap { option in
                if case .output(let file) = option.value { (option.definition.name, file) } else { nil }
            }
    }

    /// The outputs of other tasks that it reads.
    var needs: [Result] {
        options.compactMap { option in if case .result(let result) = option.value { result } else { nil } }
    }

    /// The words behind `pinfi`.
    ///
    /// - Parameters:
    ///   - folder: where its outputs lie; nil for their names alone, as in a command that people read.
    ///   - results: where the outputs of other tasks lie.
    func arguments(outputsIn folder: String? = nil, resultsIn results: String? = nil) -> [String] {
        func path(_ file: String, in folder: String?) -> String { folder.map { "\($0)/\(file)" } ?? file }
        var arguments = command.name.split(separator: " ").map(String.init)
        var positional: [(place: Int, text: String)] = []
        for option in options {
            let texts: [String]
            switch option.value {
            case .flag:
                arguments.append("--\(option.definition.name)")
                continue
            case .text(let text): texts = [text]
            case .texts(let several): texts = several
            case .output(let file): texts = [path(file, in: folder)]
            case .result(let result): texts = [path(result.file, in: results ?? folder)]
            }
            if option.definition.kind == .positional {
                let place = command.options.firstIndex(of: option.definition) ?? 0
                positional += texts.map { (place, $0) }
            } else {
                for text in texts { arguments += ["--\(option.definition.name)", text] }
            }
        }
        arguments += positional.sorted { $0.place < $1.place }.map(\.text)
        return arguments + ["-o", path(dataFile, in: folder)]
    }

    /// Everything that was asked, the command's own defaults too, in the order of the command's help.
    ///
    /// Two tasks with the same settings and the same inputs have the same outputs.
    var settings: JSONObject {
        var settings: JSONObject = [:]
        for definition in command.options {
            guard let value = options.first(where: { $0.definition == definition })?.value else {
                if let text = defaultText(definition) { settings[definition.name] = .text(text) }
                continue
            }
            settings[definition.name] =
                switch value {
                case .flag: true
                case .text(let text), .output(let text): .text(text)
                case .texts(let texts): .array(texts.map(JSONValue.text))
                case .result(let result): .text(result.text)
                }
        }
        if let baselineRows { settings["baseline"] = ["rows": JSONValue(baselineRows)] }
        return settings
    }

    /// What the command takes where this option is not given, if its help says so and a study may say it.
    private func defaultText(_ definition: OptionDefinition) -> String? {
        StudyPlan.keptFromStudies[definition.name] == nil && definition.kind == .option && definition.file == nil
            ? definition.defaultValue : nil
    }
}

/// A command line as one would type it.
func shellCommand(_ words: [String]) -> String { words.map(quotedForShell).joined(separator: " ") }
