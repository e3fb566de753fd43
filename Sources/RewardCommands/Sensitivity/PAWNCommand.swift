import ArgumentParser
import CommandRun
import DissipativeMarket
import Figures
import Reporting
import RewardStudies

/// `pinfi sensitivity pawn`: how far the distribution of a quantity moves when a parameter is known.
struct PAWNCommand: QuantityStudy {
    static let configuration = CommandConfiguration(
        commandName: "pawn",
        abstract:
            "PAWN indices: how far the whole distribution of a quantity moves when a parameter is known.",
        discussion: """
            One row for each quantity and parameter. The sample is cut into --slices in order of the parameter; median and \
            maximum are those of the Kolmogorov–Smirnov distances between the quantity in a slice and in all of the sample, *_conf \
            half-widths of bootstrap intervals. median_dummy is that of a parameter that does nothing, drawn at random: the noise \
            of the sample, from which an index must be told apart. Any sample will do, correlated ones too. Where \
            evaluations have no value, which failed counts, the distances are those given that there is one. Of outcome, which is a word, the indices are those of each word's indicator. \
            --columns can ask for mean, minimum, variation (standard deviation over mean) and maximum_dummy too.

            Example:
              pinfi sensitivity pawn --vary 'beta=uniform(0.5,0.9)' \\
                --vary 'p=uniform(0,0.2)' --vary 'theta=uniform(0.5,2.5)' \\
                --vary 'gamma=uniform(0.9,1.4)' --quantity alpha_star --samples 10000
            """)

    @OptionGroup(title: "The study") var study: StudyOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The slices of a parameter's sample. Default: 10.", valueName: "count"),
        transform: wholeArgument(2...1000))
    var slices = 10

    @OptionGroup(title: "The sample") var design: DesignOptions
    @OptionGroup var intervals: BootstrapOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions
    @OptionGroup(title: "Role dynamics (an extension)") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        let files = try files()
        let setup = try setup(files)
        let names = try SensitivityMethod.pawn.table.table(columns).columns.map(\.name)
        // The order, the sorted values, a slice's number for each parameter and the dummy, half as long, and the weights.
        let sampled = try SampledStudy(
            setup, design: design, valuesPerSample: 4 + Double(setup.varied.count) / 2,
            valuesInAll: Double(intervals.resamples) * Double(setup.varied.count + 1) * Double(slices),
            common: common, files: files)
        guard sampled.sample.count >= 2 * slices else {
            throw CommandFailure(
                .usage,
                "--samples \(sampled.sample.count) are too few for \(slices) slices; allowed: \(2 * slices) or more, and "
                    + "better a hundred times as many as --slices.")
        }
        let analysis = try PAWNAnalysis(
            slices: slices, bootstrap: intervals.bootstrap(rows: sampled.sample.count, seed: seed), seed: seed)
        let run = try outputs(
            "sensitivity pawn", setup, files, columns: names,
            settings: design.settings(sampled.sample) + [("slices", JSONValue(slices))] + intervals.settings)
        run.record.seed = seed

        let (parameters, values, counts) = sampled.evaluate(run, threads: common.threads)
        let isIndependent = sampled.sample.space.correlation == nil
        let results = try sampled.outputs.map { output in
            let found = try analysis.indices(
                of: output.values(values), parameters: parameters, threads: common.threads)
            return StudiedResult(
                result: SensitivityResult(output, found, isIndependent: isIndependent), facts: Self.facts(found))
        }
        run.record.failedCells = results.flatMap(\.result.rows).map(\.failed).max() ?? 0
        try run.write(SensitivityMethod.pawn.table(results, of: setup.names).table(names), keyColumns: 2)
        try run.draw {
            let bars = OutputBarsFigure(
                results: results, names: OutputBarsFigure.words(setup.names),
                measures: [
                    (0, .plain("median"), FigureInk.liquidityProviders.color),
                    (1, .plain("maximum"), FigureInk.sellers.color),
                ], reference: ("median_dummy", .plain("median of a dummy"), FigureInk.faint),
                label: "Kolmogorov–Smirnov distance")
            return FigureSheet(bars.figures, title: plot.title, size: plot.size)
        }
        try run.finish()
        SensitivityReport(setup: setup, method: .pawn, common: common).tell(results.map(\.result), counts)
    }

    private static func facts(_ result: PAWNResult) -> NamedValues {
        guard case .success(let set) = result.indices else { return [:] }
        return ["median_dummy": .real(set.dummy.median.value), "maximum_dummy": .real(set.dummy.maximum.value)]
    }
}
