import ArgumentParser
import Foundation
import NumericalMethods
import Reporting

/// Measures pinfi against its peers, in alternating pairs.
@main
struct PinFiBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pinfi-benchmarks",
        abstract: "The speed of pinfi against its peers, in alternating pairs.",
        discussion: """
            Ends with a status of 1 where a median is beyond its limit in limits.csv, with --check where a mark is not \
            reached, too. A peer that is not there is \
            skipped, and the table says so.
            """)

    enum Group: String, CaseIterable, ExpressibleByArgument {
        case classify, lambda, csv, compare, bounds, ensemble, population, `protocol`, surface, sobol, sweep
        case continuation, commands
    }

    @Option(help: "Pairs of measurements, after two that do not count; at least 1.")
    var pairs = 15

    @Option(
        help: ArgumentHelp(
            "Only this group (may be repeated): \(Group.allCases.map(\.rawValue).joined(separator: ", "))."))
    var only: [Group] = []

    @Option(help: ArgumentHelp("The pinfi to start; without it the one built with this.", valueName: "path"))
    var pinfi: String?

    @Flag(help: "End with a status of 1 where a mark is not reached, too.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "What the build is besides the usual one, behind the names of rows: avx2 (Benchmarks/run --avx2).",
            valueName: "word"))
    var variant: String?

    @Flag(help: "Write the table as CSV, the sentences to standard error.")
    var csv = false

    func validate() throws {
        if pairs < 1 { throw ValidationError("--pairs is \(pairs); it must be at least 1.") }
    }

    func run() throws {
        // As pinfi itself does; surfaces spread blocks over threads of their own.
        NumericalLibraries.setOpenBLASThreads(1)
        #if DEBUG
            tell("This is a debug build: the times mean nothing. Run with -c release.")
        #endif
        let limits = try Limit.read(packageFolder.appending(path: "limits.csv").path)
        let groups = only.isEmpty ? Group.allCases : Group.allCases.filter(only.contains)
        var rows: [BenchmarkRow] = []
        var sentences: [String] = []
        for group in groups {
            tell("\(group.rawValue) …")
            switch group {
            case .classify:
                let benchmark = try ClassifyBenchmark()
                for threads in 1...2 { rows += try benchmark.rows(threads: threads, pairs: pairs) }
            case .lambda:
                let benchmark = InverseBenchmark(count: 10_000_000)
                for threads in 1...2 { rows += benchmark.rows(threads: threads, pairs: pairs) }
                sentences += benchmark.accuracy()
            case .csv:
                let benchmark = try CSVBenchmark()
                for threads in 1...2 { rows += try benchmark.rows(threads: threads, pairs: pairs) }
            case .compare: rows += try CompareBenchmark().rows(threads: 2, pairs: pairs)
            case .bounds:
                rows += try BoundsBenchmark(executable: pinfi).rows()
            case .ensemble:
                let benchmark = EnsembleBenchmark()
                for threads in 1...2 { rows += try benchmark.rows(threads: threads, pairs: pairs) }
                sentences += try benchmark.accuracy()
            case .population:
                let benchmark = try PopulationBenchmark()
                for threads in 1...2 { rows += try benchmark.rows(threads: threads, pairs: pairs) }
                sentences += try benchmark.agreement()
            case .`protocol`:
                let benchmark = try ProtocolBenchmark()
                for threads in 1...2 { rows += try benchmark.rows(threads: threads, pairs: pairs) }
            case .surface:
                let benchmark = try SurfaceBenchmark()
                for threads in 1...2 { rows += try benchmark.rows(threads: threads, pairs: pairs) }
                sentences += try benchmark.accuracy()
            case .sobol:
                let benchmark = SobolBenchmark(executable: pinfi)
                for threads in 1...2 { rows += try benchmark.rows(threads: threads) }
                sentences += try benchmark.accuracy()
            case .sweep:
                let benchmark = try SweepBenchmark(executable: pinfi)
                for threads in 1...2 { rows += try benchmark.rows(threads: threads) }
                sentences += try benchmark.memory()
            case .continuation:
                rows += try ContinuationBenchmark(executable: pinfi).rows()
            case .commands:
                let benchmark = try CommandBenchmark(executable: pinfi)
                for threads in 1...2 { rows += try benchmark.rows(threads: threads) }
            }
        }
        if let variant { rows = rows.map { $0.named($0.name + "-" + variant) } }
        let output = try OutputDestination.open(nil)
        let table = resultTable(rows, limits: limits)
        if csv {
            try CSVWriter(threads: 1).write(table, to: output)
            sentences.forEach(tell)
        } else {
            try TextTableWriter(width: 240).write(table, to: output)
            try output.write("\n" + sentences.joined(separator: "\n") + "\n")
        }
        try output.commit()
        let regressions = rows.flatMap { row in limits.compactMap { $0.regression(of: row) } }
        for regression in regressions { tell("Regression: " + regression + ".") }
        let missed = check ? rows.flatMap { row in limits.compactMap { $0.shortfall(of: row) } } : []
        for shortfall in missed { tell("Not reached: " + shortfall + ".") }
        if !regressions.isEmpty || !missed.isEmpty { throw ExitCode(1) }
    }

    private func tell(_ sentence: String) {
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
    }
}
