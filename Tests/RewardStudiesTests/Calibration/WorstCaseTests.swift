import DissipativeMarket
import RewardStudies
import RoleDynamics
import TestSupport
import Testing

@Suite struct WorstCaseTests {
    /// The corners against the whole box: no market in it does without a reward in the range, and the ends are reached.
    @Test func theWorstCaseIsThatOfTheBox() throws {
        var generator = SeededGenerator(seed: 62)
        var (ranges, empty, rising) = (0, 0, 0)
        for _ in 0..<300 {
            func box(_ low: Double, _ high: Double) -> ClosedRange<Double> {
                let (a, b) = (generator.uniform(low...high), generator.uniform(low...high))
                return min(a, b)...max(a, b)
            }
            // Prices of buyers far above the cost too, where γ_max increases in pθ.
            let (beta, p, theta) = (box(0.1, 1), box(0, 1), box(0, 1))
            let (delta, fee) = (box(0.5, 20), box(0, 0.3))
            let worst = try WorstCase(
                externalPrice: beta, failureProbability: p, collateral: theta, reservationPrice: delta, swapFee: fee)
            var (lower, upper) = (0.0, Double.infinity)
            var isEmpty = false
            // A grid with the corners in it.
            let thirds: (ClosedRange<Double>) -> [Double] = { range in
                [0, 0.3, 0.7, 1].map {
                    $0 == 1 ? range.upperBound : range.lowerBound + $0 * (range.upperBound - range.lowerBound)
                }
            }
            for b in thirds(beta) {
                for q in thirds(p) {
                    for t in thirds(theta) {
                        for d in [delta.lowerBound, delta.upperBound] {
                            for f in [fee.lowerBound, fee.upperBound] {
                                let market = try Market(
                                    externalPrice: b, failureProbability: q, collateral: t, reservationPrice: d,
                                    swapFee: f)
                                lower = max(lower, b)
                                guard let bounds = market.rewardBounds else {
                                    isEmpty = true
                                    continue
                                }
                                upper = min(upper, bounds.upper)
                            }
                        }
                    }
                }
            }
            #expect(worst.lower == lower)
            #expect((worst.upper == nil) == isEmpty)
            if let found = worst.upper {
                // The grid has the corners; rounding may make a neighbour smaller.
                #expect(abs(found - upper) <= 4 * upper.ulp, "\(found) \(upper)")
                let least = try Market(
                    externalPrice: beta.lowerBound, failureProbability: p.lowerBound, collateral: theta.lowerBound,
                    reservationPrice: delta.lowerBound, swapFee: fee.upperBound)
                if least.rewardBounds?.upper == found { rising += 1 }
            }
            if worst.range == nil { empty += 1 } else { ranges += 1 }
        }
        #expect(ranges > 20)
        #expect(empty > 20)
        #expect(rising > 10)
    }

    @Test func theWorstCaseOfRatios() throws {
        let worst = try WorstCase(externalRatio: 0.6...0.8, reservationRatio: 1.2...1.5, swapFee: 0...0.05)
        let corner = try Market(externalRatio: 0.6, reservationRatio: 1.2, swapFee: 0.05)
        #expect(worst.lower == 0.8)
        #expect(worst.upper == corner.rewardBounds?.upper)
    }

    /// The box of supports, and of the values that do not vary.
    @Test func theBoxOfDistributions() throws {
        var fixed = ParameterPoint()
        try fixed.set(.market(.p), to: 0.1)
        try fixed.set(.market(.theta), to: 1)
        let varied: [(name: ParameterName, distribution: Distribution)] = [
            (.market(.beta), try .uniform(low: 0.6, high: 0.8)), (.market(.delta), try .empirical([1.4, 1.5, 1.8])),
        ]
        let expected = try WorstCase(
            externalPrice: 0.6...0.8, failureProbability: 0.1...0.1, collateral: 1...1, reservationPrice: 1.4...1.8,
            swapFee: 0...0)
        #expect(WorstCase(varied, fixed: fixed) == expected)
        #expect(
            WorstCase(varied.dropLast() + [(.market(.delta), try .normal(mean: 9, deviation: 1))], fixed: fixed) == nil)
        var ratios = ParameterPoint()
        try ratios.set(.d, to: 1.6)
        let ofRatios = try WorstCase(externalRatio: 0.6...0.8, reservationRatio: 1.6...1.6, swapFee: 0...0)
        #expect(WorstCase([(.b, try .uniform(low: 0.6, high: 0.8))], fixed: ratios) == ofRatios)
    }
}
