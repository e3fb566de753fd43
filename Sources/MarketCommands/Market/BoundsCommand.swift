import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting

/// `pinfi bounds`: the band of the block reward, of one market or of each row of a table.
package struct BoundsCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "bounds",
        abstract: "The bounds of the block reward, the equilibrium price and the outcome.",
        discussion: """
            One record for one market, or with --input a row for each row of a CSV file: the input's columns, then the \
            results. What the columns lack comes from the options. A column that has a parameter's own name is used \
            as it; others are named with --column.

            rest_price is where the price of the sharp flow comes to rest from a low start; with a pool price, \
            rest_price_from_alpha is where it does from there. Empty cells: what a market has not, or what needs a \
            reward or a pool price that was not given.

            Examples:
              pinfi bounds --beta 0.7 --p 0.2 --theta 1.5 --delta 1.6 --alpha 2
              pinfi bounds --b 0.7 --d 1.3 --y 0.79 --format json
              pinfi bounds --input prices.csv --column beta=usd_per_hour --delta 2.6
            """)

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions

    @OptionGroup(title: "The input") var input: InputOptions
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Only these columns, in this order; with --input those of the input too.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?

    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try RunFiles(common)
        let values = try ParameterValues(market: market, point: point, files: files)
        if let reader = try input.reader(files, common) { return try runTable(values, reader, files) }
        try input.refuseWithoutInput()
        try values.requireMarket()
        try runRecord(values, files)
    }

    private func runRecord(_ values: ParameterValues, _ files: RunFiles) throws {
        let point = try MarketPoint(values)
        let all = PointQuantity.bounds(ofPoint: values[.alpha] != nil)
        let chosen = try columns.map { names in
            try all.map(\.column).selecting(names).compactMap { column in all.first { $0.column == column } }
        }
        let run = try RunOutputs("bounds", common, files)
        run.record.add(values)
        func record(_ quantities: [PointQuantity]) -> Record {
            Record(zip(quantities.map(\.column), PointQuantity.evaluate(quantities, at: point)).map { ($0, $1) })
        }
        if chosen == nil, common.resolvedFormat(oneAnswer: true) == .table {
            try run.writeData(all.map(\.column)) { output in
                let derivatives = Set(PointQuantity.derivatives.map(\.column.name))
                var summary = try common.write(
                    record(all.filter { !derivatives.contains($0.column.name) }), to: output)
                let title = "\nderivatives, ∂quantity/∂parameter\n"
                try output.write(title)
                let table = try TextTableWriter(width: Terminal.width).write(
                    PointQuantity.derivativeTable(at: point), to: output)
                summary.bytes += title.utf8.count + table.bytes
                return summary
            }
        } else {
            try run.write(record(chosen ?? all))
        }
        try run.finish()
    }

    private func runTable(_ values: ParameterValues, _ reader: CSVReader, _ files: RunFiles) throws {
        let isPoint =
            values[.alpha] != nil || reader.header.contains(MarketParameter.alpha.column)
            || input.mappings.contains { $0.parameter == .alpha }
        let rows = try MarketRows(
            reader: reader, mappings: input.mappings, values: values,
            quantities: PointQuantity.bounds(ofPoint: isPoint),
            onFault: input.onError, hasNumbers: common.resolvedFormat(oneAnswer: false) == .json)
        let all = rows.table()
        let table = try columns.map(all.selecting) ?? all
        input.warnOfOverridden(rows.parameterColumns, values, common)
        let run = try RunOutputs("bounds", common, files)
        run.record.add(values)
        run.record.configuration["columns"] = .object(
            JSONObject(rows.parameterColumns.map { ($0.parameter.rawValue, .text($0.column)) }))
        run.record.configuration["on_error"] = .text(input.onError.rawValue)
        let count = try run.write(table, rows: nil, keyColumns: 1)
        run.record.failedCells = rows.failedRows
        try run.finish()
        if rows.failedRows > 0 {
            common.warn("\(rows.failedRows) of \(count) rows could not be solved; the column status says why.")
        }
    }

    package init() {}
}
