import ArgumentParser
import CommandRun
import DissipativeMarket
import Figures
import Reporting
import RewardStudies
import RoleDynamics

/// `pinfi sensitivity local`: derivatives and elasticities at a point.
struct LocalSensitivityCommand: QuantityStudy {
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
        return ResultTable(columns: columns, keys: ["quantity", "parameter"])
    }

    func run() throws {
        let files = try files()
        let setup = try setup(files)
        if let word = setup.quantities.first(where: { !$0.words.isEmpty }) {
            throw CommandFailure(
                .usage,
                "--quantity \(word.rawValue) is a word and has no derivative; allowed: "
                    + Quantity.allCases.filter { $0.words.isEmpty }.map(\.rawValue).joined(separator: ", ")
                    + ". 'pinfi sensitivity sobol' tells what decides a word.")
        }
        let isVaried = !setup.varied.isEmpty
        let names = try Self.table(isVaried: isVaried).table(columns).columns.map(\.name)
        let (evaluator, base) = try point(setup)
        let run = try outputs("sensitivity local", setup, files, columns: names)

        // By what a quantity does not depend on there is a row only where that was asked for.
        let found = try evaluator.sensitivities(at: base).filter {
            isVaried || setup.rules.does($0.quantity, dependOn: $0.parameter)
        }
        let swings = isVaried ? evaluator.swings(at: base, over: setup.ranges) : []
        run.record.failedCells = found.count { $0.status != .ok }
        try run.write(table(found, swings).table(names), keyColumns: 2)
        try run.draw {
            FigureSheet(
                TornadoFigure(swings: swings, elasticities: isVaried ? [] : found).figures, title: plot.title,
                size: plot.size)
        }
        try run.finish()
        warnOfMissing(found)
    }

    /// The evaluator of what the derivatives are by, and the values of these: the varied parameters, or all that enter.
    private func point(_ setup: StudySetup) throws -> (evaluator: QuantityEvaluator, base: [Double]) {
        guard setup.varied.isEmpty else { return (setup.evaluator, setup.basePoint) }
        let names = entering(setup)
        guard !names.isEmpty else {
            throw CommandFailure(.usage, "None of the quantities depends on a parameter that has a value.")
        }
        let evaluator = try QuantityEvaluator(
            quantities: setup.quantities, varied: names, fixed: setup.evaluator.fixed, rules: setup.rules)
        return (evaluator, names.map { setup.evaluator.fixed[$0] ?? .nan })
    }

    private func table(_ found: [QuantitySensitivity], _ swings: [ParameterSwing]) -> ResultTable {
        var table = Self.table(isVaried: !swings.isEmpty)
        for sensitivity in found {
            var row: NamedValues = [
                "quantity": .text(sensitivity.quantity.rawValue), "parameter": .text(sensitivity.parameter.column),
                "value": .real(sensitivity.value), "derivative": .real(sensitivity.derivative),
                "error": .real(sensitivity.error), "elasticity": .real(sensitivity.elasticity + 0),
                "method": .text(sensitivity.method.rawValue), "status": .text(sensitivity.status.reason),
            ]
            if let swing = swings.first(where: {
                $0.quantity == sensitivity.quantity && $0.parameter == sensitivity.parameter
            }) {
                row["at"] = .real(sensitivity.at)
                row["low"] = .real(swing.range.lowerBound)
                row["high"] = .real(swing.range.upperBound)
                row["value_low"] = .real(swing.atLow)
                row["value_high"] = .real(swing.atHigh)
            }
            table.rows.append(row)
        }
        return table
    }

    private func warnOfMissing(_ found: [QuantitySensitivity]) {
        let missing = found.filter { $0.status != .ok }
        guard !missing.isEmpty else { return }
        let reasons = Dictionary(grouping: missing, by: \.status.reason).map { "\($0.key) (\($0.value.count))" }
        common.warn(
            "\(missing.count) of \(found.count) derivatives are not there: \(reasons.sorted().joined(separator: ", "))"
                + "; see their status.")
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
}
