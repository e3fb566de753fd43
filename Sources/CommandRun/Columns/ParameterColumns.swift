import DissipativeMarket
import Reporting

/// Which columns of an input give which parameters of the market, and what a row has in them.
package struct ParameterColumns {
    /// The parameters that columns give, and the fields.
    package let fields: [(parameter: MarketParameter, index: Int)]
    private let header: [String]

    /// The parameters that columns give, and the columns' names.
    package var names: [(parameter: MarketParameter, column: String)] {
        fields.map { ($0.parameter, header[$0.index]) }
    }

    /// - Parameter taken: the parameters that a column may give; others are left where they are.
    /// - Throws: `CommandFailure` with 65 for a column that is missing, 64 for a mapping that contradicts another or the ratio
    ///   form, or of a parameter that is not taken.
    package init(
        _ reader: CSVReader, mappings: [ColumnMapping], values: ParameterValues,
        taken: [MarketParameter] = MarketParameter.allCases
    ) throws {
        header = reader.header
        var columns: [MarketParameter: Int] = [:]
        for mapping in mappings {
            guard taken.contains(mapping.parameter) else {
                throw CommandFailure(
                    .usage,
                    "--column \(shownInMessage(mapping.text)): the \(mapping.parameter.title) is not taken from a column here; "
                        + "allowed: \(taken.map(\.rawValue).joined(separator: ", ")).")
            }
            guard columns[mapping.parameter] == nil else {
                throw CommandFailure(.usage, "--column gives \(mapping.parameter.rawValue) twice; keep one of them.")
            }
            columns[mapping.parameter] = try reader.index(
                of: mapping.column, askedBy: "--column \(shownInMessage(mapping.text))")
        }
        // A column with a parameter's own name is that parameter, unless another column was named for it.
        for parameter in taken where columns[parameter] == nil {
            columns[parameter] = header.firstIndex(of: parameter.rawValue)
        }
        for parameter in MarketParameter.allCases {
            guard let index = columns[parameter] else { continue }
            if values.isRatioForm, ![.fee, .period, .alpha].contains(parameter) {
                throw CommandFailure(
                    .usage,
                    "the ratio form (--b, --d, --y) excludes the column \(shownInMessage(header[index])) "
                        + "for \(parameter.rawValue); give raw parameters instead.")
            }
        }
        fields = MarketParameter.allCases.compactMap { parameter in columns[parameter].map { (parameter, $0) } }
    }

    /// The field that gives a parameter.
    package subscript(parameter: MarketParameter) -> Int? { fields.first { $0.parameter == parameter }?.index }

    /// A parameter's value in a row, allowed or not.
    package func value(
        of parameter: MarketParameter, at index: Int, in row: CSVRow, mayBeMissing: Bool = false
    ) throws(InputError) -> Double? {
        if let value = try row.real(at: index) { return value }
        if mayBeMissing { return nil }
        throw row.fault(at: index, problem: "the \(parameter.title) is missing; it must be \(parameter.allowed)")
    }

    /// Throws unless the value of a parameter is allowed.
    package func check(_ value: Double, of parameter: MarketParameter, at index: Int, in row: CSVRow) throws(InputError)
    {
        guard parameter.allows(value) else {
            throw row.fault(at: index, problem: "the \(parameter.title) must be \(parameter.allowed)")
        }
    }

    /// The fault of a row whose parameters make no market.
    package func fault(_ error: ParameterError, in row: CSVRow) -> InputError {
        let index = fields.first { $0.parameter.rawValue == error.name }?.index ?? fields.first?.index ?? 0
        return row.fault(at: index, problem: "\(error)")
    }
}

extension Column {
    /// The column of a parameter.
    package init(_ parameter: some DefinedParameter) {
        self.init(
            parameter.column, .real, unit: parameter.unit, summary: "\(parameter.symbol), \(parameter.title)")
    }
}

extension CSVReader {
    /// The field of a column's name.
    ///
    /// - Parameter option: that asks for it, for the message.
    /// - Throws: `CommandFailure` with 65 where there is none.
    package func index(of column: String, askedBy option: String) throws -> Int {
        if let index = header.firstIndex(of: column) { return index }
        let nearest = nearestName(to: column, among: header)
        throw CommandFailure(
            .badData,
            "\(name), line 1: there is no column \(shownInMessage(column)) (\(option)); "
                + (nearest.map { "did you mean \(shownInMessage($0))? The" } ?? "the")
                + " columns are \(header.map(shownInMessage).joined(separator: ", ")).")
    }
}
