import DissipativeMarket
import Figures
import Foundation
import NumericalMethods
import Reporting
import RewardStudies
import RoleDynamics

/// What a run gathers for its manifest, and the manifest's place, opened before the work starts.
struct RunRecord {
    private let destination: OutputDestination?
    private let start = Date()
    private let startUptime = ProcessInfo.processInfo.systemUptime
    private let threads: Int
    /// The seed; where the command draws random numbers, the one that was used also where none was given.
    var seed: UInt64?
    /// The settings as they were used.
    var configuration: JSONObject
    /// The tolerances that were used.
    var tolerances: JSONObject = [:]
    var failedCells = 0
    private var data: [Manifest.DataFile] = []
    private var figures: [Manifest.Figure] = []

    /// - Parameter path: where the manifest goes; nil for none.
    init(_ command: String, path: String?, common: CommonOptions) throws {
        destination = try path.map { try OutputDestination.open($0) }
        threads = common.threads
        seed = common.seed
        configuration = ["command": .text(command)]
    }

    /// Whether a manifest is wanted, and so the hashes of what is written.
    var isWanted: Bool { destination != nil }

    /// Adds the market and the point as they were used.
    mutating func add(_ values: ParameterValues) {
        for parameter in MarketParameter.allCases {
            configuration[parameter.rawValue] = JSONValue(values[parameter] ?? parameter.defaultValue)
        }
        add(values.intensities)
    }

    mutating func add(_ intensities: TradeIntensities) {
        configuration["kappa_g"] = .real(intensities.genuineBuyers)
        configuration["kappa_b"] = .real(intensities.speculatingBuyers)
        configuration["kappa_s"] = .real(intensities.sellers)
    }

    mutating func add(_ parameters: RevisionParameters) {
        configuration["demand_width"] = .real(parameters.demandWidth)
        configuration["rationality"] = .real(parameters.rationality)
        configuration["revision_rate"] = .real(parameters.revisionRate)
        configuration["depth_exponent"] = .real(parameters.depthExponent)
        configuration["lag"] = .real(parameters.observationLag)
    }

    mutating func add(_ start: RunStart) {
        configuration["start"] = [
            "x": .real(start.priceRatio), "alpha": .real(start.poolPrice),
            "share_lp": .real(start.shares.liquidityProviders), "share_seller": .real(start.shares.sellers),
            "share_external": .real(start.shares.external),
        ]
    }

    mutating func add(_ times: OutputTimes) {
        configuration["times"] =
            switch times.form {
            case .steps(let step, let end): ["until": .real(end), "every": .real(step)]
            case .list(let times): .array(times.map { .real($0) })
            }
    }

    mutating func add(_ name: String, _ axis: GridAxis) {
        configuration[name] = ["start": .real(axis.start), "stop": .real(axis.stop), "count": JSONValue(axis.count)]
    }

    /// Adds a file of data that has been written.
    mutating func addData(_ destination: OutputDestination, columns: Int, _ summary: WriteSummary) {
        data.append(Manifest.DataFile(destination, columns: columns, summary))
    }

    /// Adds a picture that has been written.
    mutating func addFigure(_ destination: OutputDestination) {
        figures.append(Manifest.Figure(path: destination.name, sha256: destination.sha256))
    }

    /// Writes the manifest and puts it in place; last, when all data is.
    func finish() throws {
        guard let destination else { return }
        let gnuplot = (try? Gnuplot().version()) ?? "not found"
        let manifest = Manifest(
            configuration: configuration, tolerances: tolerances, seed: seed, failedCells: failedCells, data: data,
            run: Manifest.Run(
                start: start, seconds: ProcessInfo.processInfo.systemUptime - startUptime, threads: threads,
                versions: [
                    ("pinfi", PinFiCommand.version), ("gsl", NumericalLibraries.gslVersion),
                    ("openblas", NumericalLibraries.openBLASVersion), ("gnuplot", gnuplot),
                ], figures: figures))
        try manifest.write(to: destination)
        try destination.commit()
    }
}
