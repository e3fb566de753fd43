import DissipativeMarket
import RoleDynamics
import Testing

@testable import RewardStudies

@Suite struct SensitivityResultTests {
    private static let varied: [ParameterName] = [.market(.beta), .market(.delta), .kappaS]

    private func output(_ quantity: Quantity) -> StudiedOutput {
        StudiedOutput.all([quantity], varied: Self.varied, rules: QuantityRules())[0]
    }

    @Test func outputsKnowWhatEnters() {
        let outputs = StudiedOutput.all(
            [.gammaMin, .outcome], varied: [.market(.beta), .market(.delta), .market(.gamma)], rules: QuantityRules())
        #expect(outputs.map(\.name).prefix(2) == ["gamma_min", "outcome=empty-band"])
        #expect(outputs.count == 5)
        #expect(outputs[0].enters == [true, false, false])
        // Whether there is a band is δ's matter too.
        #expect(outputs[0].decidesValue == [true, true, false])
        #expect(outputs[1].enters == [true, true, true])
        #expect(outputs[2].values([[], [0, 1, .nan]]).prefix(2) == [0, 1])
        #expect(outputs[2].values([[], [0, 1, .nan]])[2].isNaN)
    }

    /// Noise of an estimator becomes 0 where the parameter does not enter, intervals and pairs too.
    @Test func indicesOfWhatDoesNotEnterAreZero() throws {
        let estimates = [0.3, 0.6, 0.02].map { Estimate(value: $0, halfWidth: 0.1) }
        func indices(_ population: SobolIndices.Population, _ total: [Estimate?]) -> SobolIndices {
            SobolIndices(
                population: population, mean: 1, variance: 2, first: estimates, total: total,
                second: population == .all
                    ? [(0, 1), (0, 2), (1, 2)].map { PairEstimate(j: $0.0, k: $0.1, estimate: estimates[2]) } : [],
                resamples: 10)
        }
        let zero = Estimate(value: 0, halfWidth: 0)
        let known = indices(.all, estimates).knowing(output(.gammaMin))
        #expect(known.first == [estimates[0], zero, zero])
        #expect(known.total == [estimates[0], zero, zero])
        #expect(known.second.allSatisfy { $0.estimate == zero })
        // Given a value δ may have a first-order index: it decides whether there is one. Its total index is 0 for all that.
        let given = indices(.conditional, [nil, nil, estimates[2]])
        let rows = SensitivityResult(
            output(.gammaMin), SobolResult(samples: 8, failed: 3, indices: .success(given))
        ).rows
        #expect(rows.map(\.measures) == [[estimates[0], nil], [estimates[1], zero], [zero, zero]])
        #expect(rows[0].status.contains("no total index"))
        #expect(rows[1].status == "given a value")
        #expect(rows.allSatisfy { $0.used == 8 && $0.failed == 3 })
    }

    @Test func withoutIndicesThereIsAReason() {
        let result = SensitivityResult(
            output(.gammaMax), SobolResult(samples: 8, failed: 0, indices: .failure(.noVariance(value: 0.7))))
        #expect(result.failure == "no variance: all outputs are 0.7")
        #expect(result.rows.allSatisfy { $0.measures.isEmpty && $0.status == result.failure })
    }
}
