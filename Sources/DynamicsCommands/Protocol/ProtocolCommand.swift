import ArgumentParser
import CommandRun
import DissipativeMarket
import NumericalMethods
import ProtocolSimulation
import Reporting
import RoleDynamics
import Synchronization

/// `pinfi protocol`: the LooPIN protocol as a ledger, beside an order book.
package struct ProtocolCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "protocol",
        abstract: "The LooPIN protocol event by event, as a ledger, beside an order book with the same people.",
        discussion: """
            N providers with a device each stake, sell or stay outside, and choose anew each time a stake ends; clients \
            come at random and buy or go. Every token and unit is booked. A row for each time, mechanism, pool and \
            quantity: mean, standard error and quantiles over independent runs, beside the limit of many providers. \
            Run r depends on the seed and on r alone, and the order book sees the same providers and clients. The \
            start: price --alpha (c unless given), roles --shares (a third each), lots of all ages. An extension of \
            the paper's model, reconstructed from LooPIN's public documentation: refunds, the order of purchases and the \
            seed are ours.

            A file of --pools has a list, pools, each with a name and what differs from the options (providers, \
            parameters as --market has them, lp, seller, weight, seed-liquidity, unit-size, order-size, \
            burn-certificate, client-reward, list-price), and a schedule: tokens, every (1d), halving, share (0.7), \
            foundation (0.2), end, and period, which is how long T is on the schedule's clock.

            Examples:
              pinfi protocol --b 0.7 --d 1.3 --y 0.79 --shares lp=0.5,seller=0.5 \\
                --runs 8 --until 10 --every 0.5 --plot pool.svg
              pinfi protocol --b 0.7 --d 1.3 --y 0.79 --mechanism pool,posted \\
                --kappa-b 0 --providers 200 --runs 8 --until 20 --every 1 \\
                --compare compare.csv
              pinfi protocol --b 0.7 --d 1.3 --y 0.79 --providers 50 --runs 1 \\
                --until 3 --every 1 --audit event --ledger ledger.csv
              pinfi protocol --b 0.7 --d 1.3 --emission 500 --providers 500 \\
                --runs 4 --until 10 --every 1 --dissipation linear
            """)

    @OptionGroup(title: "The protocol") var options: ProtocolOptions
    @OptionGroup(title: "The order book") var book: OrderBookOptions
    @OptionGroup(title: "The times") var timing: TimeOptions
    @OptionGroup(title: "The start") var start: StartOptions
    @OptionGroup(title: "Other outputs") var outputs: ProtocolOutputOptions
    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The price and the reward") var point: PointOptions
    @OptionGroup(title: "Role dynamics") var role: RoleOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try RunFiles(common, sides: outputs.sides, plot: plot)
        let values = try ParameterValues(market: market, point: point, role: role, files: files)
        let file = try options.pools.map { try PoolFile(path: $0, files: files) }
        try refuseIdleOptions()
        let times = try timing.resolved(columns: ProtocolReport.columns.count, output: common.output)
        let period = values[.period] ?? 1
        let setup = try setup(values, file, times: (0..<times.count).map { times[$0] / period }, period: period)
        try checkSize(setup.parameters)

        let run = try RunOutputs("protocol", common, files)
        describe(setup, values, times, in: &run.record)
        let report = try report(setup, period: period, run)
        try run.write(report.table(), rows: report.rowCount, keyColumns: 4)
        try run.write("--summary") { try report.summaryTable() }
        try run.write("--compare") { try report.compareTable() }
        try run.write("--per-run") { report.perRunTable() }
        try run.write("--band") { report.bandTable() }
        try run.write("--ledger") { try ledger(setup, period: period) }
        try run.draw {
            if setup.parameters.pools.count > 1 {
                common.warn("The figure shows the first of \(setup.parameters.pools.count) pools.")
            }
            return ProtocolFigure(report: report, title: plot.title).sheet(size: plot.size)
        }
        try run.finish()
        if options.runs == 1, outputs.summary != nil || outputs.compare != nil {
            common.warn("The errors of a single run are those of the means of twenty parts of it.")
        }
    }

    private func refuseIdleOptions() throws {
        if !options.mechanism.contains(.posted), let option = book.givenOption {
            throw CommandFailure(.usage, "\(option) is of the order book; give --mechanism posted, or pool,posted.")
        }
        if outputs.compare != nil, options.mechanism.count < 2 {
            throw CommandFailure(.usage, "--compare needs two mechanisms; give --mechanism pool,posted.")
        }
        if outputs.band != nil, !options.mechanism.contains(.pool) {
            throw CommandFailure(.usage, "--band is about the price of a pool; give --mechanism pool, or pool,posted.")
        }
    }

    private func setup(
        _ values: ParameterValues, _ file: PoolFile?, times: [Double], period: Double
    ) throws -> ProtocolSetup {
        let setup = try ProtocolSetup(
            options, book, values: values, start: start.from, file: file, times: times,
            burn: options.burn.map { $0 / period })
        return outputs.band == nil ? setup : setup.trackingBand()
    }

    /// Throws where the output or the memory would not do.
    private func checkSize(_ parameters: ProtocolParameters) throws {
        let quantities = ProtocolQuantity.allCases.count
        let lengths = [parameters.times.count, options.mechanism.count, parameters.pools.count, quantities]
        _ = try RunLimits.check(
            .init(product: lengths), of: "The times, pools and quantities", unit: "rows",
            columns: ProtocolReport.columns.count, output: common.output, advice: "Raise --every.",
            choosesColumns: false)
        let samples = lengths.reduce(Double(options.runs)) { $0 * Double($1) }
        // A provider takes a role, a lot of eight numbers and a turn in a queue, in each run that goes on at once.
        let alive = parameters.pools.reduce(0) { $0 + Double($1.providers) } * 12 * Double(common.threads)
        try RunLimits.checkMemory(
            values: samples + alive, for: "--runs, the times and --providers",
            advice: "Lower --runs or --providers, or raise --every.")
    }

    private func report(_ setup: ProtocolSetup, period: Double, _ run: RunOutputs) throws -> ProtocolReport {
        let total = options.runs * options.mechanism.count
        let bar = run.progress(unit: "runs", total: total)
        let done = Atomic(0)
        let ensembles = try options.mechanism.map { mechanism in
            try ProtocolEnsemble(
                setup.parameters, mechanism: mechanism, books: setup.books, runs: options.runs, seed: common.seed ?? 0,
                threads: common.threads
            ) { _ in bar.update(done.add(1, ordering: .relaxed).newValue) }
        }
        bar.finish(total)
        return ProtocolReport(
            setup: setup, ensembles: ensembles, period: period,
            limits: setup.parameters.pools.indices.map { pool in
                FluidLimit(setup.parameters, pool: pool)?.path(at: setup.parameters.times)
            })
    }

    private func ledger(_ setup: ProtocolSetup, period: Double) throws -> Table {
        let seed = common.seed ?? 0
        let reader =
            options.mechanism[0] == .pool
            ? try LedgerReader(pool: setup.parameters, seed: seed, run: 0)
            : try LedgerReader(posted: setup.parameters, books: setup.books, seed: seed, run: 0)
        return LedgerTable.table(reader, pools: setup.parameters.pools.map(\.name), period: period)
    }

    private func describe(
        _ setup: ProtocolSetup, _ values: ParameterValues, _ times: OutputTimes, in record: inout RunRecord
    ) {
        record.seed = common.seed ?? 0
        record.add(values)
        record.add(values.revision)
        record.add(times)
        record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
        record.configuration["mechanism"] = .array(options.mechanism.map { .text($0.rawValue) })
        record.configuration["runs"] = JSONValue(options.runs)
        record.configuration["dissipation"] = .text(options.dissipation.rawValue)
        record.configuration["seller_payoff"] = .text(options.sellerPayoff.rawValue)
        record.configuration["audit"] = .text(options.audit.rawValue)
        record.configuration["burn"] = .real(setup.parameters.burnIn * (values[.period] ?? 1))
        record.configuration["circulating"] = JSONValue(options.circulating)
        if case .emission(let emission) = setup.parameters.rewards {
            record.configuration["reward"] = .text("emission")
            record.configuration["emission"] = [
                "tokens": .real(emission.stages[0].tokens), "share": .real(emission.providerShare),
                "foundation": .real(emission.foundationShare), "stages": JSONValue(emission.stages.count),
            ]
        } else {
            record.configuration["reward"] = .text("fixed")
        }
        record.configuration["pools"] = .array(
            setup.parameters.pools.enumerated().map { index, pool in
                var told: JSONObject = [
                    "name": .text(pool.name), "providers": JSONValue(pool.providers),
                    "beta": .real(pool.market.externalPrice),
                    "p": .real(pool.market.failureProbability), "theta": .real(pool.market.collateral),
                    "delta": .real(pool.market.reservationPrice), "fee": .real(pool.market.swapFee),
                    "gamma": .real(pool.blockReward), "kappa_g": .real(pool.genuineIntensity),
                    "kappa_b": .real(pool.speculatingIntensity), "demand_width": .real(pool.demandWidth),
                    "rationality": .real(pool.rationality), "revision_rate": .real(pool.revisionRate),
                    "alpha": .real(pool.initialPrice), "share_lp": .real(pool.initialShares.liquidityProviders),
                    "share_seller": .real(pool.initialShares.sellers), "weight": .real(pool.weight),
                    "seed_liquidity": .real(pool.seedLiquidity), "unit_size": .real(pool.unitSize),
                    "order_size": .real(pool.orderSize), "burn_certificate": .real(pool.burnCertificate),
                    "client_reward": .real(pool.clientReward),
                ]
                if !setup.books.isEmpty {
                    told["list_price"] = .real(setup.books[index].listPrice)
                    told["entry"] = .text(setup.books[index].entry.rawValue)
                    told["listing_subsidy"] = .real(setup.books[index].subsidy)
                }
                return .object(told)
            })
    }

    package init() {}
}
