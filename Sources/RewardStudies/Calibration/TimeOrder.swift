/// Moments in order of time, each of which lasts until the next one.
///
/// Moments are whole nanoseconds, so that durations and their sums are exact.
public struct TimeOrder: Equatable, Sendable {
    /// The places of the moments as they were given, in order of time; of equal moments in the order given.
    public let places: [Int]
    /// How long each lasts, in the order of ``places``, in nanoseconds. It is 0 for the last one unless an end was given, and
    /// for one that another of the same time follows: the last of them counts.
    public let durations: [UInt64]
    /// When the last one ends.
    public let end: Int64
    /// How many moments came before one that is earlier.
    public let unsorted: Int
    /// How many moments are followed by one of the same time.
    public let repeated: Int

    /// - Parameters:
    ///   - times: the moments, in any order; at least one.
    ///   - end: when the last one ends; nil for when it begins.
    /// - Throws: ``PriceHistoryError/noRows`` and ``PriceHistoryError/endBeforeLast(end:last:)``.
    public init(_ times: [Int64], until end: Int64? = nil) throws(PriceHistoryError) {
        guard !times.isEmpty else { throw .noRows }
        var unsorted = 0
        for index in 1..<max(times.count, 1) where times[index] < times[index - 1] { unsorted += 1 }
        // The sort of the standard library is stable, though it promises it not: places decide between equal times.
        places = unsorted == 0 ? Array(times.indices) : times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        let last = times[places[places.count - 1]]
        if let end, end < last { throw .endBeforeLast(end: end, last: last) }
        self.end = end ?? last
        var durations = [UInt64](repeating: 0, count: times.count)
        var repeated = 0
        for index in places.indices {
            let next = index + 1 < places.count ? times[places[index + 1]] : self.end
            // The difference of two `Int64` may be beyond an `Int64`, but not beyond a `UInt64`.
            durations[index] = UInt64(bitPattern: next &- times[places[index]])
            if index + 1 < places.count, durations[index] == 0 { repeated += 1 }
        }
        self.durations = durations
        self.unsorted = unsorted
        self.repeated = repeated
    }
}
