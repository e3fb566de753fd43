import CommandRun
import Reporting
import RewardStudies
import RoleDynamics

/// A sample of the varied parameters, and the quantities at its points: what PAWN and polynomial chaos are computed from.
struct SampledStudy {
    let setup: StudySetup
    let sample: SampleDesign

    /// - Parameters:
    ///   - valuesPerSample: doubles that the analysis needs for a sample, beside parameters and quantities.
    ///   - valuesInAll: doubles that it needs whatever the sample is.
    /// - Throws: `CommandFailure` and `InputError` that say what is missing or wrong.
    init(
        _ setup: StudySetup, design: DesignOptions, valuesPerSample: Double, valuesInAll: Double = 0,
        common: CommonOptions, files: RunFiles
    ) throws {
        self.setup = setup
        sample = try design.sample(
            setup, distributions: try setup.requireDistributions(), seed: common.seed ?? 0, common: common, files: files
        )
        let columns = Double(setup.varied.count + setup.quantities.count + 1)
        try RunLimits.checkMemory(
            values: (columns + valuesPerSample) * Double(sample.count) + valuesInAll,
            for: "--samples \(sample.count)" + (valuesInAll > 0 ? " and --bootstrap" : ""))
    }

    var outputs: [StudiedOutput] { setup.outputs }

    /// The parameters' values, the quantities, and what has no value.
    func evaluate(_ run: RunOutputs, threads: Int) -> (
        parameters: [[Double]], quantities: [[Double]], counts: EvaluationCounts
    ) {
        let evaluation = StudyEvaluation(setup, run, total: sample.count)
        let values = evaluation.values { sample.evaluate(quantities: $0, threads: threads, model: $1) }
        return (sample.columns(0..<sample.count), values, evaluation.counts)
    }
}
