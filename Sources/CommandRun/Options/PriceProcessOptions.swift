import ArgumentParser
import DissipativeMarket
import RoleDynamics

/// How the price of a population moves, as an option names it.
package enum PriceProcessName: String, CaseIterable, ExpressibleByArgument {
    case flow, trades
}

/// The options that say how the price moves between and by trades.
package struct PriceProcessOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "flow: the price follows its equation between revisions; trades: it jumps. Default: flow.",
            valueName: "name"))
    package var price: PriceProcessName?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("ν, of --price trades: the size of a trade in holders' units. Default: 1.", valueName: "ν"),
        transform: numberArgument("size of a trade", .positive))
    package var tradeSize: Double?

    /// The price process that the options give.
    ///
    /// - Throws: `CommandFailure` with 64 for a size of trades where there are none.
    package func process() throws -> PriceProcess {
        if price == .trades { return try .trades(size: tradeSize ?? 1) }
        guard tradeSize == nil else {
            throw CommandFailure(.usage, "--trade-size is about --price trades; give that too.")
        }
        return .flow
    }

    package init() {}
}
