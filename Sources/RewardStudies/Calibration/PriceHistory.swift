import DissipativeMarket

/// A market over time: what the band of the block reward was, and when.
///
/// Each row lasts until the next one. Times are whole nanoseconds, so that durations and their sums are exact.
public struct PriceHistory: Sendable {
    /// The band of the market from a time on.
    public struct Row: Equatable, Sendable {
        /// When it begins, in nanoseconds from any moment that all rows have in common.
        public let time: Int64
        /// β = γ_min; NaN where it is not known.
        public let externalPrice: Double
        /// γ_max; NaN where the band is empty, or nothing is known.
        public let upperBound: Double

        /// A market that begins.
        public init(time: Int64, market: Market) {
            self.time = time
            externalPrice = market.externalPrice
            upperBound = market.rewardBounds?.upper ?? .nan
        }

        /// The beginning of a time of which nothing is known, but that the row before it is over.
        public init(unknownFrom time: Int64) {
            self.time = time
            externalPrice = .nan
            upperBound = .nan
        }

        /// Whether the market is known.
        public var isKnown: Bool { externalPrice > 0 }
    }

    /// The rows, in order of time; of equal times in the order in which they came.
    public let rows: [Row]
    /// How long each row lasts, in nanoseconds. It is 0 for the last one unless an end was given, and for a row that another
    /// one of the same time follows: the last of them counts.
    public let durations: [UInt64]
    /// When the history ends.
    public let end: Int64
    /// How many rows came before one that is earlier.
    public let unsortedRows: Int
    /// How many rows are followed by one of the same time.
    public let repeatedTimes: Int

    /// A history of rows in any order.
    ///
    /// - Parameters:
    ///   - rows: at least one.
    ///   - end: when the last one ends; nil for when it begins.
    /// - Throws: ``PriceHistoryError``: no rows, an end before the last one, or no time that is known.
    public init(_ rows: [Row], until end: Int64? = nil) throws(PriceHistoryError) {
        let order = try TimeOrder(rows.map(\.time), until: end)
        self.rows = order.unsorted == 0 ? rows : order.places.map { rows[$0] }
        durations = order.durations
        self.end = order.end
        unsortedRows = order.unsorted
        repeatedTimes = order.repeated
        guard knownDuration > 0 else { throw .noDuration(rows: rows.count) }
    }

    /// The share of the time from the first row to the end in which the market is not known.
    public var shareLeftOut: Double {
        let all = UInt64(bitPattern: end &- rows[0].time)
        return all > 0 ? Double(all - knownDuration) / Double(all) : 0
    }

    /// How long the market is known, in nanoseconds.
    public var knownDuration: UInt64 {
        zip(rows, durations).reduce(0) { $1.0.isKnown ? $0 + $1.1 : $0 }
    }
}

extension PriceHistory {
    /// The rows with a known market that last into a stretch of time, and how long each lasts in it, in nanoseconds.
    func parts(from start: Int64, to end: Int64) -> [(row: Int, duration: UInt64)] {
        // The first row that begins after the start, and the one before it, which lasts into the stretch.
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].time > start { high = middle } else { low = middle + 1 }
        }
        var parts: [(row: Int, duration: UInt64)] = []
        for row in max(low - 1, 0)..<rows.count {
            guard rows[row].time < end else { break }
            let stop = row + 1 < rows.count ? rows[row + 1].time : self.end
            let (from, to) = (max(rows[row].time, start), min(stop, end))
            guard rows[row].isKnown, from < to else { continue }
            parts.append((row, UInt64(bitPattern: to &- from)))
        }
        return parts
    }
}

/// Why rows are no history.
public enum PriceHistoryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no row.
    case noRows
    /// The end that was given lies before the last row, both in nanoseconds.
    case endBeforeLast(end: Int64, last: Int64)
    /// No row that is known lasts any time.
    case noDuration(rows: Int)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .noRows: "There is no row."
        case .endBeforeLast(let end, let last):
            "The end of the history, \(end) ns, lies before its last row, \(last) ns; allowed: that or later."
        case .noDuration(let rows):
            "\(rows == 1 ? "The only row lasts" : "The \(rows) rows that there are last") no time, since a row lasts until "
                + "the next one; give the end of the last one."
        }
    }
}
