import ArgumentParser
import CommandRun
import DissipativeMarket
import NumericalMethods
import Reporting

/// The options that say how a run is integrated.
struct IntegratorOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How it is integrated: \(ODEMethod.names); bdf for stiff problems, as a large λ or η makes them. Default: rk8pd.",
            valueName: "name"),
        transform: methodArgument(ODEMethod.self, not: EnsembleMethod.self))
    var method: ODEMethod = .rk8pd

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Relative tolerance of a step: 0, or from 1e-15 to less than 1. Default: 1e-10.", valueName: "number"),
        transform: { text in
            let allowed = "0, or a number from 1e-15 (the rounding of a step) to less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value == 0 || (value >= ODEAlgorithm.smallestRelativeTolerance && value < 1) else {
                throw ArgumentFault("the relative tolerance must be \(allowed)")
            }
            return value
        })
    var rtol: Double = 1e-10

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Absolute tolerance of a step, of ln x and of shares, ≥ 0. Default: 1e-12.", valueName: "number"),
        transform: numberArgument("absolute tolerance", .notNegative))
    var atol: Double = 1e-12

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The most steps, rejected ones too. Default: 1000000.", valueName: "count"),
        transform: wholeArgument(1...1_000_000_000_000))
    var maxSteps = 1_000_000

    /// The algorithm.
    ///
    /// - Throws: `CommandFailure` with 64 where both tolerances are 0.
    func algorithm() throws -> ODEAlgorithm {
        guard rtol > 0 || atol > 0 else {
            throw CommandFailure(
                .usage, "--rtol and --atol are both 0, which no step can keep; allowed: at most one of them 0.")
        }
        return try ODEAlgorithm(
            method: method, relativeTolerance: rtol, absoluteTolerance: atol, maximumSteps: maxSteps)
    }

    /// How far what was integrated may be from the same on another machine.
    var dataTolerance: Tolerance { KnownTables.pathTolerance(relative: rtol, absolute: atol) }
}

extension RunRecord {
    mutating func add(_ algorithm: ODEAlgorithm) {
        configuration["method"] = .text(algorithm.method.rawValue)
        configuration["maximum_steps"] = JSONValue(algorithm.maximumSteps)
        tolerances["relative"] = .real(algorithm.relativeTolerance)
        tolerances["absolute"] = .real(algorithm.absoluteTolerance)
    }
}
