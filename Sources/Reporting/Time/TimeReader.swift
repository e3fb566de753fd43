// The times of a file, one after the other.
import Foundation

/// How the times of a file are written.
public enum TimeNotation: Sendable, Equatable {
    /// By ISO 8601 or as a number since 1970, see ``TimeReading``: of seconds, or of milliseconds where the first one is 10¹¹ or
    /// more.
    case standard
    /// As a number of seconds since 1970.
    case seconds
    /// As a number of milliseconds since 1970.
    case milliseconds
    /// As a pattern says.
    case pattern(TimePattern)
}

/// Reads the times of a file, in order; all of them have one form.
public struct TimeReader {
    /// How they are written.
    public let notation: TimeNotation
    /// The zone of times that have none of their own; nil for UTC.
    public var zone: TimeZone? { clock?.zone }
    /// The form of the times; nil before the first.
    public private(set) var form: Instant.Form?
    /// Whether the unit of the numbers was taken from the first of them.
    public private(set) var hasChosenUnit = false
    /// How many times lay in an hour that comes twice when clocks go back, and were told apart by their order.
    public var doubledTimes: Int { clock?.doubledTimes ?? 0 }
    /// Whether hours are counted from 1: there is an hour 24 or 25, and no hour 0.
    public var countsHoursFromOne: Bool { sawHour24 && !sawHour0 }

    private var clock: LocalClock?
    private var (sawHour0, sawHour24) = (false, false)

    /// - Parameters:
    ///   - notation: how times are written.
    ///   - zone: the zone of times that have none of their own; nil for UTC.
    public init(_ notation: TimeNotation = .standard, zone: TimeZone? = nil) {
        self.notation = notation
        clock = zone.map(LocalClock.init)
    }

    /// What a field is as a time.
    public mutating func read(_ field: UnsafeBufferPointer<UInt8>) -> TimeReading {
        finish(plain(trimmed(field)), field)
    }

    /// What a date and an hour of it, counted from its midnight, are as a time: 24 and 25 lie in the day after, or in the
    /// day itself where clocks go back.
    public mutating func read(_ date: UnsafeBufferPointer<UInt8>, hour: UnsafeBufferPointer<UInt8>) -> TimeReading {
        var place = TextPlace(text: trimmed(hour))
        guard let number = place.number(digits: 1...2), place.isAtEnd, number <= 25 else {
            return .fault("this is no hour of a day; allowed: 0 to 25, counted from midnight")
        }
        switch finish(plain(trimmed(date)), date) {
        case .time(let midnight, let form):
            if number == 0 { sawHour0 = true }
            if number >= 24 { sawHour24 = true }
            guard let time = midnight.adding(nanoseconds: number * 3_600_000_000_000) else { return .fault(outOfRange) }
            return .time(time, form)
        case let other: return other
        }
    }

    private mutating func plain(_ text: UnsafeBufferPointer<UInt8>) -> TimeReading {
        switch notation {
        case .pattern(let pattern): return pattern.read(text)
        case .seconds: return text.isEmpty ? .blank : readEpoch(text, unit: 1_000_000_000, form: .epoch)
        case .milliseconds: return text.isEmpty ? .blank : readEpoch(text, unit: 1_000_000, form: .epochMilliseconds)
        case .standard: break
        }
        if form == .epochMilliseconds {
            return text.isEmpty ? .blank : readEpoch(text, unit: 1_000_000, form: .epochMilliseconds)
        }
        let reading = readTime(text)
        guard form == nil else { return reading }
        switch reading {
        case .time(_, .epoch):
            hasChosenUnit = true
            if Self.isCompactDate(text) {
                hasChosenUnit = false
                return .fault("this may be a date or a number of seconds")
            }
            if let milliseconds = Self.milliseconds(text) { return milliseconds }
        case .fault(let problem) where problem == outOfRange:
            hasChosenUnit = true
            if let milliseconds = Self.milliseconds(text) { return milliseconds }
        default: break
        }
        return reading
    }

    /// A first number of 10¹¹ or more, which in seconds would be the year 5138, as milliseconds.
    private static func milliseconds(_ text: UnsafeBufferPointer<UInt8>) -> TimeReading? {
        let reading = readEpoch(text, unit: 1_000_000, form: .epochMilliseconds)
        guard case .time(let time, _) = reading else { return nil }
        return time.nanoseconds.magnitude >= 100_000_000_000_000_000 ? reading : nil
    }

    /// Applies the zone, and refuses a form other than that of the times before.
    private mutating func finish(_ reading: TimeReading, _ field: UnsafeBufferPointer<UInt8>) -> TimeReading {
        guard case .time(var time, var ownForm) = reading else { return reading }
        if ownForm == .unzoned, clock != nil {
            guard let instant = clock?.instant(of: time) else {
                let text = time.text(as: .unzoned)
                return .fault(
                    "the clocks of \(clock?.zone.identifier ?? "") never showed \(text.suffix(8)) on \(text.prefix(10)): they were put "
                        + "forward over it")
            }
            (time, ownForm) = (instant, .zoned)
        }
        if let form, form != ownForm {
            return .fault(
                "this is \(ownForm.title), and the times before it are \(form.title); allowed: one form for all times")
        }
        form = ownForm
        return .time(time, ownForm)
    }

    /// Whether a number may as well be a date without hyphens: 19000101 to 20991231.
    private static func isCompactDate(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == 8 else { return false }
        var place = TextPlace(text: text)
        guard let year = place.number(digits: 4), (1900..<2100).contains(year), let month = place.number(digits: 2),
            let day = place.number(digits: 2)
        else { return false }
        var time = CalendarTime()
        (time.year, time.month, time.day) = (year, month, day)
        if case .time = time.reading { return true }
        return false
    }

    /// The words that say how to have such a text read, where something is known of its kind; they go with `option`.
    public static func advice(for text: String, option: String) -> String? {
        let guesses = TimePattern.guesses(for: text).map { "\(option) \"\($0)\"" }
        if guesses.isEmpty, text.utf8.count == 8, text.allSatisfy(\.isNumber) {
            return "give \(option) %Y%m%d or \(option) seconds"
        }
        return guesses.isEmpty ? nil : "give \(guesses.joined(separator: " or "))"
    }
}
