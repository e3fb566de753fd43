import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting

/// `pinfi explain`: why a point of the phase diagram is what it is.
package struct ExplainCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why a point of the phase diagram lies in its region: the certificate, in words and numbers.",
        discussion: """
            The region, the inequality that binds with its margins along γ and along α, and each role's payoff and \
            regret. On a terminal, or with --format table, the sentence first.

            Examples:
              pinfi explain --beta 0.7 --delta 1.6 --alpha 1.2 --gamma 0.79
              pinfi explain --b 0.7 --d 1.3 --x 1.2 --y 0.79 --format json
            """)

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The point") var point: PointOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try RunFiles(common)
        let values = try ParameterValues(market: market, point: point, files: files)
        try values.requireMarket()
        let (alpha, gamma) = try values.requirePoint()
        let point = try MarketPoint(values)
        let certificate = try Certificate(market: point.market, poolPrice: alpha, blockReward: gamma)
        let record = Self.record(of: certificate, at: point)
        let run = try RunOutputs("explain", common, files)
        run.record.add(values)
        if common.resolvedFormat(oneAnswer: true) == .table {
            try run.writeData(record.fields.map(\.column)) { output in
                let words = wrappedLines(certificate.sentence, Terminal.width).joined(separator: "\n") + "\n\n"
                try output.write(words)
                var summary = try common.write(
                    Record(record.fields.filter { $0.column.name != "explanation" }), to: output)
                summary.bytes += words.utf8.count
                return summary
            }
        } else {
            try run.write(record)
        }
        try run.finish()
    }

    private static func record(of certificate: Certificate, at point: MarketPoint) -> Record {
        let payoffs = certificate.payoffs
        let tokens = "tokens per unit"
        var record = Record(
            (PointQuantity.parameters + PointQuantity.ratios + PointQuantity.limits).map {
                ($0.column, $0.value(point))
            })
        func text(_ name: String, _ value: String, _ summary: String) {
            record.append(Column(name, .text, summary: summary), .text(value))
        }
        func real(_ name: String, _ value: Double?, _ summary: String) {
            record.append(Column(name, .real, unit: tokens, summary: summary), .real(value))
        }
        text("region", certificate.region.rawValue, "label of the published figure")
        text("role", certificate.region.role.rawValue, "the role that dominates")
        record.append(
            Column("genuine_buyers", .boolean, summary: "whether they are active"),
            .boolean(certificate.region.hasGenuineBuyers))
        real("payoff_lp", payoffs.liquidityProvider, "γ")
        real("payoff_seller", payoffs.seller, "S(α)")
        real("payoff_external", payoffs.external, "β")
        real("regret_lp", payoffs.regretLiquidityProvider, "best payoff less the LPs'")
        real("regret_seller", payoffs.regretSeller, "best payoff less the sellers'")
        real("regret_external", payoffs.regretExternal, "best payoff less β")
        for (trade, name) in [
            (OneSidedTrade.sellers, "seller"), (.speculatingBuyers, "speculating_buyer"),
            (.genuineBuyers, "genuine_buyer"),
        ] {
            let alpha = certificate.poolPrice
            real(
                "mean_gain_\(name)",
                point.trades(trade, at: alpha) ? trade.meanGain(from: alpha, in: point.market) : nil,
                "per unit, trading alone to the limit; empty for who does not trade at α")
        }
        text("binding", certificate.binding.rawValue, "the inequality that decides")
        real("margin", certificate.margin, "along γ, to its threshold")
        real("margin_alpha", certificate.poolPriceMargin, "along α, to the nearest change of region")
        text("nearest_boundary", certificate.nearestBoundary.rawValue, "the boundary there")
        text("explanation", certificate.sentence, "the certificate in words")
        for quantity in PointQuantity.band + [PointQuantity.restPriceFromAlpha] {
            record.append(quantity.column, quantity.value(point))
        }
        let status = PointQuantity.statusText(of: record.fields.map { ($0.column, $0.value) })
        record.append(PointQuantity.status.column, .text(status))
        return record
    }

    package init() {}
}
