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
        #expect(run["start"] is String)
        #expect(run["host"] is [String: Any])
        #expect(run["figures"] is [Any])
    }

    /// A path is as good as its integration: a hundred times the tolerances of a step.
    @Test(arguments: [
        ("simulate --from x=1.5,lp=0.5,seller=0.3 --times 1 --model role", "1e-10 absolute or 1e-08 relative"),
        (
            "simulate --from x=1.5,lp=0.5,seller=0.3 --times 1 --model role --rtol 1e-5 --atol 0",
            "1e-12 absolute or 0.001 relative"
        ),
        ("ensemble --x0 1:1.5:2 --until 2", "1e-08 absolute or 1e-06 relative"),
        ("bounds", "1e-12 absolute or 1e-12 relative"),
    ])
    func tolerancesOfPaths(line: String, tolerance: String) throws {
        let folder = try TestFolder()
        let ended = try folder.pinfi("\(line) --b 0.7 --d 1.3 --y 0.79 -o out.csv --manifest m.json")
        #expect(ended.status == 0, "\(ended.errors)")
        let data = try #require(try parts(try folder.text("m.json")).comparable["data"] as? [[String: Any]])
        let tolerances = try #require(data[0]["tolerances"] as? [String: [String]])
        #expect(Set(tolerances.keys).subtracting(["exact"]) == [tolerance])
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

    // MARK: - Inputs

    /// Every input with its name as given, its size and its hash, by another program; and the command as it was typed.
    @Test(arguments: CommandLineExample.all)
    func namesAndHashesInputs(_ example: CommandLineExample) throws {
        let folder = try TestFolder()
        for input in example.inputs {
            try folder.write(input.contents, to: "in.csv")
            let words = example.words(
                CommandLineExample.words(input, file: "./in.csv") + ["-o", "out", "--manifest", "m.json"])
            let ended = try folder.pinfi(words)
            #expect(ended.status == 0, "\(words): \(ended.errors)")
            let (comparable, run) = try parts(try folder.text("m.json"))
            let inputs = try #require(comparable["inputs"] as? [[String: Any]])
            #expect(inputs.map { $0["name"] as? String } == ["./in.csv"], "\(words)")
            #expect(inputs.first?["bytes"] as? Int == input.contents.utf8.count, "\(words)")
            let sum = try folder.bash("sha256sum < in.csv").output.prefix(64)
            #expect(inputs.first?["sha256"] as? String == String(sum), "\(words)")
            #expect(run["arguments"] as? [String] == words)
        }
    }

    @Test func standardInputIsHashedAsItStreams() throws {
        let folder = try TestFolder()
        let rows = "beta\n" + String(repeating: "0.7\n", count: 100_000)
        try folder.write(rows, to: "in.csv")
        let run = try folder.bash("cat in.csv | pinfi bounds --input - --delta 2 --manifest m.json > out.csv")
        #expect(run.status == 0)
        let inputs = try parts(try folder.text("m.json")).comparable["inputs"] as? [[String: Any]]
        #expect(inputs?.map { $0["name"] as? String } == ["standard input"])
        #expect(inputs?.first?["bytes"] as? Int == rows.utf8.count)
        let sum = try folder.bash("sha256sum < in.csv").output.prefix(64)
        #expect(inputs?.first?["sha256"] as? String == String(sum))
    }

    @Test func aFileThatIsReadTwiceIsThereOnce() throws {
        let folder = try TestFolder([
            "in.csv": "beta,p\n0.7,0.1\n0.8,0.2\n", "m.yaml": "", "other.csv": "p\n0.1\n0.2\n",
        ])
        func names(_ second: String) throws -> [String?] {
            _ = try folder.pinfi(
                "sweep --delta 2 --theta 1 --vary beta=empirical(in.csv:beta) --vary p=empirical(\(second):p) --samples 4 "
                    + "--quantity gamma_max -o out --manifest m.json --market m.yaml")
            let inputs = try parts(try folder.text("m.json")).comparable["inputs"] as? [[String: Any]]
            return try #require(inputs).map { $0["name"] as? String }
        }
        #expect(try names("in.csv") == ["in.csv", "m.yaml"])
        #expect(try names("./in.csv") == ["in.csv", "m.yaml"])
        #expect(try names("other.csv") == ["in.csv", "other.csv", "m.yaml"])
    }

    /// A shell reads the command back as it was typed.
    @Test func theCommandCanBeTypedAgain() throws {
        let folder = try TestFolder()
        let words = [
            "phase", "--b", "0.7", "--d", "1.3", "--x", "0:2:3", "--y", "0:1:3", "--plot-script", "a b.gp", "--title",
            "it's $HOME `x` \"y\"\n!\\ δ", "-o", "out", "--manifest", "m.json",
        ]
        #expect(try folder.pinfi(words).status == 0)
        let command = try #require(try parts(try folder.text("m.json")).run["command"] as? String)
        let back = try folder.bash("set -- \(command); printf '%s\\0' \"$@\"")
        #expect(
            back.output.split(separator: "\0", omittingEmptySubsequences: false).map(String.init) == ["pinfi"] + words
                + [""])
    }
}
