import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi sweep`: any quantities over ranges or samples of any parameters.
package struct SweepCommand: QuantityStudy {
    package static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Any quantities over ranges or samples of any parameters.",
        discussion: """
            A row for every value of the first --vary with every value of each other one, the first fastest; or, where \
            --vary gives distributions, a row a sample of the --design. Its columns: the varied parameters, the \
            quantities, and status: ok, or which quantity has no value there and why. A point that is outside of a \
            domain is a row that says so; no row disturbs another. Quantities of role dynamics (share_lp, \
            slowest_eigenvalue, critical_lag, …) are of its rest point, an extension of the paper's model.

            Examples:
              pinfi sweep --beta 0.7 --delta 1.6 --theta 1.5 --vary p=0:0.2:201 \\
                --quantity gamma_max,band_width
              pinfi sweep --b 0.7 --vary d=1:1.5:101 --vary y=0.5:1.1:101 \\
                --quantity outcome,rest_price -o regimes.csv
              pinfi sweep --b 0.7 --d 1.3 --vary y=0.5:1.1:121 \\
                --quantity share_lp,critical_lag --plot shares.svg
              pinfi sweep --delta 1.6 --theta 1.5 --vary 'beta=uniform(0.5,0.9)' \\
                --vary 'p=beta(2,18)' --design sobol --samples 4096 \\
                --correlation beta,p=-0.3 --quantity band_width -o sample.csv
            """)

    @OptionGroup(title: "The study") var study: StudyOptions
    @OptionGroup(title: "The sample") var design: DesignOptions
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions
    @OptionGroup(title: "Role dynamics (an extension)") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try files()
        let setup = try setup(files)
        guard !setup.varied.isEmpty else {
            throw CommandFailure(
                .usage, "What varies is missing: give --vary NAME=start:stop:count, y=0.5:1.1:25 for example.")
        }
        let all = SweepTable.columns(setup)
        let names = try (columns.map(all.selecting) ?? all).map(\.name)
        let points = try points(setup, columns: names.count, files)
        try SweepFigure.check(setup, isAsked: plot.isAsked)
        let sampled = points as? SampleDesign
        let run = try outputs(
            "sweep", setup, files, columns: names, settings: sampled.map { design.settings($0) } ?? [])
        if sampled != nil { run.record.seed = seed }

        let counts = EvaluationCounts(setup.quantities)
        let sample = run.draws ? SweepSample(SweepFigure.keptRows(of: points)) : nil
        let table = try SweepTable(setup: setup, points: points, counts: counts, sample: sample).table(names)
        try run.write(table, rows: points.count, keyColumns: setup.varied.count)
        run.record.failedCells = counts.failedPoints
        try run.draw {
            SweepFigure(setup: setup, rows: sample?.kept ?? [], title: plot.title).sheet(size: plot.size)
        }
        try run.finish()
        for name in setup.idle { common.note("None of the quantities depends on \(name.short).") }
        if counts.failedPoints > 0 {
            common.warn(
                "\(counts.failedPoints) of \(counts.points) rows have no value of some quantity: "
                    + counts.phrases().joined(separator: ", ") + "; see their status.")
        }
    }

    /// The rows: the product of ranges, or a sample of distributions.
    private func points(_ setup: StudySetup, columns: Int, _ files: RunFiles) throws -> any PointSet {
        let distributions = setup.distributions.compactMap { $0 }
        if distributions.count == setup.varied.count {
            if let samples = design.samples {
                _ = try RunLimits.check(
                    .init(samples), of: "--samples", unit: "rows", columns: columns, output: common.output,
                    advice: "Lower it.")
            }
            return try design.sample(setup, distributions: distributions, seed: seed, common: common, files: files)
        }
        guard distributions.isEmpty else {
            throw CommandFailure(
                .usage,
                "--vary gives ranges and distributions, which make a grid and a sample; give all of one kind "
                    + "(uniform(low,high) is the distribution of a range).")
        }
        if let option = design.firstGiven {
            throw CommandFailure(
                .usage, "\(option) is about samples of distributions, and --vary gives ranges, which make a grid.")
        }
        let axes = setup.varied.compactMap { variation -> GridAxis? in
            if case .range(let axis) = variation.values { axis } else { nil }
        }
        _ = try RunLimits.check(
            .init(product: axes.map(\.count)), of: "--vary", unit: "rows", columns: columns, output: common.output)
        do throws(DesignError) { return try GridDesign(axes) } catch {
            throw CommandFailure(.usage, "--vary: \(error).")
        }
    }

    package init() {}
}
