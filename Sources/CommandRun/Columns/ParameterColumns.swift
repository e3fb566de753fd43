import DissipativeMarket
import Reporting

/// Which columns of an input give which parameters of the market, and what a row has in them.
package struct ParameterColumns {
    /// The parameters that columns give, and what is taken of the columns.
    package let fields: [(parameter: MarketParameter, source: ColumnExpression)]
    /// Words that follow a complaint of a value that cannot be used.
    private let advice: String?

    /// The parameters that columns give, and the columns' names, or what is computed of them.
    package var names: [(parameter: MarketParameter, column: String)] { fields.map { ($0.parameter, $0.source.text) } }

    /// - Parameters:
    ///   - taken: the parameters that a column may give; others are left where they are.
    ///   - advice: what can be done about a value that cannot be used, in words that follow the complaint.
    /// - Throws: `CommandFailure` with 65 for a column that is missing, 64 for a mapping that contradicts another or the ratio
    ///   form, or of a parameter that is not taken.
    package init(
        _ reader: CSVReader, mappings: [ColumnMapping], values: ParameterValues,
        taken: [MarketParameter] = MarketParameter.allCases, advice: String? = nil
    ) throws {
        let header = reader.header
        self.advice = advice
        var columns: [MarketParameter: ColumnExpression] = [:]
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
            columns[mapping.parameter] = try reader.expression(
                mapping.column, askedBy: "--column \(shownInMessage(mapping.text))")
        }
        // A column with a parameter's own name is that parameter, unless another column was named for it.
        for parameter in taken where columns[parameter] == nil {
            guard header.contains(parameter.rawValue) else { continue }
            columns[parameter] = try reader.expression(parameter.rawValue, askedBy: parameter.rawValue)
        }
        for parameter in MarketParameter.allCases {
            guard let source = columns[parameter] else { continue }
            if values.isRatioForm, ![.fee, .period, .alpha].contains(parameter) {
                throw CommandFailure(
                    .usage,
                    "the ratio form (--b, --d, --y) excludes the column \(shownInMessage(source.text)) "
                        + "for \(parameter.rawValue); give raw parameters instead.")
            }
        }
        fields = MarketParameter.allCases.compactMap { parameter in columns[parameter].map { (parameter, $0) } }
    }

    /// The column that a parameter stands in as it is.
    package subscript(parameter: MarketParameter) -> Int? {
        fields.first { $0.parameter == parameter }?.source.column
    }

    /// A parameter's value in a row, allowed or not.
    package func value(
        of parameter: MarketParameter, from source: ColumnExpression, in row: CSVRow, mayBeMissing: Bool = false
    ) throws(InputError) -> Double? {
        if let value = try source.value(in: row) { return value }
        if mayBeMissing { return nil }
        let place = source.columns.first { row.isEmpty(at: $0) } ?? source.columns[0]
        throw row.fault(
            at: place, problem: advised("the \(parameter.title) is missing; it must be \(parameter.allowed)"))
    }

    /// Throws unless the value of a parameter is allowed.
    package func check(
        _ value: Double, of parameter: MarketParameter, from source: ColumnExpression, in row: CSVRow
    ) throws(InputError) {
        guard !parameter.allows(value) else { return }
        let computed = source.column == nil ? ", and \(shownInMessage(source.text)) is \(formatShortest(value))" : ""
        throw row.fault(
            at: source.columns[0],
            problem: advised("the \(parameter.title) must be \(parameter.allowed)\(computed)"))
    }

    private func advised(_ problem: String) -> String { advice.map { problem + "; " + $0 } ?? problem }

    /// The fault of a row whose parameters make no market.
    package func fault(_ error: ParameterError, in row: CSVRow) -> InputError {
        let source = fields.first { $0.parameter.rawValue == error.name }?.source ?? fields.first?.source
        return row.fault(at: source?.columns[0] ?? 0, problem: "\(error)")
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

    /// What a text says of the columns: one by its name, or what is computed of several.
    ///
    /// - Throws: `CommandFailure` with 65 where a column is missing or the text is no expression.
    package func expression(_ text: String, askedBy option: String) throws -> ColumnExpression {
        // What looks like a name is taken for one: its message is the plainer.
        if !text.contains(where: { "+-*/−×÷()\"'".contains($0) }) { _ = try index(of: text, askedBy: option) }
        do throws(ColumnExpression.Fault) {
            return try ColumnExpression(text, header: header)
        } catch {
            throw CommandFailure(.badData, "\(name), line 1: \(option): \(error).")
        }
    }
}
