import RewardStudies
import Testing

/// How often intervals hold the known index, over seeded repetitions; Benchmarks/coverage does more of it.
@Suite struct CoverageTests {
    /// Of random base points the nominal level: n repetitions are binomial, four deviations, and 3 % for the estimators'
    /// skewness at N = 512, which the normal quantile does not know.
    @Test(arguments: [0.5, 0.9]) func randomPoints(confidence: Double) throws {
        let repetitions = 120
        let hits = try coverage(.random, samples: 512, repetitions: repetitions, confidence: confidence)
        let n = Double(repetitions)
        let tolerance = 4 * (n * confidence * (1 - confidence)).squareRoot() + 0.03 * n
        for (index, count) in hits.enumerated() {
            #expect(abs(Double(count) - n * confidence) < tolerance, "index \(index): \(count) of \(repetitions)")
        }
    }

    /// Of scrambled Sobol points at least the level: resampling knows nothing of their even coverage.
    @Test func sobolPoints() throws {
        let hits = try coverage(.sobol(.owen), samples: 512, repetitions: 60, confidence: 0.9)
        // Binomial, four deviations below 54.
        for (index, count) in hits.enumerated() { #expect(count >= 44, "index \(index): \(count) of 60") }
    }

    /// Of each index of Ishigami's function that is not 0, how often its interval holds it.
    private func coverage(_ method: SamplingMethod, samples: Int, repetitions: Int, confidence: Double) throws -> [Int]
    {
        let function = try IshigamiFunction()
        let expected = [function.first[0], function.first[1]] + function.total
        var hits = [Int](repeating: 0, count: expected.count)
        for seed in 0..<UInt64(repetitions) {
            let design = try SaltelliDesign(function.space, samples: samples, seed: seed, method: method)
            let outputs = design.evaluate(threads: 1, model: function.model)
            let indices = try SobolAnalysis(
                design.layout, bootstrap: Bootstrap(resamples: 100, confidence: confidence, seed: seed)
            ).indices(of: outputs[0], threads: 1).indices.get()
            for (i, estimate) in ([indices.first[0], indices.first[1]] + indices.total.compactMap(\.self)).enumerated()
            {
                let width = try #require(estimate.halfWidth)
                hits[i] += abs(estimate.value - expected[i]) <= width ? 1 : 0
            }
        }
        return hits
    }
}
