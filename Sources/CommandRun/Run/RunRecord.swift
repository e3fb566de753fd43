import DissipativeMarket
import Figures
import Foundation
import NumericalMethods
import Reporting

/// What a run gathers for its manifest.
package struct RunRecord {
    private let start = Date()
    private let startUptime = ProcessInfo.processInfo.systemUptime
    /// The seed; where the command draws random numbers, the one that was used also where none was given.
    package var seed: UInt64?
    /// The settings as they were used.
    package var configuration: JSONObject
    /// The tolerances that were used.
    package var tolerances: JSONObject = [:]
    /// The cells, rows or evaluations that have no value.
    package var failedCells = 0
    /// The data that was written.
    package var data: [Manifest.DataFile] = []
    /// The pictures that were drawn.
    package var figures: [Manifest.Figure] = []

    package init(_ command: String, seed: UInt64?) {
        self.seed = seed
        configuration = ["command": .text(command)]
    }

    package mutating func add(_ name: String, _ axis: GridAxis) {
        configuration[name] = ["start": .real(axis.start), "stop": .real(axis.stop), "count": JSONValue(axis.count)]
    }

    /// The versions of pinfi and of what it uses.
    package static let versions = [
        ("pinfi", pinfiVersion), ("gsl", NumericalLibraries.gslVersion),
        ("openblas", NumericalLibraries.openBLASVersion),
        ("gnuplot", (try? Gnuplot().version()) ?? "not found"),
    ]

    /// The manifest of what was gathered.
    ///
    /// - Parameter arguments: the command line, the program first.
    package func manifest(inputs: [Manifest.InputFile], arguments: [String], threads: Int) -> Manifest {
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
