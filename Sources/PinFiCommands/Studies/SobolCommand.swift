import ArgumentParser
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi sensitivity sobol`: the shares of the parameters in the variance of quantities.
struct SobolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sobol",
        abstract: "Sobol indices: the shares of the parameters in the variance of quantities, with intervals.",
        discussion: """
            One row for each quantity and parameter: s1, the share of the parameter alone, and st, its share with all \
            interactions; *_conf are half-widths of bootstrap intervals. --samples N is the base sample: N(D+2) \
            evaluations for D parameters, N(2D+2) with --second-order. A base sample with an evaluation that has no \
            value is left out as a whole and counted in failed; the reasons are told on standard error. Of outcome, \
            which is a word, the indices are those of each word's indicator.

            --by-outcome tells of each outcome its probability, the indices of its indicator (what decides it), and the \
            indices of each quantity given the outcome. --columns can ask for mean, variance and status too.

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
        let files = try RunFiles(
            common,
            sides: [("--second-order", secondOrder), ("--by-outcome", byOutcome), ("--convergence", convergence)]
                + study.outputs, plot: plot)
        let setup = try StudySetup(
            study: study, market: market, point: point, role: role, besides: byOutcome == nil ? [] : [study.outcome],
            files: files)
        let distributions = try setup.requireDistributions()
        guard let samples else {
            throw CommandFailure(.usage, "The number of base samples is missing: give --samples N, 4096 for example.")
        }
        if secondOrder != nil, setup.varied.count < 2 {
            throw CommandFailure(.usage, "--second-order is about pairs of parameters: give --vary for two or more.")
        }
        let names = try SobolTables.indices.table(columns).columns.map(\.name)
        let seed = common.seed ?? 0
        let design = design ?? .sobol
        let study = try SobolStudy(
            setup: setup, distributions: distributions, samples: samples, secondOrder: secondOrder != nil, seed: seed,
            method: design.method(scrambling.scramble), estimator: estimator,
            bootstrap: intervals.bootstrap(seed: seed))
        if design == .sobol { warnUnlessPowerOfTwo(samples, common) }

        let run = try RunOutputs("sensitivity sobol", common, files)
        setup.describe(in: &run.record, role: role)
        run.record.seed = seed
        run.record.configuration["samples"] = JSONValue(samples)
        run.record.configuration["evaluations"] = JSONValue(study.design.count)
        run.record.configuration["design"] = .text(design.rawValue)
        if design == .sobol { run.record.configuration["scramble"] = .text((scrambling.scramble ?? .owen).rawValue) }
        run.record.configuration["estimator"] = .text(estimator.rawValue)
        run.record.configuration["bootstrap"] = JSONValue(intervals.resamples)
        run.record.configuration["confidence"] = .real(intervals.confidence)
        run.record.configuration["columns"] = .array(names.map { .text($0) })

        let bar = run.progress(unit: "evaluations", total: study.design.count)
        let tally = EvaluationTally(quantities: setup.evaluator.quantities.count, bar: bar)
        let outputs = study.evaluate(threads: common.threads, tally: tally)
        tally.finish()
        let results = try study.results(outputs, threads: common.threads)
        run.record.failedCells = results.reduce(0) { max($0, $1.result.failed) }

        try run.write(study.indicesTable(results).table(names), keyColumns: 2)
        try run.write("--second-order") { try study.pairsTable(results).table() }
        try run.write("--by-outcome") { try study.outcomesTable(outputs, threads: common.threads).table() }
        let steps = convergence == nil ? [] : try study.convergence(outputs, threads: common.threads)
        try run.write("--convergence") { try study.convergenceTable(steps).table() }
        try run.draw {
            IndicesFigure(study: study, results: results, steps: steps, title: plot.title).sheet(size: plot.size)
        }
        try run.finish()
        report(study, results, tally)
    }

    /// Warns of failed samples and of outputs without indices.
    private func report(_ study: SobolStudy, _ results: [SobolStudy.OutputResult], _ tally: EvaluationTally) {
        var told: Set<Int> = []
        for result in results where result.result.failed > 0 && told.insert(result.output.place).inserted {
            common.warn(
                "\(result.output.quantity.rawValue): \(result.result.failed) of \(study.design.layout.samples) base samples "
                    + "are left out, since an evaluation has no value: "
                    + tally.reasons(result.output.place).joined(separator: ", ")
                    + " of \(study.design.count) evaluations. The indices are those of the other samples.")
        }
        var without: [(reason: String, names: [String])] = []
        for result in results {
            guard case .failure(let reason) = result.result.indices else { continue }
            if let same = without.firstIndex(where: { $0.reason == "\(reason)" }) {
                without[same].names.append(result.output.name)
            } else {
                without.append(("\(reason)", [result.output.name]))
            }
        }
        for (reason, names) in without {
            common.warn("There are no indices of \(names.joined(separator: ", ")): \(reason).")
        }
        for name in study.setup.idle {
            common.note("None of the quantities depends on \(name.short): its indices are 0.")
        }
    }
}
