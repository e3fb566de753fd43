import DissipativeMarket
import Figures
import Foundation
import NumericalMethods
import Reporting

/// What a run gathers for its manifest.
struct RunRecord {
    private let start = Date()
    private let startUptime = ProcessInfo.processInfo.systemUptime
    /// The seed; where the command draws random numbers, the one that was used also where none was given.
    var seed: UInt64?
    /// The settings as they were used.
    var configuration: JSONObject
    /// The tolerances that were used.
    var tolerances: JSONObject = [:]
    /// The cells, rows or evaluations that have no value.
    var failedCells = 0
    /// The data that was written.
    var data: [Manifest.DataFile] = []
    /// The pictures that were drawn.
    var figures: [Manifest.Figure] = []

    init(_ command: String, seed: UInt64?) {
        self.seed = seed
        configuration = ["command": .text(command)]
    }

    mutating func add(_ name: String, _ axis: GridAxis) {
        configuration[name] = ["start": .real(axis.start), "stop": .real(axis.stop), "count": JSONValue(axis.count)]
    }

    /// The versions of pinfi and of what it uses.
    static let versions = [
        ("pinfi", pinfiVersion), ("gsl", NumericalLibraries.gslVersion),
        ("openblas", NumericalLibraries.openBLASVersion),
        ("gnuplot", (try? Gnuplot().version()) ?? "not found"),
    ]

    /// The manifest of what was gathered.
    ///
    /// - Parameter arguments: the command line, the program first.
    func manifest(inputs: [Manifest.InputFile], arguments: [String], threads: Int) -> Manifest {
        // Where the program lies says nothing of the run.
        let program = arguments.first.map { String($0.split(separator: "/").last ?? "") }
        return Manifest(
            configuration: configuration, tolerances: tolerances, seed: seed, failedCells: failedCells, inputs: inputs,
            data: data,
            run: Manifest.Run(
                command: (program.map { [$0] } ?? []) + arguments.dropFirst(), start: start,
                seconds: ProcessInfo.processInfo.systemUptime - startUptime, threads: threads,
                versions: Self.versions, figures: figures))
    }
}
