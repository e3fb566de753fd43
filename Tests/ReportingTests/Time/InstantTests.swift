import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct InstantTests {
    private static func reading(_ text: String) -> String {
        switch TimeReading(text) {
        case .time(let time, let form): "\(time.nanoseconds) \(form)"
        case .blank: "blank"
        case .fault(let problem): problem
        }
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", "0 zoned"), ("1970-01-01", "0 unzoned"), ("1970-01-01 00:00", "0 unzoned"),
        ("1970-01-01T00:00:00.000000001", "1 unzoned"), ("1969-12-31T23:59:59.5Z", "-500000000 zoned"),
        ("1970-01-01t01:00:00+01:00", "0 zoned"), ("1970-01-01T01:30+0130", "0 zoned"),
        ("1969-12-31T22:00:00-02", "0 zoned"), ("1970-01-01T24:00:00z", "86400000000000 zoned"),
        ("2016-12-31T23:59:60Z", "1483228800000000000 zoned"), ("  2016-02-29  ", "1456704000000000000 unzoned"),
        ("2016-02-25T12:42:13,25Z", "1456404133250000000 zoned"),
        ("2016-02-25T12:42:13.2500000000000Z", "1456404133250000000 zoned"),
        ("0", "0 epoch"), ("1456404133.25", "1456404133250000000 epoch"), ("-0.5", "-500000000 epoch"),
        ("1.45640413325e9", "1456404133250000000 epoch"), ("+1E-9", "1 epoch"), ("0.0000000010000", "1 epoch"),
        ("1e0", "1000000000 epoch"), (".5", "500000000 epoch"), ("5.", "5000000000 epoch"),
        ("9223372036.854775807", "9223372036854775807 epoch"), ("-9223372036.854775808", "-9223372036854775808 epoch"),
        ("00012.50", "12500000000 epoch"), ("0e999999999999", "0 epoch"), ("1262304000", "1262304000000000000 epoch"),
        ("", "blank"), (" \t", "blank"),
    ]) func reads(_ text: String, _ expected: String) {
        #expect(Self.reading(text) == expected)
    }

    @Test(arguments: [
        ("1e-10", "finer"), ("0.00000000011", "finer"), ("2016-02-25T12:42:13.0000000001Z", "finer"),
        ("1.23456789012345678901", "finer"), ("9223372036.854775808", "milliseconds"),
        ("1456404133000", "milliseconds"),
        ("1e999999999", "milliseconds"), ("123456789012345678901234", "milliseconds"), ("1600-01-01", "1678"),
        ("2300-01-01T00:00:00Z", "1678"), ("2016-13-01", "month is 13"), ("2015-02-29", "day is 29"),
        ("1900-02-29", "day is 29"), ("2016-04-31", "01 to 30"), ("2016-01-01T25:00", "time of day"),
        ("2016-01-01T24:00:01", "time of day"), ("2016-01-01T12:59:60", "time of day"),
        ("2016-01-01T12:00:00+24:00", "zone"), ("2016-1-1", "no time"), ("2016-01-01T", "no time"),
        ("2016-01-01T12", "no time"), ("2016-01-01T12:00:00.", "no time"), ("2016-01-01T12:00Zx", "no time"),
        ("20160101T000000X", "no time"), ("12:00", "no time"), ("abc", "no time"), ("1e", "no time"), (".", "no time"),
        ("-", "no time"), ("1 2", "no time"), ("nan", "no time"), ("0x10", "no time"), ("２０16-01-01", "no time"),
    ]) func refuses(_ text: String, _ words: String) {
        #expect(Self.reading(text).contains(words), "\(Self.reading(text))")
    }

    /// Against Foundation's calendar, and back.
    @Test func agreesWithFoundation() throws {
        var generator = SeededGenerator(seed: 3)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for _ in 0..<2000 {
            let seconds = Int64.random(in: -9_000_000_000...9_000_000_000, using: &generator)
            let nanoseconds = Int64.random(in: 0..<1000, using: &generator) * 1_000_000
            let time = Instant(nanoseconds: seconds * 1_000_000_000 + nanoseconds)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: TimeInterval(seconds)))
            let fraction = nanoseconds == 0 ? "" : String(format: ".%03d", nanoseconds / 1_000_000)
            let text = String(
                format: "%04d-%02d-%02dT%02d:%02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
                parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
            #expect(Self.reading(text + fraction + "Z") == "\(time.nanoseconds) zoned")
            for form in [Instant.Form.zoned, .unzoned, .epoch] {
                #expect(Self.reading(time.text(as: form)) == "\(time.nanoseconds) \(form)", "\(time.text(as: form))")
            }
        }
        #expect(Instant(nanoseconds: 1_456_404_133_250_000_000).text(as: .zoned) == "2016-02-25T12:42:13.25Z")
        #expect(Instant(nanoseconds: -1).text(as: .epoch) == "-0.000000001")
        for end in [Int64.min, Int64.max] {
            for form in [Instant.Form.zoned, .epoch] {
                #expect(Self.reading(Instant(nanoseconds: end).text(as: form)) == "\(end) \(form)")
            }
        }
        #expect(Instant(nanoseconds: .max).adding(nanoseconds: 1) == nil)
        #expect(Instant(nanoseconds: 1).adding(nanoseconds: 2) == Instant(nanoseconds: 3))
    }

    @Test(arguments: [
        ("90min", 5_400_000_000_000), ("1.5h", 5_400_000_000_000), ("7d", 604_800_000_000_000),
        ("1w", 604_800_000_000_000), ("2s", 2_000_000_000), ("3600", 3_600_000_000_000), ("1e-9", 1),
    ]) func spans(_ text: String, _ nanoseconds: Int64) {
        #expect(TimeSpan(text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "0", "-1h", "h", "1y", "1 h", "1e-10", "300000d", "infs", "nan"])
    func refusesSpans(_ text: String) {
        #expect(TimeSpan(text) == nil)
    }
}
