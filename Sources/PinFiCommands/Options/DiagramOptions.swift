import ArgumentParser
import DissipativeMarket

/// The options that give a phase diagram's grid and boundaries.
struct DiagramOptions: ParsableArguments {
    @Option(
        name: .customLong("x"), parsing: .unconditional,
        help: ArgumentHelp("Range of α/c (with --raw, of α).", valueName: "start:stop:count"),
        transform: rangeArgument)
    var givenX: GridAxis?

    @Option(
        name: .customLong("y"), parsing: .unconditional,
        help: ArgumentHelp("Range of γ/c (with --raw, of γ).", valueName: "start:stop:count"),
        transform: rangeArgument)
    var givenY: GridAxis?

    @Flag(help: "The axes are α and γ, in tokens per unit.")
    var raw = false

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Write the boundaries to this CSV file.", valueName: "file.csv"))
    var boundaries: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Largest distance of a boundary's polyline from the curve, in plotted coordinates. Default: 1e-6.",
            valueName: "distance"),
        transform: positiveArgument("tolerance"))
    var boundaryTolerance: Double?

    @Flag(help: "Label the regions in the figure.")
    var labels = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "In the figure, arrows along these rewards (plotted coordinate): where the sharp flow goes.",
            valueName: "y1,y2,…"),
        transform: rewardsArgument)
    var arrows: [Double]?

    @Flag(help: "Classify each cell by payoffs too, and exit with 1 if the two routes differ away from a boundary.")
    var agreement = false

    /// Both are required; asked for here, so that a misspelt option is told before an option that is missing.
    func axes() throws -> (x: GridAxis, y: GridAxis) {
        guard let x = givenX else {
            throw CommandFailure(.usage, "The range of the pool price is missing: give --x start:stop:count.")
        }
        guard let y = givenY else {
            throw CommandFailure(.usage, "The range of the block reward is missing: give --y start:stop:count.")
        }
        return (x, y)
    }
}
