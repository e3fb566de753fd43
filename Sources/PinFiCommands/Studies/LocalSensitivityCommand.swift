import ArgumentParser
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi sensitivity local`: derivatives and elasticities at a point.
struct LocalSensitivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Derivatives and elasticities of quantities at a point, and what a range of each parameter does.",
        discussion: """
            One row for each quantity and parameter: the quantity's value, its derivative with an error, and its \
            elasticity, (parameter/quantity)·derivative. Derivatives of the closed forms are exact; those of role \
            dynamics are by differences, with an estimate of their error.

            Without --vary the derivatives are by every parameter on which the quantity depends, at the point that the \
            options give. With --vary they are by the varied parameters, at the middle of a range or the median of a \
            distribution, and the columns low, high, value_low and value_high tell the quantity at the ends of the \
            range, or at its 5 % and 95 % quantiles, of one parameter at a time: the figure is a tornado of them.

            Examples:
              pinfi sensitivity local --beta 0.7 --p 0.1 --theta 1.5 --gamma 0.9 \\
                --quantity alpha_star
              pinfi sensitivity local --delta 1.6 --vary 'beta=uniform(0.5,0.9)' \\
                --vary 'p=uniform(0,0.2)' --vary 'theta=uniform(0.5,2.5)' \\
                --quantity band_width --plot tornado.svg
              pinfi sensitivity local --b 0.7 --d 1.3 --y 0.79 \\
                --quantity share_lp,critical_lag
            """)

    @OptionGroup(title: "The study") var study: StudyOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions
    @OptionGroup(title: "Role dynamics (an extension)") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    private static let methods = QuantitySensitivity.Method.allCases.map(\.rawValue)

    private static let ranges = [
        Column("at", .real, summary: "the parameter's value"),
        Column("low", .real, summary: "lower end of its range, or its 5 % quantile"),
        Column("high", .real, summary: "upper end of its range, or its 95 % quantile"),
        Column("value_low", .real, summary: "the quantity there, other parameters as they are"),
        Column("value_high", .real, summary: "the quantity there, other parameters as they are"),
    ]

    private static func table(isVaried: Bool) -> ResultTable {
        let columns =
            [
                Column("quantity", .text, summary: "the quantity"),
                Column("parameter", .text, summary: "the parameter"),
                Column("value", .real, summary: "the quantity's value"),
                Column("derivative", .real, summary: "of the quantity by the parameter"),
                Column("error", .real, summary: "how far off it may be; empty where it is exact"),
                Column("elasticity", .real, summary: "(parameter/quantity)·derivative"),
                Column("method", .text, summary: methods.joined(separator: " or ")),
            ] + (isVaried ? ranges : []) + [Column("status", .text, summary: "ok, or why there is no derivative")]
        return ResultTable(columns: columns, standard: columns.map(\.name))
    }

    func run() throws {
        let files = try RunFiles(common, sides: study.outputs, plot: plot)
        let setup = try StudySetup(study: study, market: market, point: point, role: role, files: files)
        if let word = setup.quantities.first(where: { !$0.words.isEmpty }) {
            throw CommandFailure(
                .usage,
                "--quantity \(word.rawValue) is a word and has no derivative; allowed: "
                    + Quantity.allCases.filter { $0.words.isEmpty }.map(\.rawValue).joined(separator: ", ")
                    + ". 'pinfi sensitivity sobol' tells what decides a word.")
        }
        let isVaried = !setup.varied.isEmpty
        let names = isVaried ? setup.names : entering(setup)
        guard !names.isEmpty else {
            throw CommandFailure(.usage, "None of the quantities depends on a parameter that has a value.")
        }
        let evaluator =
            isVaried
            ? setup.evaluator
            : try QuantityEvaluator(
                quantities: setup.quantities, varied: names, fixed: setup.evaluator.fixed, rules: setup.rules)
        var table = Self.table(isVaried: isVaried)
        let columnNames = try table.table(columns).columns.map(\.name)
        let base = names.enumerated().map { index, name in
            isVaried ? middle(setup, index) : setup.evaluator.fixed[name] ?? .nan
        }

        let run = try RunOutputs("sensitivity local", common, files)
        setup.describe(in: &run.record, role: role)
        run.record.configuration["columns"] = .array(columnNames.map { .text($0) })

        let found = try evaluator.sensitivities(at: base)
        var swings: [TornadoFigure.Swing] = []
        for sensitivity in found {
            let depends = setup.rules.does(sensitivity.quantity, dependOn: sensitivity.parameter)
            if !isVaried, !depends { continue }
            var row: NamedValues = [
                "quantity": .text(sensitivity.quantity.rawValue), "parameter": .text(sensitivity.parameter.column),
                "value": .real(sensitivity.value), "derivative": .real(sensitivity.derivative),
                "error": .real(sensitivity.error), "elasticity": .real(sensitivity.elasticity + 0),
                "method": .text(sensitivity.method.rawValue), "status": .text(sensitivity.status.reason),
            ]
            if sensitivity.status != .ok { run.record.failedCells += 1 }
            if isVaried, let index = names.firstIndex(of: sensitivity.parameter),
                let place = setup.quantities.firstIndex(of: sensitivity.quantity)
            {
                let (low, high) = ends(setup, index)
                func value(_ x: Double) -> Double {
                    var moved = base
                    moved[index] = x
                    return evaluator.evaluate(moved.map { [$0] }).values[place][0]
                }
                let (atLow, atHigh) = (value(low), value(high))
                row["at"] = .real(base[index])
                row["low"] = .real(low)
                row["high"] = .real(high)
                row["value_low"] = .real(atLow)
                row["value_high"] = .real(atHigh)
                swings.append(
                    TornadoFigure.Swing(
                        quantity: sensitivity.quantity, parameter: sensitivity.parameter, base: sensitivity.value,
                        low: low, high: high, atLow: atLow, atHigh: atHigh))
            } else {
                swings.append(
                    TornadoFigure.Swing(
                        quantity: sensitivity.quantity, parameter: sensitivity.parameter, base: 0,
                        low: .nan, high: .nan, atLow: .nan, atHigh: sensitivity.elasticity))
            }
            table.rows.append(row)
        }
        try run.write(table.table(columnNames), keyColumns: 2)
        try run.draw {
            TornadoFigure(swings: swings, isOfRanges: isVaried, title: plot.title).sheet(size: plot.size)
        }
        try run.finish()
        if run.record.failedCells > 0 {
            let reasons = Dictionary(grouping: found.filter { $0.status != .ok }, by: { $0.status.reason })
            common.warn(
                "\(run.record.failedCells) of \(table.rows.count) derivatives are not there: "
                    + reasons.map { "\($0.key) (\($0.value.count))" }.sorted().joined(separator: ", ")
                    + "; see their status.")
        }
    }

    /// The parameters on which the quantities depend, in the form in which the market was given.
    private func entering(_ setup: StudySetup) -> [ParameterName] {
        let raw: Set<ParameterName> = [
            .market(.alpha), .market(.beta), .market(.p), .market(.theta), .market(.gamma), .market(.delta),
        ]
        let ratios: Set<ParameterName> = [.x, .y, .b, .d]
        return ParameterName.variable.filter { name in
            guard !(setup.values.isRatioForm ? raw : ratios).contains(name) else { return false }
            guard setup.evaluator.fixed[name] != nil else { return false }
            return setup.quantities.contains { setup.rules.does($0, dependOn: name) }
        }
    }

    private func middle(_ setup: StudySetup, _ index: Int) -> Double {
        switch setup.varied[index].values {
        case .range(let axis): axis.start / 2 + axis.stop / 2
        case .distribution: setup.distributions[index]?.quantile(0.5) ?? .nan
        }
    }

    private func ends(_ setup: StudySetup, _ index: Int) -> (low: Double, high: Double) {
        switch setup.varied[index].values {
        case .range(let axis): (axis.start, axis.stop)
        case .distribution:
            (setup.distributions[index]?.quantile(0.05) ?? .nan, setup.distributions[index]?.quantile(0.95) ?? .nan)
        }
    }
}
