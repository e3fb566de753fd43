import CommandRun
import NumericalMethods
import ProtocolSimulation
import Reporting

/// What the runs of the mechanisms came to, as tables.
struct ProtocolReport {
    let setup: ProtocolSetup
    /// One ensemble a mechanism, on the same people.
    let ensembles: [ProtocolEnsemble]
    /// T, in the unit of --period.
    let period: Double
    /// The fluid limit of each pool at the times; nil where there is none.
    let limits: [[FluidLimit.State?]?]

    private var parameters: ProtocolParameters { setup.parameters }
    private var runs: Int { ensembles[0].runs.count }

    private static let mechanismColumn = Column("mechanism", .text, summary: "pool, or posted: the order book")
    private static let poolColumn = Column("pool", .text, summary: "device type")
    private static let timeColumn = Column("time", .real, unit: "time", summary: "time, in the unit of --period")

    // MARK: - Over time

    /// The value of a quantity in the fluid limit; nil where there is none.
    func meanField(_ quantity: ProtocolQuantity, _ mechanism: Mechanism, pool: Int, time: Int) -> Double? {
        guard mechanism == .pool, let state = limits[pool]?[time] else { return nil }
        let devices = Double(parameters.pools[pool].providers)
        let units = devices * parameters.pools[pool].unitSize
        return switch quantity {
        case .price: state.price
        case .reserveAsset: state.assets * units
        case .reserveToken: state.assets * units * state.price
        case .lp: state.liquidity
        case .seller: state.seller
        case .external: max(1 - state.liquidity - state.seller, 0)
        case .consumed: state.consumed * units
        case .resold: state.resold * units
        default: nil
        }
    }

    static let columns = [
        timeColumn, mechanismColumn, poolColumn,
        Column(
            "quantity", .text,
            summary: ProtocolQuantity.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
        Column("mean", .real, summary: "mean over runs"),
        Column("standard_error", .real, summary: "of the mean; empty of a single run"),
        Column("standard_deviation", .real, summary: "over runs; empty of a single run"),
        Column("q05", .real, summary: "quantile 0.05 over runs"), Column("q25", .real, summary: "quantile 0.25"),
        Column("median", .real, summary: "quantile 0.5"), Column("q75", .real, summary: "quantile 0.75"),
        Column("q95", .real, summary: "quantile 0.95"),
        Column("mean_field", .real, summary: "the same of infinitely many providers; empty where there is none"),
        Column("runs", .integer, summary: "runs"),
    ]

    /// The rows of ``table()``.
    var rowCount: Int {
        parameters.times.count * ensembles.count * parameters.pools.count * ProtocolQuantity.allCases.count
    }

    /// A row a time, mechanism, pool and quantity.
    func table() -> Table {
        let report = self
        let quantities = ProtocolQuantity.allCases
        let perTime = ensembles.count * parameters.pools.count * quantities.count
        return Table(
            columns: Self.columns, keys: ["time", "mechanism", "pool", "quantity"], rows: rowCount, atOnce: perTime
        ) { range in
            var builders = Self.columns.map { ColumnBuilder($0.kind) }
            for row in range {
                let (time, rest) = row.quotientAndRemainder(dividingBy: perTime)
                let (group, place) = rest.quotientAndRemainder(dividingBy: quantities.count)
                let (mechanism, pool) = group.quotientAndRemainder(dividingBy: report.parameters.pools.count)
                let ensemble = report.ensembles[mechanism]
                let quantity = quantities[place]
                let sample = SampleStatistics(ensemble.values(quantity, pool: pool, time: time))
                let values: [Value] = [
                    .real(report.parameters.times[time] * report.period), .text(ensemble.mechanism.rawValue),
                    .text(report.parameters.pools[pool].name), .text(quantity.rawValue), .real(sample.mean),
                    .real(sample.standardError), .real(sample.standardDeviation), .real(sample.quantile(0.05)),
                    .real(sample.quantile(0.25)), .real(sample.quantile(0.5)), .real(sample.quantile(0.75)),
                    .real(sample.quantile(0.95)),
                    .real(report.meanField(quantity, ensemble.mechanism, pool: pool, time: time)),
                    .integer(sample.count),
                ]
                for index in values.indices { builders[index].append(values[index]) }
            }
            return builders.map(\.values)
        }
    }

    /// Every run at every time; a row a run, time, mechanism, pool and quantity.
    func perRunTable() -> Table {
        let report = self
        let quantities = ProtocolQuantity.allCases
        let columns = [
            Column("run", .integer, summary: "number of the run, from 0"), Self.timeColumn, Self.mechanismColumn,
            Self.poolColumn, Column("quantity", .text, summary: "what the value is of"),
            Column("value", .real, summary: "its value"), Column("status", .text, summary: "ok"),
        ]
        let perRun = rowCount
        let perTime = ensembles.count * parameters.pools.count * quantities.count
        return Table(
            columns: columns, keys: ["run", "time", "mechanism", "pool", "quantity"], rows: perRun * runs, atOnce: 4096
        ) { range in
            var builders = columns.map { ColumnBuilder($0.kind) }
            for row in range {
                let (run, inRun) = row.quotientAndRemainder(dividingBy: perRun)
                let (time, rest) = inRun.quotientAndRemainder(dividingBy: perTime)
                let (group, place) = rest.quotientAndRemainder(dividingBy: quantities.count)
                let (mechanism, pool) = group.quotientAndRemainder(dividingBy: report.parameters.pools.count)
                let ensemble = report.ensembles[mechanism]
                let values: [Value] = [
                    .integer(run), .real(report.parameters.times[time] * report.period),
                    .text(ensemble.mechanism.rawValue), .text(report.parameters.pools[pool].name),
                    .text(quantities[place].rawValue),
                    .real(
                        ensemble.runs[run].values[
                            (time * report.parameters.pools.count + pool) * quantities.count + place]),
                    .text("ok"),
                ]
                for index in values.indices { builders[index].append(values[index]) }
            }
            return builders.map(\.values)
        }
    }

    // MARK: - Summaries

    private func theory(_ metric: ProtocolMetric, _ mechanism: Mechanism, pool: Int) -> Double? {
        switch mechanism {
        case .pool: ProtocolTheory.pool(metric, parameters, pool: pool)
        case .posted: ProtocolTheory.posted(metric, parameters.pools[pool], setup.books[pool])
        }
    }

    /// What a metric is, with its time in the unit of --period.
    private func scale(_ metric: ProtocolMetric) -> Double { metric == .timeToFirstIncome ? period : 1 }

    /// A row a mechanism, pool and metric.
    func summaryTable() throws -> Table {
        var rows: [NamedValues] = []
        for ensemble in ensembles {
            for (pool, parameters) in parameters.pools.enumerated() {
                for metric in ProtocolMetric.allCases {
                    let scale = scale(metric)
                    let sample = SampleStatistics(ensemble.values(metric, pool: pool).map { $0 * scale })
                    let isShare = metric.isShareOfRuns
                    let mean =
                        runs == 1
                        ? ensemble.wholeRun(metric, pool: pool).map { $0 * scale } : sample.mean
                    rows.append([
                        "mechanism": .text(ensemble.mechanism.rawValue), "pool": .text(parameters.name),
                        "metric": .text(metric.rawValue), "mean": .real(mean),
                        "standard_error": .real(sample.standardError),
                        "q05": isShare ? .missing : .real(sample.quantile(0.05)),
                        "median": isShare ? .missing : .real(sample.quantile(0.5)),
                        "q95": isShare ? .missing : .real(sample.quantile(0.95)),
                        "theory": .real(theory(metric, ensemble.mechanism, pool: pool).map { $0 * scale }),
                    ])
                }
            }
        }
        let observed = runs == 1 ? "twenty parts of the one run" : "runs"
        let columns = [
            Self.mechanismColumn, Self.poolColumn,
            Column(
                "metric", .text,
                summary: ProtocolMetric.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
            Column("mean", .real, summary: "mean over runs, after the burn-in"),
            Column("standard_error", .real, summary: "of the mean, from \(observed)"),
            Column("q05", .real, summary: "quantile 0.05 over \(observed); empty for shares of runs"),
            Column("median", .real, summary: "over \(observed); empty for shares of runs"),
            Column("q95", .real, summary: "quantile 0.95 over \(observed); empty for shares of runs"),
            Column("theory", .real, summary: "of infinitely many providers at rest, or of queues; empty where none"),
        ]
        return try ResultTable(columns: columns, keys: ["mechanism", "pool", "metric"], rows: rows).table()
    }

    /// The mechanisms beside each other: a row a pool and metric.
    func compareTable() throws -> Table {
        let first = ensembles[0]
        var rows: [NamedValues] = []
        for (pool, parameters) in parameters.pools.enumerated() {
            for metric in ProtocolMetric.allCases where !metric.isShareOfRuns {
                let scale = scale(metric)
                var row: NamedValues = ["pool": .text(parameters.name), "metric": .text(metric.rawValue)]
                let base = first.values(metric, pool: pool).map { $0 * scale }
                for ensemble in ensembles {
                    let values = ensemble.values(metric, pool: pool).map { $0 * scale }
                    let sample = SampleStatistics(values)
                    let name = ensemble.mechanism.rawValue
                    row["mean_" + name] = .real(sample.mean)
                    row["standard_error_" + name] = .real(sample.standardError)
                    guard ensemble.mechanism != first.mechanism else { continue }
                    let difference = SampleStatistics(zip(values, base).map { $0 - $1 })
                    row["difference"] = .real(difference.mean)
                    row["standard_error_difference"] = .real(difference.standardError)
                }
                rows.append(row)
            }
        }
        let names = ensembles.map(\.mechanism.rawValue)
        let columns =
            [Self.poolColumn, Column("metric", .text, summary: "as in --summary")]
            + names.flatMap {
                [
                    Column("mean_" + $0, .real, summary: "mean of this mechanism"),
                    Column("standard_error_" + $0, .real, summary: "its standard error"),
                ]
            }
            + [
                Column("difference", .real, summary: "\(names.last ?? "") minus \(names[0]), run by run"),
                Column("standard_error_difference", .real, summary: "its standard error, from the paired differences"),
            ]
        return try ResultTable(columns: columns, keys: ["pool", "metric"], rows: rows).table()
    }

    /// How long each run's price was in the band: a row a pool and run.
    func bandTable() -> Table {
        var (runNumbers, pools, shares, exits): ([Int?], [String?], [Double], [Double]) = ([], [], [], [])
        guard let ensemble = ensembles.first(where: { $0.mechanism == .pool }) else { return Table([]) }
        for (run, outcome) in ensemble.runs.enumerated() {
            for (pool, band) in outcome.band.enumerated() {
                runNumbers.append(run)
                pools.append(parameters.pools[pool].name)
                shares.append(band.share)
                exits.append(band.firstExit.map { $0 * period } ?? .nan)
            }
        }
        return Table(
            [
                (Column("run", .integer, summary: "number of the run, from 0"), .integer(runNumbers)),
                (Self.poolColumn, .text(pools)),
                (
                    Column("share_in_band", .real, summary: "share of the time with a price from α_s to α_g"),
                    .real(shares)
                ),
                (
                    Column("first_exit_time", .real, summary: "when the price is first outside; empty for never"),
                    .real(exits)
                ),
            ], keys: ["run", "pool"])
    }
}

extension ProtocolMetric {
    /// Whether it is a share of the runs.
    var isShareOfRuns: Bool {
        switch self {
        case .outcomeExodus, .outcomeBalanced, .outcomeScarcity: true
        default: false
        }
    }
}

extension ProtocolEnsemble {
    /// A metric of a single run, from all of its time; nil where there is none.
    func wholeRun(_ metric: ProtocolMetric, pool: Int) -> Double? {
        let metrics = ProtocolMetric.allCases
        guard let place = metrics.firstIndex(of: metric) else { return nil }
        let value = runs[0].metrics[pool * metrics.count + place]
        return value.isNaN ? nil : value
    }
}
