import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting

/// `pinfi phase`: the sharp phase diagram on a grid, with its exact boundaries; or surfaces of role dynamics.
package struct PhaseCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "phase",
        abstract: "The phase diagram: region, payoffs, regrets and margins on a grid, and the exact boundaries.",
        discussion: """
            A row a cell, x varying fastest. The axes are α/c and γ/c; with --raw, α and γ. --boundaries writes the \
            exact curves, each only as far as the region changes across it.

            --dynamics role tells quantities of the rest point of role dynamics (an extension of the paper's model) over \
            any two parameters, x fastest: the Nash point where a protocol has several, the price rest_price in tokens \
            and x = α/c, slowest_eigenvalue in 1/T, critical_lag in T, T the staking period, whatever unit --period is \
            in. regime is exodus where more holders sell externally than provide liquidity, else scarcity where half \
            of the genuine buyers or fewer still buy, else balanced; sharp_outcome stands beside it. stable says \
            whether the rest point is stable at the cell's --lag: both may be asked for. --via chebyshev \
            interpolates, says how well, and ends with 70 where a quantity is not smooth enough.

            Examples:
              pinfi phase --b 0.7 --d 1.3 --x 0:2:201 --y 0:1.5:151 -o diagram.csv
              pinfi phase --beta 0.7 --delta 1.6 --x 0:3:31 --y 0:2:21 --raw
              pinfi phase --b 0.7 --d 1.3 --x 0:2:9 --y 0:1:5 --plot diagram.pdf --labels
              pinfi phase --b 0.7 --d 1 --x 0:2:9 --y 0:1:5 --boundaries curves.csv
              pinfi phase --dynamics role --b 0.7 --x y=0.5:1:9 --y d=1:2:9 --quantity x
              pinfi phase --dynamics role --b 0.7 --x y=0:1:9 --y d=1:2:9 --quantity regime
            """)

    @OptionGroup(title: "The diagram") var diagram: DiagramOptions
    @OptionGroup(title: "Surfaces of role dynamics") var surface: SurfaceOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "Role dynamics") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        if surface.dynamics == .role {
            if let option = diagram.givenForSharpOnly {
                throw CommandFailure(.usage, "\(option) is about the sharp diagram, not about --dynamics role.")
            }
            return try SurfaceRun(
                diagram: diagram, options: surface, market: market, role: role, plot: plot, common: common
            ).run()
        }
        if let option = surface.given ?? role.givenOption {
            throw CommandFailure(.usage, "\(option) is about role dynamics: give --dynamics role too.")
        }
        let (x, y) = try diagram.axes()
        let files = try RunFiles(common, sides: [("--boundaries", diagram.boundaries)], plot: plot)
        let values = try ParameterValues(market: market, files: files)
        try values.requireMarket()
        let grid = try grid(values.makeMarket(), x, y)
        let columns = try chosenColumns(grid.coordinates)
        let cells = try RunLimits.check(
            .init(product: [x.count, y.count]), of: "--x and --y", unit: "cells", columns: columns.count,
            output: common.output)
        let window = PhaseWindow(x: x.start...x.stop, y: y.start...y.stop)
        try checkFigure(window)
        let tolerance = diagram.boundaryTolerance ?? Market.usualBoundaryTolerance(in: window)
        let curves = try diagram.boundaries.map { _ in
            try grid.market.boundaries(in: window, coordinates: grid.coordinates, tolerance: tolerance)
        }

        let run = try RunOutputs("phase", common, files)
        describe(values, grid, columns, in: &run.record)
        if curves != nil { run.record.tolerances["boundary"] = .real(tolerance) }
        let tally = diagram.agreement ? AgreementTally() : nil
        let table = PhaseTable(grid: grid, columns: columns, cells: cells, tally: tally).table
        try run.write(table, rows: cells, unit: "cells", keyColumns: 2)
        try run.write("--boundaries") { BoundaryTable.table(curves ?? [], coordinates: grid.coordinates) }
        try run.draw { try figure(grid, values, window).sheet(size: plot.size) }
        try run.finish()
        if let tally { try report(tally.counts, cells: cells) }
    }

    private func grid(_ market: Market, _ x: GridAxis, _ y: GridAxis) throws -> PhaseGrid {
        let coordinates: PhaseCoordinates = diagram.raw ? .raw : .ratio
        let unit = coordinates.unit(in: market)
        for (option, axis) in [("--x", x), ("--y", y)] where !(axis.stop * unit).isFinite {
            throw CommandFailure(
                .usage,
                "\(option) goes to \(formatShortest(axis.stop)), which times the seller's cost c = "
                    + "\(formatShortest(unit)) exceeds the largest double.")
        }
        if diagram.boundaryTolerance != nil, diagram.boundaries == nil {
            throw CommandFailure(.usage, "--boundary-tolerance is about the boundaries: give --boundaries too.")
        }
        return PhaseGrid(market: market, coordinates: coordinates, x: x, y: y)
    }

    private func describe(
        _ values: ParameterValues, _ grid: PhaseGrid, _ columns: [PhaseColumn], in record: inout RunRecord
    ) {
        record.add(values)
        record.add("x", grid.x)
        record.add("y", grid.y)
        record.configuration["coordinates"] = .text(grid.coordinates.rawValue)
        record.configuration["columns"] = .array(columns.map { .text($0.rawValue) })
    }

    private func figure(_ grid: PhaseGrid, _ values: ParameterValues, _ window: PhaseWindow) -> PhaseFigure {
        var figure = PhaseFigure(
            market: grid.market, intensities: values.intensities, coordinates: grid.coordinates, window: window,
            title: plot.title)
        figure.hasLabels = diagram.labels
        figure.arrowRewards = diagram.arrows ?? []
        for reward in figure.arrowRewards where !window.y.contains(reward) {
            common.warn("--arrows: \(formatShortest(reward)) lies outside of --y, and has no arrow.")
        }
        return figure
    }

    private func checkFigure(_ window: PhaseWindow) throws {
        guard plot.isAsked else {
            if diagram.labels || diagram.arrows != nil {
                throw CommandFailure(
                    .usage, "--labels and --arrows are about the figure: give --plot or --plot-script too.")
            }
            return
        }
        if window.x.lowerBound == window.x.upperBound || window.y.lowerBound == window.y.upperBound {
            throw CommandFailure(.usage, "A figure needs ranges whose ends differ, for --x and for --y.")
        }
    }

    private func chosenColumns(_ coordinates: PhaseCoordinates) throws -> [PhaseColumn] {
        guard let columns = diagram.columns else {
            return PhaseColumn.standard(coordinates, agreement: diagram.agreement)
        }
        let known = PhaseColumn.available(agreement: diagram.agreement)
        let onlyWithAgreement = Set(PhaseColumn.available(agreement: true)).subtracting(known).map(\.rawValue)
        if let name = columns.first(where: onlyWithAgreement.contains) {
            throw CommandFailure(.usage, "--columns: the column \(name) is there with --agreement only; give that too.")
        }
        return try known.map(\.definition).selecting(columns).compactMap { PhaseColumn(rawValue: $0.name) }
    }

    private func report(_ counts: AgreementTally.Counts, cells: Int) throws {
        var text =
            "Agreement of the two routes (payoffs and gains; position): \(cells) cells, \(counts.away) differ away from "
            + "boundaries, \(counts.near) within half a grid step of one."
        for difference in counts.first {
            text +=
                "\n  alpha \(formatShortest(difference.poolPrice)), gamma \(formatShortest(difference.blockReward)): "
                + "\(difference.byPayoff.rawValue) by payoff, \(difference.byPosition.rawValue) by position"
                + (difference.nearBoundary ? " (at a boundary)" : "")
        }
        if counts.away > 0 { throw CommandFailure(.difference, text) }
        if !common.quiet { Terminal.tell(text) }
    }

    package init() {}
}
