import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct ManifestTests {
    private func manifest(start: Date, threads: Int, seconds: Double, file: Manifest.DataFile) -> Manifest {
        Manifest(
            configuration: ["command": "phase", "market": ["beta": 0.25, "delta": 1], "x": [0, 2, 101]],
            tolerances: ["root": 1e-12], seed: 0, failedCells: 2,
            inputs: [Manifest.InputFile(name: "in/prices.csv", bytes: 5, sha256: "cd23")], data: [file],
            run: Manifest.Run(
                command: ["pinfi", "phase", "--title", "it's\n", "--x", "0:2:101"], start: start, seconds: seconds,
                threads: threads,
                versions: [("pinfi", "0.1.0"), ("GSL", "2.7.1")],
                figures: [Manifest.Figure(path: "figures/a.svg", sha256: nil)],
                host: Manifest.Host(system: "Linux 6.1", architecture: "x86_64", processors: 2)))
    }

    private let file = Manifest.DataFile(path: "/home/me/out/phase.csv", rows: 3, columns: 2, bytes: 17, sha256: "ab01")

    @Test func exactBytes() throws {
        let folder = try TestFolder()
        let start = Date(timeIntervalSince1970: 1_767_225_600)
        let manifest = manifest(start: start, threads: 2, seconds: 1.5, file: file)
        let text = try folder.output { try manifest.write(to: $0) }
        #expect(
            text == """
                {
                  "comparable": {
                    "configuration": {
                      "command": "phase",
                      "market": {
                        "beta": 0.25,
                        "delta": 1
                      },
                      "x": [0, 2, 101]
                    },
                    "tolerances": {
                      "root": 1e-12
                    },
                    "seed": 0,
                    "failed_cells": 2,
                    "inputs": [
                      {
                        "name": "in/prices.csv",
                        "bytes": 5,
                        "sha256": "cd23"
                      }
                    ],
                    "data": [
                      {
                        "name": "phase.csv",
                        "rows": 3,
                        "columns": 2,
                        "bytes": 17,
                        "sha256": "ab01"
                      }
                    ]
                  },
                  "run": {
                    "command": "pinfi phase --title 'it'\\\\''s\\n' --x 0:2:101",
                    "arguments": ["phase", "--title", "it's\\n", "--x", "0:2:101"],
                    "start": "2026-01-01T00:00:00Z",
                    "seconds": 1.5,
                    "threads": 2,
                    "versions": {
                      "pinfi": "0.1.0",
                      "GSL": "2.7.1"
                    },
                    "figures": [
                      {
                        "name": "a.svg",
                        "sha256": null
                      }
                    ],
                    "host": {
                      "system": "Linux 6.1",
                      "architecture": "x86_64",
                      "processors": 2
                    }
                  }
                }

                """)
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let comparable = try #require(parsed["comparable"] as? [String: Any])
        #expect(comparable["seed"] as? Int == 0)
        #expect((comparable["data"] as? [[String: Any]])?.first?["rows"] as? Int == 3)
        #expect((parsed["run"] as? [String: Any])?["start"] as? String == "2026-01-01T00:00:00Z")
    }

    @Test func theComparablePartIsTheSameOnEveryRun() throws {
        let folder = try TestFolder()
        // The whole way: a table written, hashed, and its manifest.
        let texts = try [1, 2].map { threads in
            let output = try OutputDestination.open(folder["data.csv"], hashing: true)
            let rows = CSVWriterTests.sample(chunkCount: 30)
            let summary = try CSVWriter(threads: threads).write(rows, to: output)
            try output.commit()
            let manifest = manifest(
                start: Date(), threads: threads, seconds: Double(threads) / 3,
                file: Manifest.DataFile(output, columns: rows.columns.count, summary))
            return try folder.output { try manifest.write(to: $0) }
        }
        let parts = try texts.map { text in
            try #require(text.split(separator: "  \"run\": {", maxSplits: 1).first)
        }
        #expect(parts[0] == parts[1])
        #expect(texts[0] != texts[1])
        let size = try folder.bytes("data.csv").count
        #expect(parts[0].contains("\"name\": \"data.csv\""))
        #expect(parts[0].contains("\"bytes\": \(size)"))
    }

    @Test func noPathsAndNoNames() {
        #expect(Manifest.DataFile(path: "a/b/c.csv", rows: 0, columns: 0, bytes: 0, sha256: nil).name == "c.csv")
        #expect(
            Manifest.DataFile(path: "standard output", rows: 0, columns: 0, bytes: 0, sha256: nil).name
                == "standard output")
        #expect(Manifest.Figure(path: "/x/", sha256: nil).name == "x")
        let host = Manifest.Host.current
        #expect(host.system.hasPrefix("Linux "))
        #expect(!host.architecture.isEmpty)
        #expect(host.processors > 0)
        #expect(!"\(host)".contains(ProcessInfo.processInfo.hostName))
    }

    @Test func anySeed() throws {
        var manifest = manifest(start: Date(), threads: 1, seconds: 0, file: file)
        manifest.seed = UInt64.max
        #expect(manifest.value.text.contains("\"seed\": 18446744073709551615,"))
        manifest.seed = nil
        #expect(manifest.value.text.contains("\"seed\": null,"))
    }
}
