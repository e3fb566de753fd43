import ArgumentParser
import CommandRun
import Reporting
import RewardStudies

/// A command that studies quantities over parameters that vary, with the options that all of them have. (Groups of options
/// lose their titles in a group of groups, so each command declares them.)
protocol QuantityStudy: ParsableCommand {
    var study: StudyOptions { get }
    var columns: [String]? { get }
    var market: MarketOptions { get }
    var point: PointOptions { get }
    var role: RoleOptions { get }
    var plot: PlotOptions { get }
    var common: CommonOptions { get }
}

extension QuantityStudy {
    /// The seed, 0 where none was given.
    var seed: UInt64 { common.seed ?? 0 }

    /// The files of the run, with those of the options that the command has beside the common ones.
    func files(_ sides: [(option: String, path: String?)] = []) throws -> RunFiles {
        try RunFiles(common, sides: sides + study.outputs, plot: plot)
    }

    /// What is studied.
    ///
    /// - Parameter besides: quantities that are computed though they are not asked for.
    func setup(_ files: RunFiles, besides: [Quantity] = []) throws -> StudySetup {
        try StudySetup(
            study: study, market: market, point: point, role: role, besides: besides, common: common,
            files: files)
    }

    /// Opens the outputs, and notes what is studied for the manifest.
    ///
    /// - Parameters:
    ///   - name: the command's, "sensitivity sobol" for example.
    ///   - columns: the names of the columns of its table.
    ///   - settings: what the command has of its own, by name.
    func outputs(
        _ name: String, _ setup: StudySetup, _ files: RunFiles, columns: [String],
        settings: [(name: String, value: JSONValue)] = []
    ) throws -> RunOutputs {
        let run = try RunOutputs(name, common, files)
        setup.describe(in: &run.record, role: role)
        for setting in settings { run.record.configuration[setting.name] = setting.value }
        run.record.configuration["columns"] = .array(columns.map { .text($0) })
        setup.tellOfUnits(common)
        return run
    }
}

/// The evaluations of a study: the model, which counts what has no value and shows how far it is.
struct StudyEvaluation {
    let counts: EvaluationCounts
    private let evaluator: QuantityEvaluator
    private let bar: ProgressBar

    /// - Parameters:
    ///   - total: how many points there will be.
    ///   - unit: what the points are, in the plural.
    init(_ setup: StudySetup, _ run: RunOutputs, total: Int, unit: String = "evaluations") {
        evaluator = setup.evaluator
        counts = EvaluationCounts(evaluator.quantities)
        bar = run.progress(unit: unit, total: total)
    }

    /// Evaluates all points.
    func values(_ evaluate: (Int, BatchModel<Never>) -> [[Double]]) -> [[Double]] {
        let values = evaluate(
            evaluator.quantities.count, evaluator.model { [bar, counts] in bar.update(counts.add($0)) })
        bar.finish(counts.points)
        return values
    }
}
