import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

extension CalibrationGoal.Loss: ExpressibleByArgument {}

/// `pinfi calibrate history`: the reward that keeps the market of a history inside its band the largest share of the time.
struct CalibrateHistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract:
            "The block reward that keeps the market of a price history inside its band the largest share of the time.",
        discussion: """
            Each row of the CSV file is a market that begins at the row's time and lasts until the next row; the last one \
            lasts until --until, or no time. A row is balanced for γ from γ_min = β to γ_max, both included. The best γ is found \
            exactly: gamma_best_low and gamma_best_high are the widest range of γ that no other γ beats (the lowest of the \
            widest), --optima lists all such ranges, and --profile has the shares at every γ: a row's hold from its γ up to \
            the next row's, exclusive.

            --loss shortfall looks for the reward that is least far outside of the band on average, below it and above alike, instead \
            of outside for the least time; --margin 5% counts as inside what is by at least so much.

            With --rule price the reward is kβ, with --rule mean k times the mean of β over the --window before each row, \
            weighted by time; the reward is set as a row begins and stays until the next one. Then k is looked for: \
            k_best_low, k_best_high.

            Times are ISO 8601, without a zone in UTC or --timezone, or seconds or milliseconds since 1970, all in one form, or \
            as --time-format says. Rows out of order are sorted; several rows of one time must not differ unless --aggregate \
            says what they come to. A bad row, a price of 0 or below among them, ends the run; under --on-error keep the time \
            until the next row is left out of all shares, under --carry-forward the price before stays in force. \
            share_left_out says how much of the time no price is known.

            --bootstrap draws the history again in blocks of time: percentile intervals of the best reward and of the share \
            of the time that it is balanced. The former only shows how much the best depends on the history; its level is not \
            exact. --rolling 14d:1d pays the middle of what was best in 14 days during the day after them, and so on.

            Examples:
              pinfi calibrate history --input prices.csv --time timestamp \\
                --column beta=usd_per_hour --delta 2.6
              pinfi calibrate history --input prices.csv --time timestamp \\
                --column beta=usd_per_hour --delta 2.6 --rule mean --window 24h \\
                --profile profile.csv
              pinfi calibrate history --input prices.csv --time timestamp \\
                --column beta=usd_per_hour --delta 2.6 --bootstrap 1000 --block 1d \\
                --rolling 14d:1d
            """)

    /// How a reward is set.
    enum RuleName: String, CaseIterable, ExpressibleByArgument {
        case constant, price, mean
    }

    @OptionGroup(title: "The history") var input: InputOptions

    @OptionGroup(title: "What the rows mean") var rows: HistoryOptions

    @Option(
        parsing: .unconditional,
        help: "The reward: constant, price (kβ), or mean (k times the mean of β over --window).")
    var rule: RuleName = .constant

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How far back --rule mean looks: 24h, 7d, 90min.", valueName: "duration"),
        transform: spanArgument)
    var window: TimeSpan?

    @Option(
        parsing: .unconditional,
        help:
            "What is kept small: time outside of the band, or shortfall, how far outside the reward is on either side, on average."
    )
    var loss: CalibrationGoal.Loss = .time

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How far inside the band counts as inside: 5% of either bound, or so many tokens per unit.",
            valueName: "margin"),
        transform: { text in
            let isShare = text.hasSuffix("%")
            let allowed = "a number of at least 0, tokens per unit, or a percentage below 100: 0.02, 5%"
            let value = try decimalNumber(isShare ? String(text.dropLast()) : text, allowed: allowed)
            guard value >= 0, !isShare || value < 100 else { throw ArgumentFault("allowed: \(allowed)") }
            return isShare ? .share(value / 100) : .tokens(value)
        })
    var margin: CalibrationGoal.Margin?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the shares at every reward to this CSV file.", valueName: "file.csv"))
    var profile: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Write every best range to this CSV file.", valueName: "file.csv"))
    var optima: String?

    @OptionGroup(title: "The bootstrap") var bootstrap: ResamplingOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Out of sample: pay what was best in a training during the test after it, again and again.",
            valueName: "training:test"),
        transform: spanPairArgument)
    var rolling: TimeSpanPair?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write every training and test to this CSV file.", valueName: "file.csv"))
    var folds: String?

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        let files = try RunFiles(
            common, sides: [("--profile", profile), ("--optima", optima), ("--folds", folds)], plot: plot)
        let values = try ParameterValues(market: market, files: files)
        let rule = try rewardRule()
        try refuseLonelyOptions()
        guard let reader = try input.reader(files, common, timeOption: "--time-format") else {
            throw CommandFailure(
                .usage, "The history is missing: give --input FILE.csv, or --input - for standard input.")
        }
        let source = try HistoryInput(reader, input, rows, values: values, common: common)
        if rows.groupBy != nil, let option = files.sides.first?.option ?? plot.outputs.first?.option {
            throw CommandFailure(
                .usage,
                "\(option) is of one history, and --group-by makes several: give --where instead, a run for each.")
        }

        let run = try RunOutputs("calibrate history", common, files)
        describe(values, source, in: &run.record)
        let bar = run.progress("reading", unit: "rows", total: nil)
        let groups = try source.read { bar.update($0) }
        bar.finish(groups.reduce(0) { $0 + $1.count })
        run.record.failedCells = groups.reduce(0) { $0 + $1.failed }
        if rows.groupBy == nil {
            let calibration = HistoryCalibration(
                try source.history(groups[0]), rule: rule, goal: goal, threads: common.threads)
            let (record, folds) = try summary(calibration, groups[0], source.name, run)
            try run.write(record)
            try run.write("--profile") { calibration.profileTable() }
            try run.write("--optima") { calibration.optimaTable() }
            if let folds { try run.write("--folds") { folds } }
            try run.draw {
                HistoryFigure(calibration: calibration, title: plot.title, form: groups[0].form).sheet(size: plot.size)
            }
        } else {
            try run.write(try groupTable(groups, source, rule, run), keyColumns: 1)
        }
        try run.finish()
    }

    /// A row for each group: what the record of a history has, and whether there is one.
    private func groupTable(
        _ groups: [HistoryInput.Rows], _ source: HistoryInput, _ rule: RewardRule, _ run: RunOutputs
    ) throws -> Table {
        let group = Column(rows.groupBy ?? "", .text, summary: "what the rows of the history have in this column")
        let status = Column("status", .text, summary: "ok, or why there is no result")
        var columns: [Column] = []
        var named: [NamedValues] = []
        var firstFault: CommandFailure?
        for rows in groups {
            var row: NamedValues = [group.name: .text(rows.group ?? "")]
            do {
                let calibration = HistoryCalibration(
                    try source.history(rows), rule: rule, goal: goal, threads: common.threads)
                let record = try summary(calibration, rows, source.name, run).record
                if columns.isEmpty { columns = record.fields.map(\.column) }
                for (column, value) in record.fields { row[column.name] = value }
                row[status.name] = .text(PointQuantity.ok)
            } catch let failure as CommandFailure where failure.status == .badData {
                row[status.name] = .text(failure.description)
                firstFault = firstFault ?? failure
            }
            named.append(row)
        }
        guard !columns.isEmpty else {
            throw CommandFailure(
                .badData,
                "\(source.name): no group has a history; the first: \(firstFault?.description ?? "there is no row.")")
        }
        if let clash = (columns + [status]).first(where: { $0.name == group.name }) {
            throw CommandFailure(
                .badData,
                "--group-by \(group.name): the output has a column \(clash.name) of its own; rename the input's.")
        }
        return try ResultTable(columns: [group] + columns + [status], keys: [group.name], rows: named).table()
    }

    /// The record of a history, and its folds where they are asked for.
    private func summary(
        _ calibration: HistoryCalibration, _ rows: HistoryInput.Rows, _ name: String, _ run: RunOutputs
    ) throws -> (record: Record, folds: Table?) {
        var record = summary(calibration, rows)
        var drawn: BlockBootstrap?
        if let resamples = bootstrap.bootstrap {
            let block = try bootstrap.block(of: calibration.duration, resamples: resamples, name: name, common) {
                calibration.blockLength
            }
            drawn = BlockBootstrap(resamples: resamples, block: block, seed: common.seed ?? 0)
            if let drawn { try add(drawn, of: calibration, to: &record, run) }
        }
        let folds = try rolling.flatMap { try self.folds($0, of: calibration, form: rows.form, drawn, in: &record) }
        return (record, folds)
    }

    // MARK: - Options

    private var goal: CalibrationGoal { CalibrationGoal(loss, margin: margin ?? .tokens(0)) }

    private func rewardRule() throws -> RewardRule {
        switch (rule, window) {
        case (.constant, nil): return .constant
        case (.price, nil): return .multipleOfPrice
        case (.mean, let window?): return .multipleOfMean(window: UInt64(window.nanoseconds))
        case (.mean, nil): throw CommandFailure(.usage, "--rule mean needs --window, 24h for example.")
        case (.constant, _?), (.price, _?):
            throw CommandFailure(.usage, "--window belongs to --rule mean; --rule is \(rule.rawValue).")
        }
    }

    /// Options that do nothing without another one.
    private func refuseLonelyOptions() throws {
        for (option, isGiven) in [
            ("--block", bootstrap.block != nil), ("--confidence", bootstrap.confidence != nil),
        ] where isGiven && bootstrap.bootstrap == nil {
            throw CommandFailure(.usage, "\(option) belongs to --bootstrap, which is not given.")
        }
        if folds != nil, rolling == nil {
            throw CommandFailure(.usage, "--folds belongs to --rolling, which is not given.")
        }
    }

    private func describe(_ values: ParameterValues, _ source: HistoryInput, in record: inout RunRecord) {
        record.add(values)
        record.configuration["time"] = .text(source.timeColumn)
        record.configuration["columns"] = .object(
            JSONObject(source.parameterColumns.map { ($0.parameter.rawValue, .text($0.column)) }))
        for setting in rows.settings { record.configuration[setting.name] = setting.value }
        record.configuration["on_error"] = .text(input.onError.rawValue)
        record.configuration["rule"] = .text(rule.rawValue)
        record.configuration["loss"] = .text(loss.rawValue)
        switch margin {
        case nil: break
        case .share(let share): record.configuration["margin_share"] = .real(share)
        case .tokens(let tokens): record.configuration["margin"] = .real(tokens)
        }
        record.configuration["window_seconds"] = JSONValue(window?.seconds)
        if let resamples = bootstrap.bootstrap {
            record.configuration["bootstrap"] = JSONValue(resamples)
            record.configuration["block_seconds"] = JSONValue(bootstrap.block?.seconds)
            record.configuration["confidence"] = .real(bootstrap.confidence ?? 0.95)
            record.seed = common.seed ?? 0
        }
        if let rolling {
            record.configuration["rolling_seconds"] = [.real(rolling.first.seconds), .real(rolling.second.seconds)]
        }
    }

    // MARK: - The record

    private func summary(_ calibration: HistoryCalibration, _ read: HistoryInput.Rows) -> Record {
        let best = calibration.best.widest
        let isConstant = calibration.rule == .constant
        func real(_ name: String, _ value: Double?, unit: String = "", _ summary: String) -> (Column, Value) {
            (Column(name, .real, unit: unit, summary: summary), .real(value))
        }
        // Where nothing is ever balanced, every band is empty under any reward.
        let shares = calibration.shares(at: best?.lowerBound ?? 0)
        let tokens = "tokens per unit"
        var fields = [
            real(
                "gamma_best_low", isConstant ? best?.lowerBound : nil, unit: tokens,
                "lowest reward of the widest range that is balanced longest"),
            real(
                "gamma_best_high", isConstant ? best?.upperBound : nil, unit: tokens,
                "highest reward of the widest range that is balanced longest"),
        ]
        fields += zip(OutcomeShares.columns(), shares.values).map { ($0, .real($1)) }
        fields += [
            real("duration", Double(calibration.duration) / 1e9, unit: "s", "time in which the market is known"),
            (Column("rows", .integer, summary: "rows of the input"), .integer(read.count)),
            (Column("failed", .integer, summary: "rows that could not be used"), .integer(read.failed)),
            (
                Column("optima", .integer, summary: "disjoint ranges that are balanced longest"),
                .integer(calibration.best.ranges.count)
            ),
            real("k_best_low", isConstant ? nil : best?.lowerBound, "lowest factor of the widest best range"),
            real("k_best_high", isConstant ? nil : best?.upperBound, "highest factor of the widest best range"),
            real(
                "share_left_out", calibration.history.shareLeftOut,
                "share of the time between the first row and the end in which no market is known"),
        ]
        if let x = best?.lowerBound, loss == .shortfall {
            fields.append(
                real(
                    "shortfall_mean", calibration.meanShortfall(at: x), unit: tokens,
                    "how far the best reward is outside of the band less the margin, on average over the known time"))
        }
        if let x = best?.lowerBound, margin != nil {
            fields.append(
                real(
                    "share_inside", calibration.shareInside(at: x),
                    "share of the time in which the best reward is inside the band by the margin"))
        }
        return Record(fields)
    }

    private func add(
        _ bootstrap: BlockBootstrap, of calibration: HistoryCalibration, to record: inout Record, _ run: RunOutputs
    ) throws {
        let rows = Double(bootstrap.resamples) * Double(calibration.weights.count)
        guard rows <= BlockBootstrap.mostRows else {
            throw CommandFailure(
                .usage,
                "--bootstrap \(bootstrap.resamples) draws \(calibration.weights.count) rows again and again, "
                    + "\(formatRounded(rows, digits: 3)) in all; at most "
                    + "\(formatRounded(BlockBootstrap.mostRows, digits: 3)) are drawn. Lower it.")
        }
        let bar = run.progress("bootstrap", unit: "resamples", total: bootstrap.resamples)
        let resamples = bootstrap.resample(calibration, threads: common.threads) { bar.update($0) }
        bar.finish(bootstrap.resamples)
        let intervals = BootstrapIntervals(resamples, confidence: self.bootstrap.confidence ?? 0.95)
        let unknown = calibration.rule.unknown
        for (name, unit, low, high, what) in [
            (
                "\(unknown.name)_best", unknown.unit, intervals.best?.lowerBound, intervals.best?.upperBound,
                "the best \(unknown.summary), its spread over the resamples and no interval of a level"
            ),
            (
                "share_balanced", "", intervals.share.lowerBound, intervals.share.upperBound,
                "the share that it is balanced"
            ),
        ] {
            record.append(
                Column(name + "_from", .real, unit: unit, summary: "lower end of the bootstrap's interval of \(what)"),
                .real(low))
            record.append(
                Column(name + "_to", .real, unit: unit, summary: "upper end of the bootstrap's interval of \(what)"),
                .real(high))
        }
    }

    /// The folds as a table, and what they say together in the record.
    private func folds(
        _ spans: TimeSpanPair, of calibration: HistoryCalibration, form: Instant.Form, _ bootstrap: BlockBootstrap?,
        in record: inout Record
    ) throws -> Table? {
        let (training, test) = (UInt64(spans.first.nanoseconds), UInt64(spans.second.nanoseconds))
        guard let rolling = RollingCalibration(training: training, test: test) else { return nil }
        let count = rolling.foldCount(calibration.history)
        guard (1...RollingCalibration.mostFolds).contains(count) else {
            let length = UInt64(bitPattern: calibration.history.end &- calibration.history.rows[0].time)
            throw CommandFailure(
                .usage,
                "--rolling needs a history of at least a training and a test, "
                    + "\(formatShortest(spans.first.seconds + spans.second.seconds)) s, and at most \(RollingCalibration.mostFolds) tests; the history has "
                    + "\(formatShortest(Double(length) / 1e9)) s.")
        }
        let folds = rolling.folds(calibration, threads: common.threads)
        let summary = RollingCalibration.Summary(folds)
        record.append(Column("rolling_folds", .integer, summary: "tests out of sample"), .integer(summary.tests))
        record.append(
            Column(
                "rolling_train_share_balanced", .real,
                summary: "share that is balanced in training, mean over the tests"),
            .real(summary.training?.balanced))
        let shares: [Double?] = summary.test.map { $0.values } ?? [nil, nil, nil, nil]
        for (column, share) in zip(OutcomeShares.columns(prefix: "rolling_", suffix: ", in all tests"), shares) {
            record.append(column, .real(share))
        }
        if let bootstrap {
            let interval = bootstrap.testShare(
                folds, of: calibration, confidence: self.bootstrap.confidence ?? 0.95, threads: common.threads)
            for (end, value, what) in [("from", interval?.lowerBound, "lower"), ("to", interval?.upperBound, "upper")] {
                record.append(
                    Column(
                        "rolling_share_balanced_\(end)", .real,
                        summary: "\(what) end of the bootstrap's interval of the share that is balanced in all tests"),
                    .real(value))
            }
        }
        return FoldTable(folds: folds, rule: calibration.rule, form: form).table()
    }
}
