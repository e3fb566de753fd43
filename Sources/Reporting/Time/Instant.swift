// A point in time, exactly.

/// A point in time: whole nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// The range is 1677-09-21 to 2262-04-11. The number is whole, so that the time between two points is exact, and so are
/// sums of such times.
public struct Instant: Comparable, Hashable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let nanoseconds: Int64

    /// So many nanoseconds since 1970-01-01T00:00:00Z.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// How a time is written.
    public enum Form: Sendable, Equatable {
        /// ISO 8601 with a zone: `2016-02-25T12:42:13Z`, `2016-02-25T13:42:13+01:00`.
        case zoned
        /// ISO 8601 without a zone, which is UTC: `2016-02-25T12:42:13`, `2016-02-25`.
        case unzoned
        /// Seconds since 1970-01-01T00:00:00Z: `1456404133.25`.
        case epoch
        /// Milliseconds since 1970-01-01T00:00:00Z: `1456404133250`.
        case epochMilliseconds

        /// What it is, in a phrase.
        public var title: String {
            switch self {
            case .zoned: "ISO 8601 with a zone"
            case .unzoned: "ISO 8601 without a zone"
            case .epoch: "seconds since 1970"
            case .epochMilliseconds: "milliseconds since 1970"
            }
        }

        /// Whether times are numbers, not dates.
        public var isNumber: Bool { self == .epoch || self == .epochMilliseconds }
    }

    public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The time later by some nanoseconds; nil beyond the range.
    public func adding(nanoseconds: Int64) -> Instant? {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? nil : Instant(nanoseconds: sum)
    }

    /// The time as text that reads back to it; with a zone it is that of UTC, `Z`.
    public func text(as form: Form) -> String {
        let billion: Int64 = 1_000_000_000
        if form.isNumber {
            let unit: UInt64 = form == .epoch ? 1_000_000_000 : 1_000_000
            let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: unit)
            return (nanoseconds < 0 ? "-" : "") + "\(whole)"
                + Self.fraction(Int64(rest), digits: form == .epoch ? 9 : 6)
        }
        var seconds = nanoseconds / billion
        var rest = nanoseconds % billion
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + billion) }
        var days = seconds / 86400
        var second = seconds % 86400
        if second < 0 { (days, second) = (days - 1, second + 86400) }
        let date = civil(fromDays: days)
        return "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))T"
            + "\(Self.padded(second / 3600, 2)):\(Self.padded(second / 60 % 60, 2)):\(Self.padded(second % 60, 2))"
            + Self.fraction(rest) + (form == .zoned ? "Z" : "")
    }

    private static func padded(_ value: Int64, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }

    private static func fraction(_ value: Int64, digits: Int = 9) -> String {
        guard value > 0 else { return "" }
        var text = padded(value, digits)
        while text.last == "0" { text.removeLast() }
        return "." + text
    }
}

/// A length of time above 0: whole nanoseconds, up to 292 years.
public struct TimeSpan: Comparable, Hashable, Sendable {
    /// Nanoseconds, at least 1.
    public let nanoseconds: Int64

    /// nil unless above 0.
    public init?(nanoseconds: Int64) {
        guard nanoseconds > 0 else { return nil }
        self.nanoseconds = nanoseconds
    }

    /// The length in seconds.
    public var seconds: Double { Double(nanoseconds) / 1e9 }

    public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, which is continued before its beginning.
///
/// Years are counted from March, so that the leap day is the last: then the days before a month are (153·m + 2)/5.
func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

/// The date that is so many days after 1970-01-01.
func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
}
