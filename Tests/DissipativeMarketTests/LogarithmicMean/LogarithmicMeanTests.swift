import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct LogarithmicMeanTests {
    /// The bounds are the documented ones.
    @Test func matchesReferences() {
        for row in logarithmicMeanReferences.rows {
            let (u, v) = (row[0].double, row[1].double)
            let mean = LogarithmicMean(u, v)
            #expect(row[2].ulps(of: mean.value) <= 4, "L(\(u), \(v))")
            #expect(row[3].ulps(of: mean.gradient.du) <= 16, "∂L/∂u(\(u), \(v))")
            #expect(row[4].ulps(of: mean.gradient.dv) <= 16, "∂L/∂v(\(u), \(v))")
            #expect(row[5].ulps(of: mean.hessian.uu) <= 16, "∂²L/∂u²(\(u), \(v))")
            #expect(row[6].ulps(of: mean.hessian.uv) <= 16, "∂²L/∂u∂v(\(u), \(v))")
            #expect(row[7].ulps(of: mean.hessian.vv) <= 16, "∂²L/∂v²(\(u), \(v))")
        }
        #expect(logarithmicMeanReferences.rows.count > 200)
    }

    @Test func equalArgumentsAreExact() {
        var generator = SeededGenerator(seed: 0)
        for _ in 0..<1000 {
            let u = generator.logUniform(-300...300)
            #expect(logarithmicMean(u, u) == u)
        }
    }

    /// Symmetric to the bit, between the arguments, and between geometric and arithmetic mean up to rounding.
    @Test func orderOfMeans() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<10_000 {
            let (u, v) = (generator.logUniform(-100...100), generator.logUniform(-100...100))
            let mean = logarithmicMean(u, v)
            #expect(mean == logarithmicMean(v, u))
            #expect(mean >= min(u, v))
            #expect(mean <= max(u, v))
            // 4 ulp of L and 2 of the square roots' product.
            #expect(mean >= u.squareRoot() * v.squareRoot() * (1 - 6 * Double.ulpOfOne))
            #expect(mean <= (u / 2 + v / 2) * (1 + 5 * Double.ulpOfOne))
        }
    }

    /// Neighbouring arguments: the mean is one of the two.
    @Test func neighbours() {
        for u in [Double.leastNonzeroMagnitude, .leastNormalMagnitude, 0.1, 1, 1e10, 1.7976931348623155e308] {
            let mean = logarithmicMean(u, u.nextUp)
            #expect(mean == u || mean == u.nextUp)
        }
    }

    /// L(u, v) − v against the difference in the reference's precision. Near u = v the excess has the relative error of
    /// ℓφ₂(ℓ), four roundings and ℓ's two ulp; elsewhere an ulp or four of L itself.
    @Test func excessDoesNotCancel() throws {
        for row in logarithmicMeanReferences.rows {
            let (u, v) = (row[0].double, row[1].double)
            #if arch(x86_64)
                // 64 bits leave enough digits of the difference for |L − v| > v/2⁶.
                let exact = try #require(Float80(row[2].description)) - Float80(v)
                guard abs(exact) > Float80(v) / 64 else { continue }
                let unit = max(Double(abs(exact)).ulp, min(row[2].double, v).ulp)
                let error = abs(Float80(LogarithmicMean(u, v).excessOverV) - exact) / Float80(unit)
                #expect(error <= 8, "L − v at (\(u), \(v))")
            #endif
        }
        // At 2(1 + ε) the excess is ε(1 − ε/6 + …): ε below 1e−9 leaves an error of 2e−10.
        for exponent in [-52, -45, -40, -32] {
            let epsilon = Double(sign: .plus, exponent: exponent, significand: 1)
            let excess = LogarithmicMean(2 * (1 + epsilon), 2).excessOverV
            #expect(abs(excess / epsilon - 1) < 2e-10)
        }
    }

    @Test func gradientIsTheDifferenceQuotient() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<1000 {
            let v = generator.logUniform(-2...2)
            let u = v * generator.logUniform(-1...1)
            let h = 1e-5 * u
            let quotient = (logarithmicMean(u + h, v) - logarithmicMean(u - h, v)) / (2 * h)
            // Truncation h²L‴/6 ~ 1e−10, rounding 4 ulp of L over 1e−5 u ~ 4e−10 for L < 10 u.
            #expect(abs(quotient - LogarithmicMean(u, v).gradient.du) < 1e-8)
        }
    }

    /// Homogeneity: uL_u + vL_v = L, uL_uu + vL_uv = 0.
    @Test func eulersIdentities() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let (u, v) = (generator.logUniform(-30...30), generator.logUniform(-30...30))
            let mean = LogarithmicMean(u, v)
            // Two products of terms within 16 ulp, and L within 4.
            #expect(abs(u * mean.gradient.du + v * mean.gradient.dv - mean.value) <= 40 * mean.value.ulp)
            #expect(abs(u * mean.hessian.uu + v * mean.hessian.uv) <= 40 * (v * mean.hessian.uv).ulp)
        }
    }

    @Test func outsideTheDomain() {
        #expect(logarithmicMean(0, 1) == 0)
        #expect(logarithmicMean(1, 0) == 0)
        for bad in [-1, .nan, .infinity, -Double.infinity] {
            #expect(logarithmicMean(bad, 1).isNaN)
            #expect(logarithmicMean(1, bad).isNaN)
            #expect(LogarithmicMean(bad, 1).gradient.du.isNaN)
            #expect(LogarithmicMean(1, bad).hessian.vv.isNaN)
        }
    }
}
