import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting

/// The options that say at which times the state of a run is told.
struct TimeOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The time at which the run ends, in the unit of --period.", valueName: "time"),
        transform: { text in
            let allowed = "a finite number greater than 0: time runs forward here, from 0"
            let value = try decimalNumber(text, allowed: allowed)
            guard value > 0 else {
                throw ArgumentFault(
                    value == 0
                        ? "a run that ends at 0 has no length; --times 0 tells the start alone"
                        : "the end must be \(allowed)")
            }
            return value
        })
    var until: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A row at 0 and at every multiple of this, and the last at the end, a multiple or not.",
            valueName: "time"),
        transform: numberArgument("time between rows", .positive))
    var every: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Instead: a row at each of these times, and the end at the last.", valueName: "a,b,c"),
        transform: timesArgument)
    var times: [Double]?

    /// The times, if the output can hold the rows.
    ///
    /// - Parameters:
    ///   - columns: of the table.
    ///   - output: the path of the output.
    /// - Throws: `CommandFailure` with 64 where the options do not say which, and for too many rows.
    func resolved(columns: Int, output: String?) throws -> OutputTimes {
        let rows: OutputTimes?
        let options: String
        let estimate: Double
        switch (until, every, times) {
        case (nil, nil, let times?):
            (rows, options, estimate) = (OutputTimes(times), "--times", Double(times.count))
        case (_, _, _?):
            throw CommandFailure(
                .usage,
                "\(until == nil ? "--every" : "--until") and --times both say at which times there are rows; keep "
                    + "--until with --every, or --times.")
        case (let until?, let every?, nil):
            guard every <= until else {
                throw CommandFailure(
                    .usage,
                    "--every is \(formatShortest(every)), more than --until, \(formatShortest(until)); allowed: a number "
                        + "greater than 0 and at most \(formatShortest(until)).")
            }
            (rows, options) = (OutputTimes(every: every, until: until), "--until and --every")
            estimate = OutputTimes.count(every: every, until: until)
        case (nil, nil, nil):
            throw CommandFailure(
                .usage, "The times of the rows are missing: give --until with --every, or --times a,b,c.")
        case (nil, _?, nil): throw CommandFailure(.usage, "--every needs the end of the run: give --until too.")
        case (_?, nil, nil): throw CommandFailure(.usage, "--until needs the time between rows: give --every too.")
        }
        let count = try RunLimits.check(
            .init(
                rows?.count, estimate: estimate,
                text: estimate < .infinity ? formatRounded(estimate, digits: 3) : "more than 1e308"),
            of: options, unit: "rows", columns: columns, output: output,
            advice: times == nil ? "Raise --every." : "Give fewer --times.", choosesColumns: false)
        guard let rows, rows.count == count else { throw CommandFailure(.usage, "\(options): too many rows.") }
        return rows
    }
}

/// A transform for times separated by commas.
private func timesArgument(_ text: String) throws -> [Double] {
    let allowed = "numbers of at least 0 separated by commas, each greater than the one before: 0,0.5,2 for example"
    var times: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
        let time = try decimalNumber(part, allowed: allowed)
        guard time >= 0 else {
            throw ArgumentFault("its value \(part) lies before 0, and time runs forward here; allowed: \(allowed)")
        }
        if let last = times.last, time <= last {
            throw ArgumentFault(
                "its value \(part) \(time == last ? "stands twice" : "comes after \(formatShortest(last))"); "
                    + "allowed: \(allowed)")
        }
        times.append(time)
    }
    return times
}
