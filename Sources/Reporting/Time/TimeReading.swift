// Times as text, read exactly.

/// What a text is as a time.
public enum TimeReading: Sendable, Equatable {
    /// A time, and how it is written.
    case time(Instant, Instant.Form)
    /// Nothing, or nothing but blanks.
    case blank
    /// No time: what is wrong and what is allowed, without a full stop.
    case fault(String)

    /// Reads a time; blanks around it are allowed.
    ///
    /// A time by ISO 8601 is a date, `2016-02-25`, or a date and a time of day, with `T` or a blank between them, seconds and
    /// their fraction or not, and `Z`, `UTC`, `GMT`, `±hh:mm`, `±hhmm`, `±hh`, a blank in front of these or not, or nothing,
    /// which is UTC, behind it; basic, `20160225T124213Z`, it has no hyphens and no colons. The date may have slashes,
    /// `2016/02/25`. 24:00 is the end of the day, and so is a leap second, 23:59:60. Anything else is a decimal number of
    /// seconds since 1970. What is finer than a nanosecond is refused, not rounded.
    public init(_ text: String) {
        var text = text
        self = text.withUTF8 { readTime($0) }
    }
}

extension TimeSpan {
    /// Reads a decimal number and a unit, `90min`, `1.5h`, `7d`: s, min, h, d or w; without one it is in seconds.
    ///
    /// Nil for anything else, for what is not above 0, finer than a nanosecond, or longer than 292 years.
    public init?(_ text: String) {
        let units: [(name: String, seconds: Int64)] = [
            ("min", 60), ("s", 1), ("h", 3600), ("d", 86400), ("w", 604_800),
        ]
        let unit = units.first { text.hasSuffix($0.name) }
        var number = unit.map { String(text.dropLast($0.name.count)) } ?? text
        let reading = number.withUTF8 { scaledDecimal($0, by: (unit?.seconds ?? 1) * 1_000_000_000) }
        guard case .whole(let nanoseconds) = reading else { return nil }
        self.init(nanoseconds: nanoseconds)
    }
}

/// Reads a time, see ``TimeReading``.
func readTime(_ field: UnsafeBufferPointer<UInt8>) -> TimeReading {
    let text = trimmed(field)
    guard !text.isEmpty else { return .blank }
    if isDate(text) { return readISO(text) }
    return readEpoch(text, unit: 1_000_000_000, form: .epoch)
}

/// Reads a number of so many nanoseconds each since 1970.
func readEpoch(_ text: UnsafeBufferPointer<UInt8>, unit: Int64, form: Instant.Form) -> TimeReading {
    switch scaledDecimal(text, by: unit) {
    case .whole(let nanoseconds): return .time(Instant(nanoseconds: nanoseconds), form)
    case .tooFine: return .fault(tooFine)
    case .tooLarge: return .fault(outOfRange)
    case .noNumber: return .fault(noTime)
    }
}

/// Whether a text begins as a date does whose year is in front: `2016-02`, `2016/02`, `20160225T`.
private func isDate(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    func isDigits(_ count: Int) -> Bool { text.count > count && text[..<count].allSatisfy { digit($0) != nil } }
    if isDigits(4), text[4] == UInt8(ascii: "-") || text[4] == UInt8(ascii: "/") { return true }
    return isDigits(8) && [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(text[8])
}

private let noTime =
    "this is no time; allowed are ISO 8601 (2016-02-25T12:42:13Z; without a zone it is UTC) and seconds since 1970 "
    + "(1456404133.25)"
let tooFine = "this is finer than a nanosecond; round it to nine digits behind the point"
let outOfRange =
    "this lies outside of the years 1678 to 2261, ±9223372036 s around 1970; milliseconds must be made seconds"

func digit(_ byte: UInt8) -> Int64? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int64(value) : nil
}

/// A place in a text that is read from left to right.
struct TextPlace {
    let text: UnsafeBufferPointer<UInt8>
    var index = 0

    var isAtEnd: Bool { index == text.count }

    /// Passes one of these characters.
    mutating func pass(_ characters: StaticString) -> UInt8? {
        guard index < text.count else { return nil }
        let byte = text[index]
        for place in 0..<characters.utf8CodeUnitCount where characters.utf8Start[place] == byte {
            index += 1
            return byte
        }
        return nil
    }

    /// Passes this word, in capital or small letters.
    mutating func pass(word: String) -> Bool {
        let letters = Array(word.utf8)
        guard text.count - index >= letters.count else { return false }
        for (place, letter) in letters.enumerated() where text[index + place] | 0x20 != letter | 0x20 { return false }
        index += letters.count
        return true
    }

    /// A number of exactly so many digits.
    mutating func number(digits: Int) -> Int64? { number(digits: digits...digits) }

    /// A number of so many digits, of as many as there are.
    mutating func number(digits: ClosedRange<Int>) -> Int64? {
        var value: Int64 = 0
        var count = 0
        while count < digits.upperBound, index + count < text.count, let next = digit(text[index + count]) {
            value = value * 10 + next
            count += 1
        }
        guard count >= digits.lowerBound else { return nil }
        index += count
        return value
    }

    /// What stands behind the point of seconds, in nanoseconds; nil where it is finer, or where no digit is there.
    mutating func fraction() -> Result<Int64, TimeFault> {
        var (nanoseconds, unit): (Int64, Int64) = (0, 100_000_000)
        let start = index
        while !isAtEnd, let next = digit(text[index]) {
            if unit == 0, next != 0 { return .failure(TimeFault(tooFine)) }
            nanoseconds += next * unit
            unit /= 10
            index += 1
        }
        return index > start ? .success(nanoseconds) : .failure(TimeFault(noTime))
    }

    /// The seconds that a zone is ahead of UTC: `Z`, `UTC`, `GMT`, `±hh:mm`, `±hhmm`, `±hh`; nil where there is none.
    mutating func zone() -> Result<Int64?, TimeFault> {
        if pass(word: "UTC") || pass(word: "GMT") || pass("Zz") != nil { return .success(0) }
        guard let sign = pass("+-") else { return .success(nil) }
        guard let hours = number(digits: 2) else { return .failure(TimeFault(noTime)) }
        var minutes: Int64 = 0
        if !isAtEnd {
            _ = pass(":")
            guard let given = number(digits: 2) else { return .failure(TimeFault(noTime)) }
            minutes = given
        }
        guard hours < 24, minutes < 60 else {
            return .failure(TimeFault("there is no such zone; allowed: Z, or -23:59 to +23:59"))
        }
        let offset = hours * 3600 + minutes * 60
        return .success(sign == UInt8(ascii: "-") ? -offset : offset)
    }
}

/// Why a text is no time.
struct TimeFault: Error, Equatable {
    let problem: String

    init(_ problem: String) { self.problem = problem }
}

/// A date and a time of day, as they are read, and what they come to.
struct CalendarTime {
    var year: Int64 = 1970
    var month: Int64 = 1
    var day: Int64 = 1
    var hour: Int64 = 0
    var minute: Int64 = 0
    var second: Int64 = 0
    var nanoseconds: Int64 = 0
    /// The seconds that its zone is ahead of UTC; nil where it has none.
    var offset: Int64?

    /// The time, of UTC where there is no zone, or what is wrong with it.
    var reading: TimeReading {
        guard (1...12).contains(month) else { return .fault("its month is \(month); allowed: 01 to 12") }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length: Int64 = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        guard (1...length).contains(day) else { return .fault("its day is \(day); allowed: 01 to \(length)") }
        let isEndOfDay = hour == 24 && minute == 0 && second == 0 && nanoseconds == 0
        let isLeapSecond = hour == 23 && minute == 59 && second == 60
        guard isEndOfDay || isLeapSecond || (hour < 24 && minute < 60 && second < 60) else {
            return .fault("there is no such time of day; allowed: 00:00:00 to 24:00:00")
        }
        let seconds =
            days(year: year, month: month, day: day) * 86400 + hour * 3600 + minute * 60 + second - (offset ?? 0)
        guard let sum = Int64(exactly: Int128(seconds) * 1_000_000_000 + Int128(nanoseconds)) else {
            return .fault(outOfRange)
        }
        return .time(Instant(nanoseconds: sum), offset == nil ? .unzoned : .zoned)
    }
}

private func readISO(_ text: UnsafeBufferPointer<UInt8>) -> TimeReading {
    var place = TextPlace(text: text)
    var time = CalendarTime()
    guard let year = place.number(digits: 4) else { return .fault(noTime) }
    let separator = place.pass("-/")
    guard let month = place.number(digits: 2), place.pass("-/") == separator, let day = place.number(digits: 2) else {
        return .fault(noTime)
    }
    (time.year, time.month, time.day) = (year, month, day)
    guard !place.isAtEnd else { return time.reading }
    guard place.pass("Tt ") != nil, let hour = place.number(digits: 2) else { return .fault(noTime) }
    time.hour = hour
    // Basic times of day go with basic dates.
    let isBasic = separator == nil
    if isBasic ? !place.isAtEnd && digit(text[place.index]) != nil : true {
        guard isBasic || place.pass(":") != nil, let minute = place.number(digits: 2) else { return .fault(noTime) }
        time.minute = minute
        if isBasic ? !place.isAtEnd && digit(text[place.index]) != nil : place.pass(":") != nil {
            guard let second = place.number(digits: 2) else { return .fault(noTime) }
            time.second = second
            if place.pass(".,") != nil {
                switch place.fraction() {
                case .success(let nanoseconds): time.nanoseconds = nanoseconds
                case .failure(let fault): return .fault(fault.problem)
                }
            }
        }
    }
    if !place.isAtEnd {
        _ = place.pass(" ")
        switch place.zone() {
        case .success(let offset): time.offset = offset
        case .failure(let fault): return .fault(fault.problem)
        }
        guard place.isAtEnd, time.offset != nil else { return .fault(noTime) }
    }
    return time.reading
}

/// What a decimal number times a scale is.
enum ScaledDecimal: Equatable {
    case whole(Int64)
    /// Not a whole number.
    case tooFine
    /// Beyond the range of an `Int64`.
    case tooLarge
    case noNumber
}

/// The decimal number in a text times `scale`, exactly, where that is a whole number.
func scaledDecimal(_ text: UnsafeBufferPointer<UInt8>, by scale: Int64) -> ScaledDecimal {
    var place = TextPlace(text: text)
    let isNegative = place.pass("+-") == UInt8(ascii: "-")
    // All digits from the first that is not 0 to the last, without the point, as a whole number.
    var significand: Int128 = 0
    var significantDigits = 0
    var (digits, digitsBeforePoint, lastNotZero) = (0, -1, 0)
    while !place.isAtEnd {
        if let next = digit(text[place.index]) {
            digits += 1
            place.index += 1
            guard next != 0 else { continue }
            let length = significand == 0 ? 1 : digits - lastNotZero
            lastNotZero = digits
            significantDigits += length
            guard significantDigits <= 19 else { continue }
            for _ in 0..<length { significand *= 10 }
            significand += Int128(next)
        } else if digitsBeforePoint < 0, place.pass(".") != nil {
            digitsBeforePoint = digits
        } else {
            break
        }
    }
    guard digits > 0 else { return .noNumber }
    var exponent = (digitsBeforePoint < 0 ? digits : digitsBeforePoint) - lastNotZero
    if place.pass("eE") != nil {
        let isDown = place.pass("+-") == UInt8(ascii: "-")
        var (power, hasDigits) = (0, false)
        while !place.isAtEnd, let next = digit(text[place.index]) {
            power = min(power * 10 + Int(next), 1_000_000)
            hasDigits = true
            place.index += 1
        }
        guard hasDigits else { return .noNumber }
        exponent += isDown ? -power : power
    }
    guard place.isAtEnd else { return .noNumber }
    guard significand != 0 else { return .whole(0) }
    // Nineteen digits are the most of a whole number in range.
    guard significantDigits <= 19 else { return significantDigits + exponent > 19 ? .tooLarge : .tooFine }
    var value = significand * Int128(scale)
    while exponent < 0 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: 10)
        guard rest == 0 else { return .tooFine }
        (value, exponent) = (quotient, exponent + 1)
    }
    while exponent > 0, value <= Int128(Int64.max) { (value, exponent) = (value * 10, exponent - 1) }
    guard exponent == 0, let whole = Int64(exactly: isNegative ? -value : value) else { return .tooLarge }
    return .whole(whole)
}
