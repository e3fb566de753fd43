import Testing

@testable import RewardStudies

@Suite struct BlockLengthTests {
    /// x_t = φ x_{t−1} + e_t, e by a linear congruential generator, as the reference below was given.
    private static func series(seed: UInt64, count: Int, phi: Double) -> [Double] {
        var (state, x) = (seed, 0.0)
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            x = phi * x + (Double(state >> 11) / 0x1p53 - 0.5)
            return x
        }
    }

    /// Against optimal_block_length(…)["circular"] of the Python package arch 8.0.0. Sums in another order differ by rounding.
    @Test(
        arguments: [
            (1, 200, 0.0, 2.1497842280275), (2, 500, 0.5, 14.728675423500112), (3, 1000, 0.9, 41.374821235615464),
            (4, 2000, 0.97, 91.96867676240402), (5, 300, -0.6, 21.294161974885284), (6, 50, 0.8, 3.7734781302660663),
        ] as [(UInt64, Int, Double, Double)]) func agreesWithArch(
            seed: UInt64, count: Int, phi: Double, expected: Double
        ) throws
    {
        let found = try #require(BlockLength.ofSeries(Self.series(seed: seed, count: count, phi: phi)))
        #expect(abs(found - expected) <= 1e-9 * expected)
    }

    @Test func ofAnIndicator() throws {
        let series = Self.series(seed: 7, count: 1500, phi: 0.95).map { $0 > 0 ? 1.0 : 0 }
        let found = try #require(BlockLength.ofSeries(series))
        #expect(abs(found - 69.39316130105135) <= 1e-9 * found)
        // Members of an hour each.
        let hour: UInt64 = 3_600_000_000_000
        let steps = try #require(BlockLength.ofSteps(series, durations: series.map { _ in hour }))
        #expect(abs(Double(steps) / Double(hour) - found) <= 1e-9 * found)
        // Time that is cut elsewhere is the same time: runs of one value in one step, the members' number kept by two of them.
        #expect(BlockLength.ofSteps(series, durations: series.map { _ in 0 }) == nil)
    }

    @Test func whatNeverChangesHasNone() {
        #expect(BlockLength.ofSeries([Double](repeating: 3, count: 100)) == nil)
        #expect(BlockLength.ofSeries([1, 2, 3]) == nil)
    }
}
