import ArgumentParser

/// `pinfi calibrate`: which reward should be paid.
package struct CalibrateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract:
            "The block reward that keeps a market balanced, from a price history or from distributions; what keeps a given reward inside the band.",
        subcommands: [
            CalibrateHistoryCommand.self, CalibrateRobustCommand.self, CalibrateInverseCommand.self,
            CalibrateScheduleCommand.self, CalibrateBacktestCommand.self,
        ])

    package init() {}
}
