import DissipativeMarket
import RewardStudies
import RoleDynamics
import Testing

@Suite struct ParameterSwingTests {
    /// Against the market at each end, one parameter at a time.
    @Test func onlyOneParameterMoves() throws {
        let evaluator = try QuantityEvaluator(
            quantities: [.gammaMax, .bandWidth], varied: [.market(.beta), .market(.delta)], fixed: ParameterPoint())
        let swings = evaluator.swings(at: [0.7, 1.3], over: [0.6...0.8, 0.5...1.5])
        func upper(_ beta: Double, _ delta: Double) throws -> Double? {
            try Market(externalPrice: beta, reservationPrice: delta).rewardBounds?.upper
        }
        #expect(swings.map(\.quantity) == [.gammaMax, .gammaMax, .bandWidth, .bandWidth])
        #expect(swings[0].base == (try upper(0.7, 1.3)))
        #expect(swings[0].atLow == (try upper(0.6, 1.3)))
        #expect(swings[0].atHigh == (try upper(0.8, 1.3)))
        // No band at δ = 0.5: the swing is that of what has a value.
        #expect(swings[1].atLow.isNaN)
        #expect(swings[1].size == swings[1].atHigh - swings[1].base)
    }
}
