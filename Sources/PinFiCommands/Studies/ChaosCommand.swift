import ArgumentParser
import DissipativeMarket
import Figures
import NumericalMethods
import Reporting
import RewardStudies

/// `pinfi sensitivity chaos`: Sobol indices by polynomial chaos, with few evaluations.
struct ChaosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Sobol indices by polynomial chaos: few evaluations, for quantities that are smooth.",
        discussion: """
            One row for each quantity and parameter: s1 and st, Sobol's indices of a sum of orthonormal polynomials that is \
            fitted to --samples by least squares. Its degree, up to --max-degree, is the one with the smallest loo_error: the mean \
            square of what each sample differs by from the fit without it, over the variance. Near 1 it says that the indices are \
            worth nothing. A quantity with jumps or kinks is better left to 'pinfi sensitivity sobol'. Evaluations without a value \
            are left out and counted in failed. Of outcome, which is a word, the indices are those of each word's indicator.

            Example:
              pinfi sensitivity chaos --vary 'beta=uniform(0.5,0.9)' \\
                --vary 'p=uniform(0,0.2)' --vary 'theta=uniform(0.5,2.5)' \\
                --vary 'gamma=uniform(0.9,1.4)' --quantity alpha_star --samples 500
            """)

    @OptionGroup(title: "The study") var study: StudyOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The highest degree that is tried; those with more terms than samples less one are not. Default: 12.",
            valueName: "1…30"), transform: wholeArgument(1...30))
    var maxDegree = 12

    @OptionGroup(title: "The sample") var design: DesignOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write second-order indices to this file.", valueName: "file.csv"))
    var secondOrder: String?

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

    private static let quantity = Column(
        "quantity", .text, summary: "the output; a word's indicator as quantity=word")
    private static let samples = Column("samples", .integer, summary: "evaluations that were used")
    private static let failed = Column(
        "failed", .integer, summary: "evaluations left out, since they have no value")
    private static let error = Column(
        "loo_error", .real,
        summary: "leave-one-out error, a share of the variance: near 0 the indices can be trusted")

    private static let table = ResultTable(
        columns: [
            quantity, Column("parameter", .text, summary: "the varied parameter"),
            Column("s1", .real, summary: "first-order index"),
            Column("st", .real, summary: "total index"), error,
            Column("degree", .integer, summary: "degree of the sum"),
            Column("terms", .integer, summary: "terms of the sum"), samples, failed,
            Column("mean", .real, summary: "of the sum"),
            Column("variance", .real, summary: "of the sum"),
            Column("status", .text, summary: "ok, or why there are no indices"),
        ],
        standard: [
            "quantity", "parameter", "s1", "st", "loo_error", "degree", "terms", "samples", "failed",
        ])

    private static let pairs = ResultTable(
        columns: [
            quantity, Column("parameter_1", .text, summary: "the first of the pair"),
            Column("parameter_2", .text, summary: "the second of the pair"),
            Column("s2", .real, summary: "second-order index"), error, samples, failed,
        ], standard: ["quantity", "parameter_1", "parameter_2", "s2", "loo_error", "samples", "failed"])

    func run() throws {
        if let first = design.correlation.first {
            throw CommandFailure(
                .usage,
                "--correlation \(first): polynomial chaos shares the variance among parameters, which takes parameters that "
                    + "are independent. 'pinfi sensitivity pawn' takes correlated ones.")
        }
        let files = try RunFiles(common, sides: [("--second-order", secondOrder)] + study.outputs, plot: plot)
        let setup = try StudySetup(study: study, market: market, point: point, role: role, files: files)
        let distributions = try setup.requireDistributions()
        if secondOrder != nil, setup.varied.count < 2 {
            throw CommandFailure(
                .usage, "--second-order is about pairs of parameters: give --vary for two or more.")
        }
        let names = try Self.table.table(columns).columns.map(\.name)
        // The matrix, its columns and Q, of as many terms as there may be.
        let most = PolynomialChaos.termCount(dimension: distributions.count, degree: maxDegree)
        let terms = min(Double(most), Double(PolynomialChaos.mostTerms), Double(design.samples ?? 1))
        let sampled = try SampledStudy(
            setup, design: design,
            valuesPerSample: 3 * terms + Double((maxDegree + 1) * distributions.count),
            common: common, files: files)
        let least = PolynomialChaos.termCount(dimension: distributions.count, degree: 1)
        guard sampled.sample.count > least else {
            throw CommandFailure(
                .usage,
                "--samples \(sampled.sample.count) do not determine the \(least) terms of degree 1 of \(distributions.count) "
                    + "parameters and their error; allowed: \(least + 1) or more, and better several times as many."
            )
        }
        let chaos = try PolynomialChaos(ParameterSpace(distributions), degrees: 1...maxDegree)

        let run = try RunOutputs("sensitivity chaos", common, files)
        setup.describe(in: &run.record, role: role)
        design.describe(sampled.sample, of: setup, in: &run.record)
        run.record.seed = sampled.seed
        run.record.configuration["max_degree"] = JSONValue(maxDegree)
        run.record.configuration["columns"] = .array(names.map { .text($0) })

        let (parameters, values, tally) = sampled.evaluate(run, threads: common.threads)
        var results: [(output: StudiedOutput, result: ChaosResult)] = []
        let bar = run.progress("fitting", unit: "outputs", total: sampled.outputs.count)
        for output in sampled.outputs {
            results.append((output, try chaos.fit(output.values(values), parameters: parameters)))
            bar.update(results.count)
        }
        bar.finish(results.count)
        try run.write(table(results, setup).table(names), keyColumns: 2)
        run.record.failedCells = results.reduce(0) { max($0, $1.result.failed) }
        try run.write("--second-order") { try pairsTable(results, setup).table() }
        try run.draw { figure(results, setup).sheet(size: plot.size) }
        try run.finish()
        sampled.report(tally, common)
        report(results)
    }

    /// Warns of outputs without indices, and of those whose indices are worth little.
    private func report(_ results: [(output: StudiedOutput, result: ChaosResult)]) {
        for (output, result) in results {
            if result.failed > 0, case .success = result.fit {
                common.warn(
                    "\(output.name): the sum is fitted to the \(result.samples) evaluations that have a value, and its "
                        + "indices are over all of the parameters' ranges, where it stands for values that there are none of."
                )
            }
            switch result.fit {
            case .failure(let reason): common.warn("\(output.name) has no indices: \(reason).")
            case .success(let fit) where fit.leaveOneOutError > 0.05:
                common.warn(
                    "\(output.name): the sum of degree \(fit.degree) misses \(formatRounded(100 * fit.leaveOneOutError, digits: 3)) % "
                        + "of the variance of samples that are left out of it; more --samples or another method are called for."
                )
            case .success: break
            }
        }
    }

    private func depends(_ output: StudiedOutput, _ setup: StudySetup, _ j: Int) -> Bool {
        setup.rules.does(output.quantity, dependOn: setup.names[j])
    }

    private func table(_ results: [(output: StudiedOutput, result: ChaosResult)], _ setup: StudySetup)
        -> ResultTable
    {
        var table = Self.table
        for (output, result) in results {
            for (j, name) in setup.names.enumerated() {
                var row: NamedValues = [
                    "quantity": .text(output.name), "parameter": .text(name.column),
                    "samples": .integer(result.samples), "failed": .integer(result.failed),
                ]
                switch result.fit {
                case .success(let fit):
                    let enters = depends(output, setup, j)
                    row["s1"] = .real(enters ? fit.first(j) : 0)
                    row["st"] = .real(enters ? fit.total(j) : 0)
                    row["loo_error"] = .real(fit.leaveOneOutError)
                    row["degree"] = .integer(fit.degree)
                    row["terms"] = .integer(fit.coefficients.count)
                    row["mean"] = .real(fit.mean)
                    row["variance"] = .real(fit.variance)
                    row["status"] = .text(PointQuantity.ok)
                case .failure(let reason): row["status"] = .text("\(reason)")
                }
                table.rows.append(row)
            }
        }
        return table
    }

    private func pairsTable(
        _ results: [(output: StudiedOutput, result: ChaosResult)], _ setup: StudySetup
    ) -> ResultTable {
        var table = Self.pairs
        for (output, result) in results {
            for j in setup.names.indices {
                for k in setup.names.indices.dropFirst(j + 1) {
                    var row: NamedValues = [
                        "quantity": .text(output.name), "parameter_1": .text(setup.names[j].column),
                        "parameter_2": .text(setup.names[k].column), "samples": .integer(result.samples),
                        "failed": .integer(result.failed),
                    ]
                    if case .success(let fit) = result.fit {
                        let enters = depends(output, setup, j) && depends(output, setup, k)
                        row["s2"] = .real(enters ? fit.second(j, k) : 0)
                        row["loo_error"] = .real(fit.leaveOneOutError)
                    }
                    table.rows.append(row)
                }
            }
        }
        return table
    }

    private func figure(
        _ results: [(output: StudiedOutput, result: ChaosResult)], _ setup: StudySetup
    ) -> OutputBarsFigure {
        OutputBarsFigure(
            names: setup.names,
            series: [
                .init(.plain("first order"), color: FigureInk.liquidityProviders.color),
                .init(.plain("total"), color: FigureInk.sellers.color),
            ],
            outputs: results.map { output, result in
                let rows = setup.names.indices.map { j -> [BarChart.Bar?] in
                    guard case .success(let fit) = result.fit else { return [] }
                    return [BarChart.Bar(fit.first(j)), BarChart.Bar(fit.total(j))]
                }
                return (output.name, rows)
            }, label: "share of the variance", title: plot.title)
    }
}
