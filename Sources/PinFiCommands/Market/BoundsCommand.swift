import ArgumentParser
import DissipativeMarket
import Reporting

/// `pinfi bounds`: the band of the block reward, of one market or of each row of a table.
struct BoundsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bounds",
        abstract: "The bounds of the block reward, the equilibrium price and the outcome.",
        discussion: """
            One record for one market, or with --input a row for each row of a CSV file: the input's columns, then the \
            results. What the columns lack comes from the options. A column that has a parameter's own name is used \
            as it; others are named with --column.

            Examples:
              pinfi bounds --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --alpha 2
              pinfi bounds --b 0.7 --d 1.3 --y 0.79 --format json
              pinfi bounds --input prices.csv --column beta=usd_per_hour --delta 2.6
            """)

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Read a market a row from this CSV file; - is standard input.", valueName: "file.csv"))
    var input: String?

    @Option(
        name: .customLong("column"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Take a parameter from a column, beta=usd_per_hour for example; may be repeated.",
            valueName: "parameter=column"),
        transform: { try ColumnMapping($0) })
    var mappings: [ColumnMapping] = []

    @Option(parsing: .unconditional, help: "What a bad row does: stop ends the run, keep writes it with its status.")
    var onError: RowFaultPolicy = .stop

    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        let values = try ParameterValues(market: market, point: point)
        try common.refuseSharedOutputs()
        try common.refuseReplacing([("--input", input), ("--market", market.market)])
        if let input {
            try runTable(values, input: input)
        } else {
            if let mapping = mappings.first {
                throw CommandFailure(.usage, "--column \(mapping.text) needs --input, the file that has the column.")
            }
            try values.requireMarket()
            try runRecord(values)
        }
    }

    private func runRecord(_ values: ParameterValues) throws {
        let point = try MarketPoint(values)
        var run = try RunRecord("bounds", path: common.manifest, common: common)
        run.add(values)
        let destination = try OutputDestination.open(common.output, hashing: run.isWanted)
        func record(_ quantities: [PointQuantity]) -> Record {
            Record(zip(quantities.map(\.column), PointQuantity.evaluate(quantities, at: point)).map { ($0, $1) })
        }
        var summary: WriteSummary
        if common.resolvedFormat(oneAnswer: true) == .table {
            let derivatives = Set(PointQuantity.derivatives.map(\.column.name))
            summary = try common.write(
                record(PointQuantity.bounds.filter { !derivatives.contains($0.column.name) }), to: destination)
            let title = "\nderivatives, ∂quantity/∂parameter\n"
            try destination.write(title)
            let table = try TextTableWriter(width: Terminal.width).write(
                PointQuantity.derivativeTable(at: point), to: destination)
            summary.bytes += title.utf8.count + table.bytes
        } else {
            summary = try common.write(record(PointQuantity.bounds), to: destination)
        }
        run.addData(destination, columns: PointQuantity.bounds.count, summary)
        try destination.commit()
        try run.finish()
    }

    private func runTable(_ values: ParameterValues, input: String) throws {
        let reader = try CSVReader(path: input)
        let rows = try MarketRows(
            reader: reader, mappings: mappings, values: values, quantities: PointQuantity.bounds, onFault: onError,
            hasNumbers: common.resolvedFormat(oneAnswer: false) == .json)
        for (parameter, column) in rows.parameterColumns {
            guard let place = values.places[parameter] else { continue }
            common.warn(
                "\(parameter.rawValue) is taken from the column \(shownInMessage(column)); \(place) is not used.")
        }
        var run = try RunRecord("bounds", path: common.manifest, common: common)
        run.add(values)
        run.configuration["columns"] = .object(
            JSONObject(rows.parameterColumns.map { ($0.parameter.rawValue, .text($0.column)) }))
        run.configuration["on_error"] = .text(onError.rawValue)
        let destination = try OutputDestination.open(common.output, hashing: run.isWanted)
        let bar = ProgressBar("bounds", unit: "rows", total: nil, options: common)
        let table = rows.table()
        let summary = try common.write(table, to: destination, keyColumns: 1, progress: bar)
        run.addData(destination, columns: table.columns.count, summary)
        run.failedCells = rows.failedRows
        try destination.commit()
        try run.finish()
        if rows.failedRows > 0 {
            common.warn("\(rows.failedRows) of \(summary.rows) rows could not be solved; the column status says why.")
        }
    }
}
