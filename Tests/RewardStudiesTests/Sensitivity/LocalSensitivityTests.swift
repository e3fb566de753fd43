import DissipativeMarket
import NumericalMethods
import RewardStudies
import Testing

@Suite struct LocalSensitivityTests {
    /// x²y: elasticities 2 and 1.
    @Test func powers() throws {
        let results = try localSensitivities(at: [3, 5]) { $0[0] * $0[0] * $0[1] }
        #expect(abs(try results[0].derivative.get().value - 30) < 1e-9)
        #expect(abs(try results[1].derivative.get().value - 9) < 1e-9)
        #expect(abs(try #require(results[0].elasticity) - 2) < 1e-10)
        #expect(abs(try #require(results[1].elasticity) - 1) < 1e-10)
    }

    /// α*(γ), whose derivative dα*/dγ = 1/((1 − φ) ∂L/∂u) is known, within the estimate of the error; p = 0 is an edge.
    @Test func equilibriumPrice() throws {
        func price(_ x: [Double]) -> Double {
            let market = try? Market(
                externalPrice: x[0], failureProbability: x[1], collateral: x[2], reservationPrice: 2)
            return market?.equilibriumPrice(blockReward: x[3]) ?? .nan
        }
        let domains = [0...Double.infinity, 0...1, 0...Double.infinity, 0...Double.infinity]
        for p in [0.0, 0.1, 1] {
            let results = try localSensitivities(at: [0.7, p, 1.5, 0.9], domains: domains, of: price)
            let cost = 0.7 + p * 1.5
            let ratio = price([0.7, p, 1.5, 0.9]) / cost
            let derivative = try results[3].derivative.get()
            #expect(
                abs(derivative.value - InverseLogarithmicMean.derivative((0.9 + p * 1.5) / cost)) <= derivative.error
                    + 1e-12)
            #expect(derivative.error < 1e-6 && ratio > 1)
            #expect(try results[1].derivative.get().side == (p == 0 ? .forward : p == 1 ? .backward : .central))
        }
    }

    @Test func withoutDerivative() throws {
        let results = try localSensitivities(at: [1, 1]) { $0[0] == 1 ? 0 : .nan }
        #expect(results[0].elasticity == nil && results[1].elasticity == nil)
        guard case .failure(.notFinite) = results[0].derivative else {
            Issue.record("\(results[0])")
            return
        }
        #expect(try results[1].derivative.get().value == 0)
        #expect(throws: AnalysisError.self) { try localSensitivities(at: [1], domains: []) { $0[0] } }
    }
}
