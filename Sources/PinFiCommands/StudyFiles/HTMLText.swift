/// A text as HTML shows it, in content and in attribute values in double quotes.
///
/// Characters that are not seen, and those that turn the writing direction, are shown as escapes such as `\u{202E}`.
func htmlText(_ text: String) -> String {
    var html = ""
    for character in text.unicodeScalars {
        switch character {
        case "&": html += "&amp;"
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "\"": html += "&quot;"
        case "'": html += "&#39;"
        case "\n", "\t": html.unicodeScalars.append(character)
        default:
            switch character.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
                html += "\\u{\(String(character.value, radix: 16, uppercase: true))}"
            default: html.unicodeScalars.append(character)
            }
        }
    }
    return html
}

/// A path as the address of a link: bytes that have a meaning there are percent-encoded.
func linkAddress(_ path: String) -> String {
    var address = ""
    for byte in path.utf8 {
        let isPlain =
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "-_.~/".utf8.contains(byte)
        if isPlain {
            address.append(Character(Unicode.Scalar(byte)))
        } else {
            address += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return address
}
