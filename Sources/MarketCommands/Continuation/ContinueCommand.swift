import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RoleDynamics

/// `pinfi continue`: branches of rest points and of cycles in a parameter, and what happens on them.
package struct ContinueCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "continue",
        abstract: "Branches of rest points and cycles of role dynamics in a parameter, with their bifurcations.",
        discussion: """
            Follows a rest point through the values of a parameter, both ways from where it starts, and from the Hopf \
            points on it the cycles that are born there (--switch hopf). A row a point of a branch, with its \
            eigenvalues; of a cycle its means over time, and what else there is of it in --cycles. What happens is in \
            --events, with AUTO-07p's labels: HB a Hopf point, with the first Lyapunov coefficient and how the cycles \
            grow; LP a fold; BP where branches cross; PD, TR a doubling of the period, a torus; UZ a value of --at; EP \
            an end; MX given up; BD a share that reaches 0; KINK a change of stability at a kink of the field. Events are located \
            to rounding. Periods and lags are in staking periods T, eigenvalues in 1/T.

            Logit has no folds and no crossings of rest points, whatever the parameter. Smith's and BNN's fields have a \
            kink at their rest points: they have no Hopf points in the usual sense and no cycles here; best-response has \
            no derivatives at all and is refused. Role dynamics is an extension of the paper's model.

            Examples:
              pinfi continue --b 0.7 --d 1.3 --y 0.79 --parameter lag=0.1:30 \\
                --switch hopf -o branch.csv --events events.csv --cycles cycles.csv \\
                --plot diagram.svg
              pinfi continue --b 0.7 --d 1.3 --y 0.6 --lag 0.22 --parameter y=0.5:1.1 \\
                --switch hopf --at y=0.75,0.79 --profiles profiles.csv
              pinfi continue --b 0.7 --d 1.3 --y 0.79 --parameter lag=0.1:1000 \\
                --hopf-curve y=0.3:1 -o curve.csv
            """)

    @OptionGroup(title: "What is followed") var following: ContinuationOptions
    @OptionGroup(title: "Steps and meshes") var steps: ContinuationStepOptions
    @OptionGroup(title: "Files beside the data") var sides: ContinuationFileOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The reward") var reward: RewardOptions
    @OptionGroup(title: "Role dynamics") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try RunFiles(common, sides: sides.sides, plot: plot)
        let values = try parameterValues(files)
        let game = try values.makeGame()
        let parameter = try continued(following.parameter, scale: following.scale, option: "--parameter")
        let settings = try settings(parameter)
        try check(values.isRatioForm)
        let second = try (following.hopfCurve ?? following.foldCurve).map {
            try continued($0, scale: nil, option: following.hopfCurve == nil ? "--fold-curve" : "--hopf-curve")
        }

        if let second, let own = values.point[second.name], !second.range.contains(own) {
            throw CommandFailure(
                .usage,
                "The curve starts at \(second.name.short) \(own), which is outside of its range, \(second.range.lowerBound) "
                    + "to \(second.range.upperBound).")
        }

        let run = try RunOutputs("continue", common, files)
        describe(values, parameter, settings, in: &run.record)
        let diagram: BranchDiagram
        var curve: BifurcationCurve?
        do throws(ContinuationError) {
            if game.revisionProtocol == .smith || game.revisionProtocol == .bnn {
                if following.hopfCurve != nil || following.foldCurve != nil { throw .kinked(game.revisionProtocol) }
                diagram = try KinkedContinuation(game, parameter, settings).run()
            } else {
                let continuation = try RoleContinuation(game, parameter, settings)
                diagram = try continuation.run()
                curve = try self.curve(continuation, diagram, second)
            }
        } catch {
            throw Self.failure(error)
        }
        let tables = BranchTables(diagram: diagram)
        let data = try (curve.map(tables.curve) ?? tables.branches).table()
        run.record.failedCells = diagram.events.count { $0.label == .gaveUp }
        try run.write(data, rows: nil, unit: "points", keyColumns: 3)
        try run.write("--events") { try tables.events.table() }
        try run.write("--cycles") { try tables.cycles.table() }
        try run.write("--profiles") { try tables.profiles.table() }
        try run.draw {
            BranchFigure(
                diagram, curve: curve, quantity: sides.quantity, title: plot.title, showsPeriods: sides.plotPeriod
            ).sheet(
                size: plot.size)
        }
        try run.finish()
        report(diagram, curve)
        let points = diagram.branches.reduce(0) { $0 + $1.restPoints.count + $1.cycles.count }
        if points <= 1, let event = diagram.events.first, event.label == .gaveUp {
            throw CommandFailure(.difference, "No point beyond the start: \(event.reason ?? "given up").")
        }
    }

    // MARK: - What was asked

    /// The values, where a parameter that is continued need not be given.
    private func parameterValues(_ files: RunFiles) throws -> ParameterValues {
        func values(_ varied: [ParameterValues.Varied]) throws -> ParameterValues {
            let values = try ParameterValues(market: market, reward: reward, role: role, varied: varied, files: files)
            try values.requireMarket()
            _ = try values.requireReward()
            return values
        }
        do {
            return try values([])
        } catch {
            // Where the parameter was left out the branch starts at the lower end of its range.
            let parameter = following.parameter
            let start = parameter.range.lowerBound
            let varied = ParameterValues.Varied(option: "--parameter", name: parameter.name, value: start)
            guard case .market = parameter.name else {
                guard case .ratio = parameter.name else { throw error }
                if let found = try? values([varied]) { return found }
                throw error
            }
            if let found = try? values([varied]) { return found }
            throw error
        }
    }

    private func continued(
        _ given: ContinuedParameter, scale: ContinuationScale?, option: String
    ) throws -> BranchParameter {
        let isLogarithmic =
            scale.map { $0 == .log } ?? BranchParameter.isLogarithmicByDefault(given.name, range: given.range)
        guard !isLogarithmic || given.range.lowerBound > 0 else {
            throw CommandFailure(
                .usage,
                "--scale log needs a range above 0; \(option) \(given.name.short) starts at 0. Give it a start above 0, or "
                    + "--scale linear.")
        }
        return try BranchParameter(given.name, range: given.range, isLogarithmic: isLogarithmic)
    }

    private func settings(_ parameter: BranchParameter) throws -> RoleContinuation.Settings {
        var settings = RoleContinuation.Settings()
        settings.start = following.start
        settings.switching = following.switching
        if following.foldCurve != nil, settings.switching == .none { settings.switching = .hopf }
        settings.firstStep = steps.step
        settings.smallestStep = steps.minStep
        settings.largestStep = steps.maxStep
        settings.mostPoints = steps.maxPoints
        settings.stopsAtHopf = following.stop == .hopf
        settings.reportsNeutralSaddles = following.neutralSaddles
        settings.intervals = steps.intervals
        settings.degree = steps.degree
        if let requested = following.at {
            guard requested.name == parameter.name else {
                throw CommandFailure(
                    .usage, "--at \(requested.name.short) is not the parameter that varies, \(parameter.name.short).")
            }
            for value in requested.values where !parameter.range.contains(value) {
                throw CommandFailure(
                    .usage,
                    "--at \(value) is outside of the range of --parameter, \(parameter.range.lowerBound) to "
                        + "\(parameter.range.upperBound).")
            }
            settings.requested = requested.values
        }
        if let smallest = steps.minStep, let largest = steps.maxStep, smallest > largest {
            throw CommandFailure(
                .usage, "--min-step \(smallest) is above --max-step \(largest); give a smaller one.")
        }
        return settings
    }

    /// Ratios and raw parameters do not mix, as in the options of the market.
    private func check(_ isRatioForm: Bool) throws {
        if following.hopfCurve != nil, following.foldCurve != nil {
            throw CommandFailure(.usage, "--hopf-curve and --fold-curve both ask for the data; give one of them.")
        }
        for (option, given) in [
            ("--parameter", following.parameter), ("--hopf-curve", following.hopfCurve),
            ("--fold-curve", following.foldCurve),
        ] {
            guard let given else { continue }
            let raw: Set<MarketParameter> = [.beta, .p, .theta, .delta, .gamma]
            if case .market(let parameter) = given.name, raw.contains(parameter), isRatioForm {
                throw CommandFailure(
                    .usage,
                    "\(option) \(given.name.short) varies a raw parameter of a market in ratio form; give the market by "
                        + "beta, p, theta, delta, gamma, or vary b, d or y.")
            }
            if option != "--parameter", given.name == following.parameter.name {
                throw CommandFailure(
                    .usage, "\(option) \(given.name.short) is the parameter that varies already; give another.")
            }
        }
    }

    private func describe(
        _ values: ParameterValues, _ parameter: BranchParameter, _ settings: RoleContinuation.Settings,
        in record: inout RunRecord
    ) {
        record.add(values)
        record.add(values.revision)
        record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
        record.configuration["parameter"] = [
            "name": .text(parameter.name.short), "start": .real(parameter.range.lowerBound),
            "stop": .real(parameter.range.upperBound), "scale": .text(parameter.isLogarithmic ? "log" : "linear"),
        ]
        record.configuration["start"] = JSONValue(settings.start)
        record.configuration["switch"] = .text(settings.switching.rawValue)
        record.configuration["at"] = .array(settings.requested.map { .real($0) })
        record.configuration["stop"] = following.stop.map { .text($0.rawValue) } ?? .null
        for (name, curve) in [("hopf_curve", following.hopfCurve), ("fold_curve", following.foldCurve)] {
            guard let curve else { continue }
            record.configuration[name] = [
                "name": .text(curve.name.short), "start": .real(curve.range.lowerBound),
                "stop": .real(curve.range.upperBound), "from_event": JSONValue(following.fromEvent),
            ]
        }
        record.configuration["max_points"] = JSONValue(settings.mostPoints)
        record.configuration["intervals"] = JSONValue(settings.intervals)
        record.configuration["degree"] = JSONValue(settings.degree)
        for (name, value) in [
            ("step", settings.firstStep), ("min_step", settings.smallestStep), ("max_step", settings.largestStep),
        ] {
            record.configuration[name] = JSONValue(value)
        }
    }

    // MARK: - The answer

    /// The curve in two parameters that was asked for.
    private func curve(
        _ continuation: RoleContinuation, _ diagram: BranchDiagram, _ second: BranchParameter?
    ) throws(ContinuationError) -> BifurcationCurve? {
        guard let second else { return nil }
        let label = following.hopfCurve == nil ? BranchLabel.fold : .hopf
        let events = diagram.events.filter { $0.label == label && $0.isOnCycle == (label == .fold) }
        guard events.indices.contains(following.fromEvent - 1) else {
            common.warn(
                events.isEmpty
                    ? label == .hopf
                        ? "There is no Hopf point on the branch, and so no curve of them."
                        : "There is no fold of cycles on the branches, and so no curve of them; rest points of logit have no "
                            + "folds at all."
                    : "The branches have no event --from-event \(following.fromEvent) of this kind; there are "
                        + "\(events.count).")
            return BifurcationCurve(in: second)
        }
        let event = events[following.fromEvent - 1]
        return label == .hopf
            ? try continuation.hopfCurve(from: event, in: second)
            : try continuation.foldCurve(from: event, of: diagram, in: second)
    }

    private static func failure(_ error: ContinuationError) -> CommandFailure {
        switch error {
        case .noDerivatives, .kinked, .noSuchRestPoint: CommandFailure(.usage, sentence(error.description))
        case .noRestPoint, .restPoints, .noStart: CommandFailure(.numerics, sentence(error.description))
        }
    }

    private static func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() + "." }

    private func report(_ diagram: BranchDiagram, _ curve: BifurcationCurve?) {
        for note in diagram.notes { common.warn(Self.sentence(note)) }
        for event in diagram.events where event.label == .gaveUp {
            common.warn("Branch \(event.branch) was given up at \(event.parameter): \(event.reason ?? "").")
        }
        guard !common.quiet, sides.events == nil else { return }
        // A family that ends at a Hopf point of the first branch says so in its own file.
        let told = diagram.events.filter {
            ![.end, .requested, .gaveUp].contains($0.label) && !($0.label == .hopf && $0.isOnCycle)
        }
        let name = diagram.parameter.name.short
        if told.isEmpty {
            Terminal.tell("Note: nothing happens along the branch.")
        } else {
            let words = told.prefix(8).map { event in
                "\(event.label.rawValue) at \(name) \(formatRounded(event.parameter))"
                    + (event.hopf.map { " (\($0.criticality.rawValue))" } ?? "")
            }
            Terminal.tell(
                "Events: " + words.joined(separator: ", ") + (told.count > 8 ? " and \(told.count - 8) more" : "")
                    + "; --events FILE.csv has all of them.")
        }
    }

    package init() {}
}
