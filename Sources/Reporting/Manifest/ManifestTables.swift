// What a manifest that was written earlier says of the tables beside it.
import Foundation

/// What a manifest that was written earlier says of the tables beside it.
public struct ManifestTables: Sendable, Equatable {
    /// A table as the manifest knows it.
    public struct StoredTable: Sendable, Equatable {
        /// The file's name.
        public let name: String
        /// Its columns and keys; nil where the manifest does not say them, as those of older versions.
        public let definition: TableDefinition?
        /// The hash of the file, in hexadecimal; nil where the manifest has none.
        public let sha256: String?
    }

    /// The tables, in order.
    public let tables: [StoredTable]

    /// The most bytes that a manifest may have.
    private static let largest = 1 << 26

    /// Reads a manifest; nil for any other JSON, and for what is no JSON.
    public init?(bytes: [UInt8]) {
        guard let root = try? JSONValue(bytes: bytes, name: "the manifest"),
            let data = root["comparable"]?["data"]?.array, data.allSatisfy({ $0.object != nil })
        else { return nil }
        tables = data.compactMap { entry in
            guard let name = entry["name"]?.string else { return nil }
            return StoredTable(
                name: name, definition: TableDefinition(manifestEntry: entry), sha256: entry["sha256"]?.string)
        }
    }

    /// Reads the manifest at a path; nil where there is none.
    ///
    /// - Parameter open: opens the file.
    /// - Throws: ``InputError``, or what `open` throws.
    public init?(
        path: String, opening open: (_ path: String) throws -> InputBytes = { try InputBytes(path: $0) }
    ) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largest else {
            return nil
        }
        self.init(bytes: try open(path).readAll(atMost: Self.largest))
    }

    /// What the manifest beside a table says of it: `manifest.json` in its folder, or the file of the table's name that
    /// ends in `.json`.
    ///
    /// - Parameter open: opens the manifest.
    /// - Throws: ``InputError``, or what `open` throws.
    public static func table(
        at path: String, opening open: (_ path: String) throws -> InputBytes = { try InputBytes(path: $0) }
    ) throws -> StoredTable? {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let name = String(path.dropFirst(folder.count))
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        for place in ["\(stem).json", "manifest.json"] {
            let manifest = try ManifestTables(path: folder + place, opening: open)
            if let table = manifest?.tables.first(where: { $0.name == name }) { return table }
        }
        return nil
    }
}

extension TableDefinition {
    /// The members of a manifest's entry that say the keys, the columns of words and of whole numbers, and the
    /// tolerances of the others.
    var manifestMembers: JSONObject {
        func names(_ columns: [Column]) -> JSONValue { .array(columns.map { .text($0.name) }) }
        var tolerances = JSONObject()
        for column in columns {
            // Keys are equal or not.
            guard column.isNumeric, !keys.contains(column.name) else { continue }
            let standard = column.kind == .real ? tolerance : nil
            let text = (column.tolerance ?? standard ?? .exact).description
            var names: [JSONValue] = []
            if case .array(let others)? = tolerances[text] { names = others }
            tolerances[text] = .array(names + [.text(column.name)])
        }
        return [
            "keys": .array(keys.map { .text($0) }), "words": names(columns.filter { !$0.isNumeric }),
            "integers": names(columns.filter { $0.kind == .integer }), "tolerances": .object(tolerances),
        ]
    }

    /// The definition that a manifest's entry says; nil where it says none, or nothing that can be read.
    init?(manifestEntry entry: JSONValue) {
        guard let keys = entry["keys"]?.strings, let words = entry["words"]?.strings,
            let integers = entry["integers"]?.strings, let tolerances = entry["tolerances"]?.object
        else { return nil }
        var numbers: [String: Tolerance] = [:]
        for member in tolerances.members {
            guard let tolerance = try? Tolerance(member.name), tolerance.wrongAmount == nil,
                let names = member.value.strings
            else { return nil }
            for name in names { numbers[name] = tolerance }
        }
        self.keys = keys
        let whole = Set(integers)
        columns =
            words.map { Column($0, .text) } + integers.map { Column($0, .integer, tolerance: numbers[$0]) }
            + numbers.filter { !whole.contains($0.key) }.sorted { $0.key < $1.key }
            .map { Column($0.key, .real, tolerance: $0.value) }
    }
}
