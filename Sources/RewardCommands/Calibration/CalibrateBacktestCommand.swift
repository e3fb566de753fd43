import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi calibrate backtest`: policies of the block reward on trial over a history.
struct CalibrateBacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "How a reward, or several ways to set one, would have done over a price history.",
        discussion: """
            A row for each --policy. constant=1.19 always pays the same; price*1.05 pays so many times the price in force as a row \
            of the history begins, mean:24h*1.02 so many times its mean over the 24 hours before, weighted by time; \
            schedule:FILE.yaml pays an emission schedule, the file having the options of 'pinfi calibrate schedule' as keys. A reward \
            is set as a row begins and stays until the next. Rows before which the history is shorter than the longest window are \
            left out for all policies.

            The shares are of the time that counts. shortfall_mean and shortfall_max are γ_min − γ while the reward is below the band, \
            excess_mean and excess_max γ − γ_max while it is above; 0 where it never is. spells counts how often the market was \
            outside of its band, or had none, and longest_spell is the longest of these, in seconds. reward_mean is what is paid per \
            staked unit and staking period, averaged over time. difference_low to difference_high is a bootstrap interval of how much \
            more of the time the policy is balanced than the first one; all are drawn by the same blocks of time.

            --rolling 14d:1d scores two periods apart: training is all but the last test, test begins where the first training ends.

            Example:
              pinfi calibrate backtest --input prices.csv --time timestamp \\
                --column beta=usd_per_hour --delta 2.6 --policy constant=1.19 \\
                --policy 'price*1.05' --policy 'mean:24h*1.02'
            """)

    @OptionGroup(title: "The history") var input: InputOptions
    @OptionGroup(title: "What the rows mean") var rows: HistoryOptions

    @Option(
        name: .customLong("policy"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A way to set the reward: constant=1.19, price*1.05, mean:24h*1.02, schedule:FILE.yaml; may be repeated.",
            valueName: "policy"),
        transform: { try PolicyArgument($0) })
    var policies: [PolicyArgument] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Score the trainings and the tests of such a calibration apart.", valueName: "training:test"),
        transform: spanPairArgument)
    var rolling: TimeSpanPair?

    @OptionGroup(title: "The differences") var resampling: ResamplingOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        guard !policies.isEmpty else {
            throw CommandFailure(.usage, "There is nothing to try: give --policy, constant=1.19 for example.")
        }
        var seen: Set<String> = []
        for policy in policies where !seen.insert(policy.text).inserted {
            throw CommandFailure(.usage, "--policy \(policy.text) is given twice; keep one of them.")
        }
        let files = try RunFiles(common)
        let values = try ParameterValues(market: market, files: files)
        guard let reader = try input.reader(files, common, timeOption: "--time-format") else {
            throw CommandFailure(
                .usage, "The history is missing: give --input FILE.csv, or --input - for standard input.")
        }
        let source = try HistoryInput(reader, input, rows, values: values, common: common)
        let tried = try policies.map { try $0.policy(files) }
        if policies.count == 1, resampling.bootstrap != nil || resampling.block != nil || resampling.confidence != nil {
            throw CommandFailure(.usage, "The bootstrap is of differences between policies: give a second --policy.")
        }

        let run = try RunOutputs("calibrate backtest", common, files)
        run.record.add(values)
        run.record.configuration["time"] = .text(source.timeColumn)
        run.record.configuration["columns"] = .object(
            JSONObject(source.parameterColumns.map { ($0.parameter.rawValue, .text($0.column)) }))
        for setting in rows.settings { run.record.configuration[setting.name] = setting.value }
        run.record.configuration["on_error"] = .text(input.onError.rawValue)
        run.record.configuration["policies"] = .array(policies.map { .text($0.text) })
        if let rolling {
            run.record.configuration["rolling_seconds"] = [.real(rolling.first.seconds), .real(rolling.second.seconds)]
        }
        run.record.configuration["bootstrap"] = JSONValue(resampling.bootstrap ?? Self.resamples)
        run.record.configuration["confidence"] = .real(resampling.confidence ?? 0.95)
        run.record.seed = common.seed ?? 0

        let bar = run.progress("reading", unit: "rows", total: nil)
        let groups = try source.read { bar.update($0) }
        bar.finish(groups.reduce(0) { $0 + $1.count })
        run.record.failedCells = groups.reduce(0) { $0 + $1.failed }
        var rows: [NamedValues] = []
        for group in groups {
            rows += try scores(RewardBacktest(try source.history(group), policies: tried), of: group, source.name)
        }
        try run.write(try table(rows), keyColumns: 1)
        try run.finish()
    }

    private static let resamples = 1000

    /// The periods that are scored, and what they are called.
    private func periods(_ backtest: RewardBacktest) throws -> [(name: String?, period: RewardBacktest.Period)] {
        let whole = backtest.wholePeriod
        guard let rolling else { return [(nil, whole)] }
        let (training, test) = (UInt64(rolling.first.nanoseconds), UInt64(rolling.second.nanoseconds))
        let count = RollingCalibration(training: training, test: test)?.foldCount(backtest.history) ?? 0
        guard count >= 1 else {
            throw CommandFailure(
                .usage,
                "--rolling needs a history of at least a training and a test, "
                    + "\(formatShortest(rolling.first.seconds + rolling.second.seconds)) s; it has "
                    + "\(formatShortest(Double(UInt64(bitPattern: whole.end &- whole.start)) / 1e9)) s.")
        }
        let testStart = whole.start &+ Int64(bitPattern: training)
        let lastTest = testStart &+ Int64(bitPattern: UInt64(count - 1) &* test)
        return [
            ("training", RewardBacktest.Period(start: whole.start, end: lastTest)),
            ("test", RewardBacktest.Period(start: testStart, end: lastTest &+ Int64(bitPattern: test))),
        ]
    }

    private func scores(
        _ backtest: RewardBacktest, of group: HistoryInput.Rows, _ name: String
    ) throws -> [NamedValues] {
        if backtest.rowsWithoutWindow > 0 {
            common.tell(
                "\(name): \(backtest.rowsWithoutWindow) rows, \(formatShortest(Double(backtest.durationWithoutWindow) / 1e9)) s, are left out "
                    + "for all policies, since a window before them is not full.")
        }
        var rows: [NamedValues] = []
        for (part, period) in try periods(backtest) {
            let duration = backtest.duration(of: period)
            guard duration > 0 else {
                throw CommandFailure(
                    .badData,
                    "\(name): no time is left to score\(part.map { " in the \($0)" } ?? ""): the windows of the policies are as long as the "
                        + "history, or no market is known.")
            }
            var differences: [ClosedRange<Double>?] = policies.map { _ in nil }
            if policies.count > 1 {
                let resamples = resampling.bootstrap ?? Self.resamples
                let block = try resampling.block(
                    of: duration, resamples: resamples, name: part.map { "\(name), \($0)" } ?? name, common
                ) { backtest.blockLength(in: period) }
                differences = backtest.differences(
                    in: period, resamples: resamples, block: block, confidence: resampling.confidence ?? 0.95,
                    seed: common.seed ?? 0, threads: common.threads)
            }
            for (index, policy) in policies.enumerated() {
                guard let score = backtest.score(index, in: period) else { continue }
                var row: NamedValues = [
                    "policy": .text(policy.text), "shortfall_mean": .real(score.meanShortfall),
                    "shortfall_max": .real(score.largestShortfall), "excess_mean": .real(score.meanExcess),
                    "excess_max": .real(score.largestExcess), "spells": .integer(score.spells),
                    "longest_spell": .real(Double(score.longestSpell) / 1e9), "reward_mean": .real(score.meanReward),
                    "difference_low": .real(differences[index]?.lowerBound),
                    "difference_high": .real(differences[index]?.upperBound),
                ]
                for (column, value) in zip(OutcomeShares.columns(), score.shares.values) {
                    row[column.name] = .real(value)
                }
                if let part { row["period"] = .text(part) }
                if let column = self.rows.groupBy { row[column] = .text(group.group ?? "") }
                rows.append(row)
            }
        }
        return rows
    }

    private func table(_ rows: [NamedValues]) throws -> Table {
        let tokens = "tokens per unit"
        func real(_ name: String, unit: String = "", _ summary: String) -> Column {
            Column(name, .real, unit: unit, summary: summary)
        }
        let group = self.rows.groupBy.map {
            Column($0, .text, summary: "what the rows of the history have in this column")
        }
        let period = rolling.map { _ in Column("period", .text, summary: "training or test") }
        let columns =
            [Column("policy", .text, summary: "how the reward is set")] + OutcomeShares.columns() + [
                real("shortfall_mean", unit: tokens, "γ_min − γ, averaged over the time in which γ is below the band"),
                real("shortfall_max", unit: tokens, "largest γ_min − γ"),
                real("excess_mean", unit: tokens, "γ − γ_max, averaged over the time in which γ is above the band"),
                real("excess_max", unit: tokens, "largest γ − γ_max"),
                Column("spells", .integer, summary: "how often the market was outside of its band, or had none"),
                real("longest_spell", unit: "s", "how long the longest of these lasted"),
                real(
                    "reward_mean", unit: tokens, "what is paid per staked unit and staking period, averaged over time"),
                real(
                    "difference_low",
                    "lower end of the interval of how much more of the time it is balanced than the first"),
                real("difference_high", "upper end of that interval"),
            ]
        let keys = [group, period].compactMap(\.self)
        if let group, let clash = (columns + [period].compactMap(\.self)).first(where: { $0.name == group.name }) {
            throw CommandFailure(
                .badData,
                "--group-by \(group.name): the output has a column \(clash.name) of its own; rename the input's.")
        }
        return try ResultTable(
            columns: [group].compactMap(\.self) + [columns[0]] + [period].compactMap(\.self) + columns.dropFirst(),
            keys: keys.map(\.name) + ["policy"], rows: rows
        ).table()
    }
}
