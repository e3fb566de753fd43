import ArgumentParser
import CommandRun
import DissipativeMarket
import Figures
import Reporting
import RewardStudies

/// `pinfi sensitivity morris`: elementary effects, a screening with few evaluations.
struct MorrisCommand: QuantityStudy {
    static let configuration = CommandConfiguration(
        commandName: "morris",
        abstract: "Morris's elementary effects: which parameters matter at all, with few evaluations.",
        discussion: """
            One row for each quantity and parameter: mu, the mean of the effects, mu_star, the mean of their moduli, \
            with the half-width of its bootstrap interval, and sigma, their standard deviation (interactions and \
            curvature). An effect is the change of the quantity by a move of one parameter, per unit of its probability: \
            of uniform(low,high) per high − low. r(D+1) evaluations for r trajectories and D parameters. An effect with \
            an end without value is left out and counted in failed. Of outcome, which is a word, the effects are those \
            on each word's indicator.

            Example:
              pinfi sensitivity morris --b 0.7 --vary 'd=uniform(1.1,1.5)' \\
                --vary 'y=uniform(0.6,1)' --vary 'kappa-s=uniform(0.8,1.5)' \\
                --vary 'rationality=loguniform(10,100)' --quantity share_lp
            """)

    @OptionGroup(title: "The study") var study: StudyOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("r, the trajectories. Default: 20.", valueName: "r"),
        transform: wholeArgument(2...1_000_000))
    var trajectories = 20

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The random trajectories of which those that are farthest from each other are used. Default: 10 r, at most 2000.",
            valueName: "count"),
        transform: wholeArgument(2...1_000_000))
    var candidates: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The levels of a parameter, an even number. Default: 4.", valueName: "count"),
        transform: { text in
            let value = try wholeArgument(2...1024)(text)
            guard value % 2 == 0 else { throw ArgumentFault("allowed: an even number from 2 to 1024") }
            return value
        })
    var levels = 4

    @OptionGroup var intervals: BootstrapOptions
    @OptionGroup var correlation: RefusedCorrelation

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
        try correlation.refuse("elementary effects")
        let files = try files()
        let setup = try setup(files)
        let names = try SensitivityMethod.morris.table.table(columns).columns.map(\.name)
        let bootstrap = try intervals.bootstrap(rows: trajectories, seed: seed)
        let design = try design(setup)
        let run = try outputs(
            "sensitivity morris", setup, files, columns: names,
            settings: [
                ("trajectories", JSONValue(trajectories)), ("candidates", JSONValue(design.candidates)),
                ("levels", JSONValue(levels)), ("evaluations", JSONValue(design.count)),
            ] + intervals.settings)
        run.record.seed = seed

        let evaluation = StudyEvaluation(setup, run, total: design.count)
        let values = evaluation.values { design.evaluate(quantities: $0, threads: common.threads, model: $1) }
        let analysis = MorrisAnalysis(design, bootstrap: bootstrap)
        let results = try setup.outputs.map { output in
            StudiedResult(
                result: SensitivityResult(
                    output, try analysis.measures(of: output.values(values), threads: common.threads)))
        }
        run.record.failedCells = results.flatMap(\.result.rows).map(\.failed).max() ?? 0
        try run.write(SensitivityMethod.morris.table(results, of: setup.names).table(names), keyColumns: 2)
        try run.draw {
            FigureSheet(
                EffectsFigure(names: setup.names, results: results).figures, title: plot.title, size: plot.size)
        }
        try run.finish()
        SensitivityReport(setup: setup, method: .morris, common: common).tell(
            results.map(\.result), evaluation.counts)
    }

    private func design(_ setup: StudySetup) throws -> MorrisDesign {
        let distributions = try setup.requireDistributions()
        let points = Double(max(trajectories, candidates ?? 0)) * Double(distributions.count + 1)
        try RunLimits.checkMemory(
            values: points * Double(distributions.count + setup.quantities.count + 1)
                + Double(intervals.resamples) * Double(2 * distributions.count),
            for: "--trajectories \(trajectories) and --bootstrap \(intervals.resamples)")
        do throws(DesignError) {
            return try MorrisDesign(
                ParameterSpace(distributions), trajectories: trajectories, candidates: candidates, levels: levels,
                seed: seed)
        } catch {
            throw CommandFailure(.usage, "--trajectories, --candidates and --levels: \(error).")
        }
    }
}
