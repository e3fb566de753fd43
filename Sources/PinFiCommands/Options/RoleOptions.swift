import ArgumentParser
import DissipativeMarket
import Reporting
import RewardStudies
import RoleDynamics

extension RevisionProtocol: ExpressibleByArgument {}

/// The options that give role dynamics: the protocol and its parameters, in units of the seller's cost c and of the
/// staking period T.
struct RoleOptions: ParsableArguments {
    @Option(
        name: .customLong("protocol"), parsing: .unconditional,
        help: ArgumentHelp("How holders revise their role. Default: logit.", valueName: "name"))
    var givenProtocol: RevisionProtocol?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "w, the width of the buyers' reservation prices, in units of c. Default: 0.02.", valueName: "w"),
        transform: positiveArgument("width of the buyers' reservation prices"))
    var demandWidth: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("λ, how sharply logit holders tell payoffs apart, per c. Default: 50.", valueName: "λ"),
        transform: positiveArgument("rationality of logit holders"))
    var rationality: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("ρ, the rate of revision, per T. Default: 2.", valueName: "ρ"),
        transform: positiveArgument("rate of revision"))
    var revisionRate: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "η, by which a pool with few LPs moves faster: the price's speed is divided by ℓ^η. Default: 0.",
            valueName: "η"),
        transform: positiveArgument("exponent of the pool depth", orZero: true))
    var depthExponent: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "τ, the lag with which holders see the price, in staking periods. Default: 0.", valueName: "τ"),
        transform: positiveArgument("observation lag", orZero: true))
    var lag: Double?

    /// One of these options that was given.
    var givenOption: String? {
        if givenProtocol != nil { return "--protocol" }
        return ParameterName.all.first { (given[$0] ?? nil) != nil }.map { "--\($0.short)" }
    }

    var given: [ParameterName: Double?] {
        [
            .demandWidth: demandWidth, .rationality: rationality, .revisionRate: revisionRate,
            .depthExponent: depthExponent, .lag: lag,
        ]
    }
}

extension RunRecord {
    /// Adds the trade intensities as they were used.
    mutating func add(_ intensities: TradeIntensities) {
        configuration["kappa_g"] = .real(intensities.genuineBuyers)
        configuration["kappa_b"] = .real(intensities.speculatingBuyers)
        configuration["kappa_s"] = .real(intensities.sellers)
    }

    /// Adds the parameters of role dynamics as they were used.
    mutating func add(_ parameters: RevisionParameters) {
        configuration["demand_width"] = .real(parameters.demandWidth)
        configuration["rationality"] = .real(parameters.rationality)
        configuration["revision_rate"] = .real(parameters.revisionRate)
        configuration["depth_exponent"] = .real(parameters.depthExponent)
        configuration["lag"] = .real(parameters.observationLag)
    }
}
