/// `count` evenly spaced values from `start` to `stop`, both included.
public struct GridAxis: Equatable, Sendable {
    /// The first value.
    public let start: Double
    /// The last value.
    public let stop: Double
    /// The number of values, at least 1.
    public let count: Int
    /// Whether steps are of an ulp or so.
    private let isFinerThanRounding: Bool

    /// An axis; nil unless `count` ≥ 1, both ends are finite, and start < stop, or start = stop with a count of 1.
    public init?(start: Double, stop: Double, count: Int) {
        guard start.isFinite, stop.isFinite, count >= 1 else { return nil }
        guard start < stop ? count >= 2 : start == stop && count == 1 else { return nil }
        self.start = start
        self.stop = stop
        self.count = count
        isFinerThanRounding =
            count > 1 && Self.step(from: start, to: stop, count: count) < 4 * max(abs(start), abs(stop)).ulp
    }

    /// The i-th value, i in 0 ..< count. Increasing, ends exact, and rounded so that decimal steps come out as decimals:
    /// the fourth of 0:1:11 is 0.3, where start + i·step would give 0.30000000000000004.
    public subscript(index: Int) -> Double {
        if count == 1 || index <= 0 { return start }
        let last = Double(count - 1)
        let i = Double(index)
        if i >= last { return stop }
        // Steps of an ulp or so would go up and down by the rounding of the products.
        if isFinerThanRounding { return min(start + (stop - start) * (i / last), stop) }
        let weighted = (start * (last - i) + stop * i) / last
        return weighted.isFinite ? weighted : start * (1 - i / last) + stop * (i / last)
    }

    /// The distance between neighbours; 0 for a single value.
    public var step: Double { count > 1 ? Self.step(from: start, to: stop, count: count) : 0 }

    private static func step(from start: Double, to stop: Double, count: Int) -> Double {
        let last = Double(count - 1)
        let span = stop - start
        return span.isFinite ? span / last : stop / last - start / last
    }
}
