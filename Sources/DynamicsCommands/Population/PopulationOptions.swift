import ArgumentParser
import CommandRun
import DissipativeMarket
import PopulationSimulation
import Reporting
import RoleDynamics

extension PopulationProtocol: ExpressibleByArgument {}

/// The options that give role dynamics of finitely many holders.
struct PopulationRoleOptions: ParsableArguments, RoleDynamicsOptions {
    @Option(
        name: .customLong("protocol"), parsing: .unconditional,
        help: ArgumentHelp("How holders revise their role. Default: logit.", valueName: "name"))
    var populationProtocol: PopulationProtocol?

    @OptionGroup var revision: RevisionOptions

    var givenProtocol: RevisionProtocol? { populationProtocol?.revisionProtocol }
    var given: [ParameterName: Double?] { revision.given }
}

/// The method of a population, as an option names it.
enum PopulationMethodName: String, CaseIterable, ExpressibleByArgument {
    case leap, exact
}

/// The options that say how many holders there are and how they are followed.
struct PopulationOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("N, the number of holders; required.", valueName: "N"),
        transform: wholeArgument(1...Population.mostHolders))
    var holders: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("R, the number of independent runs.", valueName: "R"),
        transform: wholeArgument(1...1_000_000_000))
    var runs: Int = 64

    @Option(
        parsing: .unconditional,
        help: "leap: steps, whatever N is; exact: event by event, the work grows with N.")
    var method: PopulationMethodName = .leap

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The longest step of --method leap, in the unit of --period. Default: a hundredth of the period.",
            valueName: "time"),
        transform: numberArgument("step", .positive))
    var step: Double?

    @OptionGroup var priceProcess: PriceProcessOptions

    @Flag(help: "Leave the price where it starts.")
    var freezePrice = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "μ: a holder also changes to each of the other roles at the rate μ/3, per T.", valueName: "μ"),
        transform: numberArgument("rate of mutation", .notNegative))
    var mutation: Double = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The time from which on runs count as stationary, in the unit of --period. Default: 10 periods.",
            valueName: "time"),
        transform: numberArgument("burn-in", .notNegative))
    var burn: Double?

    @Flag(help: "Run again with half the step and other random numbers, and compare the means.")
    var checkStep = false

    /// The method of runs up to a time, given the staking period.
    ///
    /// - Throws: `CommandFailure` with 64 for what is about the leap alone.
    func method(until end: Double, period: Double) throws -> PopulationMethod {
        if method == .exact {
            guard step == nil, !checkStep else {
                throw CommandFailure(
                    .usage,
                    "\(step != nil ? "--step" : "--check-step") is about the steps of --method leap; --method exact has none."
                )
            }
            return .exact
        }
        if checkStep, runs < 2 {
            throw CommandFailure(
                .usage,
                "--check-step compares means by their standard errors, which a single run has none of; raise --runs.")
        }
        return .leap(step: step.map { $0 / period } ?? min(0.01, end / period))
    }
}

/// The options that name the other outputs of a population.
struct PopulationOutputOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write what the runs have in common: time within the band, roles lost, prices that escaped.",
            valueName: "file.csv"))
    var summary: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write N times the covariances after the burn-in, beside those of the linear noise.", valueName: "file.csv")
    )
    var stationary: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write every run at every time.", valueName: "file.csv"))
    var perRun: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write the share of its time that each run's price is from α_s to α_g, and when it first leaves.",
            valueName: "file.csv"))
    var band: String?

    var sides: [(option: String, path: String?)] {
        [("--summary", summary), ("--stationary", stationary), ("--per-run", perRun), ("--band", band)]
    }
}
