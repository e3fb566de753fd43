import DissipativeMarket
import Foundation
import Reporting
import RewardStudies
import TOMLKit

/// The market parameters of a TOML file, under the options' names.
struct MarketFile {
    let path: String
    /// Each value under its short name, with the line and column where its key stands.
    let values: [String: Double]
    private let positions: [String: (line: Int, column: Int)]

    /// - Throws: `CommandFailure` with 66 where the file cannot be read and 65 where it cannot be used.
    init(path: String, files: RunFiles) throws {
        self.path = path
        let text = try Self.text(of: Self.read(path, files), path: path)
        let table: TOMLTable
        do { table = try TOMLTable(string: text) } catch let error as TOMLParseError {
            throw CommandFailure(
                .badData,
                "\(path), line \(error.source.begin.line), column \(error.source.begin.column): not valid TOML: "
                    + "\(error.description.trimmingCharacters(in: CharacterSet(charactersIn: "."))); "
                    + "write for example beta = 0.7.")
        }
        var values: [String: Double] = [:]
        var positions: [String: (line: Int, column: Int)] = [:]
        var names: [String: String] = [:]
        // In the order of the names, so that of several faults the same one is told every time.
        for key in table.keys.sorted() {
            let position = Self.position(of: key, in: text)
            func fault(_ problem: String) -> CommandFailure {
                let place = position.map { ", line \($0.line), column \($0.column)" } ?? ""
                return CommandFailure(.badData, "\(path)\(place): \(problem)")
            }
            guard let name = ParameterName(rawValue: key.replacing("_", with: "-")) else {
                let nearest = nearestName(to: key, among: ParameterName.allNames)
                throw fault(
                    "the key \(shownInMessage(key)) is unknown. "
                        + (nearest.map { "Did you mean \($0)? " } ?? "")
                        + "Known keys: \(ParameterName.allNames.joined(separator: ", ")).")
            }
            if let other = names.updateValue(key, forKey: name.short) {
                throw fault("\(key) and \(other) give the same parameter; keep one of them.")
            }
            guard let node = table[key], let value = node.int.map(Double.init) ?? node.double else {
                let found =
                    Self.value(of: key, in: text).map { ", it is \(shownInMessage($0).dropFirst().dropLast())" } ?? ""
                throw fault("the value of \(key) is no number\(found); allowed: \(name.allowed), without quotes.")
            }
            guard name.allows(value) else {
                throw fault("\(key) is \(formatShortest(value)); allowed: \(name.allowed).")
            }
            values[name.short] = value
            positions[name.short] = position
        }
        self.values = values
        self.positions = positions
    }

    /// "FILE, line 3": where a parameter stands.
    func place(of name: String) -> String {
        positions[name].map { "\(path), line \($0.line)" } ?? path
    }

    /// The most bytes of a market file, which has a few lines.
    private static let most = 1 << 16

    private static func read(_ path: String, _ files: RunFiles) throws -> Data {
        let bytes: [UInt8]
        do {
            bytes = try files.open("--market", path).readAll(atMost: most + 1)
        } catch {
            guard case InputError.cannotRead(_, let reason) = error else { throw error }
            throw CommandFailure(.noInput, "Cannot read \(shownInMessage(path)) (--market): \(reason).")
        }
        guard bytes.count <= most else {
            let line = bytes.prefix(most).count { $0 == UInt8(ascii: "\n") } + 1
            throw CommandFailure(
                .badData,
                "\(path), line \(line): a market file has lines such as beta = 0.7; this one is longer than "
                    + "\(most) bytes.")
        }
        return Data(bytes)
    }

    private static func text(of data: Data, path: String) throws -> String {
        guard let text = String(data: data, encoding: .utf8), !text.contains("\0") else {
            let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(data: $0, encoding: .utf8)?.contains("\0") ?? true } ?? 0
            throw CommandFailure(
                .badData, "\(path), line \(line + 1): this is no UTF-8 text; save the file as UTF-8.")
        }
        // A byte order mark is no part of the first key.
        let content = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        try checkLines(content, path: path)
        return content
    }

    /// A market file is flat: each line is blank, a comment, or a key with a value that is no array and no table. What is
    /// more than that never reaches the parser, which ends the process on some of it (a lone "[" and a line end).
    private static func checkLines(_ text: String, path: String) throws {
        let key = /(?:[A-Za-z0-9_.-]+|"[A-Za-z0-9_ -]*"|'[A-Za-z0-9_ -]*')[ \t]*/
        let value = /=[ \t]*[^ \t\[\{#].*/
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let rest = line.drop { $0 == " " || $0 == "\t" }
            if rest.isEmpty || rest.hasPrefix("#") { continue }
            let afterKey = rest.prefixMatch(of: key).map { rest[$0.range.upperBound...] }
            if let afterKey, !rest.hasPrefix("."), afterKey.wholeMatch(of: value) != nil { continue }
            let fault = afterKey.map { $0.isEmpty ? rest : $0 } ?? rest
            let column = line.distance(from: line.startIndex, to: fault.startIndex) + 1
            let problem =
                rest.hasPrefix("[")
                ? "tables such as [market] are not used; write the keys at the top of the file"
                : afterKey?.contains(/^=[ \t]*[\[\{]/) ?? false
                    ? "one number is expected, found \(shownInMessage(String(rest))); write for example beta = 0.7"
                    : "not valid TOML for a market: \(shownInMessage(String(rest))); write for example beta = 0.7"
            throw CommandFailure(.badData, "\(path), line \(index + 1), column \(column): \(problem).")
        }
    }

    /// What stands behind the equals sign of a key.
    private static func value(of key: String, in text: String) -> String? {
        guard let position = position(of: key, in: text) else { return nil }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let parts = lines[position.line - 1].split(separator: "=", maxSplits: 1)
        return parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : nil
    }

    /// Where a top-level key stands, for messages; the parser tells positions of syntax errors only.
    private static func position(of key: String, in text: String) -> (line: Int, column: Int)? {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let start = line.prefix { $0 == " " || $0 == "\t" || $0 == "[" || $0 == "\"" || $0 == "'" }
            guard line.dropFirst(start.count).hasPrefix(key) else { continue }
            let next = line.dropFirst(start.count + key.count).first
            if next.map({ " \t=].\"'".contains($0) }) ?? false { return (index + 1, start.count + 1) }
        }
        return nil
    }
}
