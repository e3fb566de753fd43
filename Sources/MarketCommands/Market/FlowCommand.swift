import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting

/// `pinfi flow`: the sharp price flow from a pool price to its rest, with every event at its closed-form time.
package struct FlowCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "flow",
        abstract: "The sharp price flow from a pool price to its rest: who trades when, and every event.",
        discussion: """
            A row a segment on which the same groups trade; the price is exponential in between. The last row is the \
            rest: it has no end, and sellers and genuine buyers trade there if they hold the price between them \
            (sliding). Times are in the unit of --period. Needs kappa-s > kappa-g.

            Examples:
              pinfi flow --b 0.7 --d 1.3 --x 2 --y 0.79
              pinfi flow --beta 0.7 --delta 1.6 --alpha 0.3 --gamma 0.5 --format json
            """)

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The start") var point: PointOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try RunFiles(common)
        let values = try ParameterValues(market: market, point: point, files: files)
        try values.requireMarket()
        let start = try values.requirePoint()
        let flow = try SharpFlow(
            market: values.makeMarket(), intensities: values.intensities, poolPrice: start.poolPrice,
            blockReward: start.blockReward)
        let run = try RunOutputs("flow", common, files)
        run.record.add(values)
        try run.write(Self.table(of: flow), rows: flow.segments.count, unit: "segments", keyColumns: 1)
        try run.finish()
    }

    static func table(of flow: SharpFlow) -> Table {
        let tokens = "tokens per unit"
        let truth = Column.Kind.boolean
        let columns = [
            Column("segment", .integer, summary: "number of the segment, from 1"),
            Column("t_start", .real, unit: "time", summary: "when it starts"),
            Column("t_end", .real, unit: "time", summary: "when it ends; empty for the rest"),
            Column("alpha_start", .real, unit: tokens, summary: "α at its start"),
            Column("alpha_end", .real, unit: tokens, summary: "α at its end"),
            Column("sellers", truth, summary: "whether sellers trade"),
            Column("genuine_buyers", truth, summary: "whether genuine buyers trade"),
            Column("speculating_buyers", truth, summary: "whether speculating buyers trade"),
            Column("event", .text, summary: "what ends it; several, joined by +, where limits coincide"),
        ]
        let segments = flow.segments
        return Table(
            columns: columns, keys: ["segment"],
            source: .indexed(chunkCount: 1) { _ in
                TableChunk(
                    rowCount: segments.count,
                    columns: [
                        .integer(segments.indices.map { $0 + 1 }), .real(segments.map(\.startTime)),
                        .real(segments.map { $0.endTime < .infinity ? $0.endTime : .nan }),
                        .real(segments.map(\.startPrice)), .real(segments.map(\.endPrice)),
                        .boolean(segments.map(\.sellers)), .boolean(segments.map(\.genuineBuyers)),
                        .boolean(segments.map(\.speculatingBuyers)),
                        .text(segments.map { $0.events.map(\.rawValue).joined(separator: "+") }),
                    ])
            })
    }

    package init() {}
}
