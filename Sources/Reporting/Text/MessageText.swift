// How a value that somebody gave is shown in a message.

/// `value` in quotes, control characters escaped, shortened where it has more than 60 characters.
///
/// What comes from a file must not be able to move the cursor of a terminal, nor to fill its screen.
public func shownInMessage(_ value: String) -> String {
    let limit = 60
    let start = value.unicodeScalars.prefix(limit)
    let rest = start.endIndex < value.unicodeScalars.endIndex ? "…" : ""
    return "\"" + escapingControls(String(start)) + rest + "\""
}

/// `text` with its control characters, and those that turn the writing direction, as escapes such as `\n` and `\u{1B}`;
/// ends of lines stay where they are to be kept.
package func escapingControls(_ text: String, keepingLines: Bool = false) -> String {
    func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
        if keepingLines, scalar == "\n" { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
    guard text.unicodeScalars.contains(where: mustBeEscaped) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
        if !mustBeEscaped(scalar) {
            shown.unicodeScalars.append(scalar)
        } else {
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            default: shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            }
        }
    }
    return shown
}
