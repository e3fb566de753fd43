import RewardStudies
import Testing

@Suite struct OutcomeAnalysisTests {
    /// Outcomes and outputs of a function of two uniform parameters, with the parameters at A and B.
    private func sample(
        samples: Int, seed: UInt64 = 1, method: SamplingMethod = .sobol(.owen),
        _ f: @escaping @Sendable (Double, Double) -> (outcome: UInt8, value: Double)
    ) throws -> (layout: SaltelliLayout, outcomes: [UInt8], outputs: [Double], parameters: [[Double]]) {
        let design = try SaltelliDesign(DesignTests.unit(2), samples: samples, seed: seed, method: method)
        let outputs = design.evaluate(quantities: 2) { x, y in
            for i in y[0].indices {
                let result = f(x[0][i], x[1][i])
                y[0][i] = Double(result.outcome)
                y[1][i] = result.value
            }
        }
        let (a, b) = (design.columns(0..<samples), design.columns(design.count - samples..<design.count))
        return (design.layout, outputs[0].map { UInt8($0) }, outputs[1], zip(a, b).map { $0 + $1 })
    }

    private func analysis(_ layout: SaltelliLayout, outcomes: Int, confidence: Double = 0.9999) throws
        -> OutcomeAnalysis
    {
        try OutcomeAnalysis(
            SobolAnalysis(layout, bootstrap: Bootstrap(resamples: 100, confidence: confidence, seed: 0)),
            outcomeCount: outcomes)
    }

    private func isWithin(_ estimate: Estimate?, _ expected: Double, bias: Double = 0) -> Bool {
        guard let estimate, let width = estimate.halfWidth else { return false }
        return abs(estimate.value - expected) <= width + bias && width < 0.15
    }

    /// A jump at x₁ = 0.7 that x₁ alone decides, and x₁ + x₂ below it: a rectangle, where parameters stay independent.
    @Test func rectangle() throws {
        let (layout, outcomes, outputs, parameters) = try sample(samples: 4096) {
            $0 > 0.7 ? (1, .nan) : (0, $0 + $1)
        }
        let analysis = try analysis(layout, outcomes: 3)
        let results = try analysis.results(outcomes: outcomes)
        #expect(isWithin(results[0].probability, 0.7))
        #expect(isWithin(results[1].probability, 0.3))
        #expect(results[2].count == 0 && results[2].probability?.value == 0)
        #expect(results.map(\.count).reduce(0, +) == 8192)
        #expect(results.allSatisfy { $0.points == 8192 && $0.failed == 0 })
        for result in results[0...1] {
            let indices = try result.indicator.indices.get()
            #expect(isWithin(indices.first[0], 1, bias: 0.01))
            #expect(isWithin(indices.total[0], 1, bias: 0.01))
            #expect(indices.first[1].value == 0)
            #expect(indices.total[1]?.value == 0)
        }
        // An outcome that never comes has no variance: said, not 0.
        #expect(results[2].indicator.indices == .failure(.noVariance(value: 0)))

        let conditional = try analysis.conditional(of: outputs, outcomes: outcomes, given: 0, parameters: parameters)
        #expect(conditional.points == results[0].count)
        #expect(conditional.failed == 0)
        let indices = try conditional.indices.get()
        #expect(abs(indices.mean - 0.85) < 0.003)
        #expect(abs(indices.variance - 1.49 / 12) < 0.002)
        // 1/64² of the line's share is within the classes.
        for (j, share) in [0.49 / 1.49, 1 / 1.49].enumerated() {
            #expect(isWithin(indices.first[j], share, bias: 1.0 / 4096))
        }
        // x₁ decides the outcome and has no total index; all pairs with x₂ from A and from B have the same outcome.
        #expect(indices.total[0] == nil)
        #expect(isWithin(indices.total[1], 1 / 1.49))
        let other = try analysis.conditional(of: outputs, outcomes: outcomes, given: 1, parameters: parameters)
        #expect(other.failed == results[1].count)
        #expect(other.points == 0)
        #expect(other.indices == .failure(.tooFewSamples(count: 0, needed: 40)))
    }

    /// A triangle x₁ + x₂ < 1, where they are dependent, and y = x₁. First order is exact; the total of pairs, which
    /// weighs x₂ by (1 − x₂)² and not by 1 − x₂, would be 9/10 where E[Var(y|x₂)]/Var(y) is 3/4: there is none.
    @Test func triangle() throws {
        let (layout, outcomes, outputs, parameters) = try sample(samples: 8192) { ($0 + $1 < 1 ? 1 : 0, $0) }
        let indices = try analysis(layout, outcomes: 2)
            .conditional(of: outputs, outcomes: outcomes, given: 1, parameters: parameters).indices.get()
        #expect(abs(indices.mean - 1.0 / 3) < 0.003)
        #expect(abs(indices.variance - 1.0 / 18) < 0.001)
        #expect(isWithin(indices.first[0], 1, bias: 0.001))
        #expect(isWithin(indices.first[1], 0.25))
        #expect(indices.total.allSatisfy { $0 == nil })
    }

    /// Without an effect the index is 0 on average, not (classes − 1)/(points − 1).
    @Test func noEffect() throws {
        var sum = 0.0
        for seed in 0..<40 as Range<UInt64> {
            // A function of x₁ alone, against x₂, with 2 · 320 points and 32 classes.
            let (layout, outcomes, outputs, parameters) = try sample(samples: 320, seed: seed, method: .random) {
                x, _ in (0, x)
            }
            let analysis = try OutcomeAnalysis(SobolAnalysis(layout), outcomeCount: 1)
            let result = try analysis.conditional(of: outputs, outcomes: outcomes, given: 0, parameters: parameters)
            sum += try result.indices.get().first[1].value
        }
        // The variance of the classes' means would be 31/639 = 0.049; the covariance of 32 means of 10 points has the deviation
        // √32/320 = 0.018.
        #expect(abs(sum / 40) < 4 * 0.018 / 40.0.squareRoot())
    }

    /// Failed evaluations: neither the outcome nor its absence.
    @Test func failures() throws {
        let (layout, outcomes, outputs, parameters) = try sample(samples: 512) { ($0 < 0.5 ? 1 : 0, $1) }
        var failing = outcomes
        failing[3] = OutcomeAnalysis.failed
        failing[2 * 512 + 9] = 77
        let results = try analysis(layout, outcomes: 2).results(outcomes: failing, parameters: { parameters })
        #expect(results.allSatisfy { $0.points == 1023 && $0.failed == 1 })
        #expect(results.allSatisfy { $0.indicator.failed == 2 })
        // Given that there is an outcome x₁ alone decides which.
        #expect(try results[1].indicator.indices.get().population == .conditional)
        #expect(isWithin(try results[1].indicator.indices.get().first[0], 1, bias: 0.05))
        #expect(results[0].count + results[1].count == 1023)
        // The same at any number of threads.
        #expect(
            try analysis(layout, outcomes: 2).results(outcomes: failing, parameters: { parameters }, threads: 1)
                == results)
        let conditional = try analysis(layout, outcomes: 2)
            .conditional(of: outputs, outcomes: failing, given: 1, parameters: parameters, threads: 1)
        #expect(
            try analysis(layout, outcomes: 2)
                .conditional(of: outputs, outcomes: failing, given: 1, parameters: parameters, threads: 3)
                == conditional)
        let all = try analysis(layout, outcomes: 2).results(outcomes: outcomes.map { _ in 255 })
        #expect(all.allSatisfy { $0.probability == nil && $0.points == 0 })
    }

    /// Few different values of a parameter stay in one class each.
    @Test func discreteParameter() throws {
        let space = try ParameterSpace([.empirical([0, 1]), .uniform(low: 0, high: 1)])
        let design = try SaltelliDesign(space, samples: 1024, seed: 0)
        let outputs = design.evaluate { x, y in
            for i in y[0].indices { y[0][i] = x[0][i] + x[1][i] }
        }[0]
        let parameters = zip(design.columns(0..<1024), design.columns(3 * 1024..<4096)).map { $0 + $1 }
        let analysis = try analysis(design.layout, outcomes: 1)
        let indices = try analysis.conditional(
            of: outputs, outcomes: [UInt8](repeating: 0, count: 4096), given: 0, parameters: parameters
        ).indices.get()
        // Variances 1/4 and 1/12.
        #expect(isWithin(indices.first[0], 0.75))
        #expect(isWithin(indices.first[1], 0.25, bias: 0.001))
    }

    @Test func faults() throws {
        let layout = SaltelliLayout(samples: 4, dimension: 1)
        let sobol = try SobolAnalysis(layout)
        for count in [0, 256] {
            #expect(throws: AnalysisError.self) { try OutcomeAnalysis(sobol, outcomeCount: count) }
        }
        let analysis = try OutcomeAnalysis(sobol, outcomeCount: 2)
        let (y, codes) = ([Double](repeating: 0, count: 12), [UInt8](repeating: 0, count: 12))
        let x = [[Double](repeating: 0, count: 8)]
        #expect(throws: AnalysisError.self) { try analysis.results(outcomes: [0]) }
        #expect(throws: AnalysisError.self) {
            try analysis.conditional(of: [0], outcomes: codes, given: 0, parameters: x)
        }
        #expect(throws: AnalysisError.self) { try analysis.conditional(of: y, outcomes: [0], given: 0, parameters: x) }
        #expect(throws: AnalysisError.self) {
            try analysis.conditional(of: y, outcomes: codes, given: 2, parameters: x)
        }
        #expect(throws: AnalysisError.self) {
            try analysis.conditional(of: y, outcomes: codes, given: 0, parameters: [])
        }
        #expect(throws: AnalysisError.self) {
            try analysis.conditional(of: y, outcomes: codes, given: 0, parameters: [[0]])
        }
    }
}
