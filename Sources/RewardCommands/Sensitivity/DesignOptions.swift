import ArgumentParser
import CommandRun
import NumericalMethods
import Reporting
import RewardStudies

/// A kind of sample.
enum DesignKind: String, CaseIterable, ExpressibleByArgument {
    case random
    case latinHypercube = "latin-hypercube"
    case sobol

    /// The kind with the randomisation of Sobol sequences, Owen's where it is not given.
    ///
    /// - Throws: `CommandFailure` for one that is given and of no use.
    func method(_ scramble: ScrambleKind?) throws -> SamplingMethod {
        if scramble != nil, self != .sobol {
            throw CommandFailure(.usage, "--scramble is about Sobol sequences: give --design sobol too.")
        }
        return switch self {
        case .random: .random
        case .latinHypercube: .latinHypercube
        case .sobol: .sobol((scramble ?? .owen).randomisation)
        }
    }
}

/// How Sobol sequences are randomised.
enum ScrambleKind: String, CaseIterable, ExpressibleByArgument {
    case owen, shift

    var randomisation: Randomisation { self == .owen ? .owen : .digitalShift }
}

/// The option that says how Sobol sequences are randomised.
struct ScrambleOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How the Sobol sequence is randomised by the seed: Owen's scrambling, or a digital shift. Default: owen.",
            valueName: "owen|shift"))
    var scramble: ScrambleKind?
}

/// The options that say how distributions are sampled.
struct DesignOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How distributions are sampled: random, latin-hypercube or sobol. Default: latin-hypercube.",
            valueName: "name"))
    var design: DesignKind?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The number of samples of distributions.", valueName: "count"),
        transform: wholeArgument(1...RunLimits.mostRows))
    var samples: Int?

    @OptionGroup var scrambling: ScrambleOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Rank correlations (Spearman's) between varied parameters: of a pair, which may be repeated, or a matrix in "
                + "a CSV file with the parameters' names in its header and in its first column.",
            valueName: "NAME,NAME=ρ|file.csv"))
    var correlation: [String] = []

    /// The name of the first option that is about samples and was given; nil for none.
    var firstGiven: String? {
        if design != nil { return "--design" }
        if samples != nil { return "--samples" }
        if scrambling.scramble != nil { return "--scramble" }
        return correlation.isEmpty ? nil : "--correlation"
    }

    /// The sample.
    ///
    /// - Throws: `CommandFailure` and `InputError` that say what is wrong and allowed.
    func sample(
        _ setup: StudySetup, distributions: [Distribution], seed: UInt64, common: CommonOptions, files: RunFiles
    )
        throws -> SampleDesign
    {
        guard let samples else {
            throw CommandFailure(.usage, "The number of samples of the distributions is missing: give --samples.")
        }
        let kind = design ?? .latinHypercube
        let method = try kind.method(scrambling.scramble)
        if kind == .sobol { warnUnlessPowerOfTwo(samples, common) }
        let correlation = try CorrelationOption.read(correlation, between: setup.names, files)
        do throws(DesignError) {
            return try SampleDesign(
                ParameterSpace(distributions, correlation: correlation), method: method, count: samples, seed: seed)
        } catch {
            throw CommandFailure(.usage, "--samples: \(error).")
        }
    }
}

extension DesignOptions {
    /// The sample, for a manifest.
    func settings(_ sample: SampleDesign) -> [(name: String, value: JSONValue)] {
        var settings: [(name: String, value: JSONValue)] = [
            ("design", .text((design ?? .latinHypercube).rawValue)), ("samples", JSONValue(sample.count)),
        ]
        if case .sobol = sample.method {
            settings.append(("scramble", .text((scrambling.scramble ?? .owen).rawValue)))
        }
        if let matrix = sample.space.correlation?.matrix {
            settings.append(
                (
                    "correlation",
                    .array(
                        (0..<matrix.rows).map { row in .array((0..<matrix.columns).map { .real(matrix[row, $0]) }) })
                ))
        }
        return settings
    }
}

/// Warns of a number of points at which a Sobol sequence does not cover all evenly.
func warnUnlessPowerOfTwo(_ samples: Int, _ common: CommonOptions) {
    guard !isPowerOfTwo(samples) else { return }
    let lower = 1 << (Int.bitWidth - 1 - samples.leadingZeroBitCount)
    common.warn(
        "--samples \(samples) is no power of two, at which a Sobol sequence covers the parameters evenly; "
            + "\(lower) or \(lower.multipliedReportingOverflow(by: 2).partialValue) are.")
}
