import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RoleDynamics

/// `NAME=start:stop:count`: a variable of state as an axis of a portrait.
struct PortraitAxis: Sendable {
    let variable: PortraitVariable
    let axis: GridAxis

    /// - Throws: `ArgumentFault` that says what is allowed.
    init(_ text: String) throws {
        guard let given = NamedValue(text) else {
            throw ArgumentFault(
                "allowed: NAME=start:stop:count, seller=0:1:41 for example (the reward in ratio form is --reward-ratio)"
            )
        }
        let names = PortraitVariable.allCases.map(\.rawValue)
        guard let variable = PortraitVariable(rawValue: given.name) else {
            let nearest = nearestName(to: given.name, among: names).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no variable of state \(shownInMessage(given.name)); \(nearest)allowed: "
                    + names.joined(separator: ", "))
        }
        self.variable = variable
        axis = try rangeArgument(given.value, orNegative: variable == .logPrice || variable == .observedLogPrice)
    }
}

/// The options that say which plane of the state space is looked at, and what of it is told.
struct PortraitOptions: ParsableArguments {
    @Option(
        name: .customLong("x"), parsing: .unconditional,
        help: ArgumentHelp(
            "The first axis: a variable of state, x (α/c), z (ln x), lp, seller, external, or q, with a --lag the log price "
                + "that holders see, and its range.", valueName: "NAME=start:stop:count"),
        transform: { try PortraitAxis($0) })
    var abscissa: PortraitAxis?

    @Option(
        name: .customLong("y"), parsing: .unconditional,
        help: ArgumentHelp("The second axis.", valueName: "NAME=start:stop:count"), transform: { try PortraitAxis($0) })
    var ordinate: PortraitAxis?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Instead of axes: the simplex of the shares at a held price, in so many steps along a side.", valueName: "n"
        ),
        transform: wholeArgument(1...1_000_000))
    var simplex: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What is held: the price x or alpha, and shares. With one share as an axis, one other share is held at its "
                + "value; with both others, or none, those divide the rest in proportion. Without, the values of the rest "
                + "point.", valueName: "x=…,lp=…"),
        transform: StartState.init)
    var from: StartState?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The time to which trajectories, separatrices and basins are followed, in the unit of --period.",
            valueName: "time"),
        transform: numberArgument("end", .positive))
    var until: Double?

    @Flag(help: "Follow a trajectory from every cell, and tell where it settles.")
    var basins = false

    @Option(
        name: .customLong("trajectory"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A trajectory from this start; may be repeated. Without a price it starts from the held one.",
            valueName: "x=…,lp=…,seller=…"),
        transform: StartState.init)
    var starts: [StartState] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the curves on which a component is 0 to this CSV file.", valueName: "file.csv"))
    var nullclines: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write the one-dimensional stable and unstable manifolds of saddles to this CSV file.",
            valueName: "file.csv"))
    var separatrices: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the rest points to this CSV file.", valueName: "file.csv"))
    var restPoints: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the trajectories to this CSV file.", valueName: "file.csv"))
    var trajectories: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Largest distance of a nullcline's polyline from the curve, as a share of the axes. Default: 1e-6.",
            valueName: "distance"),
        transform: { text in
            let allowed = "a number from 1e-12 to less than 1"
            let value = try decimalNumber(text, allowed: allowed)
            guard value >= 1e-12, value < 1 else { throw ArgumentFault("the tolerance must be \(allowed)") }
            return value
        })
    var curveTolerance = 1e-6

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?

    /// The outputs that were asked for, beside the table.
    var outputs: [(option: String, path: String?)] {
        [
            ("--nullclines", nullclines), ("--separatrices", separatrices), ("--rest-points", restPoints),
            ("--trajectories", trajectories),
        ].filter { $0.1 != nil }
    }
}
