import ArgumentParser
import CommandRun
import DissipativeMarket
import Figures
import Reporting
import RewardStudies

/// `pinfi sensitivity sobol`: the shares of the parameters in the variance of quantities.
struct SobolCommand: QuantityStudy {
    static let configuration = CommandConfiguration(
        commandName: "sobol",
        abstract: "Sobol indices: the shares of the parameters in the variance of quantities, with intervals.",
        discussion: """
            One row for each quantity and parameter: s1, the share of the parameter alone, and st, its share with all \
            interactions; *_conf are half-widths of bootstrap intervals. --samples N is the base sample: N(D+2) \
            evaluations for D parameters, N(2D+2) with --second-order. Of outcome, which is a word, the indices are those \
            of each word's indicator. --columns can ask for mean and variance too.

            Where evaluations have no value, failed counts them, the reasons are told on standard error, and the indices \
            are those given that there is a value. s1 is then Var(E[y|x])/Var(y) over the points of the base sample that \
            have one. st is empty for a parameter that decides whether there is one, and there is no second order; status \
            says so. Given a value the parameters hang together: s1 may add up to more than 1, and a parameter that does \
            not enter the quantity may have one, as it tells something of those that do.

            --by-outcome tells of each outcome its probability, the indices of its indicator (what decides it), and the \
            indices of each quantity given the outcome, which are to be read in the same way.

            Examples:
              pinfi sensitivity sobol --vary 'beta=uniform(0.5,0.9)' \\
                --vary 'p=uniform(0,0.2)' --vary 'theta=uniform(0.5,2.5)' \\
                --vary 'gamma=uniform(0.9,1.4)' --quantity alpha_star --samples 65536
              pinfi sensitivity sobol --beta 0.7 --delta 1.6 --vary 'p=beta(2,18)' \\
                --vary 'theta=lognormal(0.4,0.3)' --quantity gamma_max,band_width \\
                --samples 4096 --second-order pairs.csv --plot indices.svg
            """)

    @OptionGroup(title: "The study") var study: StudyOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("N, the base samples: N(D+2) evaluations for D parameters; required.", valueName: "N"),
        transform: wholeArgument(2...4_294_967_295))
    var samples: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The first-order estimator: saltelli (2010), jansen or janon. Total indices are Jansen's.",
            valueName: "name"))
    var estimator: FirstOrderEstimator = .saltelli

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How the base sample is drawn: sobol, a Sobol sequence, whose indices are the most exact, and more exact than "
                + "their intervals say; latin-hypercube; or random, with intervals of their nominal level. Default: sobol.",
            valueName: "name"))
    var design: DesignKind?

    @OptionGroup var scrambling: ScrambleOptions
    @OptionGroup var intervals: BootstrapOptions
    @OptionGroup var correlation: RefusedCorrelation

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write second-order indices to this file; takes N(2D+2) evaluations.", valueName: "file.csv")
    )
    var secondOrder: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write what there is to say of each outcome to this file: probability, indices of its indicator, indices "
                + "given it. With --dynamics role the outcomes are the regimes of role dynamics.",
            valueName: "file.csv"))
    var byOutcome: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write the indices of the first N, N/2, N/4, … base samples to this file; the figure shows them too.",
            valueName: "file.csv"))
    var convergence: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions
    @OptionGroup(title: "Role dynamics (an extension)") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        try correlation.refuse("Sobol indices")
        let files = try files([
            ("--second-order", secondOrder), ("--by-outcome", byOutcome), ("--convergence", convergence),
        ])
        let setup = try setup(files, besides: byOutcome == nil ? [] : [study.outcome])
        try setup.requirePairs(for: secondOrder)
        let names = try SensitivityMethod.sobol.table.table(columns).columns.map(\.name)
        let study = try sobolStudy(setup)
        let run = try outputs("sensitivity sobol", setup, files, columns: names, settings: settings(study))
        run.record.seed = seed

        let evaluation = StudyEvaluation(setup, run, total: study.design.count)
        let values = evaluation.values { study.design.evaluate(quantities: $0, threads: common.threads, model: $1) }
        let outputs = SobolOutputs(study, values: values, threads: common.threads)
        let results = try outputs.results()
        let studied = results.map { StudiedResult(result: SensitivityResult($0, $1), facts: Self.facts($1)) }
        run.record.failedCells = results.map(\.found.failed).max() ?? 0
        try run.write(SensitivityMethod.sobol.table(studied, of: setup.names).table(names), keyColumns: 2)
        try run.write("--second-order") { try outputs.pairsTable(results).table() }
        try run.write("--by-outcome") { try outputs.outcomesTable().table() }
        let steps = convergence == nil ? [] : try outputs.convergence()
        try run.write("--convergence") { try outputs.convergenceTable(steps).table() }
        try run.draw {
            // In words where there is room for them, which frames of curves on the same sheet would lose.
            let bars = OutputBarsFigure.indices(
                studied, names: steps.isEmpty ? OutputBarsFigure.words(setup.names) : setup.names.map(\.symbol))
            return FigureSheet(
                bars.figures + steps.compactMap { ConvergenceFigure(names: setup.names, steps: $1).figure($0.name) },
                title: plot.title, size: plot.size)
        }
        try run.finish()
        SensitivityReport(setup: setup, method: .sobol, common: common).tell(
            studied.map(\.result), evaluation.counts)
    }

    private func sobolStudy(_ setup: StudySetup) throws -> SobolStudy {
        let distributions = try setup.requireDistributions()
        guard let samples else {
            throw CommandFailure(.usage, "The number of base samples is missing: give --samples N, 4096 for example.")
        }
        let design = design ?? .sobol
        let study = try SobolStudy(
            setup: setup, distributions: distributions, samples: samples, secondOrder: secondOrder != nil, seed: seed,
            method: design.method(scrambling.scramble), estimator: estimator,
            bootstrap: intervals.bootstrap(rows: samples, seed: seed))
        if design == .sobol { warnUnlessPowerOfTwo(samples, common) }
        return study
    }

    private func settings(_ study: SobolStudy) -> [(name: String, value: JSONValue)] {
        let design = design ?? .sobol
        return [
            ("samples", JSONValue(study.design.layout.samples)), ("evaluations", JSONValue(study.design.count)),
            ("design", .text(design.rawValue)), ("estimator", .text(estimator.rawValue)),
        ] + (design == .sobol ? [("scramble", .text((scrambling.scramble ?? .owen).rawValue))] : [])
            + intervals.settings
    }

    private static func facts(_ result: SobolResult) -> NamedValues {
        guard case .success(let indices) = result.indices else { return [:] }
        return ["mean": .real(indices.mean), "variance": .real(indices.variance)]
    }
}
