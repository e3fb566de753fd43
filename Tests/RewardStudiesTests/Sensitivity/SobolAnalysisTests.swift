import NumericalMethods
import RewardStudies
import TestSupport
import Testing

@Suite struct SobolAnalysisTests {
    private static let estimators = FirstOrderEstimator.allCases

    /// The known indices are within 1.3 times the interval of level 0.9999: the estimators of N = 4096 scrambled points
    /// are more exact than the intervals say, and each of the three lists is about ten estimates.
    @Test(arguments: estimators) func referenceFunctions(estimator: FirstOrderEstimator) throws {
        let functions: [any ReferenceFunction] = [
            try IshigamiFunction(), try SobolGFunction(a: [0, 1, 4.5, 9]),
            try LinearFunction(constant: 100, coefficients: [1, -2, 3, 0]),
        ]
        for function in functions {
            let design = try SaltelliDesign(function.space, samples: 4096, secondOrder: true, seed: 1)
            let outputs = design.evaluate(model: function.model)
            let analysis = try SobolAnalysis(
                design.layout, estimator: estimator, bootstrap: Bootstrap(resamples: 100, confidence: 0.9999, seed: 2))
            let result = try analysis.indices(of: outputs[0])
            #expect(result.samples == 4096)
            #expect(result.failed == 0)
            let indices = try result.indices.get()
            #expect(indices.resamples == 100)
            #expect(indices.population == .all)
            func check(_ estimate: Estimate, _ expected: Double) throws {
                let width = try #require(estimate.halfWidth)
                #expect(abs(estimate.value - expected) <= 1.3 * width + 1e-12, "\(function), \(estimate), \(expected)")
                #expect(width < 0.25)
            }
            for j in 0..<function.dimension {
                try check(indices.first[j], function.first[j])
                try check(#require(indices.total[j]), function.total[j])
            }
            #expect(indices.second.count == function.dimension * (function.dimension - 1) / 2)
            for pair in indices.second { try check(pair.estimate, function.second(pair.j, pair.k)) }
            // Owen-scrambled points of N = 4096: a mean to 1e−3 of the deviation, a variance to a percent.
            #expect(abs(indices.mean - function.mean) < 3e-3 * function.variance.squareRoot())
            #expect(abs(indices.variance / function.variance - 1) < 0.02)
        }
    }

    /// The estimators as their formulas say, on outputs that no function made.
    @Test(arguments: estimators) func formulas(estimator: FirstOrderEstimator) throws {
        var generator = SeededGenerator(seed: 5)
        let layout = SaltelliLayout(samples: 300, dimension: 3, secondOrder: true)
        let y = (0..<300 * 8).map { _ in generator.uniform(-3...7) }
        func block(_ b: Int) -> [Double] { Array(y[b * 300..<b * 300 + 300]) }
        let base = block(layout.a) + block(layout.b)
        let mean = base.reduce(0, +) / 600
        let variance = base.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 600
        func average(_ f: (Int) -> Double) -> Double { (0..<300).reduce(0) { $0 + f($1) } / 300 }
        let (a, b) = (block(layout.a).map { $0 - mean }, block(layout.b).map { $0 - mean })
        let ab = (0..<3).map { block(layout.ab($0)).map { $0 - mean } }
        let ba = (0..<3).map { block(layout.ba($0)).map { $0 - mean } }
        let first = (0..<3).map { j -> Double in
            switch estimator {
            case .saltelli: return average { b[$0] * (ab[j][$0] - a[$0]) } / variance
            case .jansen: return 1 - average { (b[$0] - ab[j][$0]) * (b[$0] - ab[j][$0]) } / 2 / variance
            case .janon:
                let m = average { (b[$0] + ab[j][$0]) / 2 }
                let v = average { (b[$0] * b[$0] + ab[j][$0] * ab[j][$0]) / 2 } - m * m
                return (average { b[$0] * ab[j][$0] } - m * m) / v
            }
        }
        let indices = try SobolAnalysis(layout, estimator: estimator).indices(of: y).indices.get()
        // Sums of 300 terms.
        let tolerance = 1e-13
        #expect(abs(indices.mean - mean) < tolerance)
        #expect(abs(indices.variance - variance) < tolerance * variance)
        for j in 0..<3 {
            #expect(abs(indices.first[j].value - first[j]) < tolerance)
            let total = average { (a[$0] - ab[j][$0]) * (a[$0] - ab[j][$0]) } / 2 / variance
            #expect(abs(try #require(indices.total[j]).value - total) < tolerance)
            #expect(indices.first[j].halfWidth == nil)
        }
        for pair in indices.second {
            let closed = average { ba[pair.j][$0] * ab[pair.k][$0] - a[$0] * b[$0] } / variance
            #expect(abs(pair.estimate.value - (closed - first[pair.j] - first[pair.k])) < tolerance)
        }
    }

    private func ishigami(samples: Int, seed: UInt64 = 1) throws -> (layout: SaltelliLayout, outputs: [Double]) {
        let function = try IshigamiFunction()
        let design = try SaltelliDesign(function.space, samples: samples, seed: seed)
        return (design.layout, design.evaluate(model: function.model)[0])
    }

    /// The interval is z(level) deviations wide, so intervals of two levels have the ratio of their quantiles; its
    /// deviation is that of the estimates in resamples drawn here.
    @Test func intervals() throws {
        let (layout, y) = try ishigami(samples: 256)
        func width(_ confidence: Double, resamples: Int = 400) throws -> Double {
            let analysis = try SobolAnalysis(
                layout, bootstrap: Bootstrap(resamples: resamples, confidence: confidence, seed: 0))
            return try #require(try analysis.indices(of: y).indices.get().total[0]?.halfWidth)
        }
        #expect(abs(try width(0.99) / width(0.5) - 2.5758293035489004 / 0.6744897501960817) < 1e-12)
        let estimates = try (0..<400).map { resample -> Double in
            var generator = SeededGenerator(seed: UInt64(resample))
            let rows = (0..<256).map { _ in Int.random(in: 0..<256, using: &generator) }
            let drawn = (0..<layout.blocks).flatMap { block in rows.map { y[block * 256 + $0] } }
            return try #require(try SobolAnalysis(layout).indices(of: drawn).indices.get().total[0]).value
        }
        let mean = estimates.reduce(0, +) / 400
        let deviation = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
        // Two deviations of 400 values each have a relative error of 1/√800 each: four of the two together.
        #expect(abs(try width(0.95) / 1.959963984540054 / deviation - 1) < 4 * (2 / 800.0).squareRoot())
    }

    @Test(arguments: estimators) func sameAtAnyNumberOfThreads(estimator: FirstOrderEstimator) throws {
        let (layout, y) = try ishigami(samples: 20_000)
        let analysis = try SobolAnalysis(layout, estimator: estimator, bootstrap: Bootstrap(resamples: 21, seed: 0))
        let result = try analysis.indices(of: y, threads: 1)
        for threads in [2, 3, 8] { #expect(try analysis.indices(of: y, threads: threads) == result) }
        let other = try SobolAnalysis(layout, estimator: estimator, bootstrap: Bootstrap(resamples: 21, seed: 1))
        #expect(try other.indices(of: y) != result)
    }

    // MARK: - Failures

    /// x₁ + x₂ of two uniform numbers, with a value where x₁ > 0.7 or not, and of a third that does nothing.
    private func sum(
        samples: Int, method: SamplingMethod = .sobol(.owen), seed: UInt64 = 1,
        where hasValue: @escaping @Sendable (Double, Double) -> Bool
    ) throws -> (design: SaltelliDesign, outputs: [Double]) {
        let design = try SaltelliDesign(
            DesignTests.unit(3), samples: samples, secondOrder: true, seed: seed, method: method)
        let outputs = design.evaluate { x, y in
            for i in y[0].indices { y[0][i] = hasValue(x[0][i], x[1][i]) ? x[0][i] + x[1][i] : .nan }
        }
        return (design, outputs[0])
    }

    /// A rectangle, where the parameters stay independent: of 0.7 × 1 the shares are 0.49 and 1 of 1.49. x₁ decides whether there
    /// is a value, and has no total index; x₂ does not.
    @Test func givenAValue() throws {
        let (design, outputs) = try sum(samples: 4096) { x, _ in x < 0.7 }
        let analysis = try SobolAnalysis(
            design.layout, bootstrap: Bootstrap(resamples: 100, confidence: 0.9999, seed: 0))
        let result = try analysis.indices(of: outputs, parameters: design.baseColumns)
        #expect(result.samples == 4096)
        #expect(result.failed == outputs.count { $0.isNaN })
        let indices = try result.indices.get()
        #expect(indices.population == .conditional)
        #expect(abs(indices.mean - 0.85) < 0.003)
        #expect(abs(indices.variance - 1.49 / 12) < 0.002)
        for (estimate, share) in zip(indices.first, [0.49 / 1.49, 1 / 1.49, 0]) {
            let width = try #require(estimate.halfWidth)
            // 1/64² of a line's share is within the classes.
            #expect(abs(estimate.value - share) <= width + 1.0 / 4096)
            #expect(width < 0.05)
        }
        #expect(indices.total[0] == nil)
        let total = try #require(indices.total[1])
        #expect(abs(total.value - 1 / 1.49) <= (try #require(total.halfWidth)))
        #expect(indices.total[2] == Estimate(value: 0, halfWidth: 0))
        #expect(indices.second.isEmpty)
    }

    /// A triangle x₁ + x₂ < 1, where the parameters are dependent: given a value the sum s has the density 2s, x₁ given s is
    /// uniform on 0 … s. Var(y) = 1/18, E[y|x₁] = (1 + x₁)/2, of which the variance is 1/72: S = ¼ each. Intervals of random
    /// points hold that at their level.
    @Test func intervalsGivenAValueCover() throws {
        let repetitions = 200
        var hits = [0, 0]
        for seed in 0..<UInt64(repetitions) {
            let (design, outputs) = try sum(samples: 512, method: .random, seed: seed) { $0 + $1 < 1 }
            let indices = try SobolAnalysis(
                design.layout, bootstrap: Bootstrap(resamples: 100, confidence: 0.9, seed: seed)
            ).indices(of: outputs, parameters: design.baseColumns).indices.get()
            #expect(indices.total[0] == nil)
            for j in 0..<2 {
                let width = try #require(indices.first[j].halfWidth)
                if abs(indices.first[j].value - 0.25) <= width { hits[j] += 1 }
            }
        }
        // Binomial, 180 ± 4.2: four deviations, and 3 % for the skewness that the normal quantile does not know.
        for count in hits { #expect(abs(count - 180) <= 17 + 6, "\(count) of \(repetitions)") }
    }

    /// The evenly spread points of a Sobol sequence have no bias either: x₁ + x₂/10 + x₃/30 where x₃ < 0.95, of which the shares
    /// are those of variances 1, 1/100 and 0.95²/900.
    @Test func smallIndicesGivenAValue() throws {
        let design = try SaltelliDesign(DesignTests.unit(3), samples: 4096, seed: 1)
        let outputs = design.evaluate { x, y in
            for i in y[0].indices { y[0][i] = x[2][i] < 0.95 ? x[0][i] + x[1][i] / 10 + x[2][i] / 30 : .nan }
        }[0]
        let indices = try SobolAnalysis(
            design.layout, bootstrap: Bootstrap(resamples: 100, confidence: 0.95, seed: 0)
        ).indices(of: outputs, parameters: design.baseColumns).indices.get()
        let variances = [1, 0.01, 0.95 * 0.95 / 900]
        let sum = variances.reduce(0, +)
        for (estimate, variance) in zip(indices.first, variances) {
            let width = try #require(estimate.halfWidth)
            #expect(abs(estimate.value - variance / sum) < width + 1.0 / 4096)
            #expect(width < 0.01)
        }
    }

    /// The other evaluations of a base sample do not matter: only those of A and B are of the population.
    @Test func nothingIsDropped() throws {
        let (layout, y) = try ishigami(samples: 1000)
        var failing = y
        for row in 0..<500 { failing[(1 + row % 3) * 1000 + row] = .infinity }
        let parameters = try SaltelliDesign(IshigamiFunction().space, samples: 1000, seed: 1).baseColumns()
        let indices = try SobolAnalysis(layout).indices(of: failing, parameters: { parameters }).indices.get()
        let base = y[..<1000] + y[4000...]
        let mean = base.reduce(0, +) / 2000
        #expect(abs(indices.mean - mean) < 1e-13)
        #expect(indices.total.allSatisfy { $0 == nil })
        // One failed evaluation is enough for the parameter whose block it is in, and takes nothing from the others.
        var one = y
        one[2 * 1000 + 500] = .nan
        let few = try SobolAnalysis(layout).indices(of: one, parameters: { parameters })
        #expect(few.failed == 1)
        #expect(try few.indices.get().total.map { $0 == nil } == [false, true, false])
        // Without the parameters there is nothing to sort by.
        #expect(
            try SobolAnalysis(layout).indices(of: one).indices
                == .failure(.missingValues(count: 1, evaluations: 5000)))
    }

    @Test func sameAtAnyNumberOfThreadsGivenAValue() throws {
        let (design, outputs) = try sum(samples: 20_000) { $0 + $1 < 1 }
        let analysis = try SobolAnalysis(design.layout, bootstrap: Bootstrap(resamples: 21, seed: 0))
        let result = try analysis.indices(of: outputs, parameters: design.baseColumns, threads: 1)
        for threads in [2, 3] {
            #expect(try analysis.indices(of: outputs, parameters: design.baseColumns, threads: threads) == result)
        }
    }

    @Test func tooManyFailures() throws {
        let layout = SaltelliLayout(samples: 4, dimension: 1)
        let nan = Double.nan
        let parameters = [[Double](repeating: 0, count: 8)]
        let all = try SobolAnalysis(layout).indices(
            of: [Double](repeating: nan, count: 12), parameters: { parameters })
        #expect(all.failed == 12)
        #expect(all.indices == .failure(.tooFewSamples(count: 0, needed: 40)))
        #expect(
            try SobolAnalysis(layout).indices(of: [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3], samples: 1).indices
                == .failure(.tooFewSamples(count: 1, needed: 2)))
    }

    /// No variance is said, not 0 and not NaN; rounding is no variance either.
    @Test(arguments: [0, 1, -0.1, 1e300, 5e-324]) func noVariance(value: Double) throws {
        let layout = SaltelliLayout(samples: 64, dimension: 2, secondOrder: true)
        let analysis = try SobolAnalysis(layout, bootstrap: Bootstrap(resamples: 10, seed: 0))
        let constant = [Double](repeating: value, count: 64 * 6)
        #expect(try analysis.indices(of: constant).indices == .failure(.noVariance(value: value)))
        guard value != 0 else { return }
        let rounded = (0..<64 * 6).map { value + Double($0 % 3 - 1) * value.ulp }
        guard case .failure(.noVariance) = try analysis.indices(of: rounded).indices else {
            Issue.record("variance of \(value) by rounding")
            return
        }
    }

    /// A rare indicator: resamples without variance are left out of the interval.
    @Test func rareIndicator() throws {
        let layout = SaltelliLayout(samples: 8, dimension: 1)
        var y = [Double](repeating: 0, count: 24)
        y[0] = 1
        let indices = try SobolAnalysis(layout, bootstrap: Bootstrap(resamples: 1000, seed: 0)).indices(of: y).indices
            .get()
        // A resample lacks the row with probability (7/8)^8 = 0.344: 1000 of them within five deviations of 15.
        #expect(abs(indices.resamples - 656) < 75)
        #expect(indices.total[0]?.halfWidth != nil)
        // Of 8 resamples of two rows that differ, some have no variance.
        let two = try SobolAnalysis(
            SaltelliLayout(samples: 1, dimension: 1), bootstrap: Bootstrap(resamples: 2, seed: 0)
        )
        .indices(of: [0, 1, 1])
        #expect(two.indices == .failure(.tooFewSamples(count: 1, needed: 2)))
    }

    /// Janon's estimator has the variance of f(B) and f(A_B) alone to divide by, which may be 0 where others find one.
    @Test func undefinedEstimator() throws {
        let y: [Double] = [1, 2, 3, 4] + [5, 5, 5, 5] + [1, 3, 5, 7] + [5, 5, 5, 5]
        let layout = SaltelliLayout(samples: 4, dimension: 2)
        let janon = try SobolAnalysis(layout, estimator: .janon).indices(of: y)
        #expect(janon.indices == .failure(.undefinedEstimator(parameter: 0)))
        #expect(janon.samples == 4)
        #expect(try SobolAnalysis(layout).indices(of: y).indices.get().first.allSatisfy { $0.value.isFinite })
    }

    /// Scales and offsets do not enter the indices; powers of two not to the bit, at the ends of the range too.
    @Test func scalesDoNotMatter() throws {
        let (layout, y) = try ishigami(samples: 512)
        let analysis = try SobolAnalysis(layout, bootstrap: Bootstrap(resamples: 20, seed: 0))
        let plain = try analysis.indices(of: y).indices.get()
        for exponent in [-1000, -500, 500, 1019] {
            let scaled = y.map { Double(sign: .plus, exponent: exponent, significand: $0) }
            let indices = try analysis.indices(of: scaled).indices.get()
            #expect(indices.first == plain.first)
            #expect(indices.total == plain.total)
        }
        let moved = try analysis.indices(of: y.map { $0 + 1e6 }).indices.get()
        // Outputs are rounded to 1e−10.
        for (a, b) in zip(moved.first, plain.first) { #expect(abs(a.value - b.value) < 1e-9) }
    }

    // MARK: - Samples

    @Test func convergence() throws {
        let (layout, y) = try ishigami(samples: 1024)
        let analysis = try SobolAnalysis(layout, bootstrap: Bootstrap(resamples: 20, seed: 0))
        let results = try analysis.convergence(of: y, halvings: 20)
        #expect(results.map(\.samples) == [16, 32, 64, 128, 256, 512, 1024])
        #expect(try results.last == analysis.indices(of: y))
        // The first points of a design are the design of so many.
        let (smaller, z) = try ishigami(samples: 128)
        let own = try SobolAnalysis(smaller, bootstrap: Bootstrap(resamples: 20, seed: 0)).indices(of: z)
        #expect(results[3] == own)
        #expect(try analysis.convergence(of: y, halvings: -3).count == 1)
    }

    @Test func faults() throws {
        let analysis = try SobolAnalysis(SaltelliLayout(samples: 10, dimension: 2))
        #expect(throws: AnalysisError.wrongLength(name: "the output", count: 39, expected: 40)) {
            try analysis.indices(of: [Double](repeating: 0, count: 39))
        }
        for samples in [0, 11] {
            #expect(throws: AnalysisError.self) {
                try analysis.indices(of: [Double](repeating: 0, count: 40), samples: samples)
            }
        }
        for layout in [
            SaltelliLayout(samples: 0, dimension: 1), SaltelliLayout(samples: 1, dimension: 0),
            SaltelliLayout(samples: .max, dimension: 1), SaltelliLayout(samples: 1, dimension: .max),
        ] {
            #expect(throws: AnalysisError.self) { try SobolAnalysis(layout) }
        }
        for confidence in [0, 1, -1, 2, Double.nan, 1 - 0x1p-53] {
            #expect(throws: AnalysisError.self) { try Bootstrap(resamples: 10, confidence: confidence, seed: 0) }
        }
        for resamples in [-1, 1, .max] {
            #expect(throws: AnalysisError.self) { try Bootstrap(resamples: resamples, seed: 0) }
        }
    }
}
