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
            "Take a parameter from a column, beta=usd_per_hour for example, or from what is computed of columns, "
                + "beta=price/1000*0.3, names other than of letters, digits and underscores in quotes; may be repeated.",
            valueName: "parameter=column"),
        transform: { try ColumnMapping($0) })
    package var mappings: [ColumnMapping] = []

    @Option(
        parsing: .unconditional,
        help: "What a bad row does: stop ends the run; keep goes on without its values, and says so.")
    package var onError: RowFaultPolicy = .stop

    @OptionGroup package var csv: CSVOptions

    /// Opens the file and reads its header; nil where none was given.
    package func reader(
        _ files: RunFiles, _ common: CommonOptions, timeOption: String? = nil
    ) throws -> CSVReader? {
        guard let path else { return nil }
        let reader = try CSVReader(files.open("--input", path), dialect: csv.dialect(timeOption: timeOption))
        csv.tell(of: reader, common)
        return reader
    }

    /// Throws where a column is named, or something is said of a file, and there is no file that has it.
    package func refuseWithoutInput() throws {
        guard path == nil else { return }
        if let option = csv.firstGiven {
            throw CommandFailure(.usage, "\(option) says something of a file: give it with --input.")
        }
        guard let mapping = mappings.first else { return }
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
