import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// A history as a CSV file has it: a time and parameters of the market in each row, what the rows lack from the options.
struct HistoryInput {
    private let reader: CSVReader
    private let timeIndex: Int
    private let columns: ParameterColumns
    private let onFault: RowFaultPolicy
    private let values: ParameterValues

    /// The parameters that a row may give.
    static let parameters: [MarketParameter] = [.beta, .p, .theta, .delta, .fee]

    /// Which column gives which parameter.
    var parameterColumns: [(parameter: MarketParameter, column: String)] { columns.names }
    /// The column of times.
    var timeColumn: String { reader.header[timeIndex] }
    /// How messages name the file.
    var name: String { reader.name }

    /// - Parameter time: the column of times; nil for the one that is called time.
    init(
        _ reader: CSVReader, time: String?, mappings: [ColumnMapping], values: ParameterValues,
        onFault: RowFaultPolicy
    ) throws {
        self.reader = reader
        if time == nil, !reader.header.contains("time") {
            throw CommandFailure(
                .usage,
                "\(reader.name) has no column time: give --time COLUMN, the column that says when a row begins. The columns are "
                    + "\(reader.header.map(shownInMessage).joined(separator: ", ")).")
        }
        timeIndex = try reader.index(of: time ?? "time", askedBy: "--time")
        columns = try ParameterColumns(reader, mappings: mappings, values: values, taken: Self.parameters)
        try values.requireMarket(columns: Set(columns.fields.map(\.parameter)), columnHint: true)
        self.values = values
        self.onFault = onFault
    }

    /// What was read.
    struct Rows {
        var rows: [PriceHistory.Row] = []
        /// The number of rows of the file that could not be used.
        var failed = 0
        /// The number of these rows whose time is known: what they have is unknown until the next row.
        var unknown = 0
        /// What was wrong with the first row that could not be used.
        var firstFault: InputError?
        /// How the times are written; nil where there is none.
        var form: Instant.Form?
        /// All rows of the file.
        var count: Int { rows.count + failed - unknown }
    }

    /// Reads all rows.
    ///
    /// - Throws: `InputError` for a bad row, unless it is to be kept.
    func read(progress: (Int) -> Void) throws -> Rows {
        var result = Rows()
        var times = TimeColumn(index: timeIndex)
        var numbers = Self.parameters.map { values[$0] ?? $0.defaultValue ?? .nan }
        let fields = columns.fields.map { (place: Self.parameters.firstIndex(of: $0.parameter) ?? 0, field: $0) }
        while true {
            var time: Instant?
            do throws(InputError) {
                guard let row = try reader.next() else { return result }
                time = try times.time(of: row)
                result.form = times.form
                guard let time else { continue }
                for (place, field) in fields {
                    guard let value = try columns.value(of: field.parameter, at: field.index, in: row) else { continue }
                    try columns.check(value, of: field.parameter, at: field.index, in: row)
                    numbers[place] = value
                }
                do throws(ParameterError) {
                    let market = try Market(
                        externalPrice: numbers[0], failureProbability: numbers[1], collateral: numbers[2],
                        reservationPrice: numbers[3], swapFee: numbers[4])
                    result.rows.append(PriceHistory.Row(time: time.nanoseconds, market: market))
                } catch {
                    throw columns.fault(error, in: row)
                }
            } catch {
                guard onFault == .keep, error.isRecoverable else { throw error }
                result.failed += 1
                result.firstFault = result.firstFault ?? error
                if let time {
                    result.unknown += 1
                    result.rows.append(PriceHistory.Row(unknownFrom: time.nanoseconds))
                }
            }
            if result.rows.count & 0xFFF == 0 { progress(result.rows.count) }
        }
    }
}
