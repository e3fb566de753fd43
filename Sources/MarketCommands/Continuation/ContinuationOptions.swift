import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RoleDynamics

/// `NAME=start:stop`: a parameter that is continued over a range.
struct ContinuedParameter: Equatable, Sendable {
    let name: ParameterName
    let range: ClosedRange<Double>

    init(_ text: String) throws {
        guard let given = NamedValue(text) else {
            throw ArgumentFault("allowed: NAME=start:stop, lag=0.1:30 for example")
        }
        let known = ParameterName.ofGames
        guard let name = ParameterName(rawValue: given.name), known.contains(name) else {
            let names = known.map(\.short)
            let nearest = nearestName(to: given.name, among: names).map { "did you mean \($0)? " } ?? ""
            throw ArgumentFault(
                "there is no \(shownInMessage(given.name)) to continue; \(nearest)allowed: "
                    + names.joined(separator: ", "))
        }
        let ends = given.value.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let form = "a range is start:stop, 0.1:30 for example"
        guard ends.count == 2 else { throw ArgumentFault(form) }
        let values = try ends.map { try decimalNumber($0, allowed: form) }
        for value in values where !name.allows(value) {
            throw ArgumentFault("\(name.short) must be \(name.domain.description)")
        }
        guard values[0] < values[1] else {
            throw ArgumentFault(
                values[0] == values[1]
                    ? "it is a single value; allowed: a start below the stop"
                    : "it is reversed; allowed: a start below the stop (\(ends[1]):\(ends[0])?)")
        }
        self.name = name
        range = values[0]...values[1]
    }
}

/// `NAME=value,value,…`: values of the parameter that branches are to pass.
struct RequestedValues: Equatable, Sendable {
    let name: ParameterName
    let values: [Double]

    init(_ text: String) throws {
        let form = "NAME=value,value,…, lag=0.5,1 for example"
        guard let given = NamedValue(text), let name = ParameterName(rawValue: given.name) else {
            throw ArgumentFault("allowed: \(form)")
        }
        self.name = name
        values = try given.value.split(separator: ",", omittingEmptySubsequences: false).map {
            try decimalNumber(String($0), allowed: form)
        }
    }
}

/// How values along a continued parameter are spaced.
enum ContinuationScale: String, ExpressibleByArgument, CaseIterable {
    case linear
    case log
}

/// What a bifurcation diagram shows.
enum BranchQuantity: String, ExpressibleByArgument, CaseIterable {
    case price = "x"
    case liquidityProviders = "share_lp"
    case sellers = "share_seller"
    case external = "share_external"

    /// What stands along the axis.
    var title: String {
        switch self {
        case .price: "price"
        case .liquidityProviders: "share of LPs"
        case .sellers: "share of sellers"
        case .external: "share of external sellers"
        }
    }

    /// Its place among the three shares; nil for the price.
    var share: Int? {
        switch self {
        case .price: nil
        case .liquidityProviders: 0
        case .sellers: 1
        case .external: 2
        }
    }
}

/// What ends a branch before its range does.
enum ContinuationStop: String, ExpressibleByArgument, CaseIterable {
    case hopf = "HB"
}

extension RoleContinuation.Switching: ExpressibleByArgument {}

/// The options that say what is followed.
struct ContinuationOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The parameter that varies and its range; any of the market or of role dynamics. The branch starts at the "
                + "parameter's own value if that lies in the range, else at the nearer end.",
            valueName: "NAME=start:stop"),
        transform: ContinuedParameter.init)
    var parameter: ContinuedParameter

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The rest point to start from, as 'pinfi equilibrium' numbers them. Default: 1.", valueName: "number"),
        transform: wholeArgument(1...9))
    var start = 1

    @Option(
        name: .customLong("switch"), parsing: .unconditional,
        help: ArgumentHelp(
            "Which branches to follow from the first: cycles at Hopf points, or all.", valueName: "branches"))
    var switching = RoleContinuation.Switching.none

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Values that every branch passes exactly, label UZ.", valueName: "NAME=value,…"),
        transform: RequestedValues.init)
    var at: RequestedValues?

    @Option(parsing: .unconditional, help: ArgumentHelp("End the branch at its first Hopf point.", valueName: "label"))
    var stop: ContinuationStop?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How steps along the parameter are measured. Default: log for lag, rationality, revision-rate and kappa-* from "
                + "a start above 0, else linear.", valueName: "scale"))
    var scale: ContinuationScale?

    @Flag(help: "Report real pairs ±μ as well, label NS.")
    var neutralSaddles = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Follow the Hopf point in a second parameter over this range; the data is the curve.",
            valueName: "NAME=start:stop"),
        transform: ContinuedParameter.init)
    var hopfCurve: ContinuedParameter?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Follow the fold of cycles in a second parameter over this range; the data is the curve.",
            valueName: "NAME=start:stop"),
        transform: ContinuedParameter.init)
    var foldCurve: ContinuedParameter?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which of its events the curve starts from. Default: the first.", valueName: "number"),
        transform: wholeArgument(1...999))
    var fromEvent = 1
}

/// The options of the steps and of the meshes of cycles.
struct ContinuationStepOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("The first step's arclength.", valueName: "length"),
        transform: numberArgument("step", .positive))
    var step: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The smallest step's arclength, below which a branch is given up.", valueName: "length"),
        transform: numberArgument("smallest step", .positive))
    var minStep: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The largest step's arclength. Default: 0.02 of the range (of its logarithm on a log scale).",
            valueName: "length"),
        transform: numberArgument("largest step", .positive))
    var maxStep: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The most points in each direction of a branch. Default: 1000.", valueName: "number"),
        transform: wholeArgument(1...1_000_000))
    var maxPoints = 1000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Intervals of the mesh of a cycle, 20 to 400; doubled where they do not resolve it. Default: 40.",
            valueName: "number"),
        transform: wholeArgument(20...400))
    var intervals = 40

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Degree of the polynomial on each interval, 2 to 7. Default: 4.", valueName: "number"),
        transform: wholeArgument(2...7))
    var degree = 4
}

/// The options of the files beside the data.
struct ContinuationFileOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write what happens on the branches, a row an event.", valueName: "file.csv"))
    var events: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Write the cycles, a row a cycle.", valueName: "file.csv"))
    var cycles: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write the labelled cycles over their period.", valueName: "file.csv"))
    var profiles: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What the figure shows over the parameter.", valueName: "quantity"))
    var quantity = BranchQuantity.price

    @Flag(help: "Draw the period of the cycles below the figure.")
    var plotPeriod = false

    /// The files with the options that name them.
    var sides: [(option: String, path: String?)] {
        [("--events", events), ("--cycles", cycles), ("--profiles", profiles)]
    }
}
