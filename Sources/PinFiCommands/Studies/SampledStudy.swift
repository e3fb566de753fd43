import DissipativeMarket
import Figures
import NumericalMethods
import Reporting
import RewardStudies

/// A sample of the varied parameters, and the quantities at its points: what PAWN and polynomial chaos are computed from.
struct SampledStudy {
    let setup: StudySetup
    let sample: SampleDesign
    let outputs: [StudiedOutput]
    let seed: UInt64

    /// - Parameter valuesPerSample: doubles that the analysis needs for a sample, beside parameters and quantities.
    /// - Throws: `CommandFailure` and `InputError` that say what is missing or wrong.
    init(
        _ setup: StudySetup, design: DesignOptions, valuesPerSample: Double, common: CommonOptions, files: RunFiles
    ) throws {
        self.setup = setup
        seed = common.seed ?? 0
        sample = try design.sample(
            setup, distributions: try setup.requireDistributions(), seed: seed, common: common, files: files)
        outputs = StudiedOutput.all(setup.quantities)
        let columns = Double(setup.varied.count + setup.quantities.count + 1)
        try RunLimits.checkMemory(
            values: (columns + valuesPerSample) * Double(sample.count),
            for: "--samples \(sample.count)")
    }

    /// The parameters' values, and the quantities.
    func evaluate(_ run: RunOutputs, threads: Int) -> (
        parameters: [[Double]], quantities: [[Double]], tally: EvaluationTally
    ) {
        let bar = run.progress(unit: "evaluations", total: sample.count)
        let tally = EvaluationTally(quantities: setup.quantities.count, bar: bar)
        let values = sample.evaluate(
            quantities: setup.quantities.count, threads: threads,
            model: setup.evaluator.model { tally.add($0) })
        tally.finish()
        return (sample.columns(0..<sample.count), values, tally)
    }

    /// Warns of evaluations without a value.
    func report(_ tally: EvaluationTally, _ common: CommonOptions) {
        for place in setup.quantities.indices {
            let reasons = tally.reasons(place)
            guard !reasons.isEmpty else { continue }
            common.warn(
                "\(setup.quantities[place].rawValue): evaluations without a value, of \(sample.count), are left out: "
                    + reasons.joined(separator: ", ") + ".")
        }
    }
}

/// Indices of several outputs as bars, with their intervals.
struct OutputBarsFigure {
    let names: [ParameterName]
    let series: [BarChart.Series]
    /// For each output the bars of each parameter.
    let outputs: [(name: String, rows: [[BarChart.Bar?]])]
    /// What stands along the axis.
    let label: String
    let title: String?

    func sheet(size: FigureSheet.Size) -> FigureSheet {
        var figures = outputs.map { output in
            let chart = BarChart(
                series: series,
                rows: zip(names, output.rows).map { .init(.plain("\($0.title) \($0.symbol)"), $1) })
            let range = chart.range
            return chart.figure(
                .plain(label), title: .plain(output.name),
                range: min(range.lowerBound, 0)...max(range.upperBound, 1))
        }
        if let title, !figures.isEmpty {
            figures[0].title = .plain([title] + (figures[0].title?.lines ?? []))
        }
        return FigureSheet(
            figures, columns: size.isWide && figures.count > 1 ? 2 : 1, size: size)
    }
}
