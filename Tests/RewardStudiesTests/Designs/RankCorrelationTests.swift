import NumericalMethods
import RewardStudies
import Testing

@Suite struct RankCorrelationTests {
    private static func matrix(_ a: Double, _ b: Double, _ c: Double) throws -> Matrix {
        try Matrix([[1, a, b], [a, 1, c], [b, c, 1]])
    }

    /// The sample has the rank correlations asked for, whatever the distributions, and the distributions stay.
    @Test(arguments: DesignTests.methods) func samplesHaveTheCorrelations(method: SamplingMethod) throws {
        let expected = try Self.matrix(0.7, -0.4, 0.1)
        let space = try ParameterSpace(
            [.uniform(low: 0, high: 1), .logNormal(mean: 0, deviation: 1), .beta(a: 0.5, b: 2)],
            correlation: RankCorrelation(expected))
        let columns = try SampleDesign(space, method: method, count: 8192, seed: 2).columns(0..<8192)
        for i in 0..<3 {
            for j in 0..<i {
                // Four standard errors of a rank correlation of 8192 pairs.
                #expect(abs(spearman(columns[i], columns[j]) - expected[i, j]) < 4 / 8192.0.squareRoot())
            }
            let distribution = space.distributions[i]
            for u in [0.05, 0.25, 0.5, 0.75, 0.95] {
                let share = Double(columns[i].count { $0 <= distribution.quantile(u) }) / 8192
                #expect(abs(share - u) < 4 * (u * (1 - u) / 8192).squareRoot())
            }
        }
    }

    /// The first parameter, and one that hangs on no other, keep their numbers.
    @Test func independentParametersKeepTheirNumbers() throws {
        let plain = try SampleDesign(DesignTests.unit(3), method: .latinHypercube, count: 100, seed: 3).columns(0..<100)
        let space = try ParameterSpace(
            DesignTests.unit(3).distributions, correlation: RankCorrelation(Self.matrix(0, 0.5, 0)))
        let correlated = try SampleDesign(space, method: .latinHypercube, count: 100, seed: 3).columns(0..<100)
        #expect(correlated[0] == plain[0])
        #expect(correlated[1] == plain[1])
        #expect(correlated[2] != plain[2])
    }

    @Test func strongCorrelationStaysInside() throws {
        let space = try ParameterSpace(
            DesignTests.unit(2).distributions, correlation: RankCorrelation(Matrix([[1, 0.999999], [0.999999, 1]])))
        let columns = try SampleDesign(space, method: .random, count: 1000, seed: 3).columns(0..<1000)
        #expect(columns[1].allSatisfy { $0 > 0 && $0 < 1 })
        #expect(spearman(columns[0], columns[1]) > 0.999)
    }

    @Test func notPositiveDefinite() throws {
        // Eigenvalues 1 − 0.9·2, 1.9, 1.9 for −0.9 everywhere.
        let error = #expect(throws: DesignError.self) { try RankCorrelation(Self.matrix(-0.9, -0.9, -0.9)) }
        guard case .notPositiveDefinite(let eigenvalue, 3, _, false) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(abs(eigenvalue + 0.8) < 1e-14)
        #expect(error?.description.contains("eigenvalue 1 of 3, the smallest, is -0.8") == true)
        // Positive definite, smallest eigenvalue 0.002, but not with 2 sin(πρ/6), which is larger in modulus.
        let second = #expect(throws: DesignError.self) { try RankCorrelation(Self.matrix(-0.499, -0.499, -0.499)) }
        guard case .notPositiveDefinite(let other, 3, _, true) = second else {
            Issue.record("\(String(describing: second))")
            return
        }
        #expect(other < 0)
    }

    @Test func faults() throws {
        #expect(throws: DesignError.self) { try RankCorrelation(Matrix([[1, 2], [2, 1]])) }
        #expect(throws: DesignError.self) { try RankCorrelation(Matrix([[1, .nan], [.nan, 1]])) }
        #expect(throws: DesignError.self) { try RankCorrelation(Matrix([[1, 0.1], [0.2, 1]])) }
        #expect(throws: DesignError.self) { try RankCorrelation(Matrix([[0.9, 0], [0, 1]])) }
        #expect(throws: DesignError.self) { try RankCorrelation(Matrix([[1, 0]])) }
        let correlation = try RankCorrelation(Matrix([[1, 0.5], [0.5, 1]]))
        #expect(throws: DesignError.correlationSize(rows: 2, columns: 2, parameters: 3)) {
            try ParameterSpace(DesignTests.unit(3).distributions, correlation: correlation)
        }
        let space = try ParameterSpace(DesignTests.unit(2).distributions, correlation: correlation)
        #expect(throws: DesignError.correlatedParameters(method: "the method of Sobol indices")) {
            try SaltelliDesign(space, samples: 8, seed: 0)
        }
        #expect(throws: DesignError.correlatedParameters(method: "Morris's method")) {
            try MorrisDesign(space, trajectories: 4, seed: 0)
        }
        // No correlation is none.
        let independent = try ParameterSpace(
            DesignTests.unit(2).distributions, correlation: RankCorrelation(.identity(2)))
        #expect(try SaltelliDesign(independent, samples: 8, seed: 0).count == 32)
    }
}
