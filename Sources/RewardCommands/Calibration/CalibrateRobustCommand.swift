import ArgumentParser
import CommandRun
import DissipativeMarket
import NumericalMethods
import Reporting
import RewardStudies
import RoleDynamics

/// `pinfi calibrate robust`: the rewards that keep an uncertain market balanced.
struct CalibrateRobustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "robust",
        abstract: "The rewards that keep a market balanced whose parameters are only known by their distributions.",
        discussion: """
            gamma_low to gamma_high is the widest range of rewards with P(balanced) ≥ 1 − --epsilon in the sample, and \
            gamma_low_sure to gamma_high_sure the one where that many balanced markets are no accident of the sample at the level \
            --confidence (Wilson's bound, for independent points: --design random; others have smaller errors). gamma_best_low to \
            gamma_best_high has the largest share of the sample, probability_best: a maximum over all rewards, and so a little above the \
            probability that another sample would show. status says where no reward has the probability asked for. worst_gamma_low to worst_gamma_high \
            keeps every market in the box of the distributions' supports balanced: computed at its corners, exactly, since γ_max is \
            monotone in β, δ and φ and concave in pθ; empty where there is none. --profile has the probabilities at every reward: a \
            row's hold from its reward up to the next row's, exclusive.

            Example:
              pinfi calibrate robust --vary 'beta=uniform(0.6,0.8)' \\
                --vary 'p=beta(2,18)' --theta 1 --vary 'delta=uniform(1.4,1.8)' \\
                --samples 100000 --design random --plot robust.svg
            """)

    @Option(
        name: .customLong("vary"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A parameter and its distribution, as of 'pinfi sweep': uniform(low,high), truncated_normal(mean,sd,low,high), "
                + "empirical(FILE.csv:column[:time]), whose rows count alike or, with a column of times, as long as each "
                + "lasts, … Any of beta, p, theta, "
                + "delta, fee, in ratio form b, d. May be repeated.",
            valueName: "NAME=DISTRIBUTION"),
        transform: { try StudyVariation($0) })
    var varied: [StudyVariation] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("ε: the market may be unbalanced with this probability. Default: 0.05.", valueName: "0…<1"),
        transform: { text in
            let allowed = "a number from 0 to less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value >= 0, value < 1 else { throw ArgumentFault("the probability must be \(allowed)") }
            return value
        })
    var epsilon = 0.05

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Level of gamma_low_sure and gamma_high_sure. Default: 0.95.", valueName: "0.5…<1"),
        transform: { text in
            let allowed = "a number from 0.5 to less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value >= 0.5, value < 1 else { throw ArgumentFault("the level must be \(allowed)") }
            return value
        })
    var confidence = 0.95

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the probabilities at every reward to this CSV file.", valueName: "file.csv"))
    var profile: String?

    @OptionGroup(title: "The files of empirical()") var empirical: EmpiricalOptions
    @OptionGroup(title: "The sample") var design: DesignOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    private static let parameters: [ParameterName] = [
        .market(.beta), .market(.p), .market(.theta), .market(.delta), .market(.fee), .b, .d,
    ]

    func run() throws {
        for variation in varied where !Self.parameters.contains(variation.name) {
            throw CommandFailure(
                .usage,
                "--vary \(variation.name.short): the band does not depend on it, or it is what is looked for; allowed: "
                    + Self.parameters.map(\.short).joined(separator: ", ") + ".")
        }
        let files = try RunFiles(common, sides: [("--profile", profile)], plot: plot)
        let setup = try StudySetup(
            varied: varied, empirical: empirical, quantities: [.payoffExternal, .gammaMax], market: market,
            common: common, files: files)
        let distributions = try setup.requireDistributions()
        let seed = common.seed ?? 0
        let sample = try design.sample(setup, distributions: distributions, seed: seed, common: common, files: files)
        // Both bounds, both sorted with their places, and the weights.
        try RunLimits.checkMemory(values: 7 * Double(sample.count), for: "--samples \(sample.count)")

        let run = try RunOutputs("calibrate robust", common, files)
        setup.describe(in: &run.record)
        for setting in design.settings(sample) { run.record.configuration[setting.name] = setting.value }
        run.record.seed = seed
        run.record.configuration["epsilon"] = .real(epsilon)
        run.record.configuration["confidence"] = .real(confidence)

        let bounds = StudyEvaluation(setup, run, total: sample.count, unit: "markets").values {
            sample.evaluate(quantities: $0, threads: common.threads, model: $1)
        }
        let robust = RobustReward(lower: bounds[0], upper: bounds[1])
        run.record.failedCells = robust.failed
        if robust.failed > 0 {
            common.warn("\(robust.failed) of \(sample.count) points of the sample are no market and are left out.")
        }
        guard robust.count > 0 else {
            throw CommandFailure(.numerics, "None of the \(sample.count) points of the sample is a market.")
        }
        let box = zip(setup.names, distributions).map { (name: $0, distribution: $1) }
        try run.write(record(robust, worst: WorstCase(box, fixed: setup.evaluator.fixed)))
        try run.write("--profile") {
            OutcomeShares.profileTable(
                robust.profile().lazy.map { ($0.gamma, $0.shares) }, of: RewardRule.constant.unknown)
        }
        try run.draw {
            RobustFigure(robust: robust, asked: 1 - epsilon, range: robust.widest(with: 1 - epsilon), title: plot.title)
                .sheet(size: plot.size)
        }
        try run.finish()
        if let shortfall = shortfall(robust) { common.warn(shortfall + ".") }
    }

    /// Why there is no reward with the probability asked for, and what the best has; nil where there is one.
    private func shortfall(_ robust: RobustReward) -> String? {
        guard robust.widest(with: 1 - epsilon) == nil else { return nil }
        func number(_ value: Double) -> String { formatRounded(value, digits: 4) }
        let most = "no reward is balanced with probability \(formatShortest(1 - epsilon)) in the sample"
        guard let best = robust.best.widest else { return most + ", nor with any other: every band is empty" }
        let share = Double(robust.best.weight) / Double(robust.count)
        return most + "; the best, from \(number(best.lowerBound)) to \(number(best.upperBound)), has "
            + "\(number(share))"
    }

    private func record(_ robust: RobustReward, worst: WorstCase?) -> Record {
        let best = robust.best
        let shares = best.widest.flatMap { robust.shares(at: $0.lowerBound) }
        let probability = Double(best.weight) / Double(robust.count)
        let asked = robust.widest(with: 1 - epsilon)
        let sure = robust.widest(
            with: 1 - epsilon, deviations: -NormalDistribution.quantile(1 - confidence))
        let tokens = "tokens per unit"
        var record = Record()
        func add(_ name: String, _ value: Double?, unit: String = "", _ summary: String) {
            record.append(Column(name, .real, unit: unit, summary: summary), .real(value))
        }
        let what = "reward of the widest range that is balanced with the probability asked for"
        add("gamma_low", asked?.lowerBound, unit: tokens, "lowest \(what)")
        add("gamma_high", asked?.upperBound, unit: tokens, "highest \(what)")
        add("gamma_low_sure", sure?.lowerBound, unit: tokens, "the same beyond the error of the sample")
        add("gamma_high_sure", sure?.upperBound, unit: tokens, "the same beyond the error of the sample")
        add("probability", 1 - epsilon, "the probability asked for")
        add("gamma_best_low", best.widest?.lowerBound, unit: tokens, "lowest of the most probable rewards")
        add("gamma_best_high", best.widest?.upperBound, unit: tokens, "highest of the most probable rewards")
        add(
            "probability_best", probability,
            "share of this sample that is balanced under them: a maximum over all rewards, a little above the probability"
        )
        add(
            "probability_best_error", robust.standardError(of: probability),
            "standard error of such a share under a reward chosen beforehand, for independent points")
        add("worst_gamma_low", worst?.range?.lowerBound, unit: tokens, "lowest reward that keeps every market balanced")
        add("worst_gamma_high", worst?.range?.upperBound, unit: tokens, "highest reward that does")
        add("share_lp_exodus", shares?.exodus, "probability that the most probable reward is below the band")
        add("share_seller_scarcity", shares?.scarcity, "probability that it is above the band")
        add(
            "share_empty_band", Double(robust.emptyBands) / Double(robust.count),
            "probability that there is no band")
        record.append(Column("samples", .integer, summary: "markets of the sample"), .integer(robust.count))
        record.append(
            Column("failed", .integer, summary: "points of the sample that are no market"), .integer(robust.failed))
        record.append(
            Column(
                "status", .text, summary: "ok, or that no reward has the probability asked for, and what the best has"),
            .text(shortfall(robust) ?? PointQuantity.ok))
        return record
    }
}
