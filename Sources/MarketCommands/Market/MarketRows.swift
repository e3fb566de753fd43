import CommandRun
import DissipativeMarket
import Reporting

/// A market for each row of a CSV file, as a table: the input's columns as they stand, then the results.
final class MarketRows {
    private let reader: CSVReader
    private let values: ParameterValues
    private let onFault: RowFaultPolicy
    private let columns: ParameterColumns
    /// The results that are no column of the input already.
    private let quantities: [PointQuantity]
    /// Whether the columns that give parameters are numbers in the output, not the text that stands in the input.
    private let hasNumbers: Bool
    private(set) var failedRows = 0
    /// The fault that ended the run, told when the rows before it are written.
    private var end: InputError?

    /// Which column gives which parameter.
    var parameterColumns: [(parameter: MarketParameter, column: String)] { columns.names }

    private static let rowsAtOnce = 1024

    /// - Throws: `CommandFailure` with 65 for a column that is missing or has the name of a result, 64 for a mapping
    ///   that contradicts another or the ratio form, or a market that lacks a parameter.
    init(
        reader: CSVReader, mappings: [ColumnMapping], values: ParameterValues, quantities: [PointQuantity],
        onFault: RowFaultPolicy, hasNumbers: Bool
    ) throws {
        self.reader = reader
        self.hasNumbers = hasNumbers
        self.values = values
        self.onFault = onFault
        let header = reader.header
        columns = try ParameterColumns(
            reader, mappings: mappings, values: values,
            advice: onFault == .stop ? "--on-error keep goes on without it" : nil)
        for (index, name) in header.enumerated() {
            guard let quantity = quantities.first(where: { $0.column.name == name }) else { continue }
            if let parameter = MarketParameter(rawValue: name), columns[parameter] == index { continue }
            throw CommandFailure(
                .badData,
                "\(reader.name), line 1, column \(index + 1): the input's column \(shownInMessage(name)) has the name "
                    + "of the output's column \(quantity.column.name) (\(quantity.column.summary)); rename it.")
        }
        self.quantities = quantities.filter { !header.contains($0.column.name) }
        try values.requireMarket(columns: Set(columns.fields.map(\.parameter)), columnHint: true)
    }

    /// The table. It is read once, in order, at constant memory.
    func table() -> Table {
        let columns =
            reader.header.indices.map { index in
                Column(reader.header[index], isNumber(index) ? .real : .text, summary: "as in the input")
            } + quantities.map(\.column)
        return Table(columns: columns, source: .sequential { try self.nextChunk() })
    }

    private func isNumber(_ index: Int) -> Bool { hasNumbers && columns.fields.contains { $0.source.column == index } }

    private func nextChunk() throws -> TableChunk? {
        if let end { throw end }
        var inputs = reader.header.indices.map { ColumnBuilder(isNumber($0) ? .real : .text) }
        var results = quantities.map { ColumnBuilder($0.column.kind) }
        var rows = 0
        while rows < Self.rowsAtOnce {
            let row: Row
            switch readRow() {
            case .success(let next?): row = next
            case .success(nil): return chunk(rows, inputs, results)
            case .failure(let error):
                // The rows before it stand.
                guard rows > 0 else { throw error }
                end = error
                return chunk(rows, inputs, results)
            }
            for index in inputs.indices {
                let text = index < row.texts.count ? Value.text(row.texts[index]) : .missing
                inputs[index].append(isNumber(index) ? .real(row.numbers[index]) : text)
            }
            for index in quantities.indices { results[index].append(row.values[index]) }
            if zip(quantities, row.values).contains(where: { $0.isStatus && $1 != .text(PointQuantity.ok) }) {
                failedRows += 1
            }
            rows += 1
        }
        return chunk(rows, inputs, results)
    }

    private func chunk(_ rows: Int, _ inputs: [ColumnBuilder], _ results: [ColumnBuilder]) -> TableChunk? {
        rows > 0 ? TableChunk(rowCount: rows, columns: inputs.map(\.values) + results.map(\.values)) : nil
    }

    /// A row of the output: the input's cells, those of them that are parameters as numbers, and the results.
    private struct Row {
        var texts: [String]
        var numbers: [Int: Double]
        var values: [Value]
    }

    /// The next row; nil at the end. A bad row is an error, or kept with its status.
    private func readRow() -> Result<Row?, InputError> {
        var numbers: [Int: Double] = [:]
        do throws(InputError) {
            guard let row = try reader.next() else { return .success(nil) }
            let point = try point(of: row, numbers: &numbers)
            let values = PointQuantity.evaluate(quantities, at: point)
            return .success(Row(texts: row.fields, numbers: numbers, values: values))
        } catch {
            guard onFault == .keep, error.isRecoverable, case .badData(let fault) = error else {
                return .failure(error)
            }
            let values = quantities.map { $0.isStatus ? Value.text(fault.statusText) : .missing }
            return .success(Row(texts: fault.fields, numbers: numbers, values: values))
        }
    }

    private func point(of row: CSVRow, numbers: inout [Int: Double]) throws(InputError) -> MarketPoint {
        var rowValues = values
        for (parameter, source) in columns.fields {
            // Of a point that is not known the rest is told all the same.
            let isPoint = parameter == .alpha || parameter == .gamma
            guard let value = try columns.value(of: parameter, from: source, in: row, mayBeMissing: isPoint) else {
                rowValues[parameter] = nil
                continue
            }
            if let index = source.column { numbers[index] = value }
            try columns.check(value, of: parameter, from: source, in: row)
            rowValues[parameter] = value
        }
        do throws(ParameterError) { return try MarketPoint(rowValues) } catch { throw columns.fault(error, in: row) }
    }
}

extension BadData {
    /// The fault without the file's name, which a table does not repeat in every row.
    fileprivate var statusText: String { String(description.dropFirst(file.count + 2)) }
}
