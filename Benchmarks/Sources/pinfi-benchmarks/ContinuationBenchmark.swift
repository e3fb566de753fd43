import Foundation
import NumericalMethods
import RoleDynamics

/// The branches of the baseline in the lag, by `pinfi continue` and by AUTO-07p, whole processes both; and Hopf points in a
/// batch.
struct ContinuationBenchmark {
    private static let runs = 5
    private let pinfi: String?
    private let auto = packageFolder.appending(path: ".build-auto")

    /// - Parameter path: nil for the executable that was built next to this one.
    init(executable path: String?) { pinfi = path }

    private static let market = ["continue", "--b", "0.7", "--d", "1.3", "--y", "0.79"]
    /// The name, the folder of AUTO's run and our options.
    private static let branches = [
        ("continue-rest", "rest", ["--parameter", "lag=0.1:30", "--max-step", "0.01"]),
        (
            "continue-cycles", "cycles",
            [
                "--parameter", "lag=0.1:23.74", "--switch", "hopf", "--intervals", "100", "--degree", "5", "--max-step",
                "0.012",
            ]
        ),
        ("continue-curve", "curve", ["--parameter", "lag=0.1:30", "--hopf-curve", "y=0.3:1"]),
    ]

    func rows() throws -> [BenchmarkRow] {
        var rows: [BenchmarkRow] = []
        for (name, folder, options) in Self.branches {
            let ours = try TimedProgram.pinfi(pinfi, Self.market + options + ["--quiet", "--threads", "1"])
            let program = auto.appending(path: "market").path
            let place = auto.appending(path: folder).path
            let isThere = FileManager.default.isExecutableFile(atPath: program)
            let peer =
                isThere
                ? TimedProgram(
                    executable: "/bin/sh",
                    arguments: ["-c", "cd '\(place)' && exec env OMP_NUM_THREADS=1 ../market"]) : nil
            let costs = try PairedCosts(warmUps: 1, pairs: Self.runs) {
                try ours.run().cost
            } peer: {
                try peer.map { try $0.run().cost }
            }
            rows.append(
                BenchmarkRow(
                    name, threads: 1, costs: costs,
                    peer: isThere ? "AUTO-07p" : "skipped: no AUTO-07p (run Benchmarks/auto/prepare)"))
        }
        let tuned = try TimedProgram.pinfi(
            pinfi, Self.market + ["--parameter", "lag=0.1:23.74", "--switch", "hopf", "--max-step", "0.012", "--quiet"])
        let costs = try PairedCosts(warmUps: 1, pairs: Self.runs) {
            try tuned.run().cost
        } peer: {
            nil
        }
        rows.append(BenchmarkRow("continue-cycles-default", threads: 1, costs: costs, peer: "none: 40 × 4, 500 cycles"))
        return rows
    }
}
