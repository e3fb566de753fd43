import ArgumentParser
import CommandRun
import DissipativeMarket
import Reporting
import RoleDynamics

/// `pinfi equilibrium`: the rest points of role dynamics, what they are like, and where the other routes lead.
package struct EquilibriumCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "equilibrium",
        abstract: "The rest points of role dynamics: price, shares, payoffs, regrets, eigenvalues, critical lag.",
        discussion: """
            All rest points of a protocol, each found by a change of sign; where there is none, what the price does \
            instead. Role dynamics is an extension of the paper's model. Eigenvalues are in 1/T and lags in T, T the \
            staking period; at a kink of the field (smith, bnn) both sides are told.

            --agreement compares the sharp equilibrium with the rest points of every protocol, and of logit at \
            10, 100 and 1000 times the rationality and as much narrower a demand; as CSV its rows take the place of \
            the rest points'. --critical-lag tells the observation lag at which a rest point loses its stability. \
            --noise tells how finitely many holders fluctuate about a stable one: N times the covariances of lp, \
            seller and log_price, and N times the shift of their means; with --holders the standard deviations.

            Examples:
              pinfi equilibrium --b 0.7 --d 1.3 --y 0.79 --critical-lag
              pinfi equilibrium --b 0.7 --d 1.3 --y 0.79 --protocol smith --format json
              pinfi equilibrium --beta 0.7 --delta 1.6 --gamma 0.8 --agreement
              pinfi equilibrium --b 0.7 --d 1.3 --y 0.79 --lag 0.5 --plot equilibrium.svg
              pinfi equilibrium --b 0.7 --d 1.3 --y 0.79 --noise --holders 1000
            """)

    @OptionGroup(title: "The market") var market: MarketOptions
    @OptionGroup(title: "The reward") var reward: RewardOptions
    @OptionGroup(title: "Role dynamics (an extension)") var role: RoleOptions
    @OptionGroup(title: "The answer") var answer: RestPointOptions
    @OptionGroup(title: "The figure") var plot: PlotOptions
    @OptionGroup(title: "Everywhere") var common: CommonOptions

    package func run() throws {
        let files = try RunFiles(common, plot: plot)
        let values = try ParameterValues(market: market, reward: reward, role: role, files: files)
        let game = try values.makeGame()
        let noise = try answer.noiseRequest()
        let run = try RunOutputs("equilibrium", common, files)
        run.record.add(values)
        run.record.add(values.revision)
        run.record.configuration["protocol"] = .text(values.revisionProtocol.rawValue)
        run.record.configuration["agreement"] = .boolean(answer.agreement)
        run.record.configuration["critical_lag"] = .boolean(answer.criticalLag)
        if let noise {
            run.record.configuration["holders"] = JSONValue(noise.holders)
            run.record.configuration["trade_size"] = .real(noise.price.tradeSize)
        }

        let points = RestPointTable(try game.restPoints(), criticalLags: answer.criticalLag, noise: noise)
        let routes = answer.agreement ? AgreementTable(agreement: Agreement(of: game).addingTrajectory()) : nil
        try write(points, routes, to: run)
        try run.draw { EquilibriumFigure(points.solution, title: plot.title).sheet(size: plot.size) }
        try run.finish()
        // An answer, and no failure.
        if points.rows.isEmpty, !common.quiet { Terminal.tell("Note: \(points.status).") }
    }

    private func write(_ points: RestPointTable, _ routes: AgreementTable?, to run: RunOutputs) throws {
        switch common.resolvedFormat(oneAnswer: true) {
        case .csv, .markdown, .latex: try run.write(routes?.table ?? points.table, keyColumns: 1)
        case .json:
            var object: JSONObject = [
                "rest_points": points.json, "escapes": points.escapes,
                "protocol": .text(points.solution.game.revisionProtocol.rawValue), "status": .text(points.status),
            ]
            for (name, value) in parameters(of: points.solution.game) { object[name] = value }
            object["agreement"] = routes?.json
            try run.writeData(points.table.columns) { output in
                var summary = try JSONWriter().write(.object(object), to: output)
                summary.rows = points.rows.count
                return summary
            }
        case .table: try run.writeData(points.table.columns) { try writeText(points, routes, to: $0) }
        }
    }

    /// What the answer depends on, as it was used.
    private func parameters(of game: RoleGame) -> [(String, JSONValue)] {
        let point = ParameterPoint(game)
        func values(_ names: [ParameterName]) -> [(String, JSONValue)] {
            names.map { ($0.column, JSONValue(point[$0])) }
        }
        return values(MarketParameter.allCases.filter { $0 != .alpha }.map(ParameterName.market))
            + [("seller_cost", .real(game.market.sellerCost))]
            + values([.kappaG, .kappaB, .kappaS] + RevisionParameter.allCases.map(ParameterName.revision))
    }

    // MARK: - For people

    private func writeText(
        _ points: RestPointTable, _ routes: AgreementTable?, to destination: OutputDestination
    ) throws -> WriteSummary {
        var bytes = 0
        func say(_ text: String) throws {
            let lines = wrappedLines(text, max(Terminal.width, 40)).joined(separator: "\n") + "\n"
            try destination.write(lines)
            bytes += lines.utf8.count
        }
        func show(_ title: String, _ table: Table, keyColumns: Int = 1) throws {
            try say("\n" + title)
            bytes += try TextTableWriter(width: Terminal.width, keyColumns: keyColumns).write(table, to: destination)
                .bytes
        }
        let (solution, rows) = (points.solution, points.rows)
        let name = solution.game.revisionProtocol.rawValue
        switch rows.count {
        case 0: try say("No rest point under \(name).")
        case 1: try say("One rest point under \(name).")
        default: try say("\(rows.count) rest points under \(name).")
        }
        for words in solution.escapes.map(\.roundedSentence) {
            try say(words.prefix(1).uppercased() + words.dropFirst() + ".")
        }
        if !rows.isEmpty {
            // Sentences stand below the tables.
            let kind = RestPointQuantity.kind.filter { $0.column.name != "degenerate" }
            try show("price and shares", points.tableOfPresent(RestPointQuantity.state + kind))
            try show("payoffs and regrets, in tokens per unit", points.tableOfPresent(RestPointQuantity.payoffs))
            if rows.contains(where: { $0.point.stability.eigenvalues != nil }) {
                try show("eigenvalues, in 1/T", points.eigenvalueTable)
            }
            if answer.criticalLag {
                try show("critical lag, in T", points.tableOfPresent(RestPointQuantity.criticalLags))
            }
            if answer.noise {
                try show("linear noise of N holders", points.tableOfPresent(points.noiseQuantities))
            }
            for row in rows where !row.point.degeneracies.isEmpty {
                let words = row.point.degeneracies.map(\.description).joined(separator: "; ")
                try say("\nRest point \(row.number): \(words).")
            }
        }
        if let routes {
            try show("agreement of the routes", routes.tableForPeople)
            for note in routes.notes { try say("\n" + note) }
        }
        return WriteSummary(rows: rows.count, bytes: bytes)
    }

    package init() {}
}
