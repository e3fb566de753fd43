import ArgumentParser
import CommandRun
import DissipativeMarket
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics

/// `pinfi portrait`: role dynamics in a plane of its state space.
package struct PortraitCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "portrait",
        abstract:
            "A phase portrait of role dynamics: field, nullclines, rest points, separatrices, basins of attraction.",
        discussion: """
            A row a cell, --x fastest: the state, its derivatives by time (d_…), and with --basins attractor and \
            settled_at: rest-1, rest-2, … by rising price as 'pinfi equilibrium' lists them, cycle, escape-to-zero (the price \
            falls for ever), or none for a trajectory that has not settled by --until; what counts as settled is that of \
            'pinfi ensemble'. A cell outside of the simplex has a status and no values. What is no axis is held: at \
            --from, else at the rest point's values; a lagged price that is no axis is the price itself. With --simplex \
            the shares at a held price, LPs fastest. The plane need not be invariant: the field is its projection, and trajectories \
            leave it.

            --nullclines: where a component is 0, every vertex a root to rounding, of the axes' variables, in the simplex of \
            all shares and the price. --separatrices: one-dimensional manifolds of saddles; of those of more dimensions the \
            borders of the basins tell. With --plot the figure has all of them. Role dynamics is an extension of the paper's model.

            Examples:
              pinfi portrait --b 0.7 --d 1.3 --reward-ratio 0.79 --x x=0.9:1.6:36 \\
                --y seller=0:1:21 --plot portrait.svg
              pinfi portrait --b 0.7 --d 1.3 --reward-ratio 0.79 --lag 0.5 \\
                --x x=0.9:1.6:36 --y seller=0:1:21 --basins --until 300 \\
                --trajectory x=1.4,lp=0.5,seller=0.2 --trajectories paths.csv
              pinfi portrait --b 0.7 --d 1.3 --reward-ratio 0.79 --protocol replicator \\
                --simplex 30 --nullclines curves.csv --separatrices manifolds.csv \\
                --until 60 --plot simplex.pdf
            """)

    @OptionGroup(title: "The portrait") var portrait: PortraitOptions
    @OptionGroup(title: "Settling") var settling: SettlingOptions
    @OptionGroup(title: "The integration") var integrator: EnsembleIntegratorOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The reward") var reward: AxisRewardOptions
    @OptionGroup(title: "Role dynamics") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let second = portrait.ordinate
        let grid = try grid(second)
        let files = try RunFiles(common, sides: portrait.outputs, plot: plot)
        let values = try ParameterValues(market: market, reward: reward, role: role, files: files)
        let game = try values.makeGame()
        let period = values[.period] ?? 1
        try checkTimes()
        let found = try PhasePortrait(of: game, in: section(second, of: game), window: grid.window)
        let starts = try portrait.starts.map { try start($0, in: found.section, of: game) }
        let names = try chosenColumns(found)
        let count = try checked(grid, columns: names.count)
        try checkWindow(grid, values.revisionProtocol, count: count)
        let ensemble = try ensemble(period: period)
        let algorithm = try pathAlgorithm()

        let run = try RunOutputs("portrait", common, files)
        describe(grid, found, values, names, starts, in: &run.record)
        let tally = PortraitTally(keeping: run.draws && portrait.basins ? count : nil)
        let table = try PortraitTable(
            portrait: found, grid: grid, count: count, ensemble: ensemble, period: period, tally: tally
        ).table(names)
        let tolerance = integrator.dataTolerance
        try run.write(
            table, rows: count, unit: "cells", keyColumns: 3, tolerance: portrait.basins ? tolerance : nil)
        run.record.failedCells = tally.counts.failed
        let curves = try curves(found, starts, period: period, algorithm, draws: run.draws)
        let tables = PortraitCurveTables(portrait: found, period: period)
        try run.write("--nullclines") { tables.nullclines(curves.nullclines) }
        try run.write("--separatrices", tolerance: tolerance) { tables.separatrices(curves.separatrices) }
        try run.write("--rest-points") { tables.restPoints() }
        try run.write("--trajectories", tolerance: tolerance) { tables.trajectories(curves.trajectories) }
        try run.draw {
            PortraitFigure(
                portrait: found, grid: grid, basins: tally.attractors, nullclines: curves.nullclines,
                separatrices: curves.separatrices, trajectories: curves.trajectories, title: plot.title
            ).sheet(size: plot.size)
        }
        try run.finish()
        report(tally.counts, of: count)
    }

    /// The curves of a portrait, as far as a file or the figure shows them.
    private struct Curves {
        var nullclines: [PhasePortrait.Nullcline] = []
        var separatrices: [Separatrix] = []
        var trajectories: [PortraitPath] = []
    }

    private func curves(
        _ found: PhasePortrait, _ starts: [(logPrice: Double, shares: RoleShares)], period: Double,
        _ algorithm: ODEAlgorithm, draws: Bool
    ) throws -> Curves {
        var curves = Curves()
        if draws || portrait.nullclines != nil {
            let nullclines = try nullclines(found, forFigure: portrait.nullclines == nil)
            curves.nullclines = nullclines.curves
            if portrait.nullclines != nil, nullclines.unresolved > 0 {
                common.warn(
                    "At \(nullclines.unresolved) places, corners as a rule, the nullclines may be farther from the curve than "
                        + "--curve-tolerance.")
            }
        }
        let end = (portrait.until ?? 0) / period
        if portrait.separatrices != nil || (draws && portrait.until != nil) {
            let separatrices = try found.separatrices(until: end, algorithm: algorithm)
            curves.separatrices = separatrices.curves
            if !common.quiet { for manifold in separatrices.untraced { Terminal.tell("Note: \(manifold).") } }
        }
        for (index, start) in starts.enumerated() {
            let path = try found.trajectory(
                logPrice: start.logPrice, shares: start.shares, until: end, algorithm: algorithm)
            if let ending = path.ending, !ending.isExpected {
                common.warn("Trajectory \(index + 1) \(ending.timed(in: period)).")
            }
            curves.trajectories.append(path)
        }
        return curves
    }

    // MARK: - What was asked for

    private func grid(_ second: PortraitAxis?) throws -> PortraitGrid {
        if let steps = portrait.simplex {
            guard portrait.abscissa == nil, second == nil else {
                throw CommandFailure(.usage, "--simplex and --x, --y are two planes; keep one of them.")
            }
            return .simplex(steps)
        }
        guard let first = portrait.abscissa else {
            throw CommandFailure(
                .usage,
                "The first axis is missing: give --x NAME=start:stop:count, x=0.9:1.6:36 for example, or --simplex n.")
        }
        guard let second else {
            throw CommandFailure(
                .usage,
                "The second axis is missing: give --y NAME=start:stop:count, seller=0:1:21 for example.")
        }
        return .plane(x: first.axis, y: second.axis)
    }

    private func checkTimes() throws {
        if !portrait.basins, settling.settleTime != nil || settling.stopWhenSettled {
            throw CommandFailure(.usage, "--settle-time and --stop-when-settled are about --basins: give that too.")
        }
        guard portrait.until == nil else { return }
        for (option, isGiven) in [
            ("--basins", portrait.basins), ("--separatrices", portrait.separatrices != nil),
            ("--trajectory", !portrait.starts.isEmpty),
        ] where isGiven {
            throw CommandFailure(.usage, "\(option) follows trajectories: give --until, the time to which.")
        }
    }

    private func checkWindow(_ grid: PortraitGrid, _ revisionProtocol: RevisionProtocol, count: Int) throws {
        if portrait.trajectories != nil, portrait.starts.isEmpty {
            throw CommandFailure(.usage, "--trajectories writes those of --trajectory: give one at least.")
        }
        if portrait.basins, revisionProtocol == .bestResponse {
            throw CommandFailure(
                .usage,
                "--basins follows many trajectories at once, which --protocol best-response, a field that jumps, does not "
                    + "allow; give --trajectory for some, or another protocol.")
        }
        if portrait.basins, plot.isAsked, count > PortraitTally.most {
            throw CommandFailure(
                .usage,
                "A figure of \(count) basins is too much; allowed: at most \(PortraitTally.most). Lower a count.")
        }
        guard plot.isAsked || portrait.nullclines != nil, case .plane(let x, let y) = grid else { return }
        for axis in [x, y] where !(axis.start < axis.stop && (axis.stop - axis.start).isFinite) {
            throw CommandFailure(
                .usage,
                "A figure and nullclines need ranges whose ends differ, by a double, for --x and for --y.")
        }
    }

    /// The plane, with what is held.
    private func section(_ second: PortraitAxis?, of game: RoleGame) throws -> PortraitSection {
        let axes = [portrait.abscissa, second].compactMap { $0?.variable }
        let isSimplex = portrait.simplex != nil
        let hasPriceAxis = axes.contains { $0 == .price || $0 == .logPrice }
        let from = portrait.from
        if hasPriceAxis, let price = from?.price {
            throw CommandFailure(.usage, "--from \(price.name) and an axis both give the price; keep one of them.")
        }
        let shareAxes = axes.filter(PortraitVariable.shares.contains)
        let held = from?.givenShares.map(\.rawValue) ?? []
        if isSimplex || shareAxes.count == 2, let name = held.first {
            throw CommandFailure(.usage, "--from \(name) and the axes both give the shares; keep one of them.")
        }
        if let name = held.first(where: { name in shareAxes.contains { $0.rawValue == name } }) {
            throw CommandFailure(.usage, "--from \(name) and the axis \(name) both give it; keep one of them.")
        }
        // The rest point that attracts, if one does, is what nobody has asked to be otherwise.
        let needsPrice = !hasPriceAxis && from?.price == nil
        let needsShares = !isSimplex && shareAxes.count < 2 && held.isEmpty
        var rest: RestPoint?
        if needsPrice || needsShares {
            let points = try game.restPoints().points
            rest = points.first { $0.type?.isStable ?? false } ?? points.first
            if rest == nil {
                throw CommandFailure(
                    .usage,
                    "There is no rest point at whose values the others could be held: give --from "
                        + (needsPrice ? "x=…" : "lp=…,external=…") + ".")
            }
        }
        let logPrice = try from?.price.map { try heldLogPrice($0, game) } ?? rest?.logPrice ?? 0
        if isSimplex { return try wrapped { () throws(PortraitError) in try .simplex(of: game, logPrice: logPrice) } }
        let shares: PortraitSection.HeldShares =
            if shareAxes.count == 1, held.count == 1,
                let variable = held.first.flatMap(PortraitVariable.init(rawValue:)),
                let given = from?.shares
            {
                .value(
                    variable,
                    variable == .liquidityProviders
                        ? given.liquidityProviders : variable == .sellers ? given.sellers : given.external)
            } else {
                .proportion(held.isEmpty ? rest?.shares ?? .even : from?.shares ?? .even)
            }
        return try wrapped { () throws(PortraitError) in
            try PortraitSection(x: axes[0], y: axes[1], of: game, heldLogPrice: logPrice, heldShares: shares)
        }
    }

    private func wrapped(_ make: () throws(PortraitError) -> PortraitSection) throws -> PortraitSection {
        do throws(PortraitError) { return try make() } catch {
            throw CommandFailure(.usage, "--x and --y: \(error.description).")
        }
    }

    private func heldLogPrice(_ price: StartState.Price, _ game: RoleGame) throws -> Double {
        let z =
            switch price {
            case .ratio(let x): log(x)
            case .tokens(let alpha): log(alpha) - log(game.market.sellerCost)
            }
        guard z.isFinite, exp(z) > 0, exp(z) < .infinity else {
            throw CommandFailure(
                .usage, "The price \(price.name) gives ln x = \(formatShortest(z)); allowed: an x that is a double.")
        }
        return z
    }

    private func start(
        _ start: StartState, in section: PortraitSection, of game: RoleGame
    ) throws -> (logPrice: Double, shares: RoleShares) {
        if let price = start.price { return (try heldLogPrice(price, game), start.shares) }
        guard !section.x.isPoolPrice, !section.y.isPoolPrice else {
            throw CommandFailure(.usage, "A --trajectory has no price, and none is held: give it x=… or alpha=….")
        }
        return (section.heldLogPrice, start.shares)
    }

    private func chosenColumns(_ found: PhasePortrait) throws -> [String] {
        let all = PortraitTable.columns(found, basins: portrait.basins)
        return try (portrait.columns.map(all.selecting) ?? all).map(\.name)
    }

    /// The number of cells, if the output can hold them.
    private func checked(_ grid: PortraitGrid, columns: Int) throws -> Int {
        let (options, rows): (String, RunLimits.Rows) =
            switch grid {
            case .plane(let x, let y): ("--x and --y", .init(product: [x.count, y.count]))
            case .simplex: ("--simplex", .init(grid.count ?? 0))
            }
        return try RunLimits.check(rows, of: options, unit: "cells", columns: columns, output: common.output)
    }

    private func ensemble(period: Double) throws -> RoleEnsemble? {
        guard portrait.basins, let until = portrait.until else { return nil }
        return try RoleEnsemble(
            until: until / period, algorithm: integrator.algorithm(), settling: settling.rule(period: period))
    }

    /// How single paths are integrated: by GSL's method that is like the ensemble's.
    private func pathAlgorithm() throws -> ODEAlgorithm {
        try ODEAlgorithm(
            method: integrator.method == .rodas5p ? .bdf : .rk8pd, relativeTolerance: integrator.rtol,
            absoluteTolerance: integrator.atol, maximumSteps: integrator.maxSteps)
    }

    private func nullclines(_ found: PhasePortrait, forFigure: Bool = false) throws -> PhasePortrait.Nullclines {
        let variables =
            portrait.simplex == nil
            ? [found.section.x, found.section.y] : [PortraitVariable.price] + PortraitVariable.shares
        return try found.nullclines(of: variables, tolerance: forFigure ? 1e-4 : portrait.curveTolerance)
    }

    // MARK: - What is told

    private func describe(
        _ grid: PortraitGrid, _ found: PhasePortrait, _ values: ParameterValues, _ columns: [String],
        _ starts: [(logPrice: Double, shares: RoleShares)], in record: inout RunRecord
    ) {
        record.add(values)
        record.add(values.revision)
        record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
        switch grid {
        case .simplex(let steps): record.configuration["simplex"] = JSONValue(steps)
        case .plane(let x, let y):
            record.configuration["axes"] = [.text(found.section.x.rawValue), .text(found.section.y.rawValue)]
            record.add("x_axis", x)
            record.add("y_axis", y)
        }
        // What is held, as the state in the middle of the window.
        let window = found.window
        let state = found.section.state(
            at: PlanePoint(
                window.x.lowerBound / 2 + window.x.upperBound / 2, window.y.lowerBound / 2 + window.y.upperBound / 2))
        record.configuration["middle"] = .object(
            PortraitStateColumns(found).variables.reduce(into: JSONObject()) {
                $0[PortraitStateColumns.name($1)] = .real(state[$1])
            })
        record.configuration["until"] = JSONValue(portrait.until)
        record.configuration["basins"] = .boolean(portrait.basins)
        record.configuration["settle_time"] = JSONValue(settling.settleTime ?? values[.period] ?? 1)
        record.configuration["stop_when_settled"] = .boolean(settling.stopWhenSettled)
        record.configuration["columns"] = .array(columns.map { .text($0) })
        record.configuration["method"] = .text(integrator.method.rawValue)
        record.configuration["maximum_steps"] = JSONValue(integrator.maxSteps)
        record.tolerances["relative"] = .real(integrator.rtol)
        record.tolerances["absolute"] = .real(integrator.atol)
        record.tolerances["settle_radius"] = .real(settling.settleRadius)
        record.tolerances["curve"] = .real(portrait.curveTolerance)
        record.configuration["trajectories"] = .array(
            starts.map { start in
                [
                    "z": .real(start.logPrice), "share_lp": .real(start.shares.liquidityProviders),
                    "share_seller": .real(start.shares.sellers), "share_external": .real(start.shares.external),
                ]
            })
    }

    private func report(_ counts: PortraitTally.Counts, of total: Int) {
        if counts.failed > 0 {
            common.warn("\(counts.failed) of \(total) cells are outside of a domain or failed; see their status.")
        }
        guard portrait.basins, !common.quiet else { return }
        let found = counts.attractors.filter { $0.key != .notSettled }.map { ($0.key.name, $0.value) }
            .sorted { $0.0 < $1.0 }.map { "\($1) to \($0)" }
        let rest = counts.attractors[.notSettled] ?? 0
        Terminal.tell("\(total) starts: " + (found + ["\(rest) not settled"]).joined(separator: ", ") + ".")
    }

    package init() {}
}
