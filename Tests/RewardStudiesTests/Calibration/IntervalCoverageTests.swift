import RewardStudies
import TestSupport
import Testing

@Suite struct IntervalCoverageTests {
    /// Weights at the points of a fine set, in any order, without a sweep.
    private static func weight(at x: Double, _ lower: [Double], _ upper: [Double], _ weights: [UInt64]) -> UInt64 {
        lower.indices.reduce(0) { lower[$1] <= x && x <= upper[$1] ? $0 + weights[$1] : $0 }
    }

    @Test func agreesWithCountingAtEveryPoint() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...9, using: &generator)
            // Whole numbers, so that ends coincide; an interval may be a point, and one in five has none.
            var (lower, upper, weights): ([Double], [Double], [UInt64]) = ([], [], [])
            for _ in 0..<count {
                let a = Double(Int.random(in: 0...6, using: &generator))
                let hasPoints = Int.random(in: 0..<5, using: &generator) > 0
                lower.append(hasPoints ? a : .nan)
                upper.append(hasPoints ? a + Double(Int.random(in: 0...3, using: &generator)) : .nan)
                weights.append(UInt64.random(in: 0...2, using: &generator))
            }
            let coverage = IntervalCoverage(from: lower, to: upper)
            let best = coverage.heaviest(weights: weights)
            // All ends are whole, so the weight is constant between them: halves see every piece.
            let points = stride(from: -1.0, through: 11, by: 0.5)
            let largest = points.map { Self.weight(at: $0, lower, upper, weights) }.max() ?? 0
            #expect(best.weight == largest)
            for x in points {
                let isBest = Self.weight(at: x, lower, upper, weights) == largest && largest > 0
                #expect(best.ranges.contains { $0.contains(x) } == isBest, "\(x) of \(lower) \(upper) \(weights)")
            }
            // Disjoint, in order, and each of them as long as it can be.
            for (one, next) in zip(best.ranges, best.ranges.dropFirst()) { #expect(one.upperBound < next.lowerBound) }

            // The steps, at their starts and before the next one's.
            let steps = Array(coverage.steps(weights: weights))
            #expect(steps.first?.start == -.infinity)
            for (index, step) in steps.enumerated() {
                let stop = index + 1 < steps.count ? steps[index + 1].start.nextDown : 100
                for x in [step.start, stop] {
                    #expect(step.covered == Self.weight(at: x, lower, upper, weights))
                    #expect(step.above == lower.indices.reduce(0) { lower[$1] > x ? $0 + weights[$1] : $0 })
                    #expect(step.below == upper.indices.reduce(0) { upper[$1] < x ? $0 + weights[$1] : $0 })
                    if x.isFinite {
                        let atPoint = coverage.weights(at: x, weights: weights)
                        #expect(atPoint.covered == step.covered)
                        #expect(atPoint.above == step.above)
                        #expect(atPoint.below == step.below)
                    }
                }
                if index > 0 { #expect(step.start > steps[index - 1].start) }
            }
        }
    }

    @Test func widestIsTheLowestOfTheWidest() {
        let coverage = IntervalCoverage(from: [1, 5, 10, 20], to: [2, 8, 13, 20])
        let best = coverage.heaviest(weights: [1, 1, 1, 1])
        #expect(best.ranges == [1...2, 5...8, 10...13, 20...20])
        #expect(best.widest == 5...8)
    }

    /// Ten times a tenth is no 1 in doubles; as whole numbers the two points weigh the same.
    @Test func sumsAreExact() {
        let lower = [Double](repeating: 1, count: 10) + [3.0]
        let upper = [Double](repeating: 2, count: 10) + [4.0]
        let weights = [UInt64](repeating: 100_000_000, count: 10) + [1_000_000_000]
        let best = IntervalCoverage(from: lower, to: upper).heaviest(weights: weights)
        #expect(best.ranges == [1...2, 3...4])
        #expect([Double](repeating: 0.1, count: 10).reduce(0, +) != 1)
    }

    /// Many ends are sorted in another way than few.
    @Test(arguments: [1, 2])
    func manyIntervalsAreSortedAsFewAre(threads: Int) {
        var generator = SeededGenerator(seed: 2)
        let lower = (0..<3000).map { index in
            // Signs, zeros of both, values that repeat, and all sizes.
            switch index % 4 {
            case 0: Double(Int.random(in: -3...3, using: &generator))
            case 1: index % 8 == 1 ? 0.0 : -0.0
            case 2: generator.uniform(-1...1) * 1e-300
            default: generator.uniform(-1...1) * 1e300
            }
        }
        let upper = lower.map { $0 + abs($0) * generator.uniform(0...1) }
        let weights = lower.map { _ in UInt64.random(in: 0...5, using: &generator) }
        let coverage = IntervalCoverage(from: lower, to: upper, threads: threads)
        let best = coverage.heaviest(weights: weights)
        let largest = lower.map { Self.weight(at: $0, lower, upper, weights) }.max()
        #expect(best.weight == largest)
        for range in best.ranges {
            #expect(Self.weight(at: range.lowerBound, lower, upper, weights) == largest)
            #expect(Self.weight(at: range.upperBound, lower, upper, weights) == largest)
        }
        let starts = coverage.steps(weights: weights).map(\.start)
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 })
    }
}
