import ArgumentParser
import CommandRun
import DissipativeMarket
import NumericalMethods
import Reporting
import RoleDynamics

/// The options that say which trajectories an ensemble has.
struct EnsembleGridOptions: ParsableArguments {
    @Option(
        name: .customLong("x0"), parsing: .unconditional,
        help: ArgumentHelp(
            "Range of the pool price at the start, as x = α/c. Without it the price of --from.",
            valueName: "start:stop:count"),
        transform: rangeArgument)
    var startPrices: GridAxis?

    @Option(
        name: .customLong("vary"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A parameter and its range: any of the market (in the form in which it is given, b, d, y or beta, p, …), of "
                + "role dynamics, kappa-g, kappa-b, kappa-s, or lp and seller, the shares at the start. May be repeated.",
            valueName: "NAME=start:stop:count"),
        transform: { try VariedAxis($0) })
    var varied: [VariedAxis] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The start that all have in common: the shares lp, seller and external, and the price x or alpha where "
                + "there is no --x0. Without shares a third each.",
            valueName: "lp=…,seller=…"),
        transform: StartState.init)
    var from: StartState?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The time at which every trajectory ends, in the unit of --period; required.", valueName: "time"),
        transform: numberArgument("end", .notNegative))
    var until: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?
}

/// The options that say when a trajectory counts as settled.
struct SettlingOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How near a rest point counts as settled: largest difference of ln x and of the shares. Default: 1e-6.",
            valueName: "distance"),
        transform: numberArgument("distance", .positive))
    var settleRadius = 1e-6

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long it has to stay there, to the end, in the unit of --period. Default: one period.",
            valueName: "time"),
        transform: numberArgument("time", .notNegative))
    var settleTime: Double?

    @Flag(help: "End a trajectory when it has settled, or is on a cycle.")
    var stopWhenSettled = false

    /// - Parameter period: T, of which the time is in units.
    func rule(period: Double) throws(ParameterError) -> RoleEnsemble.SettlingRule {
        try RoleEnsemble.SettlingRule(
            radius: settleRadius, hold: settleTime.map { $0 / period } ?? 1, endsTrajectory: stopWhenSettled)
    }
}

/// The options that say how an ensemble is integrated.
struct EnsembleIntegratorOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How it is integrated: dop853, or rodas5p for stiff problems, as a large λ or η makes them. Default: dop853.",
            valueName: "name"),
        transform: methodArgument(EnsembleMethod.self, not: ODEMethod.self))
    var method: EnsembleMethod = .dormandPrince8

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Relative tolerance of a step, from 1e-15 to less than 1. Default: 1e-8.", valueName: "number"),
        transform: { text in
            let allowed = "a number from 1e-15 (the rounding of a step) to less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value >= 1e-15, value < 1 else { throw ArgumentFault("the relative tolerance must be \(allowed)") }
            return value
        })
    var rtol = 1e-8

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Absolute tolerance of a step, of ln x and of shares (replicator: of log odds), > 0. Default: 1e-10.",
            valueName: "number"),
        transform: numberArgument("absolute tolerance", .positive))
    var atol = 1e-10

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The most steps of a trajectory, rejected ones too. Default: 1000000.", valueName: "count"),
        transform: wholeArgument(1...1_000_000_000_000))
    var maxSteps = 1_000_000

    func algorithm() throws(EnsembleError) -> EnsembleAlgorithm {
        try EnsembleAlgorithm(
            method: method, relativeTolerance: rtol, absoluteTolerance: atol, maximumSteps: maxSteps)
    }

    /// How far what was integrated may be from the same on another machine.
    var dataTolerance: Tolerance { KnownTables.pathTolerance(relative: rtol, absolute: atol) }
}
