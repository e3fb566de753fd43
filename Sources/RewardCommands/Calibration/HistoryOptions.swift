import ArgumentParser
import CommandRun
import Reporting
import RewardStudies

extension HistoryRecords.Aggregation: ExpressibleByArgument {}

/// The options that say what the rows of a price history mean.
struct HistoryOptions: ParsableArguments {
    @OptionGroup var time: TimeOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What several rows of one time come to: last (in the file), min, median or mean. Without it they must not differ."
        ))
    var aggregate: HistoryRecords.Aggregation?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A result for each text that stands in this column.", valueName: "column"))
    var groupBy: String?

    @Flag(help: "A row without a usable price leaves the price before it in force.")
    var carryForward = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Leave out the time between rows that are farther apart: 2h.", valueName: "duration"),
        transform: spanArgument)
    var maxGap: TimeSpan?

    /// The first option that was given.
    var firstGiven: String? {
        if let option = time.firstGiven { return option }
        if aggregate != nil { return "--aggregate" }
        if groupBy != nil { return "--group-by" }
        if carryForward { return "--carry-forward" }
        return maxGap == nil ? nil : "--max-gap"
    }

    /// What rows mean whose times are in a column.
    func rules(_ times: TimeColumn) throws -> HistoryRecords.Rules {
        var rules = HistoryRecords.Rules()
        rules.aggregation = aggregate
        rules.carriesForward = carryForward
        rules.longestGap = maxGap.map { UInt64($0.nanoseconds) }
        rules.start = try time.from.map { try times.bound($0, option: "--from") }
        rules.end = try time.until.map { try times.bound($0, option: "--until") }
        if let start = rules.start, let end = rules.end, start >= end {
            throw CommandFailure(.usage, "--from must be before --until.")
        }
        return rules
    }

    /// The rows of a file, as these options settle what they mean.
    ///
    /// - Throws: `CommandFailure` with 65 where rows of one time differ, and where no row is left in the period.
    func settled(
        _ records: HistoryRecords, _ times: TimeColumn, name: String, _ common: CommonOptions
    ) throws -> HistoryRecords.Settled {
        let form = times.form ?? .zoned
        let settled: HistoryRecords.Settled?
        do {
            settled = try records.moved(by: times.shift).settled(try rules(times))
        } catch let fault as HistoryRecords.RepeatedTime {
            throw CommandFailure(
                .badData,
                "\(name), line \(fault.lines.second): \(Instant(nanoseconds: fault.time).text(as: form)) stands in line "
                    + "\(fault.lines.first) as well, with \(formatShortest(fault.values.first)) where this line has "
                    + "\(formatShortest(fault.values.second)); --where COLUMN=TEXT takes one of several series, "
                    + (groupBy == nil ? "--group-by COLUMN gives a result for each, " : "")
                    + "and --aggregate last, min, median or mean makes one price of them.")
        }
        guard let settled else {
            guard let first = records.times.min(), let last = records.times.max() else {
                throw CommandFailure(.badData, "\(name): there are no rows below the header that count.")
            }
            throw CommandFailure(
                .usage,
                "No row of \(name) lies between --from and --until; its times go from "
                    + "\(Instant(nanoseconds: first).text(as: form)) to \(Instant(nanoseconds: last).text(as: form)).")
        }
        if settled.unsorted > 0, settled.unsorted == records.count - 1 {
            common.note("\(name): the rows are in descending order of time; they were sorted.")
        } else if settled.unsorted > 0 {
            common.warn(
                "the rows are not in order of time (\(settled.unsorted) of them begin before the row above); they were sorted."
            )
        }
        if settled.merged > 0 {
            common.tell(
                "\(name): \(settled.merged) of \(records.count) rows have the time of another one; "
                    + (aggregate.map { "--aggregate \($0.rawValue) made one of them." } ?? "they say the same."))
        }
        if settled.carried > 0 {
            common.tell("\(name): \(settled.carried) rows have no usable price; the one before stayed in force.")
        }
        if settled.gaps > 0 {
            common.tell("\(name): \(settled.gaps) rows are followed by a longer gap than --max-gap; it is left out.")
        }
        times.tell(name, common)
        return settled
    }

    /// What these options say, for a manifest.
    var settings: [(name: String, value: JSONValue)] {
        [
            ("time_format", JSONValue(time.timeFormatText)), ("timezone", JSONValue(time.timezone?.identifier)),
            ("from", JSONValue(time.from)), ("until", JSONValue(time.until)),
            ("aggregate", JSONValue(aggregate?.rawValue)), ("group_by", JSONValue(groupBy)),
            ("carry_forward", .boolean(carryForward)), ("max_gap_seconds", JSONValue(maxGap?.seconds)),
        ]
    }
}
