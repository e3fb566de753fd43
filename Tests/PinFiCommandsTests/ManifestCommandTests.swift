// `--manifest`.
import Foundation
import Testing

@Suite struct ManifestCommandTests {
    private func parts(_ text: String) throws -> (comparable: [String: Any], run: [String: Any]) {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(Set(object.keys) == ["comparable", "run"])
        return (
            try #require(object["comparable"] as? [String: Any]), try #require(object["run"] as? [String: Any])
        )
    }

    /// The bytes of the comparable part, as they stand in the file.
    private func comparable(_ text: String) throws -> Substring {
        let end = try #require(text.range(of: "\n  \"run\":"))
        return text[..<end.lowerBound]
    }

    @Test func saysWhatWasRun() throws {
        let folder = try TestFolder()
        _ = try folder.data(
            "phase --beta 0.7 --delta 1.6 --x 0:2:5 --y 0:1.5:4 -o d.csv --boundaries b.csv --manifest m.json --seed 0")
        let (comparable, run) = try parts(try folder.text("m.json"))
        let configuration = try #require(comparable["configuration"] as? [String: Any])
        #expect(configuration["command"] as? String == "phase")
        #expect(configuration["beta"] as? Double == 0.7)
        #expect(configuration["theta"] as? Double == 0)
        #expect(configuration["kappa_s"] as? Double == 1)
        #expect(configuration["gamma"] is NSNull)
        #expect((configuration["x"] as? [String: Any])?["count"] as? Int == 5)
        #expect((comparable["tolerances"] as? [String: Any])?["boundary"] as? Double == 1e-6)
        #expect(comparable["seed"] as? Int == 0)
        #expect(comparable["failed_cells"] as? Int == 0)
        let data = try #require(comparable["data"] as? [[String: Any]])
        #expect(data.map { $0["name"] as? String } == ["d.csv", "b.csv"])
        #expect(data[0]["rows"] as? Int == 20)
        for (file, name) in zip(data, ["d.csv", "b.csv"]) {
            let sum = try folder.bash("sha256sum < \(name)").output.prefix(64)
            #expect(file["sha256"] as? String == String(sum))
        }
        let versions = try #require(run["versions"] as? [String: Any])
        #expect(Set(versions.keys) == ["pinfi", "gsl", "openblas", "gnuplot"])
        #expect(run["start"] is String && run["host"] is [String: Any] && run["figures"] is [Any])
    }

    @Test(arguments: [
        "phase --b 0.7 --d 1.3 --x 0:2:301 --y 0:1.5:151 -o out.csv --boundaries b.csv",
        "bounds --b 0.7 --d 1.3 --y 0.8 -o out.csv", "explain --b 0.7 --d 1.3 --y 0.8 --x 1 -o out.csv",
        "flow --b 0.7 --d 1.3 --y 0.8 --x 1 -o out.csv", "equilibrium --b 0.7 --d 1.3 --y 0.8 --agreement -o out.csv",
        "bounds --input in.csv --delta 2.6 --on-error keep --quiet -o out.csv",
    ])
    func comparablePartHasTheSameBytes(line: String) throws {
        let folder = try TestFolder(["in.csv": "beta\n0.5\n-1\n0.7\n"])
        var seen: Set<String> = []
        for threads in [1, 2, 5] {
            _ = try folder.data("\(line) --threads \(threads) --manifest m.json")
            seen.insert(String(try comparable(try folder.text("m.json"))))
        }
        #expect(seen.count == 1)
        if line.contains("--input") {
            #expect(try parts(try folder.text("m.json")).comparable["failed_cells"] as? Int == 1)
        }
    }

    /// Data that goes to standard output, or into a pipe, has its hash too.
    @Test func hashesStandardOutput() throws {
        let folder = try TestFolder()
        let ended = try folder.data("bounds --b 0.7 --d 1.3 --manifest m.json")
        let sum = try folder.bash("printf '%s' \(quoted(ended.output)) | sha256sum").output.prefix(64)
        let data = try parts(try folder.text("m.json")).comparable["data"] as? [[String: Any]]
        #expect(data?.first?["sha256"] as? String == String(sum))
    }

    private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    @Test func notMadeWhereTheRunFails() throws {
        let folder = try TestFolder(["in.csv": "beta\n0.5\n-1\n"])
        let ended = try folder.pinfi("bounds --input in.csv --delta 2 -o out.csv --manifest m.json")
        #expect(ended.status == 65)
        #expect(folder.names == ["in.csv"])
        #expect(try folder.pinfi("bounds --b 1 --d 1 --manifest no/m.json").status == 73)
        #expect(try folder.pinfi("bounds --b 1 --d 1 -o m.json --manifest ./m.json").status == 64)
    }
}
