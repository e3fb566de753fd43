import ArgumentParser
import Foundation
import Reporting

/// The options that say how CSV files are written which a command reads, and which of their rows count.
package struct CSVOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What separates fields: comma, semicolon, tab, bar, or another character. Default: the one of these four that "
                + "the header has.", valueName: "name"),
        transform: delimiterArgument)
    package var delimiter: UInt8?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The decimal sign, . or a comma; then blanks, apostrophes and the other of the two may stand between thousands. "
                + "Default: a point, without thousands.", valueName: "sign"),
        transform: { text in
            switch text {
            case ".", "point": return .groupedPoint
            case ",", "comma": return .groupedComma
            default: throw ArgumentFault("allowed: . or , (point, comma)")
            }
        })
    package var decimal: NumberNotation?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Texts that stand for a missing value, as an empty cell does.", valueName: "NA,-,NULL"),
        transform: { text in
            text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        })
    package var missing: [String]?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Pass over so many lines above the header.", valueName: "count"),
        transform: wholeArgument(0...1_000_000_000))
    package var skipLines: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The names of the columns of a file without a header.", valueName: "a,b,c"),
        transform: namesArgument)
    package var header: [String]?

    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Only rows that have this text in this column; may be repeated, then all must hold.",
            valueName: "column=text"),
        transform: { text in
            guard text.contains("="), !text.hasPrefix("=") else {
                throw ArgumentFault("allowed: column=text, Region=us-east-1 for example")
            }
            return RowCondition(text)
        })
    package var conditions: [RowCondition] = []

    /// How the files are written.
    ///
    /// - Parameter timeOption: the option that says how times are written, where the command has one.
    package func dialect(timeOption: String? = nil) -> CSVDialect {
        var dialect = CSVDialect()
        dialect.delimiter = delimiter
        dialect.numbers = decimal ?? .plain
        dialect.missing = missing ?? []
        dialect.skippedLines = skipLines ?? 0
        dialect.header = header
        dialect.conditions = conditions
        dialect.advice.number =
            decimal == .groupedComma
            ? "--missing TEXT is a text that stands for none"
            : "--decimal , reads a decimal comma, and --missing TEXT is a text that stands for none"
        dialect.advice.delimiter = "--delimiter says otherwise"
        dialect.advice.header =
            "--skip-lines passes over lines above it, and --header a,b,c gives names to a file without one"
        dialect.advice.timeOption = timeOption
        return dialect
    }

    /// The first option that was given.
    package var firstGiven: String? {
        if delimiter != nil { return "--delimiter" }
        if decimal != nil { return "--decimal" }
        if missing != nil { return "--missing" }
        if skipLines != nil { return "--skip-lines" }
        if header != nil { return "--header" }
        return conditions.isEmpty ? nil : "--where"
    }

    /// Says what was found of a file that is not plain CSV.
    package func tell(of reader: CSVReader, _ common: CommonOptions) {
        var found = reader.encodings
        if delimiter == nil, reader.delimiter != UInt8(ascii: ",") {
            found.append("fields separated by \(CSVDialect.title(of: reader.delimiter))")
        }
        guard !found.isEmpty else { return }
        common.tell("\(reader.name): \(found.joined(separator: ", ")).")
    }

    package init() {}
}

/// A transform for a delimiter: its name, or the character itself.
private func delimiterArgument(_ text: String) throws -> UInt8 {
    let names: [String: Character] = [
        "comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "bar": "|", "pipe": "|",
    ]
    guard let character = names[text] ?? (text.count == 1 ? text.first : nil), let byte = character.asciiValue,
        byte != 0, !character.isLetter, !character.isNumber, !"\"\r\n.+-_".contains(character)
    else {
        throw ArgumentFault(
            "allowed: comma, semicolon, tab, bar, or one character that is no letter, digit, quote, sign or point")
    }
    return byte
}
