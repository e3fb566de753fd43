import Foundation
import Reporting

/// The column of times of a file, or the columns that give them together; all times have one form.
package struct TimeColumn {
    /// The columns, by their places.
    package let indices: [Int]
    private var reader: TimeReader

    /// How the times are written; nil before the first.
    package var form: Instant.Form? { reader.form }

    /// The columns that a text names: one as it stands, or several with plus signs between them.
    ///
    /// - Throws: `CommandFailure` with 65 where there is none.
    package init(_ file: CSVReader, _ text: String, options: TimeOptions) throws {
        if let index = file.header.firstIndex(of: text) {
            indices = [index]
        } else {
            let names = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
            indices = try names.map { try file.index(of: $0, askedBy: "--time") }
        }
        reader = TimeReader(options.timeFormat ?? .standard, zone: options.timezone)
    }

    /// When a row begins; a gap, and a time in another form than those before it, are refused.
    package mutating func time(of row: CSVRow) throws(InputError) -> Instant {
        guard let time = try row.time(at: indices, by: &reader) else {
            throw row.fault(at: indices[0], problem: "the time is missing")
        }
        return time
    }

    /// What all times have to be moved by, in nanoseconds: hours that are counted from 1 begin an hour before their number.
    package var shift: Int64 { reader.countsHoursFromOne ? -3_600_000_000_000 : 0 }

    /// Says what was taken of the times that they do not say themselves.
    package func tell(_ name: String, _ common: CommonOptions) {
        if reader.hasChosenUnit, let form { common.tell("\(name): times are \(form.title).") }
        if reader.doubledTimes > 0 {
            common.tell(
                "\(name): \(reader.doubledTimes) times of an hour that came twice, as clocks went back, were told apart by their order."
            )
        }
        if reader.countsHoursFromOne { common.tell("\(name): hours are counted from 1, which begins at midnight.") }
    }

    /// The time that an option gives: in the form of the file's times, or by ISO 8601.
    ///
    /// - Throws: `CommandFailure` with 64 that says what is allowed.
    package func bound(_ text: String, option: String) throws -> Int64 {
        var own = TimeReader(reader.notation, zone: reader.zone)
        var other = TimeReader(form == .epochMilliseconds ? .milliseconds : .standard, zone: reader.zone)
        func reading(_ reader: inout TimeReader) -> TimeReading {
            var text = text
            return text.withUTF8 { reader.read($0) }
        }
        let readings = [reading(&other), reading(&own)]
        for case .time(let time, let found) in readings {
            guard let form, found.isNumber != form.isNumber else { return time.nanoseconds }
            throw CommandFailure(
                .usage,
                "\(option) is \(found.title), and the times of the file are \(form.title); give it in the same form.")
        }
        var problem = "a time is missing"
        if case .fault(let words) = readings[0] { problem = words }
        throw CommandFailure(.usage, "\(option) \(shownInMessage(text)): \(problem).")
    }
}
