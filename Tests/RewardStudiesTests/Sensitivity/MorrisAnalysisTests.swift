import RewardStudies
import Testing

@Suite struct MorrisAnalysisTests {
    /// The effects of a linear function are its coefficients, whatever the trajectories.
    @Test func linearFunction() throws {
        let function = try LinearFunction(constant: 5, coefficients: [2, -3, 0, 0.5])
        let design = try MorrisDesign(function.space, trajectories: 10, seed: 0)
        let outputs = design.evaluate(model: function.model)[0]
        let results = try MorrisAnalysis(design, bootstrap: Bootstrap(resamples: 100, seed: 0)).measures(of: outputs)
        for (result, coefficient) in zip(results, function.coefficients) {
            #expect(result.effects == 10)
            #expect(result.failed == 0)
            let measures = try result.measures.get()
            // Differences of numbers below 8.
            #expect(abs(measures.mean - coefficient) < 1e-14)
            #expect(abs(measures.meanModulus.value - abs(coefficient)) < 1e-14)
            #expect(measures.deviation < 1e-14)
            #expect(measures.meanModulus.halfWidth.map { $0 < 1e-14 } == true)
        }
    }

    /// What Morris found: x₁ … x₇ with interactions, x₈ … x₁₀ large and nearly linear, the rest small.
    @Test func morrisFunction() throws {
        let function = try MorrisFunction()
        let design = try MorrisDesign(function.space, trajectories: 100, candidates: 100, seed: 1)
        let outputs = design.evaluate { x, y in
            for i in y[0].indices { y[0][i] = function.value(x.map { $0[i] }) }
        }
        let measures = try MorrisAnalysis(design, bootstrap: Bootstrap(resamples: 100, seed: 0))
            .measures(of: outputs[0]).map { try $0.measures.get() }
        for j in 0..<20 {
            switch j {
            case 0..<7: #expect(measures[j].deviation > 15 && measures[j].meanModulus.value > 20)
            case 7..<10: #expect(abs(measures[j].mean - 40) < 5 && measures[j].deviation < 12)
            default: #expect(measures[j].meanModulus.value < 15)
            }
        }
    }

    /// f = x₁² at levels 0, ⅓, ⅔, 1: the effects are (⅔)² ∕ ⅔ = ⅔ and (1 − ⅑) ∕ ⅔ = 4/3; the interval of μ* holds their mean 1.
    @Test func squareFunction() throws {
        let space = try ParameterSpace([.uniform(low: 0, high: 1)])
        let design = try MorrisDesign(space, trajectories: 200, candidates: 200, seed: 4)
        let outputs = design.evaluate { x, y in
            for i in y[0].indices { y[0][i] = x[0][i] * x[0][i] }
        }
        let measures = try MorrisAnalysis(design, bootstrap: Bootstrap(resamples: 500, confidence: 0.9999, seed: 0))
            .measures(of: outputs[0])[0].measures.get()
        let width = try #require(measures.meanModulus.halfWidth)
        #expect(abs(measures.mean - 1) < width)
        #expect(measures.mean == measures.meanModulus.value)
        #expect(abs(measures.deviation - 1.0 / 3) < 0.01)
        // The deviation of a mean of 200: 3.89 · 0.3333/√200, of which the resamples know 3 %.
        #expect(abs(width / (3.8906 * 0.33333 / 200.0.squareRoot()) - 1) < 0.2)
    }

    /// All outputs the same but for rounding: no effects, not 0.
    @Test func constant() throws {
        let function = try LinearFunction(coefficients: [1, 2])
        let design = try MorrisDesign(function.space, trajectories: 6, seed: 0)
        let outputs = (0..<design.count).map { 192.53 + Double($0 % 3) * 192.53.ulp }
        for result in try MorrisAnalysis(design).measures(of: outputs) {
            guard case .failure(.noVariance) = result.measures else {
                Issue.record("effects of a constant: \(result)")
                continue
            }
        }
    }

    /// A failed value takes the effects at its two sides away, and no others.
    @Test func failures() throws {
        let function = try LinearFunction(coefficients: [1, 2])
        let design = try MorrisDesign(function.space, trajectories: 6, seed: 0)
        var outputs = design.evaluate(model: function.model)[0]
        outputs[4] = .nan
        var results = try MorrisAnalysis(design).measures(of: outputs)
        #expect(results.map(\.failed) == [1, 1])
        #expect(results.map(\.effects) == [5, 5])
        #expect(abs(try results[1].measures.get().mean - 2) < 1e-14)
        #expect(try results[0].measures.get().meanModulus.halfWidth == nil)
        outputs = outputs.map { _ in .infinity }
        results = try MorrisAnalysis(design).measures(of: outputs)
        #expect(results.allSatisfy { $0.measures == .failure(.tooFewSamples(count: 0, needed: 2)) && $0.failed == 6 })
        #expect(throws: AnalysisError.self) { try MorrisAnalysis(design).measures(of: [1]) }
    }
}
