import ArgumentParser
import Foundation
import Reporting
import RewardStudies
import Synchronization

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

    func bootstrap(seed: UInt64) throws -> Bootstrap {
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

/// Counts of the reasons for which evaluations failed, from any thread, and the progress.
final class EvaluationTally: Sendable {
    private let tally: SweepTally
    private let done: Progress

    init(quantities: Int, bar: ProgressBar) {
        tally = SweepTally(quantities: quantities)
        done = Progress(bar)
    }

    func add(_ values: QuantityValues) {
        tally.add(values, columns: [], first: 0)
        done.add(values.count)
    }

    /// The failures of a quantity, by its place: "the band is empty (120)", the most frequent first.
    func reasons(_ place: Int) -> [String] {
        let numbers = tally.counts.reasons[place]
        return QuantityStatus.allCases.filter { $0 != .ok }.map { ($0, numbers[Int($0.rawValue)]) }.filter { $0.1 > 0 }
            .sorted { $0.1 > $1.1 }.map { "\($0.reason) (\($1))" }
    }

    func finish() { done.finish() }
}

/// What has been done of a computation whose parts end in any order.
private final class Progress: Sendable {
    private let bar: ProgressBar
    private let count = Mutex(0)

    init(_ bar: ProgressBar) { self.bar = bar }

    func add(_ number: Int) {
        let sum = count.withLock { count in
            count += number
            return count
        }
        bar.update(sum)
    }

    func finish() { bar.finish(count.withLock { $0 }) }
}
