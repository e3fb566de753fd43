import ArgumentParser

/// `pinfi calibrate`: which reward should be paid.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract:
            "The block reward that keeps a market balanced, from a price history; what keeps a given reward inside the band.",
        subcommands: [CalibrateHistoryCommand.self, CalibrateInverseCommand.self, CalibrateScheduleCommand.self])
}
