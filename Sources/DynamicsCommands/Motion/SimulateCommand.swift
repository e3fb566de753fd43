import ArgumentParser
import CommandRun
import DissipativeMarket
import NumericalMethods
import Reporting
import RoleDynamics

extension SimulationModel: ExpressibleByArgument {}

/// `pinfi simulate`: the market in motion, integrated.
package struct SimulateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "A path of the market in time: role dynamics, the sharp flow by integration, or a transient pool.",
        discussion: """
            A row for each time that is asked for; the steps do not depend on them. --model role: a population of \
            holders revises its roles while the price moves. --model sharp: the activities of the sharp diagram, every \
            event located and sliding followed; the shares are those of the diagram. --model transient: the same in a \
            pool whose reserves have to move, with --renewal-time. Times are in the unit of --period; the parameters \
            of role dynamics in units of the staking period and of c. What it cost is told on standard error.

            Examples:
              pinfi simulate --model role --b 0.7 --d 1.3 --y 0.79 \\
                --from x=2,lp=0.5,seller=0.1 --until 20 --every 0.1
              pinfi simulate --model sharp --b 0.7 --d 1.3 --y 0.79 --from x=2 \\
                --times 0,0.5,1 --events events.csv
              pinfi simulate --model transient --b 0.7 --d 1.3 --y 0.5 --from x=2 \\
                --renewal-time 0.05 --until 3 --every 0.5 --method bdf
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("What moves the market; required.", valueName: "name"))
    var model: SimulationModel?

    @OptionGroup(title: "The start") var start: StartOptions
    @OptionGroup(title: "The times") var timing: TimeOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "r, of --model transient: the time in which the reserve is renewed, less than T/κ_s.", valueName: "time"),
        transform: numberArgument("renewal time", .positive))
    var renewalTime: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Write the events to this CSV file: who starts and stops, sliding, rest, and what is watched. Of role "
                + "dynamics the crossings of α_b, α_s, α_g and α*.", valueName: "file.csv"))
    var events: String?

    @Option(
        name: .customLong("watch"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Every crossing of this level is an event: x, alpha, lp, seller or external; may be repeated.",
            valueName: "x=…"),
        transform: { try WatchOption($0) })
    var watches: [WatchOption] = []

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Only these columns, in this order.", valueName: "a,b,c"),
        transform: namesArgument)
    var columns: [String]?

    @OptionGroup(title: "The integration") var integrator: IntegratorOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The price and the reward") var point: PointOptions
    @OptionGroup(title: "Role dynamics") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        guard let model else {
            throw CommandFailure(
                .usage,
                "The model is missing: give --model \(SimulationModel.allCases.map(\.rawValue).joined(separator: ", --model "))."
            )
        }
        let files = try RunFiles(common, sides: [("--events", events)], plot: plot)
        let values = try ParameterValues(market: market, point: point, role: role, files: files)
        try values.requireMarket()
        let columns = try chosenColumns(model, hasLag: values.revision.observationLag > 0)
        let times = try timing.resolved(columns: columns.count, output: common.output)
        let simulation = try simulation(model, values, end: times.end)

        let run = try RunOutputs("simulate", common, files)
        describe(simulation, values, times, columns, in: &run.record)
        let trajectory = try simulation.trajectory(withLimits: events != nil)
        let table = SimulationTable.path(simulation, trajectory, times: times, columns: columns) { rows in
            throw Self.failure(trajectory, rows: rows, simulation)
        }
        let tolerance = integrator.dataTolerance
        try run.write(table, rows: times.count, keyColumns: 1, tolerance: tolerance)
        try run.write("--events", tolerance: tolerance) { SimulationTable.events(simulation, trajectory.events) }
        try run.draw { try SimulationFigure(simulation: simulation, title: plot.title).sheet(size: plot.size) }
        run.record.add(trajectory.statistics, ending: trajectory.ending)
        try run.finish()
        if !common.quiet { Terminal.tell(Self.sentence(trajectory, simulation)) }
    }

    private func describe(
        _ simulation: Simulation, _ values: ParameterValues, _ times: OutputTimes, _ columns: [SimulationColumn],
        in record: inout RunRecord
    ) {
        record.configuration["model"] = .text(simulation.model.rawValue)
        record.add(values)
        record.add(simulation.start)
        record.add(times)
        record.add(simulation.algorithm)
        if simulation.model == .role {
            record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
            record.add(values.revision)
        }
        if let renewalTime = simulation.renewalTime { record.configuration["renewal_time"] = .real(renewalTime) }
        record.configuration["watches"] = .array(watches.map { .text($0.text) })
        record.configuration["columns"] = .array(columns.map { .text($0.rawValue) })
    }

    private func simulation(_ model: SimulationModel, _ values: ParameterValues, end: Double) throws -> Simulation {
        _ = try values.requireReward()
        let market = try values.makeMarket()
        let start = try start.resolved(point: point, values: values, market: market)
        if model != .role {
            if start.givesShares {
                throw CommandFailure(
                    .usage,
                    "--from gives shares, which --model \(model.rawValue) does not have: its shares are those of the sharp "
                        + "diagram at the price. Give the price alone, or --model role.")
            }
            for (name, value) in role.given.map({ ($0.key.short, $0.value) }).sorted(by: { $0.0 < $1.0 })
            where value != nil {
                common.warn(
                    "--\(name) is a parameter of role dynamics; --model \(model.rawValue) does not depend on it.")
            }
        }
        switch (model, renewalTime) {
        case (.transient, nil):
            throw CommandFailure(
                .usage, "The renewal time of the pool is missing: give --renewal-time, less than T/κ_s.")
        case (.transient, _), (_, nil): break
        default:
            throw CommandFailure(
                .usage, "--renewal-time is about --model transient; --model \(model.rawValue) has none.")
        }
        return Simulation(
            model: model,
            game: try values.makeGame(),
            start: start, algorithm: try integrator.algorithm(), renewalTime: renewalTime, watches: watches, end: end)
    }

    private func chosenColumns(_ model: SimulationModel, hasLag: Bool) throws -> [SimulationColumn] {
        guard let columns else { return SimulationColumn.standard(model, hasLag: hasLag) }
        return try SimulationColumn.available(model).map(\.definition).selecting(columns)
            .compactMap { SimulationColumn(rawValue: $0.name) }
    }

    /// What to say where the integration ended early.
    private static func failure(
        _ trajectory: any MarketTrajectory, rows: Int, _ simulation: Simulation
    ) -> CommandFailure {
        let advice =
            switch trajectory.ending {
            case .stepLimit:
                simulation.algorithm.method == .bdf || simulation.game.revisionProtocol == .bestResponse
                    ? "Raise --max-steps, or shorten the run."
                    : "Raise --max-steps, shorten the run, or try --method bdf, which stiff problems need."
            case .switchLimit:
                "A longer --lag, or a shorter run, has fewer switches; logit with a large --rationality is smooth."
            case .derivativeUndefined:
                "The pool may have run out of LPs (--depth-exponent), or the price out of the doubles."
            case .stepTooSmall, .notFinite: "Loosen --rtol and --atol, or try --method bdf."
            default: "Shorten the run."
            }
        let period = simulation.market.stakingPeriod
        let reached = trajectory.ending.map { $0.timed(in: period).description } ?? "ended early"
        return CommandFailure(
            .numerics,
            "The path \(reached); \(rows == 1 ? "the row" : "the \(rows) rows") before that "
                + "\(rows == 1 ? "stands" : "stand"). \(advice)")
    }

    private static func sentence(_ trajectory: any MarketTrajectory, _ simulation: Simulation) -> String {
        let statistics = trajectory.statistics
        var text =
            "\(simulation.algorithm.method.rawValue): \(statistics.acceptedSteps) steps, \(statistics.rejectedSteps) rejected, "
            + "\(statistics.evaluations) evaluations"
        if statistics.jacobianEvaluations > 0 { text += ", \(statistics.jacobianEvaluations) of the Jacobian" }
        if statistics.restarts > 0 { text += ", \(statistics.restarts) restarts" }
        return text + "; "
            + (trajectory.ending.map { $0.timed(in: simulation.market.stakingPeriod).description } ?? "not ended")
            + "."
    }

    package init() {}
}

extension RunRecord {
    /// Adds what an integration has cost and how it ended.
    mutating func add(_ statistics: ODEStatistics, ending: ODEEnding?) {
        configuration["statistics"] = [
            "accepted_steps": JSONValue(statistics.acceptedSteps),
            "rejected_steps": JSONValue(statistics.rejectedSteps),
            "evaluations": JSONValue(statistics.evaluations),
            "jacobian_evaluations": JSONValue(statistics.jacobianEvaluations),
            "restarts": JSONValue(statistics.restarts),
            "ending": .text(ending?.description ?? "not ended"),
        ]
    }
}
