import ArgumentParser
import CommandRun
import Reporting
import RewardStudies

extension FirstOrderEstimator: ExpressibleByArgument {}

/// The options of bootstrap intervals.
struct BootstrapOptions: ParsableArguments {
    @Option(
        name: .customLong("bootstrap"), parsing: .unconditional,
        help: ArgumentHelp("Resamples of the bootstrap intervals; 0 for none. Default: 100.", valueName: "R"),
        transform: wholeArgument(0...1_000_000))
    var resamples = 100

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The level of the intervals. Default: 0.95.", valueName: "0…1"),
        transform: { text in
            let allowed = "a number greater than 0 and less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value > 0, value < 1 else { throw ArgumentFault("the confidence level must be \(allowed)") }
            return value
        })
    var confidence = 0.95

    /// The most rows that all resamples together draw: some minutes of a processor's time.
    private static let mostDraws = 1e11

    /// The settings, for a manifest.
    var settings: [(name: String, value: JSONValue)] {
        [("bootstrap", JSONValue(resamples)), ("confidence", .real(confidence))]
    }

    /// - Parameters:
    ///   - rows: how many are drawn for each resample.
    ///   - seed: any number.
    /// - Throws: `CommandFailure` for settings out of range, and for more draws than end in a reasonable time.
    func bootstrap(rows: Int, seed: UInt64) throws -> Bootstrap {
        let draws = Double(resamples) * Double(rows)
        guard draws <= Self.mostDraws else {
            throw CommandFailure(
                .usage,
                "--bootstrap \(resamples) draws \(rows) rows again and again, \(formatRounded(draws, digits: 3)) in all; at most "
                    + "\(formatRounded(Self.mostDraws, digits: 3)) are drawn. Lower it.")
        }
        do throws(AnalysisError) {
            return try Bootstrap(resamples: resamples, confidence: confidence, seed: seed)
        } catch {
            throw CommandFailure(.usage, "--bootstrap and --confidence: \(error).")
        }
    }
}

/// An option that is taken only to say why it cannot be used.
struct RefusedCorrelation: ParsableArguments {
    @Option(parsing: .unconditionalSingleValue, help: .hidden)
    var correlation: [String] = []

    /// - Parameter method: "Sobol indices".
    func refuse(_ method: String) throws {
        guard let first = correlation.first else { return }
        throw CommandFailure(
            .usage,
            "--correlation \(first): \(method) tell what each parameter does by itself, which takes parameters that are "
                + "independent: of correlated ones neither moves alone. 'pinfi sweep --correlation' samples correlated "
                + "parameters.")
    }
}

extension StudySetup {
    /// The distributions of all varied parameters.
    ///
    /// - Throws: `CommandFailure` where there are none, or one has a range.
    func requireDistributions() throws -> [Distribution] {
        guard !varied.isEmpty else {
            throw CommandFailure(
                .usage,
                "What varies is missing: give --vary NAME=DISTRIBUTION, beta=uniform(0.5,0.9) for example.")
        }
        return try zip(varied, distributions).map { variation, distribution in
            guard let distribution else {
                throw CommandFailure(
                    .usage,
                    "--vary \(variation.name.short)=\(variation.text) is a range, and an index takes a distribution: "
                        + "uniform(low,high) for example.")
            }
            return distribution
        }
    }
}
