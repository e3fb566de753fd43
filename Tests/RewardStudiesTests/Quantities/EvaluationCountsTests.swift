import RewardStudies
import RoleDynamics
import Testing

@Suite struct EvaluationCountsTests {
    @Test func countsPointsAndReasons() throws {
        var fixed = ParameterPoint()
        try fixed.set(.market(.beta), to: 0.7)
        let quantities: [Quantity] = [.bandWidth, .alphaStar]
        let evaluator = try QuantityEvaluator(
            quantities: quantities, varied: [.market(.delta), .market(.gamma)], fixed: fixed)
        let counts = EvaluationCounts(quantities)
        // A band from δ = 0.7 on, α* from γ = 0.7 on; δ = −1 is none.
        #expect(counts.add(evaluator.evaluate([[0.5, 0.6, 1, 1], [1, 0.5, 0.5, 1]])) == 4)
        #expect(counts.add(evaluator.evaluate([[-1, 0.5], [1, 1]])) == 6)
        #expect(counts.points == 6)
        #expect(counts.failedPoints == 5)
        #expect(counts.phrases(0) == ["the band is empty (3)", "outside of a parameter's domain (1)"])
        #expect(
            counts.phrases() == [
                "outside of a parameter's domain (1)", "band_width: the band is empty (3)",
                "alpha_star: the reward is below the external price (2)",
            ])
    }
}
