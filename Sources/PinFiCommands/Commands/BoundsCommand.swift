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
        if let input {
            try runTable(values, input: input)
        } else {
            if let mapping = mappings.first {
                throw CommandFailure(.usage, "--column \(mapping.text) needs --input, the file that has the column.")
            }
            try values.requireMarket()
            let point = try MarketPoint(values)
            let destination = try OutputDestination.open(common.output)
            if common.resolvedFormat(oneAnswer: true) == .table {
                let quantities = PointQuantity.bounds.filter { quantity in
                    !PointQuantity.derivatives.contains { $0.column == quantity.column }
                }
                try common.write(Record(quantities.map { ($0.column, $0.value(point)) }), to: destination)
                try destination.write("\nderivatives, ∂quantity/∂parameter\n")
                try TextTableWriter(width: Terminal.width).write(
                    PointQuantity.derivativeTable(at: point), to: destination)
            } else {
                try common.write(Record(PointQuantity.bounds.map { ($0.column, $0.value(point)) }), to: destination)
            }
            try destination.commit()
        }
    }

    private func runTable(_ values: ParameterValues, input: String) throws {
        let reader = try CSVReader(path: input)
        let rows = try MarketRows(
            reader: reader, mappings: mappings, values: values, quantities: PointQuantity.bounds, onFault: onError)
        for parameter in rows.overriddenOptions {
            common.warn("--\(parameter.rawValue) is not used: the column of that parameter is.")
        }
        let destination = try OutputDestination.open(common.output)
        let bar = ProgressBar("bounds", unit: "rows", total: nil, options: common)
        do {
            let summary = try common.write(rows.table(), to: destination, keyColumns: 1, progress: bar)
            try destination.commit()
            if rows.failedRows > 0 {
                common.warn(
                    "\(rows.failedRows) of \(summary.rows) rows could not be solved; the column status says why.")
            }
        } catch {
            destination.discard()
            throw error
        }
    }
}
