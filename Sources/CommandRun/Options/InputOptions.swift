import ArgumentParser
import DissipativeMarket
import Reporting

/// The options of commands that read markets, a row each, from a CSV file.
package struct InputOptions: ParsableArguments {
    @Option(
        name: .customLong("input"), parsing: .unconditional,
        help: ArgumentHelp("Read a market a row from this CSV file; - is standard input.", valueName: "file.csv"))
    package var path: String?

    @Option(
        name: .customLong("column"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Take a parameter from a column, beta=usd_per_hour for example; may be repeated.",
            valueName: "parameter=column"),
        transform: { try ColumnMapping($0) })
    package var mappings: [ColumnMapping] = []

    @Option(
        parsing: .unconditional,
        help: "What a bad row does: stop ends the run; keep goes on without its values, and says so.")
    package var onError: RowFaultPolicy = .stop

    /// Opens the file and reads its header; nil where none was given.
    package func reader(_ files: RunFiles) throws -> CSVReader? {
        try path.map { try CSVReader(files.open("--input", $0)) }
    }

    /// Throws where a column is named and there is no file that has it.
    package func refuseWithoutInput() throws {
        guard path == nil, let mapping = mappings.first else { return }
        throw CommandFailure(.usage, "--column \(mapping.text) needs --input, the file that has the column.")
    }

    /// Warns of values that were given and are taken from columns.
    package func warnOfOverridden(
        _ columns: [(parameter: MarketParameter, column: String)], _ values: ParameterValues, _ common: CommonOptions
    ) {
        for (parameter, column) in columns {
            guard let place = values.places[parameter] else { continue }
            common.warn(
                "\(parameter.rawValue) is taken from the column \(shownInMessage(column)); \(place) is not used.")
        }
    }

    package init() {}
}
