import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// `pinfi calibrate schedule`: when an emission of tokens with halvings leaves the band.
struct CalibrateScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "When the reward of an emission schedule with halvings is above the band, inside it and below it.",
        discussion: """
            A protocol gives out --tokens a period and half as many after each --halving. --share of them goes to providers, who \
            stake --capacity units; a token is worth --token-price in the currency of β. The reward of a unit for the time --unit, \
            which β and δ are prices of, is tokens · share · token price / capacity · unit/period, halved with each halving.

            The record says until when the reward is above the band, from when until when it is inside, and from when on it is \
            below. A band that is less than twice as high as it is low may be jumped over by a halving. --epochs has a row for each \
            time between halvings, with the staked capacities, and the token prices, that keep its reward inside the band. \
            Staked capacity and token price are taken as constant, and all of the providers' share as the reward of LPs.

            Example, the schedule of LooPIN's documentation (loopin-project/docs, docs/docs/tokenomics.mdx): 100,000 tokens a day \
            from 2024-04-09, halving yearly, 70 % to GPU providers; the price of a token and the units staked are assumptions:
              pinfi calibrate schedule --tokens 100000 --every 1d \\
                --start 2024-04-09 --halving 365d --share 0.7 --capacity 2000 \\
                --token-price 0.5 --unit 1h --beta 0.7 --delta 2.6 --p 0.05 \\
                --theta 1 --epochs epochs.csv
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens a period before the first halving; required.", valueName: "tokens"),
        transform: numberArgument("tokens a period", .positive))
    var tokens: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The period of --tokens. Default: 1d.", valueName: "duration"),
        transform: spanArgument)
    var every: TimeSpan?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("When the schedule begins; required.", valueName: "time"),
        transform: { try TimeArgument($0) })
    var start: TimeArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Time between halvings; required: 365d for a year.", valueName: "duration"),
        transform: spanArgument)
    var halving: TimeSpan?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Share of the tokens that goes to providers. Default: 1.", valueName: "0<…1"),
        transform: numberArgument("share", ParameterDomain(0, 1, includesLower: false)))
    var share = 1.0

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Units staked; required.", valueName: "units"),
        transform: numberArgument("staked capacity", .positive))
    var capacity: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Price of a token in the currency of β; required.", valueName: "price"),
        transform: numberArgument("price of a token", .positive))
    var tokenPrice: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The time of one unit that β and δ are prices of: 1h for prices per GPU-hour. Default: 1h.",
            valueName: "duration"), transform: spanArgument)
    var unit: TimeSpan?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Write a row for each time between halvings to this CSV file.", valueName: "file.csv"))
    var epochs: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Rows of --epochs and steps of the figure. Default: up to the first whose reward is below the band, at most 100.",
            valueName: "count"), transform: wholeArgument(1...2000))
    var count: Int?

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    func run() throws {
        let files = try RunFiles(common, sides: [("--epochs", epochs)], plot: plot)
        let values = try ParameterValues(market: market, files: files)
        try values.requireMarket()
        let (schedule, start) = try schedule()
        let course = ScheduledMarket(schedule: schedule, market: try values.makeMarket(), form: start.form)
        let shown = count ?? min(course.course.map { $0.halvingsUntilBelow + 1 } ?? 10, 100)

        let run = try RunOutputs("calibrate schedule", common, files)
        run.record.add(values)
        describe(schedule, start, in: &run.record)
        try run.write(course.record())
        try run.write("--epochs") { course.table(count: shown) }
        try run.draw { ScheduleFigure(course: course, count: shown, title: plot.title).sheet(size: plot.size) }
        try run.finish()
        if let found = course.course, !found.isEverBalanced, found.halvingsUntilBelow > 0 {
            common.warn(
                "halving \(found.halvingsUntilBelow) takes the reward from above the band to below it: the band is less than "
                    + "twice as high as it is low.")
        }
    }

    private func schedule() throws -> (EmissionSchedule, TimeArgument) {
        func missing(_ option: String, _ what: String) -> CommandFailure {
            CommandFailure(.usage, "\(what) is missing: give \(option).")
        }
        guard let tokens else { throw missing("--tokens", "The number of tokens a period") }
        guard let start else { throw missing("--start", "The start of the schedule") }
        guard let halving else { throw missing("--halving", "The time between halvings") }
        guard let capacity else { throw missing("--capacity", "The number of units staked") }
        guard let tokenPrice else { throw missing("--token-price", "The price of a token") }
        let schedule = try EmissionSchedule(
            tokens: tokens, period: UInt64(every?.nanoseconds ?? 86_400_000_000_000), start: start.time.nanoseconds,
            halving: UInt64(halving.nanoseconds), share: share, capacity: capacity, tokenPrice: tokenPrice,
            unit: UInt64(unit?.nanoseconds ?? 3_600_000_000_000))
        return (schedule, start)
    }

    private func describe(_ schedule: EmissionSchedule, _ start: TimeArgument, in record: inout RunRecord) {
        record.configuration["tokens"] = .real(schedule.tokens)
        record.configuration["every_seconds"] = .real(Double(schedule.period) / 1e9)
        record.configuration["start"] = .text(start.time.text(as: .zoned))
        record.configuration["halving_seconds"] = .real(Double(schedule.halving) / 1e9)
        record.configuration["share"] = .real(schedule.share)
        record.configuration["capacity"] = .real(schedule.capacity)
        record.configuration["token_price"] = .real(schedule.tokenPrice)
        record.configuration["unit_seconds"] = .real(Double(schedule.unit) / 1e9)
    }
}
