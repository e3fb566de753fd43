import DissipativeMarket
import Reporting

/// A market for each row of a CSV file, as a table: the input's columns as they stand, then the results.
final class MarketRows {
    private let reader: CSVReader
    private let values: ParameterValues
    private let onFault: RowFaultPolicy
    /// The field of the input that gives each mapped parameter.
    private let fields: [(parameter: MarketParameter, index: Int)]
    /// The results that are no column of the input already.
    private let quantities: [PointQuantity]
    private(set) var failedRows = 0
    /// Parameters that an option gives as well, in vain.
    let overriddenOptions: [MarketParameter]

    /// Which column gives which parameter.
    var parameterColumns: [(parameter: MarketParameter, column: String)] {
        fields.map { ($0.parameter, reader.header[$0.index]) }
    }

    private static let rowsAtOnce = 1024

    /// - Throws: `CommandFailure` with 65 for a column that is missing or has the name of a result, 64 for a mapping
    ///   that contradicts another or the ratio form, or a market that lacks a parameter.
    init(
        reader: CSVReader, mappings: [ColumnMapping], values: ParameterValues, quantities: [PointQuantity],
        onFault: RowFaultPolicy
    ) throws {
        self.reader = reader
        self.values = values
        self.onFault = onFault
        let header = reader.header
        var columns: [MarketParameter: Int] = [:]
        for mapping in mappings {
            guard columns[mapping.parameter] == nil else {
                throw CommandFailure(.usage, "--column gives \(mapping.parameter.rawValue) twice; keep one of them.")
            }
            guard let index = header.firstIndex(of: mapping.column) else {
                let nearest = nearestName(to: mapping.column, among: header)
                throw CommandFailure(
                    .badData,
                    "\(reader.name), line 1: there is no column \(shownInMessage(mapping.column)) "
                        + "(--column \(shownInMessage(mapping.text))); "
                        + (nearest.map { "did you mean \(shownInMessage($0))? " } ?? "")
                        + "The columns are \(header.map(shownInMessage).joined(separator: ", ")).")
            }
            columns[mapping.parameter] = index
        }
        // A column with a parameter's own name is that parameter, unless another column was named for it.
        for parameter in MarketParameter.allCases where columns[parameter] == nil {
            columns[parameter] = header.firstIndex(of: parameter.rawValue)
        }
        for mapping in MarketParameter.allCases {
            guard let index = columns[mapping] else { continue }
            if values.isRatioForm, ![.fee, .period, .alpha].contains(mapping) {
                throw CommandFailure(
                    .usage,
                    "the ratio form (--b, --d, --y) excludes the column \(shownInMessage(header[index])) "
                        + "for \(mapping.rawValue); give raw parameters instead.")
            }
        }
        for (index, name) in header.enumerated() {
            guard let quantity = quantities.first(where: { $0.column.name == name }) else { continue }
            if let parameter = MarketParameter(rawValue: name), columns[parameter] == index { continue }
            throw CommandFailure(
                .badData,
                "\(reader.name), line 1, column \(index + 1): the input's column \(shownInMessage(name)) has the name "
                    + "of the output's column \(quantity.column.name) (\(quantity.column.summary)); rename it.")
        }
        fields = MarketParameter.allCases.compactMap { parameter in columns[parameter].map { (parameter, $0) } }
        overriddenOptions = fields.map(\.parameter).filter { values[$0] != nil && !values.isRatioForm }
        self.quantities = quantities.filter { !header.contains($0.column.name) }
        try values.requireMarket(columns: Set(columns.keys), columnHint: true)
    }

    /// The table. It is read once, in order, at constant memory.
    func table() -> Table {
        let columns = reader.header.map { Column($0, .text, summary: "as in the input") } + quantities.map(\.column)
        return Table(columns: columns, source: .sequential { try self.nextChunk() })
    }

    private func nextChunk() throws -> TableChunk? {
        var texts = reader.header.map { _ in [String?]() }
        var results = quantities.map { ColumnBuilder($0.column.kind) }
        var rows = 0
        while rows < Self.rowsAtOnce {
            var fields: [String] = []
            var outcome: Result<MarketPoint, RowFault> = .failure(RowFault(status: ""))
            do throws(InputError) {
                guard let row = try reader.next() else { break }
                fields = row.fields
                outcome = .success(try point(of: row))
            } catch {
                guard onFault == .keep, error.isRecoverable, case .badData(let fault) = error else { throw error }
                fields = fault.fields
                outcome = .failure(RowFault(status: fault.statusText))
            }
            for index in texts.indices { texts[index].append(index < fields.count ? fields[index] : nil) }
            switch outcome {
            case .success(let point):
                for index in quantities.indices { results[index].append(quantities[index].value(point)) }
                if point.status != "ok" { failedRows += 1 }
            case .failure(let fault):
                failedRows += 1
                for index in quantities.indices {
                    results[index].append(quantities[index].column.name == "status" ? .text(fault.status) : .missing)
                }
            }
            rows += 1
        }
        guard rows > 0 else { return nil }
        return TableChunk(rowCount: rows, columns: texts.map { .text($0) } + results.map(\.values))
    }

    private func point(of row: CSVRow) throws(InputError) -> MarketPoint {
        var rowValues = values
        for (parameter, index) in fields {
            guard let value = try row.real(at: index) else {
                throw row.fault(at: index, problem: "the \(parameter.title) is missing; allowed: \(parameter.allowed)")
            }
            guard parameter.allows(value) else {
                throw row.fault(at: index, problem: "the \(parameter.title) must be \(parameter.allowed)")
            }
            rowValues[parameter] = value
        }
        do throws(ParameterError) { return try MarketPoint(rowValues) } catch {
            let index = fields.first { $0.parameter.rawValue == error.name }?.index ?? fields.first?.index ?? 0
            throw row.fault(at: index, problem: "\(error)")
        }
    }
}

/// Why a row has no results.
private struct RowFault: Error {
    let status: String
}

extension BadData {
    /// The fault without the file's name, which a table does not repeat in every row.
    fileprivate var statusText: String { String(description.dropFirst(file.count + 2)) }
}
