// Local times made points in time.
import Foundation

/// Makes points in time of what a local clock shows, in the order in which a file has them.
///
/// When clocks go back, an hour comes twice. Which of the two a time lies in its neighbours tell: times that ascend take the
/// earlier one unless that is not after the time before, times that descend the later one unless that is not before it.
struct LocalClock {
    let zone: TimeZone
    /// How many times were told apart by their order.
    private(set) var doubledTimes = 0

    private var previous: Int64?
    private var descends = false
    private var hasDirection = false
    /// A stretch of local seconds in which clocks do not change, and how far they are ahead of UTC.
    private var steady: Range<Int64> = 0..<0
    private var steadyOffset: Int64 = 0

    init(_ zone: TimeZone) { self.zone = zone }

    /// The point in time at which the clock shows what `local` is in UTC; nil where the clock never does, since it was put
    /// forward over it, or beyond the range of ``Instant``.
    mutating func instant(of local: Instant) -> Instant? {
        var (seconds, rest) = local.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000_000) }
        guard let chosen = second(of: seconds) else { return nil }
        if let previous, chosen != previous, !hasDirection {
            descends = chosen < previous
            hasDirection = true
        }
        previous = chosen
        guard let nanoseconds = Int64(exactly: Int128(chosen) * 1_000_000_000 + Int128(rest)) else { return nil }
        return Instant(nanoseconds: nanoseconds)
    }

    private mutating func second(of local: Int64) -> Int64? {
        if steady.contains(local) { return local - steadyOffset }
        let (before, after) = (offset(local - Self.day), offset(local + Self.day))
        if before == after { findSteady(around: local, offset: before) }
        let candidates = [local - before, local - after].filter { offset($0) == local - $0 }.sorted()
        guard let first = candidates.first, let last = candidates.last else { return nil }
        guard first < last else { return first }
        doubledTimes += 1
        guard let previous else { return first }
        // Before the second time has told the direction, both readings before the first one mean that times descend.
        if hasDirection ? descends : last < previous { return last < previous || first >= previous ? last : first }
        return first > previous || last < previous ? first : last
    }

    private static let day: Int64 = 86400

    private func offset(_ second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second))))
    }

    /// Finds how far around a local time, which has a day without a change on either side, clocks do not change.
    private mutating func findSteady(around local: Int64, offset: Int64) {
        func nextChange(after second: Int64) -> Int64 {
            let date = Date(timeIntervalSince1970: TimeInterval(second))
            return zone.nextDaylightSavingTimeTransition(after: date).map { Int64($0.timeIntervalSince1970) } ?? .max
                / 2
        }
        for start in [local - 60 * Self.day, local - Self.day] {
            let change = nextChange(after: start)
            guard change > local + Self.day else { continue }
            steady = start + Self.day..<change - Self.day
            steadyOffset = offset
            return
        }
    }
}
