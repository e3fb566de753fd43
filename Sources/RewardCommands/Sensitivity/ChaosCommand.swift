import ArgumentParser
import CommandRun
import DissipativeMarket
import Figures
import NumericalMethods
import Reporting
import RewardStudies

/// `pinfi sensitivity chaos`: Sobol indices by polynomial chaos, with few evaluations.
struct ChaosCommand: QuantityStudy {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Sobol indices by polynomial chaos: few evaluations, for quantities that are smooth.",
        discussion: """
            One row for each quantity and parameter: s1 and st, Sobol's indices of a sum of orthonormal polynomials that is \
            fitted to --samples by least squares. Its degree, up to --max-degree, is the one with the smallest loo_error: the mean \
            square of what each sample differs by from the fit without it, over the variance. Near 1 it says that the indices are \
            worth nothing. A quantity with jumps or kinks is better left to 'pinfi sensitivity sobol', and so is one that has no value \
            at some of the samples: a sum fitted to the others would stand for values that there are none of, so there are no \
            indices then, and status says why. Of outcome, which is a word, the indices are those of each word's indicator.

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

    private static let pairs = ResultTable(
        columns: [
            SensitivityMethod.quantityColumn, Column("parameter_1", .text, summary: "the first of the pair"),
            Column("parameter_2", .text, summary: "the second of the pair"),
            Column("s2", .real, summary: "second-order index"),
            Column("loo_error", .real, summary: "leave-one-out error, a share of the variance"),
            Column("samples", .integer, summary: "evaluations with a value"),
            Column("failed", .integer, summary: "evaluations without a value"), SensitivityMethod.statusColumn,
        ], keys: ["quantity", "parameter_1", "parameter_2"])

    func run() throws {
        if let first = design.correlation.first {
            throw CommandFailure(
                .usage,
                "--correlation \(first): polynomial chaos shares the variance among parameters, which takes parameters that "
                    + "are independent. 'pinfi sensitivity pawn' takes correlated ones.")
        }
        let files = try files([("--second-order", secondOrder)])
        let setup = try setup(files)
        try setup.requirePairs(for: secondOrder)
        let names = try SensitivityMethod.chaos.table.table(columns).columns.map(\.name)
        let (sampled, chaos) = try sampled(setup, files)
        let run = try outputs(
            "sensitivity chaos", setup, files, columns: names,
            settings: [("max_degree", JSONValue(maxDegree))] + design.settings(sampled.sample))
        run.record.seed = seed

        let (parameters, values, counts) = sampled.evaluate(run, threads: common.threads)
        let bar = run.progress("fitting", unit: "outputs", total: sampled.outputs.count)
        var results: [(output: StudiedOutput, found: ChaosResult)] = []
        for output in sampled.outputs {
            results.append(
                (
                    output,
                    try chaos.fit(
                        output.values(values), parameters: parameters, enters: output.enters, threads: common.threads)
                ))
            bar.update(results.count)
        }
        bar.finish(results.count)
        let studied = results.map { StudiedResult(result: SensitivityResult($0, $1), facts: Self.facts($1)) }
        run.record.failedCells = results.map(\.found.failed).max() ?? 0
        try run.write(SensitivityMethod.chaos.table(studied, of: setup.names).table(names), keyColumns: 2)
        try run.write("--second-order") { try pairsTable(results, setup).table() }
        try run.draw {
            FigureSheet(
                OutputBarsFigure.indices(studied, names: OutputBarsFigure.words(setup.names)).figures,
                title: plot.title, size: plot.size)
        }
        try run.finish()
        SensitivityReport(setup: setup, method: .chaos, common: common).tell(studied.map(\.result), counts)
        warnOfErrors(results)
    }

    /// The sample and the fit.
    private func sampled(_ setup: StudySetup, _ files: RunFiles) throws -> (SampledStudy, PolynomialChaos) {
        let distributions = try setup.requireDistributions()
        // The matrix, its columns and Q, of as many terms as there may be.
        let most = PolynomialChaos.termCount(dimension: distributions.count, degree: maxDegree)
        let terms = min(Double(most), Double(PolynomialChaos.mostTerms), Double(design.samples ?? 1))
        let sampled = try SampledStudy(
            setup, design: design, valuesPerSample: 3 * terms + Double((maxDegree + 1) * distributions.count),
            common: common, files: files)
        let least = PolynomialChaos.termCount(dimension: distributions.count, degree: 1)
        guard sampled.sample.count > least else {
            throw CommandFailure(
                .usage,
                "--samples \(sampled.sample.count) do not determine the \(least) terms of degree 1 of \(distributions.count) "
                    + "parameter\(distributions.count == 1 ? "" : "s") and their error; allowed: \(least + 1) or more, and better several times as many."
            )
        }
        return (sampled, try PolynomialChaos(ParameterSpace(distributions), degrees: 1...maxDegree))
    }

    private static func facts(_ result: ChaosResult) -> NamedValues {
        guard case .success(let fit) = result.fit else { return [:] }
        return [
            "loo_error": .real(fit.leaveOneOutError), "degree": .integer(fit.degree),
            "terms": .integer(fit.coefficients.count), "mean": .real(fit.mean), "variance": .real(fit.variance),
        ]
    }

    /// Warns of outputs whose indices are worth little.
    private func warnOfErrors(_ results: [(output: StudiedOutput, found: ChaosResult)]) {
        for (output, found) in results {
            guard case .success(let fit) = found.fit, fit.leaveOneOutError > 0.05 else { continue }
            common.warn(
                "\(output.name): the sum of degree \(fit.degree) misses \(formatRounded(100 * fit.leaveOneOutError, digits: 3)) % "
                    + "of the variance of samples that are left out of it; more --samples or another method are called for."
            )
        }
    }

    private func pairsTable(
        _ results: [(output: StudiedOutput, found: ChaosResult)], _ setup: StudySetup
    ) -> ResultTable {
        var table = Self.pairs
        for (output, found) in results {
            for (j, k) in setup.pairs {
                var row: NamedValues = [
                    "quantity": .text(output.name), "parameter_1": .text(setup.names[j].column),
                    "parameter_2": .text(setup.names[k].column), "samples": .integer(found.samples),
                    "failed": .integer(found.failed), "status": .text(PointQuantity.ok),
                ]
                switch found.fit {
                case .success(let fit):
                    row["s2"] = .real(fit.second(j, k))
                    row["loo_error"] = .real(fit.leaveOneOutError)
                case .failure(let reason): row["status"] = .text("\(reason)")
                }
                table.rows.append(row)
            }
        }
        return table
    }
}
