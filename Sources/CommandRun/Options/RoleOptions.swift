import ArgumentParser
import RoleDynamics

extension RevisionProtocol: ExpressibleByArgument {}

/// Options that give role dynamics.
package protocol RoleDynamicsOptions: ParameterOptions {
    /// The protocol that was given; nil for none, and for one that role dynamics does not have.
    var givenProtocol: RevisionProtocol? { get }
}

/// The options that give role dynamics: the protocol and its parameters, in units of the seller's cost c and of the
/// staking period T.
package struct RoleOptions: ParsableArguments, RoleDynamicsOptions {
    @Option(
        name: .customLong("protocol"), parsing: .unconditional,
        help: ArgumentHelp("How holders revise their role. Default: logit.", valueName: "name"))
    package var givenProtocol: RevisionProtocol?

    @OptionGroup var revision: RevisionOptions

    /// The name of an option of these that was given; nil for none.
    package var givenOption: String? {
        if givenProtocol != nil { return "--protocol" }
        return ParameterName.all.first { (given[$0] ?? nil) != nil }.map { "--\($0.short)" }
    }

    package var given: [ParameterName: Double?] { revision.given }

    package init() {}
}

/// The options that give the parameters of role dynamics.
package struct RevisionOptions: ParsableArguments, ParameterOptions {
    @Option(.demandWidth) package var demandWidth: Double?
    @Option(.rationality) package var rationality: Double?
    @Option(.revisionRate) package var revisionRate: Double?
    @Option(.depthExponent) package var depthExponent: Double?
    @Option(.lag) package var lag: Double?

    package var given: [ParameterName: Double?] {
        [
            .demandWidth: demandWidth, .rationality: rationality, .revisionRate: revisionRate,
            .depthExponent: depthExponent, .lag: lag,
        ]
    }

    package init() {}
}
