import CommandRun
import DissipativeMarket
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics

/// `pinfi phase --dynamics role`: quantities of the rest points of role dynamics over two parameters.
struct SurfaceRun {
    let diagram: DiagramOptions
    let options: SurfaceOptions
    let market: MarketOptions
    let role: RoleOptions
    let plot: PlotOptions
    let common: CommonOptions

    func run() throws {
        let axes = try diagram.parameterAxes()
        let files = try RunFiles(common, plot: plot)
        let values = try ParameterValues(
            market: market, reward: options.reward, role: role, varied: [("--x", axes.x), ("--y", axes.y)],
            files: files)
        let surface = try surface(axes, values)
        let algorithm = try options.algorithm()
        let all = SurfaceTable.columns(surface)
        let columns = try diagram.columns.map(all.selecting) ?? all
        let cells = try RunLimits.check(
            .init(product: [surface.x.values.count, surface.y.values.count]), of: "--x and --y", unit: "cells",
            columns: columns.count, output: common.output)
        if case .chebyshev(let settings) = algorithm { try checkMemory(surface, settings) }
        try checkFigure(surface)

        let run = try RunOutputs("phase", common, files)
        let solution: SurfaceSolution
        do throws(SurfaceError) {
            solution = try SurfaceSolution(surface, algorithm: algorithm, threads: common.threads)
        } catch {
            throw Self.failure(error, surface)
        }
        describe(solution, values, columns.map(\.name), in: &run.record)
        let tally = SurfaceTally(keeping: run.draws ? surface : nil)
        let table = try SurfaceTable(solution: solution, tally: tally).table.selecting(columns.map(\.name))
        try run.write(table, rows: cells, unit: "cells", keyColumns: 2)
        run.record.failedCells = tally.counts.failed
        try tally.kept.map { kept in
            if kept.columns.count * kept.rows.count < cells {
                common.warn(
                    "The figure shows \(kept.columns.count) × \(kept.rows.count) of the \(surface.x.values.count) × "
                        + "\(surface.y.values.count) cells.")
            }
            try run.draw {
                SurfaceFigure(surface: surface, kept: kept, title: plot.title).sheet(size: plot.size)
            }
        }
        try run.finish()
        report(tally.counts, solution, cells: cells)
    }

    private func checkFigure(_ surface: RoleSurface) throws {
        guard plot.isAsked else { return }
        if surface.x.values.count < 2 || surface.y.values.count < 2 {
            throw CommandFailure(.usage, "A figure needs ranges whose ends differ, for --x and for --y.")
        }
        if surface.quantities.count > 1 {
            throw CommandFailure(
                .usage, "A figure shows one quantity: give --quantity one, or leave --plot and --plot-script out.")
        }
    }

    private func surface(_ axes: (x: VariedAxis, y: VariedAxis), _ values: ParameterValues) throws -> RoleSurface {
        guard let quantities = options.quantities else {
            throw CommandFailure(
                .usage,
                "What is to be told of the rest point is missing: give --quantity NAME[,NAME…], allowed: "
                    + SurfaceQuantity.allCases.map(\.rawValue).joined(separator: ", ") + ".")
        }
        func axis(_ option: VariedAxis) throws -> RoleSurface.Axis {
            guard case .parameter(let name) = option.quantity else {
                throw CommandFailure(.usage, "\(option.quantity.name) is no parameter of a game.")
            }
            return RoleSurface.Axis(name, option.axis)
        }
        return RoleSurface(
            base: values.point, x: try axis(axes.x), y: try axis(axes.y), quantities: quantities)
    }

    /// An interpolated row takes a product as wide as the grid, for each degree.
    private func checkMemory(_ surface: RoleSurface, _ settings: ChebyshevAlgorithm) throws {
        let (x, y) = (Double(surface.x.values.count), Double(surface.y.values.count))
        try RunLimits.checkMemory(
            values: x * Double(settings.maximumDegree + 1) * Double(surface.quantities.count) + x + y,
            for: "--via chebyshev with \(surface.x.values.count) values of --x",
            advice: "Lower the count of --x, put the longer range on --y, or use --via direct.")
    }

    /// A quantity that cannot be interpolated, with how far it came and what to do.
    private static func failure(_ error: SurfaceError, _ surface: RoleSurface) -> CommandFailure {
        func place(_ x: Double, _ y: Double) -> String {
            "\(surface.x.parameter.short) = \(formatRounded(x)), \(surface.y.parameter.short) = \(formatRounded(y))"
        }
        switch error {
        case .notANumber(let quantity):
            return CommandFailure(
                .usage, "--quantity \(quantity.rawValue) is a word, which is not interpolated: use --via direct.")
        case .setting(let error): return CommandFailure(.usage, "--tolerance: \(error).")
        case .missing(let quantity, let x, let y, let status):
            return CommandFailure(
                .numerics,
                "\(quantity.rawValue) cannot be interpolated: it has no value at \(place(x, y)) (\(status)). Use --via "
                    + "direct, or a smaller rectangle.")
        case .notSmooth(let quantity, let reached):
            return CommandFailure(
                .numerics,
                "\(quantity.rawValue) is not smooth enough to be interpolated: with degrees \(reached.degreeX) × "
                    + "\(reached.degreeY) it is off by \(formatRounded(reached.error, digits: 3)) at "
                    + "\(place(reached.x, reached.y)), and by an estimated \(formatRounded(reached.estimate, digits: 3)) "
                    + "anywhere; allowed: \(formatRounded(reached.allowed, digits: 3)). Use --via direct, a larger "
                    + "--tolerance, or a smaller rectangle.")
        }
    }

    private func describe(
        _ solution: SurfaceSolution, _ values: ParameterValues, _ columns: [String], in record: inout RunRecord
    ) {
        let surface = solution.surface
        record.add(values)
        record.add(values.revision)
        record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
        record.configuration["dynamics"] = .text(options.dynamics.rawValue)
        for (name, axis) in [("x", surface.x), ("y", surface.y)] {
            // In the place of the one value that is told of what is not varied.
            record.add(axis.parameter.column, axis.values)
            record.configuration[name + "_axis"] = .text(axis.parameter.short)
        }
        record.configuration["quantities"] = .array(surface.quantities.map { .text($0.rawValue) })
        record.configuration["columns"] = .array(columns.map { .text($0) })
        record.configuration["via"] = .text((options.via ?? .direct).rawValue)
        guard case .chebyshev(let settings) = solution.algorithm, let fit = solution.fit else {
            record.configuration["evaluations"] = JSONValue(surface.count)
            return
        }
        record.tolerances["interpolation"] = .real(settings.tolerance)
        record.configuration["evaluations"] = JSONValue(fit.evaluations)
        var interpolants = JSONObject()
        for (index, quantity) in surface.quantities.enumerated() {
            interpolants[quantity.rawValue] = [
                "degree_x": JSONValue(fit.surfaces[index].degreeX), "degree_y": JSONValue(fit.surfaces[index].degreeY),
                "error_estimate": .real(fit.errorEstimates[index]), "checked_error": .real(fit.checkedErrors[index]),
            ]
        }
        record.configuration["interpolants"] = .object(interpolants)
    }

    private func report(_ counts: SurfaceTally.Counts, _ solution: SurfaceSolution, cells: Int) {
        if counts.failed > 0 {
            common.warn(
                "\(counts.failed) of \(cells) cells have no value or are outside of a domain; see their status.")
        }
        guard !common.quiet else { return }
        if counts.withoutCriticalLag > 0 {
            Terminal.tell(
                "\(counts.withoutCriticalLag) of \(cells) cells have no critical lag: their rest point is stable at "
                    + "every lag, or unstable without one, as their status says.")
        }
        guard let fit = solution.fit else { return }
        for (index, quantity) in solution.surface.quantities.enumerated() {
            let surface = fit.surfaces[index]
            Terminal.tell(
                "\(quantity.rawValue): interpolated from \(fit.evaluations) direct solutions, degrees \(surface.degreeX) × "
                    + "\(surface.degreeY); estimated error \(formatRounded(fit.errorEstimates[index], digits: 2)), largest "
                    + "difference at \(ChebyshevAlgorithm.checks) points off the nodes "
                    + "\(formatRounded(fit.checkedErrors[index], digits: 2)).")
        }
    }
}
