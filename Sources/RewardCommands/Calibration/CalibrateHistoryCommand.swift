import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

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

            With --rule price the reward is kβ, with --rule mean k times the mean of β over the --window before each row, \
            weighted by time; the reward is set as a row begins and stays until the next one. Then k is looked for: \
            k_best_low, k_best_high.

            Times are ISO 8601, without a zone in UTC, or seconds since 1970, all in one form. Rows out of order are sorted; of \
            several rows of one time the last in the file counts. A bad row ends the run, or under --on-error keep the time \
            until the next row is left out of all shares.

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

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The column that says when a row begins. Default: time.", valueName: "column"))
    var time: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("When the last row ends.", valueName: "time"),
        transform: { try TimeArgument($0) })
    var until: TimeArgument?

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
        help: ArgumentHelp("Write the shares at every reward to this CSV file.", valueName: "file.csv"))
    var profile: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Write every best range to this CSV file.", valueName: "file.csv"))
    var optima: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Draw the history again so many times.", valueName: "count"),
        transform: wholeArgument(2...10_000_000))
    var bootstrap: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Duration of the bootstrap's blocks: longer than the market remembers.", valueName: "duration"),
        transform: spanArgument)
    var block: TimeSpan?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Level of the bootstrap's intervals. Default: 0.95.", valueName: "0<…<1"),
        transform: { text in
            let allowed = "a number greater than 0 and less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value > 0, value < 1 else { throw ArgumentFault("the level must be \(allowed)") }
            return value
        })
    var confidence: Double?

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
        let resampling = try resampling()
        try refuseLonelyOptions()
        guard let reader = try input.reader(files) else {
            throw CommandFailure(
                .usage, "The history is missing: give --input FILE.csv, or --input - for standard input.")
        }
        let source = try HistoryInput(
            reader, time: time, mappings: input.mappings, values: values, onFault: input.onError)
        input.warnOfOverridden(source.parameterColumns, values, common)

        let run = try RunOutputs("calibrate history", common, files)
        describe(values, source, in: &run.record)
        let bar = run.progress("reading", unit: "rows", total: nil)
        let read = try source.read { bar.update($0) }
        bar.finish(read.count)
        let history = try history(read, name: source.name)
        let calibration = HistoryCalibration(history, rule: rule)
        run.record.failedCells = read.failed

        var record = summary(calibration, read)
        if let resampling { try add(resampling, of: calibration, to: &record, run) }
        let folds = try rolling.flatMap { try self.folds($0, of: calibration, form: read.form ?? .zoned, in: &record) }
        try run.write(record)
        try run.write("--profile") { calibration.profileTable() }
        try run.write("--optima") { calibration.optimaTable() }
        if let folds { try run.write("--folds") { folds } }
        try run.draw {
            HistoryFigure(calibration: calibration, title: plot.title, form: read.form ?? .zoned)
                .sheet(size: plot.size)
        }
        try run.finish()
    }

    // MARK: - Options

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

    private func resampling() throws -> BlockBootstrap? {
        guard let bootstrap else { return nil }
        guard let block else {
            throw CommandFailure(
                .usage,
                "--bootstrap needs --block, the duration of its blocks: 1d for example, longer than the market remembers."
            )
        }
        return BlockBootstrap(resamples: bootstrap, block: UInt64(block.nanoseconds), seed: common.seed ?? 0)
    }

    /// Options that do nothing without another one.
    private func refuseLonelyOptions() throws {
        for (option, isGiven) in [("--block", block != nil), ("--confidence", confidence != nil)]
        where isGiven && bootstrap == nil {
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
        record.configuration["until"] = (until?.time.text(as: .zoned)).map { .text($0) } ?? .null
        record.configuration["on_error"] = .text(input.onError.rawValue)
        record.configuration["rule"] = .text(rule.rawValue)
        record.configuration["window_seconds"] = JSONValue(window?.seconds)
        if let bootstrap {
            record.configuration["bootstrap"] = JSONValue(bootstrap)
            record.configuration["block_seconds"] = JSONValue(block?.seconds)
            record.configuration["confidence"] = .real(confidence ?? 0.95)
            record.seed = common.seed ?? 0
        }
        if let rolling {
            record.configuration["rolling_seconds"] = [.real(rolling.first.seconds), .real(rolling.second.seconds)]
        }
    }

    // MARK: - The history

    private func history(_ read: HistoryInput.Rows, name: String) throws -> PriceHistory {
        if let form = read.form, let until, (form == .epoch) != (until.form == .epoch) {
            throw CommandFailure(
                .usage,
                "--until is \(until.form.title), and the times of \(name) are \(form.title); give it in the same form.")
        }
        if read.failed > 0 {
            common.warn(
                "\(read.failed) of \(read.count) rows could not be used; the first: \(read.firstFault.map { "\($0)" } ?? "")"
            )
        }
        let history: PriceHistory
        do throws(PriceHistoryError) {
            history = try PriceHistory(read.rows, until: until?.time.nanoseconds)
        } catch {
            let form = read.form ?? .zoned
            switch error {
            case .noRows:
                throw CommandFailure(
                    .badData,
                    read.failed > 0
                        ? "\(name): none of its \(read.count) rows could be used; the first: "
                            + (read.firstFault.map { "\($0)" } ?? "")
                        : "\(name): there are no rows below the header.")
            case .endBeforeLast(let end, let last):
                throw CommandFailure(
                    .usage,
                    "--until is \(Instant(nanoseconds: end).text(as: form)), before the last row begins, "
                        + "\(Instant(nanoseconds: last).text(as: form)); allowed: that or later.")
            case .noDuration:
                throw CommandFailure(
                    .badData,
                    read.count == 1
                        ? "\(name): its only row lasts no time, since a row lasts until the next one; say with --until when it "
                            + "ends."
                        : "\(name): no row with a known market lasts any time; a row lasts until the next one, the last one "
                            + "until --until.")
            }
        }
        if history.unsortedRows > 0 {
            common.warn(
                "the rows are not in order of time (\(history.unsortedRows) of them begin before the row above); they were sorted."
            )
        }
        if history.repeatedTimes > 0 {
            common.warn(
                "of several rows of one time only the last counts; \(history.repeatedTimes) of \(history.rows.count) rows do not."
            )
        }
        return history
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
        ]
        return Record(fields)
    }

    private func add(
        _ bootstrap: BlockBootstrap, of calibration: HistoryCalibration, to record: inout Record, _ run: RunOutputs
    )
        throws
    {
        guard bootstrap.block <= calibration.duration else {
            throw CommandFailure(
                .usage,
                "--block is \(formatShortest(Double(bootstrap.block) / 1e9)) s, and the history has "
                    + "\(formatShortest(Double(calibration.duration) / 1e9)) s; allowed: up to that, and better much less."
            )
        }
        let blocks = bootstrap.blockCount(calibration)
        guard blocks <= BlockBootstrap.mostBlocks else {
            throw CommandFailure(
                .usage,
                "--bootstrap \(bootstrap.resamples) and --block \(formatShortest(Double(bootstrap.block) / 1e9)) s make "
                    + (blocks == .max ? "more than 10^19" : "\(blocks)") + " blocks of a history of "
                    + "\(formatShortest(Double(calibration.duration) / 1e9)) s; at most \(BlockBootstrap.mostBlocks) are drawn. "
                    + "Give a longer --block or fewer resamples.")
        }
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
        let intervals = BootstrapIntervals(resamples, confidence: confidence ?? 0.95)
        let unknown = calibration.rule.unknown
        for (name, unit, low, high, what) in [
            (
                "\(unknown.name)_best", unknown.unit, intervals.best?.lowerBound, intervals.best?.upperBound,
                "the best \(unknown.summary)"
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
        _ spans: TimeSpanPair, of calibration: HistoryCalibration, form: Instant.Form, in record: inout Record
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
        return FoldTable(folds: folds, rule: calibration.rule, form: form).table()
    }
}
