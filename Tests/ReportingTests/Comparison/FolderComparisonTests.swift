import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct FolderComparisonTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// Writes files, making the folders they are in.
    private func write(_ files: [String: String]) throws {
        for (name, text) in files {
            let parent = (folder[name] as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            _ = try folder.write(text, to: name)
        }
    }

    private func compare(_ settings: TableComparison) throws -> FolderComparisonReport {
        try FolderComparison(settings).compare(expected: folder["a"], found: folder["b"], threads: 2)
    }

    private func compare() throws -> FolderComparisonReport { try compare(TableComparison()) }

    @Test func filesAreComparedByTheirPaths() throws {
        let table = "k,x\n1,1\n"
        try write([
            "a/same.csv": table, "b/same.csv": table, "a/deep/er/UPPER.CSV": table, "b/deep/er/UPPER.CSV": "k,x\n1,2\n",
            "a/gone.csv": table, "b/new/new.csv": table, "a/figure.svg": "1", "b/figure.svg": "2", "b/notes.txt": "",
            "a/.hidden.csv": table, "b/broken.json": "{",
        ])
        let report = try compare()
        #expect(report.files.map(\.name) == ["deep/er/UPPER.CSV", "same.csv"])
        #expect(report.differing.map(\.name) == ["deep/er/UPPER.CSV"])
        #expect(report.missing == ["gone.csv"])
        #expect(report.added == ["new/new.csv"])
        #expect(report.notCompared == ["broken.json", "figure.svg", "notes.txt"])
        #expect(!report.agrees)
        let text = report.description
        #expect(text.contains("Files: 2 compared, 1 of them different; 1 missing, 1 added."))
        #expect(text.split(separator: "\n").filter { $0.count > 80 && !$0.contains(folder.path) } == [])
    }

    @Test func otherFilesAreNoDifference() throws {
        try write(["a/t.csv": "k\n1\n", "b/t.csv": "k\n1\n", "a/figure.svg": ""])
        #expect(try compare().agrees)
    }

    @Test func aMissingTableIsADifference() throws {
        try write(["a/t.csv": "k\n1\n", "b/t.csv": "k\n1\n", "a/u.csv": "k\n"])
        #expect(try !compare().agrees)
    }

    @Test func manifestsSayWhatTablesAre() throws {
        let manifest = """
            {"comparable": {"data": [{"name": "t.csv", "keys": ["k"], "words": ["w"], "integers": [],
              "tolerances": {"0.5 absolute": ["x"]}}]}, "run": {}}
            """
        try write([
            "a/t.csv": "k,w,x\n1,1,1\n2,2,2\n", "b/t.csv": "k,w,x\n2,2,2.5\n1,1,0.5\n", "a/manifest.json": manifest,
        ])
        let report = try compare()
        #expect(report.agrees)
        #expect(report.files.map(\.report.keys) == [["k"]])
        #expect(report.notCompared == [])
    }

    @Test func settingsApplyWhereTheirColumnsAre() throws {
        try write([
            "a/t.csv": "k,x\n1,1\n2,1\n", "b/t.csv": "k,x\n2,1\n1,1.5\n", "a/u.csv": "y\n1\n", "b/u.csv": "y\n1\n",
            "a/m.csv": "label,margin\na,0\n", "b/m.csv": "label,margin\nb,0\n",
        ])
        let settings = try TableComparison(keys: ["k"], tolerances: ["x": .absolute(0.5)], nearBoundary: 1)
        let report = try compare(settings)
        #expect(report.agrees)
        #expect(report.files.map(\.report.keys) == [[], ["k"], []])
        #expect(report.files.map(\.report.nearBoundaryCells) == [1, 0, 0])
    }

    @Test func whatNoFileHasIsRefused() throws {
        try write(["a/t.csv": "k,x\n", "b/t.csv": "k,x\n", "a/u.csv": "j\n", "b/u.csv": "j\n"])
        #expect(throws: ComparisonError.toleranceOfUnknownColumn(UnknownColumn(name: "z", known: ["k", "x", "j"]))) {
            try compare(TableComparison(tolerances: ["z": .exact]))
        }
        #expect(throws: ComparisonError.unknownKey(UnknownColumn(name: "z", known: ["k", "x", "j"]))) {
            try compare(TableComparison(keys: ["z"]))
        }
        #expect(throws: ComparisonError.keysNowhereTogether(["k", "j"])) {
            try compare(TableComparison(keys: ["k", "j"]))
        }
        #expect(throws: ComparisonError.noMargin) { try compare(TableComparison(nearBoundary: 1)) }
    }

    @Test func linksAndPipesAreNoTrap() throws {
        try write(["a/t.csv": "k\n1\n", "b/t.csv": "k\n1\n"])
        try FileManager.default.createSymbolicLink(atPath: folder["a/loop"], withDestinationPath: ".")
        try FileManager.default.createSymbolicLink(atPath: folder["a/l.csv"], withDestinationPath: "t.csv")
        try FileManager.default.createSymbolicLink(atPath: folder["b/l.csv"], withDestinationPath: "nowhere.csv")
        #expect(mkfifo(folder["a/p.csv"], 0o600) == 0)
        let report = try compare()
        #expect(report.files.map(\.name) == ["t.csv"])
        #expect(report.missing == ["l.csv"])
        #expect(report.notCompared == ["l.csv", "loop", "p.csv"])
    }

    @Test func moreFilesThanDescriptors() throws {
        var files: [String: String] = [:]
        for number in 0..<600 {
            files["a/\(number).csv"] = "k\n\(number)\n"
            files["b/\(number).csv"] = "k\n\(number == 7 ? 8 : number)\n"
        }
        try write(files)
        let report = try compare()
        #expect(report.files.count == 600)
        #expect(report.differing.map(\.name) == ["7.csv"])
    }

    @Test func aBadFileIsNamed() throws {
        try write(["a/t.csv": "k,x\n1,1\n", "b/t.csv": "k,x\n1\n"])
        let text = message { _ = try compare() }
        #expect(text.contains("b/t.csv, line 2"))
    }

    @Test func aMissingFolderIsNamed() throws {
        try write(["a/t.csv": "k\n"])
        #expect(message { _ = try compare() }.hasPrefix("Cannot read \(folder["b"])"))
    }

    @Test func theTableHasTheFileBeforeEachFinding() throws {
        try write(["a/t.csv": "k\n1\n", "b/t.csv": "k\n2\n", "a/gone.csv": "k\n", "b/figure.svg": ""])
        let report = try compare()
        let text = try folder.output { try CSVWriter().write(report.table, to: $0) }
        #expect(
            text == """
                file,finding,count,key,column,expected,found,difference,units,expected_line,found_line
                gone.csv,table-missing,,,,,,,,,
                figure.svg,not-compared,,,,,,,,,
                t.csv,rows-matched,1,by place,,,,,,,
                t.csv,rows-missing,0,,,,,,,,
                t.csv,rows-added,0,,,,,,,,
                t.csv,keys-repeated,0,,,,,,,,
                t.csv,cells-differing,1,,k,,,,,,
                t.csv,number-differs,,row 1,k,1,2,1,,2,2

                """)
    }
}
