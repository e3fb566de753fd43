import ComplexModule
import Reporting
import RoleDynamics

/// A rest point with what a row of results tells of it.
struct RestPointRow: Sendable {
    /// From 1, by rising price.
    let number: Int
    let point: RestPoint
    /// Where it was asked for.
    let criticalLag: CriticalLagAnswer?
}

/// What is known of a rest point's critical lag.
struct CriticalLagAnswer: Sendable {
    /// On the side above a kink, or where there is none.
    private(set) var above: CriticalLag?
    /// On the side below a kink.
    private(set) var below: CriticalLag?
    /// "ok"; "none" where no lag takes its stability, because it has none or keeps it; or why it is not known.
    private(set) var status: String

    init(of point: RestPoint) {
        status = "ok"
        do throws(CriticalLagError) {
            above = try point.criticalLag(side: .above)
            if point.stability.eigenvaluesBelow != nil { below = try point.criticalLag(side: .below) }
            if above == nil, below == nil { status = "none" }
        } catch {
            status = error.description
        }
    }
}

/// A column of results about a ``RestPointRow``. Prices, payoffs and regrets are in tokens per unit, eigenvalues in 1/T,
/// lags in T.
struct RestPointQuantity: Sendable {
    let column: Column
    let value: @Sendable (RestPointRow) -> Value

    private static func real(
        _ name: String, unit: String = "", _ summary: String, _ value: @escaping @Sendable (RestPointRow) -> Double?
    ) -> RestPointQuantity {
        RestPointQuantity(column: Column(name, .real, unit: unit, summary: summary)) { .real(value($0)) }
    }

    private static func tokens(
        _ name: String, _ summary: String, _ value: @escaping @Sendable (RestPoint) -> Double
    ) -> RestPointQuantity {
        real(name, unit: "tokens per unit", summary) { value($0.point) }
    }

    private static func text(
        _ name: String, _ summary: String, _ value: @escaping @Sendable (RestPointRow) -> String?
    ) -> RestPointQuantity {
        RestPointQuantity(column: Column(name, .text, summary: summary)) { row in
            value(row).map { .text($0) } ?? .missing
        }
    }

    /// Which of them it is.
    static let number = RestPointQuantity(
        column: Column("rest_point", .integer, summary: "its number, by rising price")
    ) { .integer($0.number) }

    /// Price and shares.
    static let state = [
        real("x", "α/c, the price in units of the seller's cost") { $0.point.price },
        real("z", "ln x") { $0.point.logPrice },
        tokens("alpha", "α, the pool price") { $0.poolPrice },
        real("share_lp", "ℓ, the share of LPs") { $0.point.shares.liquidityProviders },
        real("share_seller", "s, of sellers") { $0.point.shares.sellers },
        real("share_external", "e, of external sellers") { $0.point.shares.external },
    ]

    /// What the holders earn, and could.
    static let payoffs = [
        tokens("payoff_lp", "γ") { $0.game.blockReward },
        tokens("payoff_seller", "of selling in the pool") { $0.payoffs.seller * $0.game.market.sellerCost },
        tokens("payoff_external", "β") { $0.game.market.externalPrice },
        tokens("regret_lp", "best payoff less the LPs'") {
            $0.payoffs.regretLiquidityProvider * $0.game.market.sellerCost
        },
        tokens("regret_seller", "best payoff less the sellers'") {
            $0.payoffs.regretSeller * $0.game.market.sellerCost
        },
        tokens("regret_external", "best payoff less β") { $0.payoffs.regretExternal * $0.game.market.sellerCost },
        tokens("regret", "the holders' mean regret") { $0.regret * $0.game.market.sellerCost },
    ]

    /// What kind of point it is, and how surely.
    static let kind = [
        text("type", "by the eigenvalues") { $0.point.type?.rawValue },
        RestPointQuantity(column: Column("nash", .boolean, summary: "every role that is played is a best response")) {
            .boolean($0.point.isNash)
        },
        text("face", "the roles that are played") { $0.point.face.rawValue },
        real("residual", unit: "1/T", "largest component of the field there") { $0.point.residual },
        text("degenerate", "what is not generic about it") { row in
            row.point.degeneracies.isEmpty ? nil : row.point.degeneracies.map(\.description).joined(separator: "; ")
        },
    ]

    /// The most eigenvalues that a point has: three, or four with a lag.
    private static let mostEigenvalues = 4

    /// The eigenvalues' parts, a column each: `eigenvalue_1_re`, `eigenvalue_1_im`, …
    static let eigenvalues =
        parts("eigenvalue", "by real part, above a kink where there is one") { $0.stability.eigenvalues }
        + parts("eigenvalue_below", "on the side below a kink") { $0.stability.eigenvaluesBelow }

    private static func parts(
        _ name: String, _ summary: String, _ values: @escaping @Sendable (RestPoint) -> [Complex<Double>]?
    ) -> [RestPointQuantity] {
        (0..<mostEigenvalues).flatMap { index -> [RestPointQuantity] in
            @Sendable func value(_ row: RestPointRow) -> Complex<Double>? {
                values(row.point).flatMap { index < $0.count ? $0[index] : nil }
            }
            return [
                real("\(name)_\(index + 1)_re", unit: "1/T", summary) { value($0).map { $0.real + 0 } },
                real("\(name)_\(index + 1)_im", unit: "1/T", summary) { value($0).map { $0.imaginary + 0 } },
            ]
        }
    }

    /// What an observation lag does to it.
    static let criticalLags =
        lags("", "") { $0.above } + lags("_below", ", by the side below a kink") { $0.below }
        + [text("critical_lag_status", "ok, none, or why it is not known") { $0.criticalLag?.status }]

    private static func lags(
        _ suffix: String, _ side: String, _ lag: @escaping @Sendable (CriticalLagAnswer) -> CriticalLag?
    ) -> [RestPointQuantity] {
        [
            real("critical_lag" + suffix, unit: "T", "lag at which it loses stability" + side) {
                $0.criticalLag.flatMap(lag)?.lag
            },
            real("critical_period" + suffix, unit: "T", "period of the oscillation there" + side) {
                $0.criticalLag.flatMap(lag)?.period
            },
            real("stable_again_lag" + suffix, unit: "T", "lag beyond which it is stable again" + side) {
                $0.criticalLag.flatMap(lag)?.stableAgainLag
            },
        ]
    }
}
