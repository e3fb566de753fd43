import ArgumentParser
import CommandRun
import DissipativeMarket
import Foundation
import NumericalMethods
import PopulationSimulation
import Reporting
import RoleDynamics

/// `pinfi population`: finitely many holders as a Markov chain.
package struct PopulationCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "population",
        abstract: "Finitely many holders as a Markov chain, beside the mean field and its linear noise.",
        discussion: """
            N holders revise their roles one by one while the price moves: what role dynamics is the limit of. A row \
            for each time and quantity (price α, log_price ln(α/c), lp, seller, external): mean, standard error and \
            quantiles over independent runs, beside the mean field. Run r depends on the seed and on r alone. \
            --stationary compares N times the covariances after --burn with the linear noise about the rest point, \
            --band tells how long the price keeps between α_s and α_g. A price with |ln x| > 700 counts as one that \
            falls or rises for ever, and ends its run. Roles are lost for good only under replicator and fermi \
            without --mutation. Times are in the unit of --period, rates in 1/T. An extension of the paper's model.

            Examples:
              pinfi population --b 0.7 --d 1.3 --y 0.79 --holders 1000 \\
                --from x=2,lp=0.5,seller=0.1 --until 10 --every 0.1
              pinfi population --b 0.7 --d 1.3 --y 0.79 --holders 10000 --from x=1.19 \\
                --until 200 --every 0.25 --stationary noise.csv --plot noise.svg
              pinfi population --b 0.7 --d 1.3 --y 0.79 --holders 100 --method exact \\
                --protocol fermi --from x=1.1 --until 50 --every 1 --band band.csv
            """)

    @OptionGroup(title: "The population") var population: PopulationOptions
    @OptionGroup(title: "The start") var start: StartOptions
    @OptionGroup(title: "The times") var timing: TimeOptions
    @OptionGroup(title: "Other outputs") var outputs: PopulationOutputOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The price and the reward") var point: PointOptions
    @OptionGroup(title: "Role dynamics") var role: PopulationRoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try RunFiles(common, sides: outputs.sides, plot: plot)
        let values = try ParameterValues(market: market, point: point, role: role, files: files)
        let game = try values.makeGame()
        let start = try start.resolved(point: point, values: values, market: game.market)
        let times = try timing.resolved(columns: 12, output: common.output)
        let period = game.market.stakingPeriod
        let ensemble = try ensemble(game, values, start, times)
        try checkSize(times, of: ensemble)
        let burn = population.burn.map { $0 / period } ?? 10
        let noise = outputs.stationary != nil || outputs.summary != nil || plot.isAsked ? linearNoise(ensemble) : nil

        let run = try RunOutputs("population", common, files)
        describe(ensemble, values, start, times, burn: burn, in: &run.record)
        warn(ensemble)
        let solution = solve(ensemble, burn: burn, run)
        let half = try population.checkStep ? halved(ensemble, start).map { solve($0, burn: burn, run) } : nil
        let meanField = try ensemble.population.meanField(
            logPrice: start.logPrice, shares: start.shares, times: ensemble.times, algorithm: ODEAlgorithm())
        let report = PopulationReport(
            solution: solution, times: times, period: period, meanField: meanField ?? [], noise: noise?.noise,
            restPoint: noise?.point, halfStep: half, burn: burn)

        try run.write(report.table(), rows: times.count * PopulationQuantity.allCases.count, keyColumns: 2)
        try run.write("--summary") { try report.summaryTable() }
        try run.write("--stationary") { try report.stationaryTable() }
        try run.write("--per-run") { report.perRunTable() }
        try run.write("--band") { report.bandTable() }
        run.record.failedCells = solution.runs.filter { $0.ending != .reachedEnd }.count
        try run.draw { PopulationFigure(report: report, title: plot.title).sheet(size: plot.size) }
        try run.finish()
        try tell(report)
    }

    // MARK: - What is run

    private func ensemble(
        _ game: RoleGame, _ values: ParameterValues, _ start: RunStart, _ times: OutputTimes
    ) throws -> PopulationEnsemble {
        guard let holders = population.holders else {
            throw CommandFailure(.usage, "The number of holders is missing: give --holders N.")
        }
        let period = game.market.stakingPeriod
        let method = try population.method(until: times.end, period: period)
        // Where times are listed the first may be the only one.
        guard times.end > 0 else {
            throw CommandFailure(
                .usage, "The runs end at 0 and have no length; give --times with one greater than 0, or --until.")
        }
        if case .leap(let step) = method, step * period > times.end {
            throw CommandFailure(
                .usage,
                "--step is \(formatShortest(step * period)), more than the time that the runs take, "
                    + "\(formatShortest(times.end)); allowed: a number greater than 0 and at most that.")
        }
        let limits = game.market.limits
        let band =
            limits.genuineBuyer >= limits.seller
            ? [limits.seller, limits.genuineBuyer].map { log($0 / game.market.sellerCost) } : []
        if outputs.band != nil, band.isEmpty {
            throw CommandFailure(
                .usage,
                "--band asks for the time that the price is from α_s to α_g, but α_g = \(formatShortest(limits.genuineBuyer)) "
                    + "is below α_s = \(formatShortest(limits.seller)): the band is empty.")
        }
        do {
            return try PopulationEnsemble(
                Population(
                    game, revisionProtocol: role.populationProtocol ?? PopulationProtocol(values.revisionProtocol),
                    holders: holders, price: population.priceProcess.process(), isPriceFrozen: population.freezePrice,
                    mutation: population.mutation),
                logPrice: start.logPrice, shares: start.shares, times: (0..<times.count).map { times[$0] / period },
                method: method, runs: population.runs, seed: common.seed ?? 0,
                band: band.isEmpty ? nil : band[0]...band[1])
        } catch PopulationError.leapNeedsRates {
            throw CommandFailure(
                .usage,
                "--method leap is not for --protocol best-response, which jumps and would chatter with the step; give "
                    + "--method exact.")
        } catch PopulationError.tooMuchWork(let work, method: let method) {
            let isExact = method == .exact
            throw CommandFailure(
                .usage,
                "The runs would take about \(formatRounded(work, digits: 3)) \(isExact ? "events" : "steps"), more than "
                    + "\(formatRounded(PopulationEnsemble.mostWork)); "
                    + (isExact
                        ? "give --method leap, whose work does not depend on --holders, or fewer --runs or a shorter time."
                        : "give fewer --runs, a shorter time, or a longer --step."))
        }
    }

    /// The runs with half the step and other random numbers; nil of a method without steps.
    private func halved(_ ensemble: PopulationEnsemble, _ start: RunStart) throws -> PopulationEnsemble? {
        guard case .leap(let step) = ensemble.method else { return nil }
        return try PopulationEnsemble(
            ensemble.population, logPrice: ensemble.logPrice, shares: start.shares, times: ensemble.times,
            method: .leap(step: step / 2), runs: ensemble.runs, firstRun: ensemble.runs, seed: ensemble.seed,
            band: ensemble.band)
    }

    private func solve(_ ensemble: PopulationEnsemble, burn: Double, _ run: RunOutputs) -> PopulationSolution {
        let bar = run.progress(unit: "runs", total: ensemble.runs)
        let solution = PopulationSolution(of: ensemble, burn: burn, threads: common.threads) { bar.update($0) }
        bar.finish(ensemble.runs)
        return solution
    }

    /// The linear noise at the rest point that the protocol has by itself, with the point.
    private func linearNoise(_ ensemble: PopulationEnsemble) -> (noise: LinearNoise, point: RestPoint)? {
        let population = ensemble.population
        guard let kind = population.revisionProtocol.revisionProtocol, population.mutation == 0,
            !population.isPriceFrozen
        else { return nil }
        guard let points = try? population.game.with(revisionProtocol: kind).restPoints().points,
            let point = points.first(where: { $0.isNash ?? true })
        else { return nil }
        do throws(LinearNoiseError) {
            return (try point.linearNoise(price: population.price), point)
        } catch {
            common.note("No linear noise: \(error).")
            return nil
        }
    }

    /// Throws where the output or the memory would not do.
    private func checkSize(_ times: OutputTimes, of ensemble: PopulationEnsemble) throws {
        let quantities = PopulationQuantity.allCases.count
        _ = try RunLimits.check(
            .init(product: [times.count, quantities]), of: "The times and quantities", unit: "rows", columns: 12,
            output: common.output, advice: "Raise --every.", choosesColumns: false)
        let samples = Double(ensemble.runs) * Double(times.count) * 3
        let kept = min(samples, Double(PopulationSolution.mostBytes) / 8)
        // A run's own record takes some twenty doubles, and each time's moments fifteen.
        try RunLimits.checkMemory(
            values: kept + 20 * Double(ensemble.runs) + 15 * Double(times.count), for: "--runs and the times",
            advice: "Lower --runs, or raise --every.")
        guard let perRun = outputs.perRun else { return }
        guard samples * 8 <= Double(PopulationSolution.mostBytes) else {
            throw CommandFailure(
                .usage,
                "--per-run needs all samples of all runs, which take \(formatRounded(samples * 8 / 1e9, digits: 3)) GB, more "
                    + "than the \(formatRounded(Double(PopulationSolution.mostBytes) / 1e9, digits: 3)) GB that are kept. Lower --runs, "
                    + "or raise --every.")
        }
        _ = try RunLimits.check(
            .init(product: [ensemble.runs, times.count, quantities]), of: "--per-run with --runs and the times",
            unit: "rows", columns: 7, output: perRun, advice: "Lower --runs, or raise --every.", choosesColumns: false)
    }

    private func describe(
        _ ensemble: PopulationEnsemble, _ values: ParameterValues, _ start: RunStart, _ times: OutputTimes,
        burn: Double,
        in record: inout RunRecord
    ) {
        let (population, period) = (ensemble.population, values[.period] ?? 1)
        record.seed = ensemble.seed
        record.add(values)
        record.add(values.revision)
        record.add(start)
        record.add(times)
        record.configuration["protocol"] = .text(population.revisionProtocol.rawValue)
        record.configuration["holders"] = JSONValue(population.holders)
        record.configuration["runs"] = JSONValue(ensemble.runs)
        record.configuration["method"] = .text(ensemble.method.name)
        if case .leap(let step) = ensemble.method { record.configuration["step"] = .real(step * period) }
        record.configuration["price"] = .text(population.price == .flow ? "flow" : "trades")
        if population.price != .flow { record.configuration["trade_size"] = .real(population.price.tradeSize) }
        record.configuration["freeze_price"] = .boolean(population.isPriceFrozen)
        record.configuration["mutation"] = .real(population.mutation)
        record.configuration["burn"] = .real(burn * period)
        record.configuration["check_step"] = .boolean(self.population.checkStep)
    }

    // MARK: - What is told

    private func warn(_ ensemble: PopulationEnsemble) {
        let resolution = ensemble.stepResolution
        if resolution > 0.5 {
            common.warn(
                "The step is \(formatRounded(resolution, digits: 2)) times the time in which the fastest of price, lag and "
                    + "revisions moves, and may not resolve it: lower --step, or see --check-step.")
        }
    }

    private func tell(_ report: PopulationReport) throws {
        let solution = report.solution
        let escaped = solution.runs.filter { $0.ending.status == "price-escaped" }.count
        if escaped > 0 {
            common.warn(
                "In \(escaped) of \(solution.runs.count) runs the price falls or rises for ever (|ln x| > 700); their rows end "
                    + "there, and the column runs says how many are left.")
        }
        let stopped = solution.runs.filter { $0.ending.status == "event-limit" }.count
        if stopped > 0 {
            common.warn(
                "\(stopped) of \(solution.runs.count) runs took more events or steps than a run may, and end early; give "
                    + "--method leap, or fewer --runs.")
        }
        if !common.quiet {
            let lost = solution.runs.filter { $0.firstLoss != nil }.count
            if lost > 0 {
                Terminal.tell(
                    "Note: in \(lost) of \(solution.runs.count) runs a role was lost for good; --summary and --per-run tell "
                        + "which, and --mutation brings roles back.")
            }
            if !solution.keepsSamples {
                Terminal.tell(
                    "Note: all samples would take more than \(formatRounded(Double(PopulationSolution.mostBytes) / 1e9, digits: 3)) GB; "
                        + "there are means and standard deviations, and no quantiles.")
            }
            if solution.runs.count == 1 {
                Terminal.tell(
                    "Note: a single run has no standard errors over runs; those of --stationary come from "
                        + "\(PopulationSolution.batches) parts of its time.")
            }
        }
        let known = report.meanField.count
        if known == 0 {
            common.warn(
                "There is no mean field of the best response with --mutation, nor of a pool without LPs where depth counts; "
                    + "mean_field is empty.")
        } else if known < report.times.count {
            common.warn(
                "The mean field was followed no further than to time \(formatShortest(report.times[known - 1])); mean_field is "
                    + "empty beyond.")
        }
        if outputs.stationary != nil, solution.stationaryMean(.sellers) == nil {
            common.warn("No run came past the burn-in, so that --stationary has no covariances; lower --burn.")
        }
        guard let worst = report.largestStepScore else { return }
        let text =
            "--check-step: the largest difference of a mean from that with half the step is "
            + "\(formatRounded(worst.score, digits: 3)) of its standard errors (\(worst.quantity.rawValue) at time "
            + "\(formatShortest(worst.time)))"
        // Five standard errors: by chance once in millions, of some tens of runs or more.
        if abs(worst.score) > 5 { throw CommandFailure(.difference, "\(text); lower --step.") }
        if !common.quiet { Terminal.tell("\(text).") }
    }

    package init() {}
}
