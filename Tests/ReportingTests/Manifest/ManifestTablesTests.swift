import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct ManifestTablesTests {
    private let definition = TableDefinition(
        columns: [
            Column("alpha", .real), Column("region", .label(["aA"])), Column("known", .boolean), Column("n", .integer),
            Column("x", .real, tolerance: .relative(1e-9)), Column("y", .real), Column("z", .real),
        ], keys: ["alpha"], tolerance: .absolute(1e-6))

    private func manifest(_ definition: TableDefinition?) -> Manifest {
        Manifest(
            configuration: [:],
            data: [
                Manifest.DataFile(
                    path: "run/t.csv", rows: 1, columns: 7, bytes: 1, sha256: "00", definition: definition)
            ],
            run: Manifest.Run(command: [], start: Date(timeIntervalSince1970: 0), seconds: 0, threads: 1, versions: []))
    }

    @Test func whatIsWrittenIsRead() throws {
        let stored = try #require(ManifestTables(bytes: Array(manifest(definition).value.text.utf8)))
        let table = try #require(stored.tables.first)
        #expect(table.name == "t.csv")
        #expect(table.sha256 == "00")
        let read = try #require(table.definition)
        #expect(read.keys == ["alpha"])
        #expect(read["region"]?.kind == .text)
        #expect(read["known"]?.kind == .text)
        #expect(read["n"] == Column("n", .integer, tolerance: .exact))
        #expect(read["x"] == Column("x", .real, tolerance: .relative(1e-9)))
        #expect(read["y"] == Column("y", .real, tolerance: .absolute(1e-6)))
        // A key is equal or not.
        #expect(read["alpha"] == nil)
    }

    @Test func anOlderManifestSaysNoDefinition() throws {
        let stored = try #require(ManifestTables(bytes: Array(manifest(nil).value.text.utf8)))
        #expect(stored.tables.map(\.name) == ["t.csv"])
        #expect(stored.tables.map(\.definition) == [nil])
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", #"{"comparable": []}"#, #"{"comparable": {"data": 1}}"#,
        #"{"comparable": {"data": ["t.csv"]}}"#, String(repeating: "[", count: 100_000),
    ])
    func whatIsNoManifestIsNone(text: String) { #expect(ManifestTables(bytes: Array(text.utf8)) == nil) }

    @Test(arguments: [
        #""keys": [1], "words": [], "integers": [], "tolerances": {}"#,
        #""keys": [], "words": [], "integers": [], "tolerances": {"much": ["x"]}"#,
        #""keys": [], "words": "w", "integers": [], "tolerances": {}"#,
    ])
    func whatCannotBeReadIsNoDefinition(members: String) throws {
        let text = #"{"comparable": {"data": [{"name": "t.csv", \#(members)}, {"sha256": ""}]}}"#
        let stored = try #require(ManifestTables(bytes: Array(text.utf8)))
        #expect(stored.tables.map(\.definition) == [nil])
    }

    @Test func theManifestOfTheFilesNameComesFirst() throws {
        let folder = try TestFolder()
        func text(_ name: String, key: String) -> String {
            #"{"comparable": {"data": [{"name": "\#(name)", "keys": ["\#(key)"], "words": [], "integers": [], "#
                + #""tolerances": {}}]}}"#
        }
        _ = try folder.write(text("t.csv", key: "of-folder"), to: "manifest.json")
        #expect(try ManifestTables.table(at: folder["t.csv"])?.definition?.keys == ["of-folder"])
        #expect(try ManifestTables.table(at: folder["u.csv"]) == nil)
        _ = try folder.write(text("t.csv", key: "of-file"), to: "t.json")
        #expect(try ManifestTables.table(at: folder["t.csv"])?.definition?.keys == ["of-file"])
        // One that knows other tables only says nothing.
        _ = try folder.write(text("v.csv", key: "other"), to: "t.json")
        #expect(try ManifestTables.table(at: folder["t.csv"])?.definition?.keys == ["of-folder"])
    }
}
