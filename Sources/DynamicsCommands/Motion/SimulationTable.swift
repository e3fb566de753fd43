import CommandRun
import DissipativeMarket
import Foundation
import Reporting
import RoleDynamics

/// A column of a simulated path.
enum SimulationColumn: String, CaseIterable {
    case t, x, alpha
    case shareLP = "share_lp"
    case shareSeller = "share_seller"
    case shareExternal = "share_external"
    case payoffLP = "payoff_lp"
    case payoffSeller = "payoff_seller"
    case payoffExternal = "payoff_external"
    case assetReserve = "asset_reserve"
    case tokenReserve = "token_reserve"
    case logPrice = "log_x"
    case observedRatio = "observed_x"
    case observedPayoffSeller = "observed_payoff_seller"
    case regretLP = "regret_lp"
    case regretSeller = "regret_seller"
    case regretExternal = "regret_external"

    /// What there is without `--columns`.
    ///
    /// - Parameter hasLag: whether holders see another price than that of the moment, and act on that one's payoffs.
    static func standard(_ model: SimulationModel, hasLag: Bool) -> [SimulationColumn] {
        if model == .transient { return [.t, .x, .alpha, .assetReserve, .tokenReserve] }
        let isObserved = model == .role && hasLag
        return [.t, .x, .alpha] + (isObserved ? [.observedRatio] : [])
            + [.shareLP, .shareSeller, .shareExternal, .payoffLP, .payoffSeller, .payoffExternal]
            + (isObserved ? [.observedPayoffSeller] : [])
    }

    /// What `--columns` can ask for.
    static func available(_ model: SimulationModel) -> [SimulationColumn] {
        allCases.filter { column in
            switch column {
            case .assetReserve, .tokenReserve: model == .transient
            case .observedRatio, .observedPayoffSeller: model == .role
            default: true
            }
        }
    }

    /// What an event's row has beside its name.
    static func ofEvents(_ model: SimulationModel) -> [SimulationColumn] {
        model == .transient
            ? [.x, .alpha, .assetReserve, .tokenReserve] : [.x, .alpha, .shareLP, .shareSeller, .shareExternal]
    }

    var definition: Column {
        let tokens = "tokens per unit"
        func share(_ words: String) -> Column { Column(rawValue, .real, summary: words) }
        func payoff(_ words: String) -> Column { Column(rawValue, .real, unit: tokens, summary: words) }
        return switch self {
        case .t: Column(rawValue, .real, unit: "time", summary: "time, in the unit of the staking period")
        case .x: Column(rawValue, .real, summary: "x = α/c, pool price over seller's cost")
        case .alpha: Column(rawValue, .real, unit: tokens, summary: "α, pool price")
        case .shareLP: share("ℓ, share of LPs; in the sharp models whether they dominate")
        case .shareSeller: share("s, share of sellers; in the sharp models whether, or how much of the time, they sell")
        case .shareExternal: share("e, share of external sellers; in the sharp models speculating buyers")
        case .payoffLP: payoff("γ, of providing liquidity")
        case .payoffSeller: payoff("S(α), of selling in the pool at the price of the moment")
        case .payoffExternal: payoff("β, of selling externally")
        case .assetReserve: Column(rawValue, .real, summary: "X, asset reserve, in units of X̄")
        case .tokenReserve: Column(rawValue, .real, unit: "tokens", summary: "Y = αX, token reserve, per X̄")
        case .logPrice: Column(rawValue, .real, summary: "z = ln x, also where x underflows")
        case .observedRatio: Column(rawValue, .real, summary: "the price that holders see, over seller's cost")
        case .observedPayoffSeller: payoff("S of the price that holders see: the seller's payoff that they act on")
        case .regretLP: payoff("best payoff less the LPs'")
        case .regretSeller: payoff("best payoff less the sellers'")
        case .regretExternal: payoff("best payoff less β")
        }
    }

    func value(_ row: SimulationRow, _ simulation: Simulation) -> Double {
        var payoffs: Payoffs {
            Payoffs(market: simulation.market, poolPrice: row.poolPrice, blockReward: simulation.game.blockReward)
        }
        let sample = row.sample
        return switch self {
        case .t: row.time
        case .x: row.ratio
        case .alpha: row.poolPrice
        case .shareLP: sample.shares.liquidityProviders
        case .shareSeller: sample.shares.sellers
        case .shareExternal: sample.shares.external
        case .payoffLP: simulation.game.blockReward
        case .payoffSeller: payoffs.seller
        case .payoffExternal: simulation.market.externalPrice
        case .assetReserve: sample.reserves?.asset ?? .nan
        case .tokenReserve: sample.reserves?.token ?? .nan
        case .logPrice: sample.logPrice
        case .observedRatio: row.observedRatio
        case .observedPayoffSeller:
            simulation.market.sellerPayoff(
                at: row.time == 0 ? row.poolPrice : row.observedRatio * simulation.market.sellerCost)
        case .regretLP: payoffs.regretLiquidityProvider
        case .regretSeller: payoffs.regretSeller
        case .regretExternal: payoffs.regretExternal
        }
    }
}

/// Tables of a simulation.
enum SimulationTable {
    private static let rowsAtOnce = 1024

    /// A row for each time, made while it is integrated.
    ///
    /// - Parameter ended: called where the integration ends before a time, after the rows up to there; it throws.
    static func path(
        _ simulation: Simulation, _ trajectory: any MarketTrajectory, times: OutputTimes, columns: [SimulationColumn],
        ended: @escaping (_ rows: Int) throws -> Void
    ) -> Table {
        var next = 0
        var stopped = false
        return Table(
            columns: columns.map(\.definition), keys: [SimulationColumn.t.rawValue],
            source: .sequential {
                if stopped { try ended(next) }
                guard next < times.count, !stopped else { return nil }
                var rows: [SimulationRow] = []
                while next < times.count, rows.count < rowsAtOnce {
                    guard let row = try simulation.row(at: times[next], of: trajectory) else {
                        stopped = true
                        break
                    }
                    rows.append(row)
                    next += 1
                }
                return TableChunk(
                    rowCount: rows.count,
                    columns: columns.map { column in .real(rows.map { column.value($0, simulation) }) })
            })
    }

    /// A row an event.
    static func events(_ simulation: Simulation, _ events: [TrajectoryEvent]) -> Table {
        let values = SimulationColumn.ofEvents(simulation.model)
        let directions = ["rising", "falling"]
        return Table(
            columns: [
                SimulationColumn.t.definition, Column("event", .text, summary: "what happens"),
                Column("direction", .label(directions), summary: "of a quantity that crosses a level"),
            ] + values.map(\.definition),
            rows: events.count, atOnce: rowsAtOnce
        ) { range in
            let rows = events[range].map { simulation.row($0) }
            return [
                .real(rows.map(\.time)), .text(events[range].map(\.name)),
                .label(events[range].map { $0.isRising.map { $0 ? 0 : 1 } ?? ColumnValues.missingLabel }),
            ] + values.map { column in .real(rows.map { column.value($0, simulation) }) }
        }
    }
}
