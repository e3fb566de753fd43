import CommandRun
import Reporting
import RoleDynamics

/// Where a market comes to rest by every route, a row a route: as a table and as JSON.
struct AgreementTable {
    let agreement: Agreement

    /// A column and what stands in it.
    private struct Quantity: Sendable {
        let column: Column
        let value: @Sendable (AgreementRow, Double) -> Value

        static func real(
            _ name: String, unit: String = "", _ summary: String,
            _ value: @escaping @Sendable (AgreementRow, _ cost: Double) -> Double?
        ) -> Quantity {
            Quantity(column: Column(name, .real, unit: unit, summary: summary)) { .real(value($0, $1)) }
        }
    }

    private static let quantities: [Quantity] = [
        Quantity(
            column: Column(
                "route", .text, summary: "sharp: the closed form; trajectory: its end; else a protocol's rest point")
        ) { row, _ in .text(row.route.rawValue) },
        .real("rationality", "λ of a logit row") { row, _ in row.parameters?.rationality },
        .real("demand_width", "w of a logit row") { row, _ in row.parameters?.demandWidth },
        .real("x", "α/c, the price in units of the seller's cost") { row, _ in row.price },
        .real("alpha", unit: "tokens per unit", "α, the pool price") { row, cost in row.price.map { $0 * cost } },
        .real("share_lp", "ℓ, the share of LPs") { row, _ in row.shares?.liquidityProviders },
        .real("share_seller", "s, of sellers") { row, _ in row.shares?.sellers },
        .real("share_external", "e, of external sellers") { row, _ in row.shares?.external },
        .real("distance", "|x − x of the sharp rest price|") { row, _ in row.distance },
        .real("distance_to_rest_set", "to the nearest x at which the sharp price can rest") { row, _ in
            row.distanceToRestPrices
        },
        .real("regret", unit: "tokens per unit", "the holders' mean regret") { row, cost in
            row.regret.map { $0 * cost }
        },
        Quantity(column: Column("status", .text, summary: "ok, or why there is no price")) { row, _ in
            .text(row.note ?? "ok")
        },
    ]

    private var cost: Double { agreement.game.market.sellerCost }

    /// A row a route; a route that leads to a segment of rest points has a row for each end of it.
    var table: Table {
        var builders = Self.quantities.map { ColumnBuilder($0.column.kind) }
        for row in agreement.rows {
            for index in builders.indices { builders[index].append(Self.quantities[index].value(row, cost)) }
        }
        let chunk = TableChunk(rowCount: agreement.rows.count, columns: builders.map(\.values))
        return Table(columns: Self.quantities.map(\.column), source: .indexed(chunkCount: 1) { _ in chunk })
    }

    /// The table without the status, for people, who read of what is not there in sentences.
    var tableForPeople: Table {
        let full = table
        let names = full.columns.map(\.name).filter { $0 != "status" }
        return (try? full.selecting(names)) ?? full
    }

    /// What keeps a route from a price, a sentence each.
    var notes: [String] {
        agreement.rows.compactMap { row in
            row.note.map { note in
                let rationality = row.parameters.map { ", rationality \(formatShortest($0.rationality))" } ?? ""
                return "\(row.route.rawValue)\(rationality): \(note)."
            }
        }
    }

    /// The rows as objects.
    var json: JSONValue {
        .array(
            agreement.rows.map { row in
                .object(JSONObject(Self.quantities.map { ($0.column.name, JSONValue($0.value(row, cost))) }))
            })
    }
}
