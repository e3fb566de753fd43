import ArgumentParser
import CommandRun
import Foundation
import Reporting
import RewardStudies
import RoleDynamics

/// The options that say how the files of empirical distributions are written, and what their rows mean.
struct EmpiricalOptions: ParsableArguments {
    @OptionGroup var csv: CSVOptions
    @OptionGroup var rows: HistoryOptions

    /// Throws where something is said of files, and there are none, or what is said makes no distribution.
    func check(_ variations: [StudyVariation]) throws {
        let isEmpirical = variations.contains {
            if case .distribution(let text) = $0.values { text.name == "empirical" } else { false }
        }
        if let option = csv.firstGiven ?? rows.firstGiven, !isEmpirical {
            throw CommandFailure(
                .usage, "\(option) says something of the files of empirical(FILE.csv:column), and none is given.")
        }
        if rows.groupBy != nil {
            throw CommandFailure(
                .usage,
                "--group-by makes several distributions of one: give --where COLUMN=TEXT instead, a run for each.")
        }
    }
}

/// `FILE.csv:column` or `FILE.csv:column:time` of an empirical distribution: the values of a column, or of what is computed of
/// columns, which count alike, or each as long as it lasts.
struct EmpiricalSource {
    let path: String
    /// The column, and where the text has it the column that says when a row begins, which lasts until the next one.
    let columns: String

    /// How the rows are weighed, for a manifest.
    var weights: String { columns.contains(":") ? "duration" : "rows" }

    /// The file's name ends at the first colon behind the name of a file that exists.
    init(_ text: DistributionText) throws(DistributionError) {
        let argument = text.arguments.first ?? ""
        let colons = argument.indices.filter {
            argument[$0] == ":" && $0 > argument.startIndex && argument.index(after: $0) < argument.endIndex
        }
        let known = colons.first { FileManager.default.fileExists(atPath: String(argument[..<$0])) }
        // Of a file that is not there no more is told than its name.
        guard let colon = known ?? colons.dropLast(colons.count > 1 ? 1 : 0).last else {
            throw .malformed(
                text:
                    "empirical(\(argument)), which is to be empirical(FILE.csv:column) or empirical(FILE.csv:column:time),"
            )
        }
        path = String(argument[..<colon])
        columns = String(argument[argument.index(after: colon)...])
    }

    /// The distribution of the column's values; a gap, a text or a value that the parameter cannot have is refused with its
    /// line and column, and so is a row without a time where rows are weighed by it.
    func read(
        for name: ParameterName, _ options: EmpiricalOptions, _ common: CommonOptions, _ files: RunFiles
    ) throws -> Distribution {
        let option = "--vary \(name.short)=empirical(…)"
        let reader = try CSVReader(files.open(option, path), dialect: options.csv.dialect(timeOption: "--time-format"))
        options.csv.tell(of: reader, common)
        let isOne = reader.header.contains(columns)
        let colon = isOne ? nil : columns.lastIndex(of: ":")
        let source = try reader.expression(colon.map { String(columns[..<$0]) } ?? columns, askedBy: option)
        let time = colon.map { String(columns[columns.index(after: $0)...]) } ?? options.rows.time.time
        var times = try time.map { try TimeColumn(reader, $0, options: options.rows.time) }
        if times == nil, let given = options.rows.firstGiven {
            throw CommandFailure(
                .usage, "\(given) needs the times of the rows: empirical(FILE.csv:column:time), or --time.")
        }
        var records = HistoryRecords(parameters: 1)
        while let row = try reader.next() {
            let moment = try times?.time(of: row).nanoseconds ?? 0
            guard let value = try source.value(in: row) else {
                guard options.rows.carryForward else {
                    throw row.fault(
                        at: source.columns[0],
                        problem: "an empirical distribution needs a number in every row; fill or remove the row"
                            + (times == nil ? "" : ", or leave the one before in force with --carry-forward"))
                }
                records.append(time: moment, line: row.line, [])
                continue
            }
            guard name.allows(value) else {
                throw row.fault(at: source.columns[0], problem: "\(name.short) (\(name.title)) must be \(name.allowed)")
            }
            records.append(time: moment, line: row.line, [value])
        }
        var (values, weights): ([Double], [Double]?) = (records.values[0], nil)
        if let times, records.count > 0 {
            let settled = try options.rows.settled(records, times, name: reader.name, common)
            let order = try TimeOrder(settled.records.times, until: settled.end)
            let known = settled.records.times.indices.filter(settled.records.isKnown)
            (values, weights) = (known.map { settled.records.values[0][$0] }, known.map { Double(order.durations[$0]) })
        }
        do throws(DistributionError) {
            if let weights { return try .empirical(values, weights: weights) }
            return try .empirical(values)
        } catch {
            throw CommandFailure(
                .badData,
                "\(reader.name), column \(shownInMessage(source.text)): \(error)"
                    + (times == nil
                        ? "." : " that last any time: a row lasts until the next one, and the last one does not."))
        }
    }
}
