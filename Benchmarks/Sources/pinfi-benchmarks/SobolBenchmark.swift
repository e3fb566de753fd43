import Foundation
import Reporting

/// Sobol indices of α* with intervals, N = 65536: `pinfi sensitivity sobol` against SALib with a numpy model, whole
/// processes both.
struct SobolBenchmark {
    /// SALib takes seconds.
    static let runs = 5
    private static let arguments = [
        "sensitivity", "sobol", "--vary", "beta=uniform(0.5,0.9)", "--vary", "p=uniform(0,0.2)", "--vary",
        "theta=uniform(0.5,2.5)", "--vary", "gamma=uniform(0.9,1.4)", "--quantity", "alpha_star", "--samples", "65536",
        "--bootstrap", "100",
    ]
    private let pinfi: String?
    private let peer: TimedProgram?

    /// - Parameter path: nil for the executable that was built next to this one.
    init(executable path: String?) {
        pinfi = path
        let python = packageFolder.deletingLastPathComponent().appending(path: ".build-salib/bin/python3").path
        peer =
            FileManager.default.isExecutableFile(atPath: python)
            ? TimedProgram(executable: python, arguments: [packageFolder.appending(path: "salib_peer.py").path]) : nil
    }

    func rows(threads: Int) throws -> [BenchmarkRow] {
        let ours = try TimedProgram.pinfi(pinfi, Self.arguments + ["--threads", String(threads)])
        let costs = try PairedCosts(warmUps: 1, pairs: Self.runs) {
            try ours.run().cost
        } peer: {
            try peer.map { try $0.run().cost }
        }
        return [
            BenchmarkRow(
                "sobol-process", threads: threads, costs: costs,
                peer: peer == nil
                    ? "skipped: no SALib (run Benchmarks/prepare)" : "SALib with a numpy model, one thread")
        ]
    }

    /// How far the two are from each other, in units of the larger of their half-widths.
    func accuracy() throws -> [String] {
        guard let peer else { return [] }
        let folder = FileManager.default.temporaryDirectory.appending(path: "pinfi-sobol-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (mine, theirs) = (folder.appending(path: "ours").path, folder.appending(path: "peer").path)
        _ = try TimedProgram.pinfi(pinfi, Self.arguments).run(output: mine)
        _ = try peer.run(output: theirs)
        let reader = try CSVReader(path: mine)
        var worst = 0.0
        for line in try String(contentsOfFile: theirs, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let row = try reader.next(), words.count == 5, row.text(at: 1) == words[0] else {
                throw BenchmarkFailure("the rows of pinfi and of SALib differ")
            }
            for (place, word) in [(2, 1), (4, 3)] {
                guard let value = try row.real(at: place), let width = try row.real(at: place + 1),
                    let other = Double(words[word]), let otherWidth = Double(words[word + 1])
                else { throw BenchmarkFailure("an index of \(words[0]) is missing") }
                worst = max(worst, abs(value - other) / max(width, otherWidth))
            }
        }
        return [
            "sobol-process: the indices of pinfi and SALib differ by \(formatRounded(worst, digits: 3)) half-widths at most"
        ]
    }
}
