import Foundation
import NumericalMethods
import Testing

@Suite struct StandardDistributionsTests {
    @Test func normalDistribution() {
        // Published to ten digits and more; Wichura's error is 1e−15.
        #expect(abs(NormalDistribution.quantile(0.975) - 1.959963984540054) < 1e-14)
        #expect(abs(NormalDistribution.quantile(0x1p-53) + 8.209536151601387) < 1e-13)
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(-0.1).isNaN)
        #expect(NormalDistribution.quantile(.nan).isNaN)
        var generator = Philox(seed: 1)
        for _ in 0..<2000 {
            let u = generator.nextOpenUniform()
            // An error of a few ulp in x is one of u by x·φ(x)/u, which is at most about x² in the tails.
            #expect(abs(NormalDistribution.cumulative(NormalDistribution.quantile(u)) - u) <= 1e-13 * u)
        }
    }

    /// The quantile is the inverse at any shapes, small and large.
    @Test func betaDistribution() {
        var generator = Philox(seed: 2)
        for _ in 0..<3000 {
            func shape() -> Double { Foundation.pow(10, Double.random(in: -2.5...4, using: &generator)) }
            let beta = BetaDistribution(a: shape(), b: shape())
            let u = generator.nextOpenUniform()
            let x = beta.quantile(u)
            #expect(x >= 0)
            #expect(x <= 1)
            // Either as near as the tolerance says, or within the two ulp of a bracketed root, where the distribution is
            // steep.
            let below = beta.cumulative(x.nextDown.nextDown.nextDown)
            let above = beta.cumulative(x.nextUp.nextUp.nextUp)
            let tolerance = 1e-11
            #expect(
                below - tolerance <= u && u <= above + tolerance,
                "a \(beta.a), b \(beta.b), u \(u): \(x), \(below)…\(above)")
        }
        let uniform = BetaDistribution(a: 1, b: 1)
        #expect(uniform.quantile(0) == 0)
        #expect(uniform.quantile(1) == 1)
        #expect(uniform.quantile(1.5).isNaN)
        #expect(abs(uniform.quantile(0.3) - 0.3) < 1e-15)
    }
}
