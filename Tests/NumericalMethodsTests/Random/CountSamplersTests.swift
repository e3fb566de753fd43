import Foundation
import NumericalMethods
import Testing

/// The draws of the binomial and of the Poisson distribution against their probabilities, which the test sums by itself.
@Suite struct CountSamplersTests {
    private static func place(_ index: Int) -> RandomPlace {
        RandomPlace(seed: 11, stream: 3, index: UInt64(index), purpose: 0x7e57)
    }

    /// χ² of draws over cells of about equal probability, with the degrees of freedom.
    private static func chiSquare(
        _ draws: [Int], probability: (Int) -> Double, over support: ClosedRange<Int>
    ) -> (value: Double, freedom: Int) {
        var counts: [Int: Int] = [:]
        for draw in draws { counts[draw, default: 0] += 1 }
        let total = Double(draws.count)
        var (value, cells, expected, observed, left) = (0.0, 0, 0.0, 0.0, 1.0)
        for k in support {
            let p = probability(k)
            expected += p * total
            observed += Double(counts[k] ?? 0)
            left -= p
            // Cells with fifty draws or more, the last with what is left of them.
            if expected >= 50, left * total >= 50 {
                value += (observed - expected) * (observed - expected) / expected
                (expected, observed, cells) = (0, 0, cells + 1)
            }
        }
        let inside = Double(draws.count) - Double(draws.filter { !support.contains($0) }.count)
        #expect(inside == total)
        expected += max(left, 0) * total
        value += (observed - expected) * (observed - expected) / expected
        return (value, cells)
    }

    /// Mean f, standard deviation √(2f): 5 of them, and 5 more for the skew of few degrees of freedom.
    private static func bound(_ freedom: Int) -> Double {
        Double(freedom) + 5 * (2 * Double(freedom)).squareRoot() + 10
    }

    @Test(arguments: [
        (1, 0.3), (7, 0.5), (40, 0.2), (40, 0.9), (99, 0.1), (100, 0.1), (100, 0.5), (2000, 0.004), (2000, 0.3),
        (2000, 0.97),
    ])
    func binomial(_ n: Int, _ p: Double) {
        let draws = (0..<100_000).map { BinomialSampler.sample(n, p, at: Self.place($0)) }
        let result = Self.chiSquare(
            draws,
            probability: { k in
                let orders = lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
                return exp(orders + Double(k) * log(p) + Double(n - k) * log1p(-p))
            }, over: 0...n)
        #expect(result.value < Self.bound(result.freedom))
    }

    @Test(arguments: [0.01, 1, 9.9, 10, 33.3, 800])
    func poisson(_ mean: Double) {
        let draws = (0..<100_000).map { PoissonSampler.sample(mean, at: Self.place($0)) }
        let most = Int(mean + 20 * mean.squareRoot()) + 20
        let result = Self.chiSquare(
            draws, probability: { k in exp(-mean + Double(k) * log(mean) - lgamma(Double(k) + 1)) }, over: 0...most)
        #expect(result.value < Self.bound(result.freedom))
    }

    /// Where lgamma would leave an error of 4e−3 in the logarithm: the draws in units of their standard deviation lie in
    /// twenty cells of the normal distribution as often as each other (its skew is 1e−6).
    @Test(arguments: [(1_000_000_000_000, 0.3), (1 << 53, 0.5), (1 << 53, 1e-4)])
    func largeNumbers(_ n: Int, _ p: Double) {
        let deviation = (Double(n) * p * (1 - p)).squareRoot()
        let scaled = (0..<200_000).map {
            (Double(BinomialSampler.sample(n, p, at: Self.place($0))) - Double(n) * p) / deviation
        }
        // χ² of 19 degrees of freedom exceeds 70 once in 10⁷.
        #expect(Self.normalCells(scaled) < 70)
        let means = (0..<200_000).map {
            (Double(PoissonSampler.sample(Double(n) * p, at: Self.place($0))) - Double(n) * p)
                / (Double(n) * p).squareRoot()
        }
        #expect(Self.normalCells(means) < 70)
    }

    private static func normalCells(_ values: [Double]) -> Double {
        var counts = [Double](repeating: 0, count: 20)
        for value in values { counts[min(Int(20 * 0.5 * erfc(-value / 2.0.squareRoot())), 19)] += 1 }
        let expected = Double(values.count) / 20
        return counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    }

    @Test func ends() {
        #expect(BinomialSampler.sample(0, 0.5, at: Self.place(0)) == 0)
        #expect(BinomialSampler.sample(1 << 53, 0, at: Self.place(0)) == 0)
        #expect(BinomialSampler.sample(1 << 53, 1, at: Self.place(0)) == 1 << 53)
        #expect(BinomialSampler.sample(10, .nan, at: Self.place(0)) == 0)
        #expect(PoissonSampler.sample(0, at: Self.place(0)) == 0)
        #expect(PoissonSampler.sample(.nan, at: Self.place(0)) == 0)
    }

    /// A draw is a function of its place alone.
    @Test func placesAreIndependentOfWhatElseIsDrawn() {
        let alone = BinomialSampler.sample(5000, 0.3, at: Self.place(17))
        for index in 0..<17 { _ = BinomialSampler.sample(5000, 0.3, at: Self.place(index)) }
        #expect(BinomialSampler.sample(5000, 0.3, at: Self.place(17)) == alone)
    }
}
