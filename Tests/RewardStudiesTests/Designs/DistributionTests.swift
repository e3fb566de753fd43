import NumericalMethods
import RewardStudies
import Testing

@Suite struct DistributionTests {
    static func all() throws -> [Distribution] {
        [
            try .uniform(low: -2, high: 3), try .logUniform(low: 0.01, high: 100), try .normal(mean: 1, deviation: 2),
            try .truncatedNormal(mean: 1, deviation: 2, low: -0.5, high: 8),
            try .truncatedNormal(mean: 1, deviation: 0.5, low: 3, high: 9),
            try .logNormal(mean: -0.5, deviation: 0.3), try .beta(a: 2, b: 5),
            try .beta(a: 0.5, b: 0.5, low: -1, high: 4),
            try .triangular(low: 0, mode: 0.2, high: 1), try .triangular(low: 0, mode: 0, high: 1),
            try .triangular(low: -1, mode: 2, high: 2), try .empirical([3, 1, 2, 2, 5], weights: [1, 2, 0.5, 0.5, 0]),
        ]
    }

    /// The mean is the integral of the quantile function, here by the rule of midpoints; what it misses is less than the
    /// last interval's value times its width.
    @Test func meanIsTheIntegralOfTheQuantiles() throws {
        for distribution in try Self.all() {
            let n = 200_000
            let sum = (0..<n).reduce(0) { $0 + distribution.quantile((Double($1) + 0.5) / Double(n)) }
            #expect(abs(sum / Double(n) - distribution.mean) < 2e-4 * max(abs(distribution.mean), 1), "\(distribution)")
        }
    }

    @Test func quantileInvertsTheDistribution() throws {
        var generator = Philox(seed: 3)
        for distribution in try Self.all() {
            var last = -Double.infinity
            for u in (0..<500).map({ _ in generator.nextOpenUniform() }).sorted() {
                let x = distribution.quantile(u)
                #expect(x >= last)
                #expect(x >= distribution.support.lower)
                #expect(x <= distribution.support.upper)
                last = x
                if case .empirical = distribution.kind {
                    #expect(distribution.cumulative(x) >= u)
                    #expect(distribution.cumulative(x.nextDown) < u)
                } else {
                    #expect(abs(distribution.cumulative(x) - u) < 1e-12, "\(distribution) at \(u)")
                }
            }
            let (low, high) = distribution.support
            #expect(distribution.quantile(0) == low)
            #expect(distribution.quantile(1) == high)
            #expect(distribution.quantile(-0.1).isNaN)
            #expect(distribution.quantile(.nan).isNaN)
            #expect(distribution.cumulative(low.nextDown) == 0)
            #expect(distribution.cumulative(high) == 1)
        }
    }

    @Test func closedForms() throws {
        #expect(try Distribution.uniform(low: 0.5, high: 0.9).quantile(0.25) == 0.6)
        #expect(abs(try Distribution.logUniform(low: 1, high: 100).quantile(0.5) - 10) < 1e-14)
        // From the smallest to the largest, and hardly apart.
        let wide = try Distribution.logUniform(low: 1e-300, high: 1e300)
        #expect(abs(wide.cumulative(1) - 0.5) < 1e-15)
        #expect(abs(wide.mean / (1e300 / 1381.5510557964274) - 1) < 1e-14)
        let narrow = try Distribution.logUniform(low: 1, high: 1 + 0x1p-50)
        #expect(narrow.mean >= 1)
        #expect(narrow.mean <= 1 + 0x1p-50)
        #expect(abs(narrow.cumulative(1 + 0x1p-51) - 0.5) < 1e-15)
        #expect(try Distribution.triangular(low: 0, mode: 1, high: 2).quantile(0.5) == 1)
        #expect(abs(try Distribution.triangular(low: 0, mode: 1, high: 2).quantile(0.125) - 0.5) < 1e-15)
        #expect(try Distribution.normal(mean: 3, deviation: 7).quantile(0.5) == 3)
        // The median of a log-normal is e^mean, its mean e^(mean + sd²/2).
        let logNormal = try Distribution.logNormal(mean: 0, deviation: 2)
        #expect(logNormal.quantile(0.5) == 1)
        #expect(abs(logNormal.mean - 7.38905609893065) < 1e-14)
        // x² on 0 … 1 is beta(3, 1) for the distribution function x³.
        #expect(abs(try Distribution.beta(a: 3, b: 1).quantile(0.125) - 0.5) < 1e-14)
        let empirical = try Distribution.empirical([4, 1, 2])
        #expect([0.0, 0.2, 1.0 / 3, 0.34, 0.6, 0.7, 1].map(empirical.quantile) == [1, 1, 1, 2, 2, 4, 4])
        let weighted = try EmpiricalDistribution([4, 1, 2], weights: [2, 1e300, 1e300])
        #expect(weighted.values == [1, 2, 4])
        #expect(weighted.probabilities == [0.5, 1, 1])
    }

    /// Every value is within the support, rounding or not.
    @Test func neverOutside() throws {
        let ends = [0x1p-53, 0x1p-52, 0.1, 1.0 / 3, 0.7, 1 - 0x1p-53]
        for distribution in try Self.all() + [.uniform(low: 0.1, high: 0.3), .uniform(low: -1e308, high: 7e307)] {
            var numbers = ends
            numbers.withUnsafeMutableBufferPointer { distribution.mapToQuantiles($0) }
            for (u, x) in zip(ends, numbers) {
                #expect(x >= distribution.support.lower)
                #expect(x <= distribution.support.upper)
                #expect(x.isFinite)
                #expect(x == distribution.quantile(u))
            }
        }
    }

    @Test func faults() {
        func message(_ make: () throws(DistributionError) -> Distribution) -> String? {
            do {
                _ = try make()
                return nil
            } catch { return error.description }
        }
        #expect(
            message { () throws(DistributionError) in try .uniform(low: 0.9, high: 0.5) }
                == "high of uniform is 0.5; allowed: a number greater than low, 0.9")
        #expect(
            message { () throws(DistributionError) in try .uniform(low: 0, high: .infinity) }
                == "high of uniform is inf; allowed: a finite number")
        #expect(message { () throws(DistributionError) in try .uniform(low: 1, high: 1) } != nil)
        #expect(message { () throws(DistributionError) in try .uniform(low: .nan, high: 1) } != nil)
        #expect(message { () throws(DistributionError) in try .uniform(low: -1.7e308, high: 1.7e308) } != nil)
        #expect(message { () throws(DistributionError) in try .logUniform(low: 0, high: 1) } != nil)
        #expect(message { () throws(DistributionError) in try .normal(mean: 0, deviation: 0) } != nil)
        #expect(message { () throws(DistributionError) in try .normal(mean: 0, deviation: .infinity) } != nil)
        #expect(message { () throws(DistributionError) in try .logNormal(mean: 700, deviation: 1) } != nil)
        #expect(message { () throws(DistributionError) in try .logNormal(mean: 0, deviation: -1) } != nil)
        #expect(message { () throws(DistributionError) in try .beta(a: 0, b: 1) } != nil)
        #expect(message { () throws(DistributionError) in try .beta(a: 1, b: 1, low: 1, high: 0) } != nil)
        #expect(message { () throws(DistributionError) in try .triangular(low: 0, mode: 2, high: 1) } != nil)
        #expect(message { () throws(DistributionError) in try .triangular(low: 0, mode: .nan, high: 1) } != nil)
        #expect(
            message { () throws(DistributionError) in try .empirical([1, .nan]) }
                == "value 2 of empirical is nan; allowed: a finite number")
        #expect(message { () throws(DistributionError) in try .empirical([1, 1]) } != nil)
        #expect(message { () throws(DistributionError) in try .empirical([]) } != nil)
        #expect(message { () throws(DistributionError) in try .empirical([1, 2], weights: [1]) } != nil)
        #expect(message { () throws(DistributionError) in try .empirical([1, 2], weights: [1, 0]) } != nil)
        #expect(message { () throws(DistributionError) in try .empirical([1, 2], weights: [1, -1]) } != nil)
    }
}
