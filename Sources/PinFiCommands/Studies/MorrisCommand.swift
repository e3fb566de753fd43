import ArgumentParser
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi sensitivity morris`: elementary effects, a screening with few evaluations.
struct MorrisCommand: ParsableCommand {
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

    private static let table = ResultTable(
        columns: [
            Column("quantity", .text, summary: "the output; a word's indicator as quantity=word"),
            Column("parameter", .text, summary: "the varied parameter"),
            Column("mu", .real, summary: "mean of the elementary effects"),
            Column("mu_star", .real, summary: "mean of their moduli"),
            Column("mu_star_conf", .real, summary: "half-width of the bootstrap interval of mu_star"),
            Column("sigma", .real, summary: "standard deviation of the effects"),
            Column("effects", .integer, summary: "effects that were used"),
            Column("failed", .integer, summary: "effects left out, since an evaluation failed"),
            Column("status", .text, summary: "ok, or why there are no measures"),
        ],
        standard: ["quantity", "parameter", "mu", "mu_star", "mu_star_conf", "sigma", "effects", "failed"])

    func run() throws {
        try correlation.refuse("elementary effects")
        let files = try RunFiles(common, sides: study.outputs, plot: plot)
        let setup = try StudySetup(study: study, market: market, point: point, role: role, files: files)
        let distributions = try setup.requireDistributions()
        let names = try Self.table.table(columns).columns.map(\.name)
        let seed = common.seed ?? 0
        let bootstrap = try intervals.bootstrap(seed: seed)
        let outputs = StudiedOutput.all(setup.quantities)
        let points = Double(max(trajectories, candidates ?? 0)) * Double(distributions.count + 1)
        try RunLimits.checkMemory(
            values: points * Double(distributions.count + setup.quantities.count + 1),
            for: "--trajectories \(trajectories)")
        let design: MorrisDesign
        do throws(DesignError) {
            design = try MorrisDesign(
                ParameterSpace(distributions), trajectories: trajectories, candidates: candidates, levels: levels,
                seed: seed)
        } catch {
            throw CommandFailure(.usage, "--trajectories, --candidates and --levels: \(error).")
        }

        let run = try RunOutputs("sensitivity morris", common, files)
        setup.describe(in: &run.record, role: role)
        run.record.seed = seed
        run.record.configuration["trajectories"] = JSONValue(trajectories)
        run.record.configuration["candidates"] = JSONValue(design.candidates)
        run.record.configuration["levels"] = JSONValue(levels)
        run.record.configuration["evaluations"] = JSONValue(design.count)
        run.record.configuration["bootstrap"] = JSONValue(intervals.resamples)
        run.record.configuration["confidence"] = .real(intervals.confidence)
        run.record.configuration["columns"] = .array(names.map { .text($0) })

        let bar = run.progress(unit: "evaluations", total: design.count)
        let tally = EvaluationTally(quantities: setup.quantities.count, bar: bar)
        let values = design.evaluate(
            quantities: setup.quantities.count, threads: common.threads,
            model: setup.evaluator.model { tally.add($0) })
        tally.finish()
        let analysis = MorrisAnalysis(design, bootstrap: bootstrap)
        var results: [(output: StudiedOutput, measures: [MorrisResult])] = []
        for output in outputs {
            results.append((output, try analysis.measures(of: output.values(values), threads: common.threads)))
        }
        try run.write(table(results, setup).table(names), keyColumns: 2)
        run.record.failedCells = results.flatMap(\.measures).reduce(0) { max($0, $1.failed) }
        try run.draw {
            EffectsFigure(names: setup.names, results: results, title: plot.title).sheet(size: plot.size)
        }
        try run.finish()
        report(results, setup, tally, evaluations: design.count)
    }

    private func table(
        _ results: [(output: StudiedOutput, measures: [MorrisResult])], _ setup: StudySetup
    ) -> ResultTable {
        var table = Self.table
        for (output, measures) in results {
            for (name, result) in zip(setup.names, measures) {
                var row: NamedValues = [
                    "quantity": .text(output.name), "parameter": .text(name.column),
                    "effects": .integer(result.effects), "failed": .integer(result.failed),
                ]
                switch result.measures {
                case .success(let found):
                    row["mu"] = .real(found.mean + 0)
                    row["mu_star"] = found.meanModulus.valueCell
                    row["mu_star_conf"] = found.meanModulus.widthCell
                    row["sigma"] = .real(found.deviation)
                    row["status"] = .text(PointQuantity.ok)
                case .failure(let reason): row["status"] = .text("\(reason)")
                }
                table.rows.append(row)
            }
        }
        return table
    }

    private func report(
        _ results: [(output: StudiedOutput, measures: [MorrisResult])], _ setup: StudySetup, _ tally: EvaluationTally,
        evaluations: Int
    ) {
        for place in setup.quantities.indices {
            let reasons = tally.reasons(place)
            guard !reasons.isEmpty else { continue }
            common.warn(
                "\(setup.quantities[place].rawValue): evaluations without a value, of \(evaluations): "
                    + reasons.joined(separator: ", ") + ". Effects with such an end are left out.")
        }
        for (output, measures) in results {
            for (name, result) in zip(setup.names, measures) {
                if case .failure(let reason) = result.measures {
                    common.warn("\(output.name) has no effects of \(name.short): \(reason).")
                }
            }
        }
    }
}
