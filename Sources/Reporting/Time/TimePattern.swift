// Times in a form of their own, as the letters of strptime describe it.

/// How times are written, in the letters of strptime: `%d.%m.%Y %H:%M`.
///
/// `%Y %y %m %d %e %j` are the date, `%b %B %h` the English name of the month or its first three letters, in any case, `%H %k
/// %I %l %M %S %p %f` the time of day, `%T` `%H:%M:%S`, `%R` `%H:%M`, `%F` `%Y-%m-%d`, `%D` `%m/%d/%y`, `%a %A` the name of a
/// weekday, which is passed over, `%z` and `%Z` the zone (`Z`, `UTC`, `GMT`, `±hh:mm`), `%s` seconds since 1970, `%%` a per cent
/// sign. Seconds may have a fraction. Blanks stand for any number of blanks.
public struct TimePattern: Sendable, Equatable {
    /// The pattern as it was given.
    public let text: String
    private let parts: [Part]

    private enum Part: Sendable, Equatable {
        case letter(Character)
        case literal(UInt8)
        case blanks
    }

    /// What is wrong with a pattern, in words that need no full stop.
    public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// The words.
        public let description: String
    }

    /// Reads a pattern.
    ///
    /// - Throws: ``Fault`` for an unknown letter, and where the pattern leaves the day open.
    public init(_ text: String) throws(Fault) {
        self.text = text
        var parts: [Part] = []
        var rest = text[...]
        while let next = rest.popFirst() {
            if next == "%" {
                guard let letter = rest.popFirst() else {
                    throw Fault(description: "it ends with a per cent sign; %% stands for one")
                }
                guard let expansion = Self.expansion(of: letter) else {
                    throw Fault(
                        description:
                            "there is no letter %\(letter); allowed: \(Self.letters.map { "%\($0)" }.joined(separator: " "))"
                    )
                }
                parts += expansion
            } else if next.isWhitespace {
                parts.append(.blanks)
            } else {
                parts += next.utf8.map { .literal($0) }
            }
        }
        self.parts = parts
        func has(_ letters: String) -> Bool {
            parts.contains { if case .letter(let letter) = $0 { letters.contains(letter) } else { false } }
        }
        guard has("s") || has("Yy") && (has("j") || has("mb") && has("d")) else {
            throw Fault(
                description: "it leaves the day open; it needs %Y, %m and %d, or %s, for example %d.%m.%Y %H:%M")
        }
        if has("I"), !has("p") {
            throw Fault(description: "%I is an hour from 1 to 12, which needs %p; %H is one from 0 to 23")
        }
    }

    private static let letters = "YymdejbBhHkIlMSpfTRFDaAzZsnt%"

    private static func expansion(of letter: Character) -> [Part]? {
        func all(_ letters: String, _ separator: Character) -> [Part] {
            Array(
                letters.map { [Part.letter($0)] }.joined(separator: separator.utf8.map { .literal($0) }))
        }
        return switch letter {
        case "T": all("HMS", ":")
        case "R": all("HM", ":")
        case "F": all("Ymd", "-")
        case "D": all("mdy", "/")
        case "e": [.blanks, .letter("d")]
        case "k": [.blanks, .letter("H")]
        case "l": [.blanks, .letter("I")]
        case "B", "h": [.letter("b")]
        case "A": [.letter("a")]
        case "Z": [.letter("z")]
        case "n", "t": [.blanks]
        case "%": [.literal(UInt8(ascii: "%"))]
        default: letters.contains(letter) ? [.letter(letter)] : nil
        }
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// What a text is by this pattern; blanks around it are allowed.
    func read(_ field: UnsafeBufferPointer<UInt8>) -> TimeReading {
        let field = trimmed(field)
        guard !field.isEmpty else { return .blank }
        let mismatch = TimeReading.fault("this is not as the format \(text) says")
        var place = TextPlace(text: field)
        var time = CalendarTime()
        var (dayOfYear, isAfternoon): (Int64?, Bool?) = (nil, nil)
        for (index, part) in parts.enumerated() {
            switch part {
            case .blanks: while place.pass(" \t") != nil {}
            case .literal(let byte):
                guard !place.isAtEnd, field[place.index] == byte else { return mismatch }
                place.index += 1
            case .letter(let letter):
                switch letter {
                case "Y": guard Self.take(&place, 4...4, &time.year) else { return mismatch }
                case "y":
                    guard Self.take(&place, 2...2, &time.year) else { return mismatch }
                    time.year += time.year < 69 ? 2000 : 1900
                case "m": guard Self.take(&place, 1...2, &time.month) else { return mismatch }
                case "d": guard Self.take(&place, 1...2, &time.day) else { return mismatch }
                case "H", "I":
                    guard Self.take(&place, 1...2, &time.hour) else { return mismatch }
                    if letter == "I", !(1...12).contains(time.hour) {
                        return .fault("its hour is \(time.hour); allowed: 1 to 12")
                    }
                case "M": guard Self.take(&place, 2...2, &time.minute) else { return mismatch }
                case "S":
                    guard Self.take(&place, 2...2, &time.second) else { return mismatch }
                    let isNextPoint = index + 1 < parts.count && (parts[index + 1] == .literal(UInt8(ascii: ".")))
                    if !isNextPoint, place.pass(".") != nil {
                        switch place.fraction() {
                        case .success(let nanoseconds): time.nanoseconds = nanoseconds
                        case .failure(let fault): return .fault(fault.problem)
                        }
                    }
                case "f":
                    switch place.fraction() {
                    case .success(let nanoseconds): time.nanoseconds = nanoseconds
                    case .failure(let fault): return .fault(fault.problem)
                    }
                case "j":
                    var day: Int64 = 0
                    guard Self.take(&place, 1...3, &day) else { return mismatch }
                    dayOfYear = day
                case "b":
                    guard let month = Self.name(in: &place, of: Self.months) else {
                        return .fault(
                            "this is not as the format \(text) says; months have their English names, jan or January")
                    }
                    time.month = Int64(month) + 1
                case "a": guard Self.name(in: &place, of: Self.weekdays) != nil else { return mismatch }
                case "p":
                    if place.pass(word: "am") {
                        isAfternoon = false
                    } else if place.pass(word: "pm") {
                        isAfternoon = true
                    } else {
                        return mismatch
                    }
                case "z":
                    switch place.zone() {
                    case .success(let offset):
                        guard let offset else { return mismatch }
                        time.offset = offset
                    case .failure(let fault): return .fault(fault.problem)
                    }
                default:
                    return readEpoch(
                        UnsafeBufferPointer(rebasing: field[place.index...]), unit: 1_000_000_000, form: .epoch)
                }
            }
        }
        guard place.isAtEnd else { return mismatch }
        if let isAfternoon { time.hour = time.hour % 12 + (isAfternoon ? 12 : 0) }
        if let dayOfYear {
            let date = civil(fromDays: days(year: time.year, month: 1, day: 1) + dayOfYear - 1)
            guard dayOfYear >= 1, date.year == time.year else {
                return .fault("its day of the year is \(dayOfYear); allowed: 1 to 365, 366 in leap years")
            }
            (time.month, time.day) = (date.month, date.day)
        }
        return time.reading
    }

    private static func take(_ place: inout TextPlace, _ digits: ClosedRange<Int>, _ value: inout Int64) -> Bool {
        guard let number = place.number(digits: digits) else { return false }
        value = number
        return true
    }

    /// The place of the name, or of its first three letters, that is next.
    private static func name(in place: inout TextPlace, of names: [String]) -> Int? {
        for (index, name) in names.enumerated() where place.pass(word: name) || place.pass(word: String(name.prefix(3)))
        {
            return index
        }
        return nil
    }

    /// Patterns that a text which no one has described may be written in; none where nothing is known of its kind.
    static func guesses(for text: String) -> [String] {
        let time = "(?<time>[ T]+\\d{1,2}:\\d{2}(?<seconds>:\\d{2}(\\.\\d+)?)?(?<half> ?[AaPp][Mm])?)?"
        func timePattern(_ time: Substring?, _ seconds: Substring?, _ half: Substring?) -> String {
            guard let time else { return "" }
            let start = time.hasPrefix("T") ? "T" : " "
            return start + (half == nil ? "%H:%M" : "%I:%M") + (seconds == nil ? "" : ":%S")
                + (half.map { $0.hasPrefix(" ") ? " %p" : "%p" } ?? "")
        }
        guard let named = try? Regex("(\\d{1,2})([-/. ]?)([A-Za-z]{3,9})([-/. ]?)(\\d{4})" + time),
            let dated = try? Regex("(\\d{1,2})([-/.])(\\d{1,2})([-/.])(\\d{4})" + time)
        else { return [] }
        if let match = text.wholeMatch(of: named) {
            let date = "%d" + (match[2].substring ?? "") + "%b" + (match[4].substring ?? "") + "%Y"
            return [date + timePattern(match["time"]?.substring, match["seconds"]?.substring, match["half"]?.substring)]
        }
        guard let match = text.wholeMatch(of: dated), let mark = match[2].substring, match[4].substring == mark,
            let first = match[1].substring.flatMap({ Int($0) }), let second = match[3].substring.flatMap({ Int($0) })
        else { return [] }
        let rest = timePattern(match["time"]?.substring, match["seconds"]?.substring, match["half"]?.substring)
        var guesses: [String] = []
        if second <= 12 { guesses.append("%d\(mark)%m\(mark)%Y" + rest) }
        if first <= 12, mark != "." { guesses.append("%m\(mark)%d\(mark)%Y" + rest) }
        return guesses
    }
}
