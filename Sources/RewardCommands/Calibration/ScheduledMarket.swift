import CommandRun
import DissipativeMarket
import Reporting
import RewardStudies

/// A market under an emission schedule, as a record and as a table.
struct ScheduledMarket {
    let schedule: EmissionSchedule
    let market: Market
    /// How times are written.
    let form: Instant.Form

    /// nil where the band is empty.
    var course: EmissionSchedule.Course? { market.rewardBounds.map(schedule.course(in:)) }

    private func time(_ halving: Int) -> Value {
        schedule.time(ofHalving: halving).map { .text(Instant(nanoseconds: $0).text(as: form)) } ?? .missing
    }

    func record() -> Record {
        let bounds = market.rewardBounds
        let course = course
        let tokens = "tokens per unit"
        var record = Record()
        func add(_ name: String, _ kind: Column.Kind, unit: String = "", _ summary: String, _ value: Value) {
            record.append(Column(name, kind, unit: unit, summary: summary), value)
        }
        add("gamma_start", .real, unit: tokens, "reward before the first halving", .real(schedule.firstReward))
        add("gamma_min", .real, unit: tokens, "lower bound of the reward", .real(bounds?.lower))
        add("gamma_max", .real, unit: tokens, "upper bound of the reward", .real(bounds?.upper))
        add(
            "above_until", .text, "when the reward is no longer above the band; empty where it never is",
            course.map { $0.halvingsAbove > 0 ? time($0.halvingsAbove) : .missing } ?? .missing)
        add(
            "balanced_from", .text, "when it comes to be inside the band; empty where it never does",
            course.map { $0.isEverBalanced ? time($0.halvingsAbove) : .missing } ?? .missing)
        add(
            "balanced_until", .text, "when it ceases to be",
            course.map { $0.isEverBalanced ? time($0.halvingsUntilBelow) : .missing }
                ?? .missing)
        add(
            "below_from", .text, "from when on it is below the band",
            course.map { time($0.halvingsUntilBelow) } ?? .missing)
        let balanced = course.map { Double($0.halvingsUntilBelow - $0.halvingsAbove) * Double(schedule.halving) / 1e9 }
        add("duration_balanced", .real, unit: "s", "how long it is inside the band", .real(balanced))
        add(
            "halvings_until_below", .integer, "halvings until it is below the band",
            course.map { .integer($0.halvingsUntilBelow) } ?? .missing)
        add("supply", .real, unit: "tokens", "all tokens that the schedule ever gives out", .real(schedule.supply))
        return record
    }

    /// The outcome after some halvings.
    func outcome(_ halvings: Int) -> Outcome {
        Equilibrium(market: market, blockReward: schedule.reward(afterHalvings: halvings)).outcome
    }

    /// A row for each time between halvings.
    func table(count: Int) -> Table {
        let tokens = "tokens per unit"
        let columns = [
            Column("halvings", .integer, summary: "halvings so far"),
            Column("start", .text, summary: "when the reward begins"), Column("end", .text, summary: "when it ends"),
            Column("tokens", .real, unit: "tokens", summary: "tokens given out a period"),
            Column("emitted", .real, unit: "tokens", summary: "tokens given out by the end"),
            Column("gamma", .real, unit: tokens, summary: "reward"),
            Column("gamma_min", .real, unit: tokens, summary: "lower bound of the reward"),
            Column("gamma_max", .real, unit: tokens, summary: "upper bound of the reward"),
            Column("band_margin", .real, unit: tokens, summary: "how far inside the band the reward is"),
            Column("outcome", .text, summary: "what that means for the market"),
            Column("capacity_low", .real, summary: "fewest units staked that keep the reward inside the band"),
            Column("capacity_high", .real, summary: "most units staked that do"),
            Column("token_price_low", .real, summary: "lowest price of a token that does"),
            Column("token_price_high", .real, summary: "highest price of a token that does"),
        ]
        let bounds = market.rewardBounds
        var builders = columns.map { ColumnBuilder($0.kind) }
        for halvings in 0..<count {
            let gamma = schedule.reward(afterHalvings: halvings)
            let capacities = bounds.map { schedule.capacities(afterHalvings: halvings, inside: $0) }
            let prices = bounds.map { schedule.tokenPrices(afterHalvings: halvings, inside: $0) }
            let row: [Value] = [
                .integer(halvings), time(halvings), time(halvings + 1), .real(schedule.tokens(afterHalvings: halvings)),
                .real(schedule.emitted(untilHalving: halvings + 1)), .real(gamma), .real(bounds?.lower),
                .real(bounds?.upper), .real(bounds?.margin(of: gamma)), .text(outcome(halvings).rawValue),
                .real(capacities?.lowerBound), .real(capacities?.upperBound), .real(prices?.lowerBound),
                .real(prices?.upperBound),
            ]
            for index in row.indices { builders[index].append(row[index]) }
        }
        let chunk = TableChunk(rowCount: count, columns: builders.map(\.values))
        return Table(columns: columns, keys: ["halvings"], source: .indexed(chunkCount: 1) { _ in chunk })
    }
}
