import ArgumentParser
import CommandRun
import DissipativeMarket
import RoleDynamics

/// The options that give a phase diagram's grid and boundaries.
struct DiagramOptions: ParsableArguments {
    @Option(
        name: .customLong("x"), parsing: .unconditional,
        help: ArgumentHelp(
            "Range of α/c (with --raw, of α); with --dynamics role, of a parameter, y=0.5:1.1:100 for example.",
            valueName: "start:stop:count"),
        transform: DiagramAxis.init)
    var givenX: DiagramAxis?

    @Option(
        name: .customLong("y"), parsing: .unconditional,
        help: ArgumentHelp(
            "Range of γ/c (with --raw, of γ); with --dynamics role, of another parameter.",
            valueName: "start:stop:count"),
        transform: DiagramAxis.init)
    var givenY: DiagramAxis?

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
        transform: numberArgument("tolerance", .positive))
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

    /// The axes of the sharp diagram. Both are required; asked for here, so that a misspelt option is told before an option that is missing.
    func axes() throws -> (x: GridAxis, y: GridAxis) {
        func range(_ option: String, _ axis: DiagramAxis?, _ what: String) throws -> GridAxis {
            switch axis {
            case .range(let range)?: return range
            case .parameter(let parameter)?:
                throw CommandFailure(
                    .usage,
                    "\(option) gives \(parameter.quantity.name), but the axes of the sharp diagram are the pool price and "
                        + "the block reward: give \(option) start:stop:count, or --dynamics role.")
            case nil:
                throw CommandFailure(.usage, "The range of the \(what) is missing: give \(option) start:stop:count.")
            }
        }
        return (try range("--x", givenX, "pool price"), try range("--y", givenY, "block reward"))
    }

    /// The axes of a surface of role dynamics.
    func parameterAxes() throws -> (x: VariedAxis, y: VariedAxis) {
        func parameter(_ option: String, _ axis: DiagramAxis?, _ example: String) throws -> VariedAxis {
            if case .parameter(let parameter)? = axis { return parameter }
            throw CommandFailure(
                .usage,
                (axis == nil ? "A parameter's range is missing" : "\(option) does not say whose range it is")
                    + ": with --dynamics role give \(option) NAME=start:stop:count, \(example) for example.")
        }
        let axes = (
            x: try parameter("--x", givenX, "y=0.5:1.1:100"), y: try parameter("--y", givenY, "d=1:1.6:100")
        )
        guard axes.x.quantity != axes.y.quantity else {
            throw CommandFailure(.usage, "--x and --y both give \(axes.x.quantity.name); the axes need two parameters.")
        }
        return axes
    }

    /// Options that are about the sharp diagram alone.
    var givenForSharpOnly: String? {
        if raw { return "--raw" }
        if boundaries != nil { return "--boundaries" }
        if boundaryTolerance != nil { return "--boundary-tolerance" }
        if labels { return "--labels" }
        if arrows != nil { return "--arrows" }
        return agreement ? "--agreement" : nil
    }
}

/// `start:stop:count`, or `NAME=start:stop:count`.
enum DiagramAxis: Sendable {
    case range(GridAxis)
    case parameter(VariedAxis)

    init(_ text: String) throws {
        guard text.contains("=") else {
            self = .range(try rangeArgument(text))
            return
        }
        self = .parameter(
            try VariedAxis(text, among: ParameterName.ofGames.map(VariedQuantity.parameter)) { _ in
                "the pool price is what is found, and no parameter"
            })
    }
}
