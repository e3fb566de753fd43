import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct TimeReaderTests {
    private static func read(_ text: String, _ reader: inout TimeReader) -> String {
        var text = text
        return text.withUTF8 { field in
            switch reader.read(field) {
            case .time(let time, let form): time.text(as: form)
            case .blank: "blank"
            case .fault(let problem): problem
            }
        }
    }

    private static func read(_ texts: [String], _ notation: TimeNotation = .standard, zone: String? = nil) -> [String] {
        var reader = TimeReader(notation, zone: zone.flatMap { TimeZone(identifier: $0) })
        return texts.map { read($0, &reader) }
    }

    @Test(arguments: [
        ("2026/08/01 00:05:00", "2026-08-01T00:05:00"), ("20240101T000000Z", "2024-01-01T00:00:00Z"),
        ("20240101T0130", "2024-01-01T01:30:00"), ("20240101T01+0100", "2024-01-01T00:00:00Z"),
        ("20240101 013015.5", "2024-01-01T01:30:15.5"), ("2026-02-27 21:02:32 +00:00", "2026-02-27T21:02:32Z"),
        ("2026-02-27 21:02:32 UTC", "2026-02-27T21:02:32Z"), ("2026-01-21T14:15:44.387Z", "2026-01-21T14:15:44.387Z"),
        ("1.54495E+12", "1544950000000"), ("1544950000000.5", "1544950000000.5"), ("99999999999", "beyond"),
        ("1456404133", "1456404133"), ("", "blank"),
    ]) func standardTimes(_ text: String, _ expected: String) {
        let found = Self.read([text])[0]
        #expect(expected == "beyond" ? found.contains("milliseconds") : found == expected)
    }

    /// The first number decides, and the others follow.
    @Test func theFirstNumberTellsTheUnit() {
        #expect(Self.read(["1544950000000", "5"]) == ["1544950000000", "5"])
        #expect(Self.read(["5", "1544950000000"])[1].contains("milliseconds must be made seconds"))
        #expect(Self.read(["5"], .milliseconds) == ["5"])
        #expect(Self.read(["20240101"])[0].contains("may be a date"))
        #expect(Self.read(["20240101"], .seconds) == ["20240101"])
        #expect(Self.read(["20241301"]) == ["20241301"])
    }

    @Test(arguments: ["01/02/2026", "27.10.2024 02:00", "01jan2022 00:00:00", "Jan 1 2022", "12:00"])
    func otherFormsAreRefused(_ text: String) {
        #expect(Self.read([text])[0].contains("this is no time"))
    }

    @Test(arguments: [
        ("27.10.2024 02:00", "give F \"%d.%m.%Y %H:%M\""), ("01/02/2026", "give F \"%d/%m/%Y\" or F \"%m/%d/%Y\""),
        ("13/02/2026 1:05:00 PM", "give F \"%d/%m/%Y %I:%M:%S %p\""),
        ("01jan2022 00:00:00", "give F \"%d%b%Y %H:%M:%S\""),
        ("20240101", "give F %Y%m%d or F seconds"),
    ]) func adviceNamesAFormat(_ text: String, _ expected: String) {
        #expect(TimeReader.advice(for: text, option: "F") == expected)
    }

    @Test(arguments: [
        ("%d.%m.%Y %H:%M", "27.10.2024 02:00", "2024-10-27T02:00:00"),
        ("%d%b%Y %H:%M:%S", "01JAN2022 00:00:00", "2022-01-01T00:00:00"),
        ("%d %B %Y", "3 september 2022", "2022-09-03T00:00:00"), ("%d %B %Y", "3 sep 2022", "2022-09-03T00:00:00"),
        ("%m/%d/%y %I:%M %p", "2/1/26 12:05 AM", "2026-02-01T00:05:00"),
        ("%m/%d/%y %I:%M %p", "2/1/69 12:05 pm", "1969-02-01T12:05:00"),
        ("%F %T%z", "2024-01-01 00:00:00.25+01:00", "2023-12-31T23:00:00.25Z"),
        ("%Y-%m-%dT%H:%M:%S.%f", "2024-01-01T00:00:00.125", "2024-01-01T00:00:00.125"),
        ("%Y %j", "2024 60", "2024-02-29T00:00:00"),
        ("%a, %d %b %Y %T GMT", "Mon, 01 Jan 2024 10:00:00 GMT", "2024-01-01T10:00:00"),
        ("%Y%m%d", "20240101", "2024-01-01T00:00:00"), ("%s", "1456404133", "1456404133"),
        ("%d.%m.%Y %H:%M", "01.01.2024 24:00", "2024-01-02T00:00:00"),
    ]) func patterns(_ pattern: String, _ text: String, _ expected: String) throws {
        #expect(Self.read([text], .pattern(try TimePattern(pattern))) == [expected])
    }

    @Test(arguments: [
        ("%d.%m.%Y", "27.10.2024 02:00", "not as the format"), ("%d.%m.%Y", "31.02.2024", "day is 31"),
        ("%d.%m.%Y", "27/10/2024", "not as the format"), ("%d%b%Y", "01mai2022", "English names"),
        ("%Y %j", "2023 366", "day of the year"), ("%d.%m.%Y %I %p", "1.1.2024 13 pm", "hour is 13"),
    ]) func patternsRefuse(_ pattern: String, _ text: String, _ words: String) throws {
        #expect(Self.read([text], .pattern(try TimePattern(pattern)))[0].contains(words))
    }

    @Test(arguments: [
        ("%d.%m", "leaves the day open"), ("%Q", "no letter %Q"), ("%Y-%m-%d %", "ends with"),
        ("%Y-%m-%d %I", "needs %p"),
    ])
    func badPatterns(_ pattern: String, _ words: String) {
        #expect(message { _ = try TimePattern(pattern) }.contains(words))
    }

    // MARK: - Zones

    /// The night of 27 October 2024 in Berlin: 02:00 comes twice, and what is around it tells which is which.
    @Test func theDoubledHourIsToldApartByOrder() {
        let day = "2024-10-27T"
        let hours = ["01:00", "02:00", "02:00", "03:00"].map { day + $0 }
        let expected = ["2024-10-26T23:00:00Z", "2024-10-27T00:00:00Z", "2024-10-27T01:00:00Z", "2024-10-27T02:00:00Z"]
        #expect(Self.read(hours, zone: "Europe/Berlin") == expected)
        #expect(Self.read(hours.reversed(), zone: "Europe/Berlin") == expected.reversed())
        let halves = ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"].map { day + $0 }
        #expect(
            Self.read(halves, zone: "Europe/Berlin").map { String($0.dropFirst(11)) } == [
                "23:30:00Z", "00:00:00Z", "00:30:00Z", "01:00:00Z", "01:30:00Z", "02:00:00Z",
            ])
        #expect(Self.read([day + "02:00Z"], zone: "Europe/Berlin") == ["2024-10-27T02:00:00Z"])
    }

    @Test func theMissingHourIsTold() {
        let found = Self.read(["2024-03-31T01:59", "2024-03-31T02:00", "2024-03-31T03:00"], zone: "Europe/Berlin")
        #expect(found[0] == "2024-03-31T00:59:00Z")
        #expect(found[1].contains("Europe/Berlin never showed 02:00:00 on 2024-03-31"))
        #expect(found[2] == "2024-03-31T01:00:00Z")
    }

    /// Every hour of two years there and back, in zones with odd offsets, in both orders.
    @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns"])
    func hoursThereAndBack(_ name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        let start: Int64 = 1_704_067_200
        let instants = (0..<(2 * 366 * 24)).map { start + 3600 * Int64($0) }
        func shown(_ instant: Int64) -> Instant {
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant)))
            return Instant(nanoseconds: (instant + Int64(offset)) * 1_000_000_000)
        }
        // Lord Howe's clocks go back by half an hour, from 02:00 to 01:30 at 15:00 UTC on 6 April 2024 and 5 April 2025. In a
        // rising series of full hours of UTC the order leaves both readings of 01:30 open, and the earlier one is taken.
        let open: Set<Int64> = name == "Australia/Lord_Howe" ? [1_712_415_600, 1_743_865_200] : []
        for rises in [true, false] {
            let order = rises ? instants : instants.reversed()
            var clock = LocalClock(zone)
            let found = order.map { clock.instant(of: shown($0))?.nanoseconds }
            #expect(found == order.map { ($0 - (rises && open.contains($0) ? 1800 : 0)) * 1_000_000_000 })
        }
    }

    @Test func hoursAreCountedFromMidnight() throws {
        func times(_ rows: String, zone: String?) throws -> [String] {
            let file = try CSVReader(bytes: Array(("date,hour\n" + rows).utf8), name: "file")
            var reader = TimeReader(zone: zone.flatMap { TimeZone(identifier: $0) })
            var times: [String] = []
            while let row = try file.next() {
                times.append(try row.time(at: [0, 1], by: &reader)?.text(as: .zoned) ?? "")
            }
            return times + ["\(reader.countsHoursFromOne)"]
        }
        #expect(try times("2024-03-31,25\n", zone: nil) == ["2024-04-01T01:00:00Z", "true"])
        // A day of 25 hours: the last one ends where the next day's first begins.
        #expect(
            try times("2024-10-27,24\n2024-10-27,25\n2024-10-28,1\n", zone: "Europe/Madrid") == [
                "2024-10-27T22:00:00Z", "2024-10-27T23:00:00Z", "2024-10-28T00:00:00Z", "true",
            ])
        #expect(try times("2024-10-27,0\n2024-10-27,23\n", zone: nil).last == "false")
        #expect(message { _ = try times("2024-10-27,26\n", zone: nil) }.contains("no hour of a day"))
    }
}
