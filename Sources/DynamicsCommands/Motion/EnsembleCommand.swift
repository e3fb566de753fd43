import ArgumentParser
import CommandRun
import DissipativeMarket
import NumericalMethods
import Reporting
import RoleDynamics

/// `pinfi ensemble`: many trajectories of role dynamics, over ranges of starts and parameters.
package struct EnsembleCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ensemble",
        abstract: "Many trajectories of role dynamics over ranges of starts and parameters: where they end and settle.",
        discussion: """
            A row a trajectory: every value of --x0 with every value of each --vary, x0 fastest, then the varied in the \
            order given. Its columns: cell, x0, the varied, the state at the end, and attractor: rest-1, rest-2, … by \
            rising price as 'pinfi equilibrium' lists them, rest-segment where they form a segment (γ = β), cycle, \
            escape-to-zero where the price falls for ever, or none for a trajectory that has not settled by then. \
            Settled is: within --settle-radius of a rest point that is not known to repel it, for --settle-time, to \
            the end. settled_at is from when on. On a cycle is: two turns around the first rest point that agree to \
            1e-5. 'pinfi portrait --basins' tells the same of the same start. A trajectory that meets a limit or leaves a domain says so in its status; the others are as they would be \
            without it. Trajectories are integrated eight at a time, and a row does not depend on the others nor on \
            --threads. Role dynamics is an extension of the paper's model.

            Examples:
              pinfi ensemble --b 0.7 --d 1.3 --x0 0.3:2.5:100 --vary y=0.5:1.1:100 \\
                --from lp=0.5,seller=0.1 --until 20 -o final.csv
              pinfi ensemble --b 0.7 --d 1.3 --y 0.79 --x0 1:1.5:11 \\
                --vary lag=0:0.5:21 --until 200
              pinfi ensemble --b 0.7 --d 1.3 --y 0.79 --from x=1.2 --protocol smith \\
                --vary lp=0:1:21 --vary seller=0:1:21 --until 500 --stop-when-settled
            """)

    @OptionGroup(title: "The trajectories") var trajectories: EnsembleGridOptions
    @OptionGroup(title: "Settling") var settling: SettlingOptions
    @OptionGroup(title: "The integration") var integrator: EnsembleIntegratorOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The reward") var reward: RewardOptions
    @OptionGroup(title: "Role dynamics") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        guard let until = trajectories.until else {
            throw CommandFailure(.usage, "The end of the trajectories is missing: give --until.")
        }
        let files = try RunFiles(common, plot: plot)
        let values = try commonValues(files)
        guard values.revisionProtocol != .bestResponse else {
            throw CommandFailure(
                .usage,
                "--protocol best-response jumps, and is followed one trajectory at a time by 'pinfi simulate'; allowed: "
                    + RevisionProtocol.allCases.filter { $0 != .bestResponse }.map(\.rawValue).joined(separator: ", ")
                    + ".")
        }
        let grid = try grid(values)
        let columns = try chosenColumns(grid)
        let count = try count(of: grid, columns: columns.count)
        let period = values[.period] ?? 1
        let rule = try settling.rule(period: period)

        let run = try RunOutputs("ensemble", common, files)
        let showsTargets = columns.contains { EnsembleColumn(rawValue: $0)?.needsTargets ?? false }
        // A trajectory that is to end there has to be watched, whatever is shown of it.
        let findsTargets = showsTargets || run.draws || rule.endsTrajectory
        let ensemble = try RoleEnsemble(
            until: until / period, algorithm: integrator.algorithm(), settling: findsTargets ? rule : nil)
        describe(grid, values, until: until, rule, columns, in: &run.record)
        let tally = EnsembleTally(
            keepingEvery: run.draws ? (count + EnsembleFigure.most - 1) / EnsembleFigure.most : nil)
        let table = try EnsembleTable(grid: grid, count: count, ensemble: ensemble, columns: columns, tally: tally)
            .table()
        try run.write(
            table, rows: count, unit: "trajectories", keyColumns: 2, tolerance: integrator.dataTolerance)
        run.record.failedCells = tally.counts.failed
        try run.draw {
            if let every = tally.points, every > 1 {
                common.warn("The figure shows every \(every)th of the \(count) trajectories.")
            }
            return EnsembleFigure(grid: grid, points: tally.kept, title: plot.title).sheet(size: plot.size)
        }
        try run.finish()
        report(tally.counts, of: count, showsTargets: showsTargets)
    }

    /// The parameters that are common to all, with the first value of what is varied in the place of what is missing.
    private func commonValues(_ files: RunFiles) throws -> ParameterValues {
        var seen: Set<VariedQuantity> = []
        for option in trajectories.varied {
            guard seen.insert(option.quantity).inserted else {
                throw CommandFailure(.usage, "--vary gives \(option.quantity.name) twice; keep one of them.")
            }
        }
        return try ParameterValues(
            market: market, reward: reward, role: role, varied: trajectories.varied.map { ("--vary", $0) },
            files: files)
    }

    private func grid(_ values: ParameterValues) throws -> EnsembleGrid {
        switch (trajectories.startPrices, trajectories.from?.price) {
        case (_?, let price?):
            throw CommandFailure(
                .usage, "--x0 and --from \(price.name) both give the pool price at the start; keep one of them.")
        case (nil, nil):
            throw CommandFailure(
                .usage,
                "The pool price at the start is missing: give --x0 start:stop:count (of α/c), or --from x=….")
        default: break
        }
        return EnsembleGrid(
            startPrices: trajectories.startPrices, varied: trajectories.varied, from: trajectories.from,
            point: values.point)
    }

    /// The number of cells, if the output can hold them.
    private func count(of grid: EnsembleGrid, columns: Int) throws -> Int {
        try RunLimits.check(
            .init(product: grid.lengths), of: "--x0 and --vary", unit: "trajectories", columns: columns,
            output: common.output)
    }

    private func chosenColumns(_ grid: EnsembleGrid) throws -> [String] {
        let all = EnsembleTable.available(grid)
        return try (trajectories.columns.map(all.selecting) ?? all).map(\.name)
    }

    private func describe(
        _ grid: EnsembleGrid, _ values: ParameterValues, until: Double, _ rule: RoleEnsemble.SettlingRule,
        _ columns: [String], in record: inout RunRecord
    ) {
        record.add(values)
        record.add(values.revision)
        record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
        let shares = grid.from?.shares ?? .even
        record.configuration["start"] = [
            "share_lp": .real(shares.liquidityProviders), "share_seller": .real(shares.sellers),
            "share_external": .real(shares.external),
        ]
        switch grid.from?.price {
        case .ratio(let x)?: record.configuration["x0"] = .real(x)
        case .tokens(let alpha)?: record.configuration["alpha0"] = .real(alpha)
        case nil: break
        }
        if let axis = grid.startPrices { record.add("x0", axis) }
        // In the place of the one value that is told of what is not varied.
        for option in grid.varied { record.add(option.quantity.column, option.axis) }
        record.configuration["vary"] = .array(grid.varied.map { .text($0.quantity.name) })
        record.configuration["until"] = .real(until)
        record.configuration["settle_time"] = .real(rule.hold * (values[.period] ?? 1))
        record.configuration["stop_when_settled"] = .boolean(rule.endsTrajectory)
        record.configuration["columns"] = .array(columns.map { .text($0) })
        record.configuration["method"] = .text(integrator.method.rawValue)
        record.configuration["maximum_steps"] = JSONValue(integrator.maxSteps)
        record.tolerances["relative"] = .real(integrator.rtol)
        record.tolerances["absolute"] = .real(integrator.atol)
        record.tolerances["settle_radius"] = .real(rule.radius)
    }

    private func report(_ counts: EnsembleTally.Counts, of total: Int, showsTargets: Bool) {
        if counts.failed > 0 {
            common.warn(
                "\(counts.failed) of \(total) trajectories failed or are outside of a domain; see their status.")
        }
        guard showsTargets, !common.quiet else { return }
        Terminal.tell(
            "\(total) trajectories: \(counts.atRest) settled at a rest point, \(counts.onCycle) on a cycle, "
                + (counts.escaped > 0 ? "\(counts.escaped) with a price that falls for ever, " : "")
                + "\(counts.notSettled) not settled.")
    }

    package init() {}
}
