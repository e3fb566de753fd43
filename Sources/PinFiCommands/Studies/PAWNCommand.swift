import ArgumentParser
import DissipativeMarket
import Figures
import Reporting
import RewardStudies

/// `pinfi sensitivity pawn`: how far the distribution of a quantity moves when a parameter is known.
struct PAWNCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pawn",
        abstract:
            "PAWN indices: how far the whole distribution of a quantity moves when a parameter is known.",
        discussion: """
            One row for each quantity and parameter. The sample is cut into --slices in order of the parameter; median and \
            maximum are those of the Kolmogorov–Smirnov distances between the quantity in a slice and in all of the sample, *_conf \
            half-widths of bootstrap intervals. median_dummy is that of a parameter that does nothing, drawn at random: the noise \
            of the sample, from which an index must be told apart. Any sample will do, correlated ones too. Evaluations without a \
            value are left out and counted in failed. Of outcome, which is a word, the indices are those of each word's indicator. \
            --columns can ask for mean, minimum, variation (standard deviation over mean), maximum_dummy and status too.

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

    private static let table = ResultTable(
        columns: [
            Column("quantity", .text, summary: "the output; a word's indicator as quantity=word"),
            Column("parameter", .text, summary: "the varied parameter"),
            Column("median", .real, summary: "median of the slices' distances"),
            Column("median_conf", .real, summary: "half-width of the bootstrap interval of median"),
            Column("maximum", .real, summary: "largest of the slices' distances"),
            Column("maximum_conf", .real, summary: "half-width of the bootstrap interval of maximum"),
            Column("median_dummy", .real, summary: "median of a parameter that does nothing"),
            Column("samples", .integer, summary: "evaluations that were used"),
            Column("failed", .integer, summary: "evaluations left out, since they have no value"),
            Column("mean", .real, summary: "mean of the slices' distances"),
            Column("minimum", .real, summary: "smallest of the slices' distances"),
            Column("variation", .real, summary: "standard deviation of the distances over their mean"),
            Column("maximum_dummy", .real, summary: "largest distance of a parameter that does nothing"),
            Column("status", .text, summary: "ok, or why there are no indices"),
        ],
        standard: [
            "quantity", "parameter", "median", "median_conf", "maximum", "maximum_conf", "median_dummy",
            "samples", "failed",
        ])

    func run() throws {
        let files = try RunFiles(common, sides: study.outputs, plot: plot)
        let setup = try StudySetup(study: study, market: market, point: point, role: role, files: files)
        let names = try Self.table.table(columns).columns.map(\.name)
        // The order, the sorted values, a slice's number for each parameter and the dummy, half as long, and the weights.
        let sampled = try SampledStudy(
            setup, design: design, valuesPerSample: 4 + Double(setup.varied.count) / 2, common: common, files: files)
        guard sampled.sample.count >= 2 * slices else {
            throw CommandFailure(
                .usage,
                "--samples \(sampled.sample.count) are too few for \(slices) slices; allowed: \(2 * slices) or more, and "
                    + "better a hundred times as many as --slices.")
        }
        let analysis = try PAWNAnalysis(
            slices: slices, bootstrap: intervals.bootstrap(seed: sampled.seed), seed: sampled.seed)

        let run = try RunOutputs("sensitivity pawn", common, files)
        setup.describe(in: &run.record, role: role)
        design.describe(sampled.sample, of: setup, in: &run.record)
        run.record.seed = sampled.seed
        run.record.configuration["slices"] = JSONValue(slices)
        run.record.configuration["bootstrap"] = JSONValue(intervals.resamples)
        run.record.configuration["confidence"] = .real(intervals.confidence)
        run.record.configuration["columns"] = .array(names.map { .text($0) })

        let (parameters, values, tally) = sampled.evaluate(run, threads: common.threads)
        var results: [(output: StudiedOutput, result: PAWNResult)] = []
        for output in sampled.outputs {
            results.append(
                (
                    output,
                    try analysis.indices(
                        of: output.values(values), parameters: parameters, threads: common.threads)
                ))
        }
        try run.write(table(results, setup).table(names), keyColumns: 2)
        run.record.failedCells = results.reduce(0) { max($0, $1.result.failed) }
        try run.draw { figure(results, setup).sheet(size: plot.size) }
        try run.finish()
        sampled.report(tally, common)
        for (output, result) in results {
            if case .failure(let reason) = result.indices {
                common.warn("\(output.name) has no indices: \(reason).")
            }
        }
    }

    private func table(_ results: [(output: StudiedOutput, result: PAWNResult)], _ setup: StudySetup)
        -> ResultTable
    {
        var table = Self.table
        for (output, result) in results {
            for (j, name) in setup.names.enumerated() {
                var row: NamedValues = [
                    "quantity": .text(output.name), "parameter": .text(name.column),
                    "samples": .integer(result.samples), "failed": .integer(result.failed),
                ]
                switch result.indices {
                case .success(let set):
                    let indices = set.parameters[j]
                    row["median"] = indices.median.valueCell
                    row["median_conf"] = indices.median.widthCell
                    row["maximum"] = indices.maximum.valueCell
                    row["maximum_conf"] = indices.maximum.widthCell
                    row["mean"] = indices.mean.valueCell
                    row["minimum"] = .real(indices.minimum)
                    row["variation"] = .real(indices.variation)
                    row["median_dummy"] = set.dummy.median.valueCell
                    row["maximum_dummy"] = set.dummy.maximum.valueCell
                    row["status"] = .text(PointQuantity.ok)
                case .failure(let reason): row["status"] = .text("\(reason)")
                }
                table.rows.append(row)
            }
        }
        return table
    }

    private func figure(
        _ results: [(output: StudiedOutput, result: PAWNResult)], _ setup: StudySetup
    ) -> OutputBarsFigure {
        func bar(_ estimate: Estimate) -> BarChart.Bar {
            BarChart.Bar(
                estimate.value,
                interval: estimate.halfWidth.map { estimate.value - $0...estimate.value + $0 })
        }
        return OutputBarsFigure(
            names: setup.names,
            series: [
                .init(.plain("median"), color: FigureInk.liquidityProviders.color),
                .init(.plain("maximum"), color: FigureInk.sellers.color),
                .init(.plain("median of a dummy"), color: FigureInk.faint),
            ],
            outputs: results.map { output, result in
                let rows = setup.names.indices.map { j -> [BarChart.Bar?] in
                    guard case .success(let set) = result.indices else { return [] }
                    return [
                        bar(set.parameters[j].median), bar(set.parameters[j].maximum), bar(set.dummy.median),
                    ]
                }
                return (output.name, rows)
            }, label: "Kolmogorov–Smirnov distance", title: plot.title)
    }
}
