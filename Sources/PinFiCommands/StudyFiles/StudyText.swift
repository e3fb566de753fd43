import CommandRun
import Reporting

/// A study with all defaults written out, as a study file that asks for the same.
struct StudyText: CustomStringConvertible {
    let plan: StudyPlan

    var description: String {
        var lines = [
            "# Written by pinfi \(pinfiVersion) with all defaults; paths of inputs are relative to the study file's folder.",
            "study: \(Self.quoted(plan.name))",
        ]
        if let about = plan.about { lines.append("about: \(Self.quoted(about))") }
        if let seed = plan.seed { lines.append("seed: \(Self.quoted(seed))") }
        lines.append("tasks:")
        for task in plan.tasks {
            lines.append("  \(Self.quoted(task.name)):")
            lines.append("    run: \(task.command.name)")
            for member in task.settings.members where member.name != "baseline" {
                lines += Self.lines(member.name, member.value)
            }
            if let rows = task.baselineRows { lines.append("    baseline: {rows: \(rows)}") }
            if !task.tolerances.isEmpty {
                lines.append("    tolerance:")
                lines += task.tolerances.map { "      \(Self.quoted($0.column)): \(Self.quoted($0.text))" }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ key: String, _ value: JSONValue) -> [String] {
        switch value {
        case .boolean(let truth): ["    \(key): \(truth)"]
        case .text(let text): ["    \(key): \(quoted(text))"]
        case .array(let texts): ["    \(key):"] + texts.map { "      - \(quoted($0.string ?? ""))" }
        default: []
        }
    }

    /// A text as YAML, in quotes where it would be read as something else without.
    static func quoted(_ text: String) -> String {
        func isPlain(_ character: Unicode.Scalar) -> Bool {
            character.isASCII
                && (character.properties.isAlphabetic || ("0"..."9").contains(character)
                    || "_.:+-".unicodeScalars.contains(character))
        }
        let first = text.unicodeScalars.first
        let startsPlain = first.map { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) } ?? false
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let isWordlike =
            startsPlain && !["true", "false"].contains(text)
            && words.allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(isPlain) && !$0.hasSuffix(":") }
        if isWordlike { return text }
        var quoted = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                switch character.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                    let hexadecimal = String(character.value, radix: 16)
                    quoted += "\\U" + String(repeating: "0", count: 8 - hexadecimal.count) + hexadecimal
                default: quoted.unicodeScalars.append(character)
                }
            }
        }
        return quoted + "\""
    }
}
