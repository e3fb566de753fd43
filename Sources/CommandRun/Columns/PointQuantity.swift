import DissipativeMarket
import Reporting

/// A column of results about a ``MarketPoint``: its definition and how it is computed.
package struct PointQuantity: Sendable {
    package let column: Column
    package let value: @Sendable (MarketPoint) -> Value

    private static func real(
        _ name: String, unit: String = "tokens per unit", _ summary: String,
        _ value: @escaping @Sendable (MarketPoint) -> Double?
    ) -> PointQuantity {
        PointQuantity(column: Column(name, .real, unit: unit, summary: summary)) { .real(value($0)) }
    }

    /// The parameters as they are used, in the model's order.
    package static let parameters = MarketParameter.allCases.map { parameter in
        real(parameter.rawValue, unit: parameter.unit, "\(parameter.symbol), \(parameter.summary)") {
            $0.value(of: parameter)
        }
    }

    /// The parameters in units of the seller's cost.
    package static let ratios = [
        real("alpha_ratio", unit: "", "x = α/c") { point in point.poolPrice.map { $0 / point.market.sellerCost } },
        real("gamma_ratio", unit: "", "y = γ/c") { point in point.blockReward.map { $0 / point.market.sellerCost } },
        real("beta_ratio", unit: "", "b = β/c") { $0.market.externalRatio },
        real("delta_ratio", unit: "", "d = δ/c") { $0.market.reservationRatio },
    ]

    /// The seller's cost and the limits of trade.
    package static let limits = [
        real("seller_cost", "c = β + pθ, seller's cost") { $0.market.sellerCost },
        real("alpha_b", "α_b, speculating buyers gain below it") { $0.market.limits.speculatingBuyer },
        real("alpha_s", "α_s, sellers gain above it") { $0.market.limits.seller },
        real("alpha_g", "α_g, genuine buyers gain below it") { $0.market.limits.genuineBuyer },
    ]

    /// The band of the block reward and where the price comes to rest.
    package static let band = [
        real("gamma_min", "γ_min, below it LPs leave") { $0.bounds?.lower },
        real("gamma_max", "γ_max, above it nobody sells") { $0.bounds?.upper },
        real("band_width", "γ_max − γ_min") { $0.bounds?.width },
        real("relative_band_width", unit: "", "(γ_max − γ_min)/γ_min") { $0.bounds?.relativeWidth },
        real("band_margin", "min(γ − γ_min, γ_max − γ)") { point in
            point.blockReward.flatMap { point.bounds?.margin(of: $0) }
        },
        real("alpha_star", "α*, solves S(α) = γ") { $0.equilibrium?.equilibriumPrice },
        PointQuantity(column: Column("outcome", .text, summary: "how the market ends")) { point in
            point.outcome.map { .text($0.rawValue) } ?? .missing
        },
        real("rest_price", "pool price at rest of the sharp flow, from a low start") { $0.equilibrium?.restPrice },
    ]

    /// The price at rest from α, where α is known.
    package static let restPriceFromAlpha = real(
        "rest_price_from_alpha", "pool price at rest of the sharp flow, from α"
    ) {
        point in point.poolPrice.flatMap { point.equilibrium?.restPrice(from: $0) }
    }

    /// When each group stops trading alone.
    package static let cessationTimes = [
        (OneSidedTrade.sellers, "seller", "sellers"), (.speculatingBuyers, "speculating_buyer", "speculating buyers"),
        (.genuineBuyers, "genuine_buyer", "genuine buyers"),
    ].map { trade, name, words in
        real("cessation_time_\(name)", unit: "time", "\(words) alone stop after") { point -> Double? in
            guard let alpha = point.poolPrice, point.trades(trade, at: alpha) else { return nil }
            return trade.cessationTime(from: alpha, in: point.market, intensities: point.intensities)
        }
    }

    /// The quantities that have closed-form derivatives, and these.
    private static let gradients: [(name: String, gradient: @Sendable (MarketPoint) -> ParameterGradient?)] = [
        ("gamma_max", { $0.market.upperBoundGradient }), ("band_width", { $0.market.bandWidthGradient }),
        (
            "alpha_star",
            { point in point.blockReward.flatMap { point.market.equilibriumPriceGradient(blockReward: $0) } }
        ),
        ("seller_cost", { $0.market.sellerCostGradient }),
    ]
    private static let gradientParameters: [MarketParameter] = [.beta, .p, .theta, .gamma, .delta, .fee]

    /// Closed-form derivatives by the parameters, a column each.
    package static let derivatives: [PointQuantity] = gradients.flatMap { name, gradient in
        gradientParameters.map { parameter in
            real("d\(name)_d\(parameter.rawValue)", unit: "", "∂\(name)/∂\(parameter.symbol)") {
                gradient($0)?[parameter]
            }
        }
    }

    /// The derivatives as a small table for people: a row a parameter, a column a quantity.
    package static func derivativeTable(at point: MarketPoint) -> Table {
        let columns = gradients.map { name, gradient -> ColumnValues in
            let values = gradient(point)
            return .real(gradientParameters.map { values?[$0] ?? .nan })
        }
        let names = ColumnValues.text(gradientParameters.map(\.rawValue))
        return Table(
            columns: [Column("parameter", .text)] + gradients.map { Column($0.name, .real) },
            source: .indexed(chunkCount: 1) { _ in
                TableChunk(rowCount: gradientParameters.count, columns: [names] + columns)
            })
    }

    /// The status of a row without fault.
    package static let ok = "ok"

    /// Its text depends on the other values: see ``evaluate(_:at:)``.
    package static let status = PointQuantity(column: Column("status", .text, summary: "ok, or what went wrong")) { _ in
        .text(ok)
    }

    /// Whether this is the status.
    package var isStatus: Bool { column == Self.status.column }

    /// The quantities at a point; the status, if it is among them, names the others that are not finite.
    package static func evaluate(_ quantities: [PointQuantity], at point: MarketPoint) -> [Value] {
        let values = quantities.map { $0.value(point) }
        let text = statusText(of: zip(quantities.map(\.column), values))
        return zip(quantities, values).map { $0.isStatus ? .text(text) : $1 }
    }

    /// "ok", or which of the values exceed the largest double.
    package static func statusText(of fields: some Sequence<(Column, Value)>) -> String {
        let names = fields.compactMap { column, value in
            if case .real(let number?) = value, !number.isFinite { column.name } else { nil }
        }
        return names.isEmpty
            ? ok : names.joined(separator: ", ") + (names.count == 1 ? " exceeds" : " exceed") + " the largest double"
    }

    /// The columns of `pinfi bounds`.
    ///
    /// - Parameter isPoint: whether a pool price is given.
    package static func bounds(ofPoint isPoint: Bool) -> [PointQuantity] {
        parameters + ratios + limits + band + cessationTimes + (isPoint ? [restPriceFromAlpha] : []) + derivatives
            + [status]
    }
}
