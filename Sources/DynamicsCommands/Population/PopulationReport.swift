import CommandRun
import DissipativeMarket
import Foundation
import NumericalMethods
import PopulationSimulation
import Reporting
import RoleDynamics

/// The runs of a population with what they are told beside: the mean field, the linear noise, runs with half the step.
struct PopulationReport: Sendable {
    let solution: PopulationSolution
    let times: OutputTimes
    /// T, in the unit of the times.
    let period: Double
    /// At as many of the times as it is defined; empty where there is none.
    let meanField: [MeanFieldSample]
    /// nil where there is none.
    let noise: LinearNoise?
    /// x at the rest point of the linear noise; nil where there is none.
    let restPoint: RestPoint?
    /// The runs with half the step; nil unless asked for.
    let halfStep: PopulationSolution?
    /// The time from which on runs count as stationary, in units of T.
    let burn: Double

    var ensemble: PopulationEnsemble { solution.ensemble }
    var population: Population { ensemble.population }

    private static let rowsAtOnce = 1024
    private static let quantities = PopulationQuantity.allCases

    private static func quantityColumn(_ name: String = "quantity") -> Column {
        Column(
            name, .label(quantities.map(\.rawValue)),
            summary: "price: α, tokens per unit; log_price: ln(α/c); lp, seller, external: shares of holders")
    }

    private static let timeColumn = Column(
        "time", .real, unit: "time", summary: "time, in the unit of the staking period")

    // MARK: - Over runs

    /// A row a time and quantity.
    func table() -> Table {
        let quantities = Self.quantities
        let levels: [(name: String, probability: Double)] = [
            ("q05", 0.05), ("q25", 0.25), ("median", 0.5), ("q75", 0.75), ("q95", 0.95),
        ]
        var columns = [
            Self.timeColumn, Self.quantityColumn(), Column("mean", .real, summary: "mean over runs"),
            Column("standard_error", .real, summary: "of the mean, from independent runs; empty of a single run"),
            Column("standard_deviation", .real, summary: "over runs; empty of a single run"),
        ]
        columns += levels.map {
            Column($0.name, .real, summary: "quantile \(formatShortest($0.probability)) over runs (type 7)")
        }
        columns += [
            Column("mean_field", .real, summary: "of infinitely many holders; empty where it is not defined"),
            Column("runs", .integer, summary: "runs that came to this time"),
        ]
        if halfStep != nil {
            columns += [
                Column("half_step_mean", .real, summary: "mean over other runs with half the step"),
                Column(
                    "step_score", .real, summary: "difference of the two means over its standard error"),
            ]
        }
        let report = self
        return Table(
            columns: columns, keys: ["time", "quantity"], rows: times.count * quantities.count, atOnce: Self.rowsAtOnce
        ) { range in
            let rows = range.map { (index: $0 / quantities.count, quantity: quantities[$0 % quantities.count]) }
            let moments = rows.map { report.solution.moments($0.quantity, $0.index) }
            let sorted = rows.map { report.solution.sortedValues($0.quantity, $0.index) ?? [] }
            func real(_ value: (SampleMoments) -> Double?) -> ColumnValues { .real(moments.map { value($0) ?? .nan }) }
            var values: [ColumnValues] = [
                .real(rows.map { report.times[$0.index] }),
                .label(rows.map { row in UInt8(quantities.firstIndex(of: row.quantity) ?? 0) }),
                real { $0.count > 0 ? $0.mean : nil }, real(\.standardError), real(\.standardDeviation),
            ]
            values += levels.map { level in
                .real(sorted.map { $0.isEmpty ? .nan : quantile($0, level.probability) })
            }
            values.append(.real(rows.map { report.meanField($0.quantity, $0.index) ?? .nan }))
            values.append(.integer(moments.map(\.count)))
            if let half = report.halfStep {
                values.append(
                    .real(
                        rows.map { row in
                            let moments = half.moments(row.quantity, row.index)
                            return moments.count > 0 ? moments.mean : .nan
                        }))
                values.append(.real(rows.map { report.stepScore($0.quantity, $0.index) ?? .nan }))
            }
            return values
        }
    }

    /// A quantity of the mean field at the time of a number.
    func meanField(_ quantity: PopulationQuantity, _ index: Int) -> Double? {
        guard index < meanField.count else { return nil }
        let sample = meanField[index]
        return quantity.value(
            logPrice: sample.logPrice, sample.shares.liquidityProviders, sample.shares.sellers, sample.shares.external,
            sellerCost: population.game.market.sellerCost)
    }

    /// The difference of a mean from that with half the step over its standard error; nil where one of them has none.
    func stepScore(_ quantity: PopulationQuantity, _ index: Int) -> Double? {
        guard let half = halfStep else { return nil }
        let (one, other) = (solution.moments(quantity, index), half.moments(quantity, index))
        guard let first = one.standardError, let second = other.standardError else { return nil }
        let difference = one.mean - other.mean
        let error = (first * first + second * second).squareRoot()
        // What all runs have alike, the start for example.
        return difference == 0 ? 0 : difference / error
    }

    /// The largest score of ``stepScore(_:_:)`` with its time and quantity.
    var largestStepScore: (score: Double, time: Double, quantity: PopulationQuantity)? {
        var largest: (score: Double, time: Double, quantity: PopulationQuantity)?
        for index in 0..<times.count {
            for quantity in Self.quantities {
                guard let score = stepScore(quantity, index), abs(score) > abs(largest?.score ?? 0) else { continue }
                largest = (score, times[index], quantity)
            }
        }
        return largest
    }

    // MARK: - Each run

    /// A row a run, time and quantity.
    func perRunTable() -> Table {
        let (quantities, times) = (Self.quantities, times)
        let rowsOfRun = quantities.count * times.count
        let report = self
        return Table(
            columns: [
                Column("run", .integer, summary: "number of the run, from 0"), Self.timeColumn, Self.quantityColumn(),
                Column("value", .real, summary: "empty where the run did not come so far"),
                Column(
                    "status", .label(["ok", "price-escaped", "event-limit"]),
                    summary: "how the run ended: ok, price-escaped (|ln x| > 700), event-limit"),
                Column(
                    "extinct_role", .label(HolderRole.allCases.map(\.name)),
                    summary: "the role that the run first lost for good; empty where there is none"),
                Column("extinction_time", .real, unit: "time", summary: "when it lost it"),
            ], keys: ["run", "time", "quantity"], rows: solution.runs.count * rowsOfRun, atOnce: Self.rowsAtOnce
        ) { range in
            let rows = range.map { row in
                (
                    run: report.solution.runs[row / rowsOfRun], index: row % rowsOfRun / quantities.count,
                    quantity: quantities[row % quantities.count]
                )
            }
            return [
                .integer(rows.map(\.run.number)), .real(rows.map { times[$0.index] }),
                .label(rows.map { row in UInt8(quantities.firstIndex(of: row.quantity) ?? 0) }),
                .real(
                    rows.map { row in
                        row.index < row.run.sampleCount
                            ? row.run.value(row.quantity, row.index, of: report.population) : .nan
                    }),
                .label(
                    rows.map {
                        ["ok", "price-escaped", "event-limit"].firstIndex(of: $0.run.ending.status).map(UInt8.init)
                    }
                    .map { $0 ?? 0 }),
                .label(
                    rows.map { row in
                        row.run.firstLoss.flatMap { HolderRole.allCases.firstIndex(of: $0.role) }.map(UInt8.init)
                            ?? ColumnValues.missingLabel
                    }),
                .real(rows.map { row in row.run.firstLoss.map { $0.time * report.period } ?? .nan }),
            ]
        }
    }

    /// A row a run.
    func bandTable() -> Table {
        let (runs, period) = (solution.runs, period)
        return Table(
            columns: [
                Column("run", .integer, summary: "number of the run, from 0"),
                Column("share_in_band", .real, summary: "share of its time that the price is from α_s to α_g"),
                Column(
                    "first_exit_time", .real, unit: "time",
                    summary: "when the price was first outside of the band; empty where it never was"),
            ], keys: ["run"], rows: runs.count, atOnce: Self.rowsAtOnce
        ) { range in
            [
                .integer(runs[range].map(\.number)), .real(runs[range].map { $0.shareInBand ?? .nan }),
                .real(runs[range].map { run in run.firstExit.map { $0 * period } ?? .nan }),
            ]
        }
    }

    // MARK: - Summaries

    /// A row a metric.
    func summaryTable() throws -> Table {
        let runs = solution.runs
        let end = ensemble.times[ensemble.times.count - 1]
        var rows: [NamedValues] = []
        func add(_ metric: String, _ values: [Double], quantiles: Bool = true, theory: Double? = nil) {
            let moments = SampleMoments(values)
            let sorted = values.sorted()
            func level(_ p: Double) -> Value { quantiles && !sorted.isEmpty ? .real(quantile(sorted, p)) : .missing }
            rows.append([
                "metric": .text(metric), "mean": moments.count > 0 ? .real(moments.mean) : .missing,
                "standard_error": moments.standardError.map { .real($0) } ?? .missing, "q05": level(0.05),
                "median": level(0.5), "q95": level(0.95), "theory": theory.map { .real($0) } ?? .missing,
                "runs": .integer(moments.count),
            ])
        }
        func share(_ metric: String, _ isSo: (PopulationRun) -> Bool) {
            add(metric, runs.map { isSo($0) ? 1 : 0 }, quantiles: false)
        }
        if ensemble.band != nil {
            add("share_in_band", runs.compactMap(\.shareInBand), theory: theoryOfBand)
            share("still_in_band") { $0.firstExit == nil && $0.ending == .reachedEnd }
            add("first_exit_time", runs.map { min($0.firstExit ?? end, end) * period })
        }
        share("price_escaped") { run in
            if case .priceEscaped = run.ending { return true }
            return false
        }
        if population.hasAbsorbingFaces {
            for role in HolderRole.allCases { share("extinct_\(role.name)") { $0.firstLoss?.role == role } }
            add("extinction_time", runs.compactMap { run in run.firstLoss.map { $0.time * period } })
        }
        let columns = [
            Column(
                "metric", .text,
                summary:
                    "share_in_band: of a run's time; still_in_band: share of runs that never left it; first_exit_time: "
                    + "or the end, if it never left; extinct_…: share of runs that first lost this role; extinction_time: of "
                    + "runs that lost one; price_escaped: share of runs"),
            Column("mean", .real, summary: "mean over runs"),
            Column("standard_error", .real, summary: "of the mean; empty of a single run"),
            Column("q05", .real, summary: "quantile 0.05 over runs; empty for shares of runs"),
            Column("median", .real, summary: "over runs; empty for shares of runs"),
            Column("q95", .real, summary: "quantile 0.95 over runs; empty for shares of runs"),
            Column(
                "theory", .real,
                summary: "of the normal distribution of the linear noise at rest; empty where there is none"),
            Column("runs", .integer, summary: "runs that have the metric"),
        ]
        return try ResultTable(columns: columns, keys: ["metric"], rows: rows).table()
    }

    /// The probability of a price within the band at rest, by the linear noise.
    private var theoryOfBand: Double? {
        guard let noise, let restPoint, let band = ensemble.band else { return nil }
        let deviation = noise.standardDeviation(.logPrice, holders: Double(population.holders))
        guard deviation > 0 else { return nil }
        func below(_ z: Double) -> Double { 0.5 * erfc(-(z - restPoint.logPrice) / deviation / 2.0.squareRoot()) }
        return below(band.upperBound) - below(band.lowerBound)
    }

    /// A row a pair of variables.
    func stationaryTable() throws -> Table {
        let variables = StationaryVariable.allCases
        let names = variables.map(\.noise.rawValue)
        var rows: [NamedValues] = []
        for (i, a) in variables.enumerated() {
            for b in variables[i...] {
                let found = solution.stationaryCovariance(a, b)
                rows.append([
                    "quantity_a": .text(a.noise.rawValue), "quantity_b": .text(b.noise.rawValue),
                    "covariance_times_n": found.map { .real($0.mean) } ?? .missing,
                    "standard_error": (found?.standardError).map { .real($0) } ?? .missing,
                    "linear_noise": noise.map { .real($0.covariance(a.noise, b.noise)) } ?? .missing,
                ])
            }
        }
        let what = names.joined(separator: ", ")
        let columns = [
            Column("quantity_a", .text, summary: what), Column("quantity_b", .text, summary: what),
            Column(
                "covariance_times_n", .real,
                summary: "N times the covariance over the times after the burn-in of all runs"),
            Column(
                "standard_error", .real, summary: "from independent runs; of a single run from 20 parts of its time"),
            Column(
                "linear_noise", .real, summary: "C of AC + CAᵀ + D = 0 at the rest point; empty where there is none"),
        ]
        return try ResultTable(columns: columns, keys: ["quantity_a", "quantity_b"], rows: rows).table()
    }
}

extension HolderRole {
    /// The role as columns name it.
    fileprivate var name: String {
        switch self {
        case .liquidityProvider: PopulationQuantity.liquidityProviders.rawValue
        case .seller: PopulationQuantity.sellers.rawValue
        case .external: PopulationQuantity.external.rawValue
        }
    }
}

extension StationaryVariable {
    /// The variable of the linear noise.
    var noise: NoiseVariable {
        switch self {
        case .liquidityProviders: .liquidityProviders
        case .sellers: .sellers
        case .external: .external
        case .logPrice: .logPrice
        }
    }
}
