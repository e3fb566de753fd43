import DissipativeMarket
import RewardStudies
import TestSupport

/// A row as it was drawn, beside what the library keeps of it.
struct SampleRow {
    var time: Int64
    /// nil where it is not known.
    var market: Market?

    var row: PriceHistory.Row {
        market.map { PriceHistory.Row(time: time, market: $0) } ?? PriceHistory.Row(unknownFrom: time)
    }
}

extension SeededGenerator {
    /// A small history with everything that can be special: few different prices, so that ends of bands coincide; bands that
    /// are empty, or a point; times that coincide; rows that are not known.
    mutating func history(rows: ClosedRange<Int> = 1...12, sorted: Bool = true) throws -> [SampleRow] {
        let prices = [0.5, 0.75, 0.7, 1.0, 1.1, 1.3, 26.0]
        let deltas = [0.75, 1.3, 1.6]
        let isPlain = Bool.random(using: &self)
        let count = Int.random(in: rows, using: &self)
        var samples = try (0..<count).map { _ in
            let isKnown = Int.random(in: 0..<8, using: &self) > 0
            let market = try Market(
                externalPrice: prices.randomElement(using: &self) ?? 1,
                failureProbability: isPlain ? 0 : [0, 0.25].randomElement(using: &self) ?? 0,
                collateral: isPlain ? 0 : [0, 1].randomElement(using: &self) ?? 0,
                reservationPrice: isPlain ? 1.3 : deltas.randomElement(using: &self) ?? 1,
                swapFee: isPlain ? 0 : [0, 0.125].randomElement(using: &self) ?? 0)
            return SampleRow(time: Int64.random(in: -6...6, using: &self), market: isKnown ? market : nil)
        }
        if sorted { samples.sort { $0.time < $1.time } }
        return samples
    }
}

/// How long rows in order of time last, counted step by step.
func plainDurations(_ rows: [SampleRow], until end: Int64) -> [Int64] {
    rows.indices.map { (($0 + 1 < rows.count) ? rows[$0 + 1].time : end) - rows[$0].time }
}
