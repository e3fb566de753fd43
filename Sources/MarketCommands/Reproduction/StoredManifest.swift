import CommandRun
import Reporting

/// The manifest of a folder that was reproduced, against which the folder is checked.
struct StoredManifest {
    /// The name of the file in its folder.
    static let fileName = "manifest.json"

    private let comparable: JSONValue
    private let data: [JSONValue]
    private let figures: [JSONValue]

    /// - Throws: `InputError` where the file cannot be read, `CommandFailure` with 65 where it is no manifest.
    init(path: String) throws {
        let input = try InputBytes(path: path)
        let bytes = try input.readAll(atMost: 1 << 24)
        guard let object = try? JSONValue(bytes: bytes, name: input.name), let comparable = object["comparable"],
            let data = comparable["data"]?.array
        else {
            throw CommandFailure(
                .badData, "\(input.name): this is no manifest of pinfi; reproduce the folder again without --check.")
        }
        self.comparable = comparable
        self.data = data
        figures = object["run"]?["figures"]?.array ?? []
    }

    /// A setting, where it is a text.
    func setting(_ name: String) -> String? { comparable["configuration"]?[name]?.string }

    /// What the manifest says otherwise than today's settings and the files beside it do: a line each.
    ///
    /// Figures are compared where they are there.
    ///
    /// - Parameters:
    ///   - path: gives the path of a file in the manifest's folder.
    ///   - found: the data files that there are, with what was counted in them.
    ///   - record: what a run of today says.
    func disagreements(
        path: (String) -> String, found: [(name: String, rows: Int, columns: Int)], record: RunRecord
    ) throws -> [String] {
        var lines: [String] = []
        for (name, today) in [("configuration", record.configuration), ("tolerances", record.tolerances)] {
            // Read back, since a number that is whole is written without a point.
            let now = try JSONValue(bytes: Array(JSONValue.object(today).text.utf8), name: name)
            if comparable[name] != now {
                lines.append("its \(name) is not what a run has today")
            }
        }
        for file in found {
            guard let entry = data.first(where: { $0["name"]?.string == file.name }) else {
                lines.append("it does not have \(file.name)")
                continue
            }
            for (what, count) in [("rows", file.rows), ("columns", file.columns)]
            where entry[what]?.wholeNumber != count {
                lines.append("\(file.name) has \(count) \(what), which is not what it has")
            }
        }
        for (entry, mayBeMissing) in data.map({ ($0, false) }) + figures.map({ ($0, true) }) {
            let name = entry["name"]?.string ?? ""
            let input: InputBytes
            do { input = try InputBytes(path: path(name), hashing: true) } catch {
                if !mayBeMissing { lines.append("\(shownInMessage(name)) is not there") }
                continue
            }
            while try !input.readAll(atMost: 1 << 20).isEmpty {}
            if entry["sha256"]?.string != input.sha256 {
                lines.append("the SHA-256 of \(shownInMessage(name)) is not the one that it has")
            }
            if let bytes = entry["bytes"]?.wholeNumber, bytes != input.byteCount {
                lines.append("\(shownInMessage(name)) has \(input.byteCount) bytes, which is not what it has")
            }
        }
        return lines
    }
}
