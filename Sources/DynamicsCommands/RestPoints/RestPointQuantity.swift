import CommandRun
import ComplexModule
import Reporting
import RoleDynamics

/// A rest point with what a row of results tells of it.
struct RestPointRow: Sendable {
    /// The number of the rest point, from 1 by rising price.
    let number: Int
    let point: RestPoint
    /// The critical lag, where it was asked for.
    let criticalLag: CriticalLagAnswer?
    /// The linear noise, or why there is none; nil where it was not asked for.
    let noise: Result<LinearNoise, LinearNoiseError>?
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

    /// The number of the rest point.
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
        RestPointQuantity(
            column: Column("stable", .boolean, summary: "stable to first order, at the game's lag; empty if undecided")
        ) {
            $0.point.stability.isStable.map { .boolean($0) } ?? .missing
        },
        text("regime", "exodus, balanced or scarcity, by shares and price") { $0.point.regime.rawValue },
        // The noise of logit keeps all roles alive, so that the question has one answer whatever the point is.
        RestPointQuantity(
            column: Column(
                "nash", .boolean,
                summary: "every role that is played is a best response; empty for logit, whose noise"
                    + " keeps all roles alive")
        ) {
            $0.point.isNash.map { .boolean($0) } ?? .missing
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
        [
            real("critical_lag", unit: "T", "observation lag at which it loses stability, in T as --lag is") {
                $0.criticalLag?.found?.lag
            },
            real("critical_period", unit: "T", "period of the oscillation there, in T") {
                $0.criticalLag?.found?.period
            },
            real("stable_again_lag", unit: "T", "lag beyond which it is stable again, in T") {
                $0.criticalLag?.found?.stableAgainLag
            },
        ] + [text("critical_lag_status", "ok, or why there is none") { $0.criticalLag?.status }]

    /// The fluctuations of finitely many holders about it.
    static let noise: [RestPointQuantity] = {
        let variables: [NoiseVariable] = [.liquidityProviders, .sellers, .logPrice]
        var quantities: [RestPointQuantity] = []
        for (i, a) in variables.enumerated() {
            for b in variables[i...] {
                quantities.append(
                    real(
                        "noise_\(a.rawValue)_\(b.rawValue)", "N times the covariance of \(a.rawValue) and \(b.rawValue)"
                    ) {
                        row in row.linearNoise?.covariance(a, b)
                    })
            }
        }
        for variable in variables {
            quantities.append(
                real("noise_shift_\(variable.rawValue)", "N times what its mean is off the rest point; logit only") {
                    row in row.linearNoise?.shift(variable)
                })
        }
        return quantities
    }()

    /// Why there is no linear noise.
    static let noiseStatus = text("noise_status", "ok, or why there is no linear noise") { row in
        switch row.noise {
        case .success?: "ok"
        case .failure(let error)?: error.description
        case nil: nil
        }
    }

    /// The standard deviations with so many holders.
    static func deviations(holders: Double) -> [RestPointQuantity] {
        [
            real("sd_price", unit: "tokens per unit", "standard deviation of α with N holders, by the linear noise") {
                row in
                row.linearNoise.map { $0.priceDeviation(holders: holders) * row.point.game.market.sellerCost }
            }
        ]
            + [NoiseVariable.liquidityProviders, .sellers, .external].map { variable in
                real("sd_\(variable.rawValue)", "standard deviation of this share with N holders, by the linear noise")
                {
                    row in row.linearNoise?.standardDeviation(variable, holders: holders)
                }
            }
    }
}

extension RestPointRow {
    /// The linear noise; nil where there is none.
    fileprivate var linearNoise: LinearNoise? { noise.flatMap { try? $0.get() } }
}
