import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// A history as a CSV file has it: a time and parameters of the market in each row, what the rows lack from the options; or
/// several, one for each text of a column.
struct HistoryInput {
    private let reader: CSVReader
    private let times: TimeColumn
    private let columns: ParameterColumns
    private let groupIndex: Int?
    private let options: HistoryOptions
    private let onFault: RowFaultPolicy
    private let values: ParameterValues
    private let common: CommonOptions

    /// The parameters that a row may give.
    static let parameters: [MarketParameter] = [.beta, .p, .theta, .delta, .fee]

    /// Which column gives which parameter.
    var parameterColumns: [(parameter: MarketParameter, column: String)] { columns.names }
    /// The columns of times, with plus signs between them.
    var timeColumn: String { times.indices.map { reader.header[$0] }.joined(separator: "+") }
    /// How messages name the file.
    var name: String { reader.name }

    init(
        _ reader: CSVReader, _ input: InputOptions, _ options: HistoryOptions, values: ParameterValues,
        common: CommonOptions
    ) throws {
        self.reader = reader
        self.options = options
        self.common = common
        let time = options.time.time
        if time == nil, !reader.header.contains("time") {
            throw CommandFailure(
                .usage,
                "\(reader.name) has no column time: give --time COLUMN, the column that says when a row begins. The columns are "
                    + "\(reader.header.map(shownInMessage).joined(separator: ", ")).")
        }
        times = try TimeColumn(reader, time ?? "time", options: options.time)
        groupIndex = try options.groupBy.map { try reader.index(of: $0, askedBy: "--group-by") }
        onFault = input.onError
        columns = try ParameterColumns(
            reader, mappings: input.mappings, values: values, taken: Self.parameters,
            advice: onFault == .stop && !options.carryForward
                ? "--on-error keep leaves its time out, --carry-forward leaves the price before it in force" : nil)
        try values.requireMarket(columns: Set(columns.fields.map(\.parameter)), columnHint: true)
        self.values = values
        input.warnOfOverridden(columns.names, values, common)
    }

    /// The rows of a group, or of the whole file, as they were read.
    struct Rows {
        /// What stands in the column of groups; nil where the file is one group.
        let group: String?
        var times: TimeColumn
        var records: HistoryRecords
        /// The number of rows that could not be used.
        var failed = 0
        /// The number of these rows whose time is not known.
        var lost = 0
        /// What was wrong with the first row that could not be used.
        var firstFault: InputError?

        /// All rows of the group.
        var count: Int { records.count + lost }
        /// How the times are written.
        var form: Instant.Form { times.form ?? .zoned }
    }

    /// Reads all rows: a group where no column says groups, otherwise the groups in the order in which they come.
    ///
    /// - Throws: `InputError` for a bad row, unless it is to be kept.
    func read(progress: (Int) -> Void) throws -> [Rows] {
        var groups: [Rows] = []
        var places: [String: Int] = [:]
        func place(of group: String?) -> Int {
            if let place = places[group ?? ""] { return place }
            places[group ?? ""] = groups.count
            groups.append(
                Rows(group: group, times: times, records: HistoryRecords(parameters: columns.fields.count)))
            return groups.count - 1
        }
        if groupIndex == nil { _ = place(of: nil) }
        var numbers = Self.parameters.map { values[$0] ?? $0.defaultValue ?? .nan }
        var own = [Double](repeating: .nan, count: columns.fields.count)
        let fields = columns.fields.map { (place: Self.parameters.firstIndex(of: $0.parameter) ?? 0, field: $0) }
        var count = 0
        while true {
            var time: Instant?
            var (group, line) = (0, 0)
            do throws(InputError) {
                guard let row = try reader.next() else { return groups }
                line = row.line
                if let groupIndex { group = place(of: row.text(at: groupIndex)) }
                time = try groups[group].times.time(of: row)
                for (index, (place, field)) in fields.enumerated() {
                    guard let value = try columns.value(of: field.parameter, from: field.source, in: row) else {
                        continue
                    }
                    try columns.check(value, of: field.parameter, from: field.source, in: row)
                    own[index] = value
                    numbers[place] = value
                }
                do throws(ParameterError) { _ = try Self.market(numbers) } catch { throw columns.fault(error, in: row) }
                if let time { groups[group].records.append(time: time.nanoseconds, line: line, own) }
            } catch {
                let isCarried = options.carryForward && time != nil
                guard onFault == .keep || isCarried, error.isRecoverable, group < groups.count else { throw error }
                groups[group].failed += 1
                groups[group].firstFault = groups[group].firstFault ?? error
                if let time {
                    groups[group].records.append(time: time.nanoseconds, line: line, [])
                } else {
                    groups[group].lost += 1
                }
            }
            count += 1
            if count & 0xFFF == 0 { progress(count) }
        }
    }

    private static func market(_ numbers: [Double]) throws(ParameterError) -> Market {
        try Market(
            externalPrice: numbers[0], failureProbability: numbers[1], collateral: numbers[2],
            reservationPrice: numbers[3], swapFee: numbers[4])
    }

    /// The history that the rows of a group are.
    ///
    /// - Throws: `CommandFailure` with 65 where they are none.
    func history(_ rows: Rows) throws -> PriceHistory {
        let name = rows.group.map { "\(self.name), \(options.groupBy ?? "") \(shownInMessage($0))" } ?? self.name
        let first = rows.firstFault.map { "\($0)" } ?? ""
        if rows.failed > 0, !options.carryForward {
            common.warn("\(rows.failed) of \(rows.count) rows could not be used; the first: \(first)")
        }
        if rows.records.count == 0 {
            throw CommandFailure(
                .badData,
                rows.failed > 0
                    ? "\(name): none of its \(rows.count) rows could be used; the first: \(first)"
                    : "\(name): there are no rows below the header.")
        }
        let settled = try options.settled(rows.records, rows.times, name: name, common)
        var numbers = Self.parameters.map { values[$0] ?? $0.defaultValue ?? .nan }
        let places = columns.fields.map { Self.parameters.firstIndex(of: $0.parameter) ?? 0 }
        let history: PriceHistory
        do throws(PriceHistoryError) {
            let records = settled.records
            history = try PriceHistory(
                (0..<records.count).map { row in
                    for (index, place) in places.enumerated() { numbers[place] = records.values[index][row] }
                    guard records.isKnown(row), let market = try? Self.market(numbers) else {
                        return PriceHistory.Row(unknownFrom: records.times[row])
                    }
                    return PriceHistory.Row(time: records.times[row], market: market)
                }, until: settled.end)
        } catch {
            throw CommandFailure(
                .badData,
                rows.count == 1
                    ? "\(name): its only row lasts no time, since a row lasts until the next one; say with --until when it ends."
                    : "\(name): no row with a known market lasts any time; a row lasts until the next one, the last one until "
                        + "--until.")
        }
        let left = history.shareLeftOut
        if left > 0.05 {
            common.warn(
                "\(name): \(formatRounded(100 * left, digits: 3)) % of the time is left out, since no price is known of it."
            )
        }
        return history
    }
}
