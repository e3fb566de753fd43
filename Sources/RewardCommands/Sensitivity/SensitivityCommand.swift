import ArgumentParser

/// `pinfi sensitivity`: which parameter moves a quantity, by how much, and how sure that is.
package struct SensitivityCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sensitivity",
        abstract:
            "Which parameter moves a quantity, by how much, and how sure is it: local, morris, sobol, pawn, chaos.",
        discussion: """
            local tells derivatives and elasticities at a point, morris screens many parameters with few evaluations, \
            sobol shares the variance of a quantity among its parameters, with intervals; pawn compares whole \
            distributions, chaos needs few evaluations where a quantity is smooth.

            Example:
              pinfi sensitivity sobol --vary 'beta=uniform(0.5,0.9)' \\
                --vary 'p=uniform(0,0.2)' --vary 'theta=uniform(0.5,2.5)' \\
                --vary 'gamma=uniform(0.9,1.4)' --quantity alpha_star --samples 65536
            """,
        subcommands: [
            LocalSensitivityCommand.self, MorrisCommand.self, SobolCommand.self, PAWNCommand.self, ChaosCommand.self,
        ])

    package init() {}
}
