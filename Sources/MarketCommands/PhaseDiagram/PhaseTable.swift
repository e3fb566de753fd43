import CommandRun
import DissipativeMarket
import Reporting
import Synchronization

/// A column of a phase diagram's table.
enum PhaseColumn: String, CaseIterable {
    case alphaRatio = "alpha_ratio"
    case gammaRatio = "gamma_ratio"
    case alpha, gamma
    case region, role
    case genuineBuyers = "genuine_buyers"
    case payoffLP = "payoff_lp"
    case payoffSeller = "payoff_seller"
    case payoffExternal = "payoff_external"
    case regretLP = "regret_lp"
    case regretSeller = "regret_seller"
    case regretExternal = "regret_external"
    case binding, margin
    // With --agreement.
    case regionByPayoff = "region_by_payoff"
    case agrees
    case nearBoundary = "near_boundary"

    /// The coordinates of a cell.
    static func axes(_ coordinates: PhaseCoordinates) -> [PhaseColumn] {
        coordinates == .raw ? [.alpha, .gamma] : [.alphaRatio, .gammaRatio]
    }

    /// The columns of a diagram, in the contract's order.
    static func standard(_ coordinates: PhaseCoordinates, agreement: Bool) -> [PhaseColumn] {
        axes(coordinates) + [
            .region, .role, .genuineBuyers, .payoffLP, .payoffSeller, .payoffExternal, .regretLP, .regretSeller,
            .regretExternal, .binding, .margin,
        ] + (agreement ? [.regionByPayoff, .agrees, .nearBoundary] : [])
    }

    /// All columns that `--columns` can ask for.
    static func available(agreement: Bool) -> [PhaseColumn] {
        allCases.filter { agreement || ![.regionByPayoff, .agrees, .nearBoundary].contains($0) }
    }

    var definition: Column {
        let tokens = "tokens per unit"
        let regions = Column.Kind.label(Region.allCases.map(\.rawValue))
        return switch self {
        case .alphaRatio: Column(rawValue, .real, summary: "x = α/c, pool price over seller's cost")
        case .gammaRatio: Column(rawValue, .real, summary: "y = γ/c, block reward over seller's cost")
        case .alpha: Column(rawValue, .real, unit: tokens, summary: "α, pool price")
        case .gamma: Column(rawValue, .real, unit: tokens, summary: "γ, block reward")
        case .region: Column(rawValue, regions, summary: "label of the published figure")
        case .role: Column(rawValue, .label(Role.allCases.map(\.rawValue)), summary: "the role that dominates")
        case .genuineBuyers: Column(rawValue, .boolean, summary: "whether genuine buyers are active")
        case .payoffLP: Column(rawValue, .real, unit: tokens, summary: "γ, of providing liquidity")
        case .payoffSeller: Column(rawValue, .real, unit: tokens, summary: "S(α), of selling in the pool")
        case .payoffExternal: Column(rawValue, .real, unit: tokens, summary: "β, of selling externally")
        case .regretLP: Column(rawValue, .real, unit: tokens, summary: "best payoff less the LPs'")
        case .regretSeller: Column(rawValue, .real, unit: tokens, summary: "best payoff less the sellers'")
        case .regretExternal: Column(rawValue, .real, unit: tokens, summary: "best payoff less β")
        case .binding:
            Column(
                rawValue, .label(Certificate.Binding.allCases.map(\.rawValue)), summary: "the inequality that decides")
        case .margin: Column(rawValue, .real, unit: tokens, summary: "γ − β for α ≤ α_s, γ − S(α) beyond")
        case .regionByPayoff: Column(rawValue, regions, summary: "region by payoffs and buyers' gains")
        case .agrees: Column(rawValue, .boolean, summary: "whether both routes give one region")
        case .nearBoundary:
            Column(rawValue, .boolean, summary: "whether a boundary passes within half a grid step")
        }
    }
}

/// A phase diagram as a table: x varies fastest, chunks are made in any order.
struct PhaseTable {
    let grid: PhaseGrid
    let columns: [PhaseColumn]
    let cells: Int
    /// The place where differences of the two routes are counted; nil where they are not compared.
    let tally: AgreementTally?

    private static let cellsAtOnce = 8192

    var table: Table {
        let (columns, grid, tally) = (columns, grid, tally)
        return Table(
            columns: columns.map(\.definition), keys: PhaseColumn.axes(grid.coordinates).map(\.rawValue), rows: cells,
            atOnce: Self.cellsAtOnce
        ) { range in
            ChunkOfCells(grid: grid, cells: range, tally: tally).values(columns)
        }
    }
}

/// A run of cells, with what all columns need of it.
private struct ChunkOfCells {
    let grid: PhaseGrid
    let first: Int
    let columns: [PhaseGrid.Column]
    let gammas: [Double]
    let regions: [Region]
    let byPayoff: [Region]

    init(grid: PhaseGrid, cells: Range<Int>, tally: AgreementTally?) {
        let width = grid.x.count
        self.grid = grid
        first = cells.lowerBound
        columns = cells.map { grid.column($0 % width) }
        gammas = cells.map { grid.blockReward($0 / width) }
        regions = zip(columns, gammas).map { grid.region(column: $0, blockReward: $1) }
        guard let tally else {
            byPayoff = []
            return
        }
        let market = grid.market
        byPayoff = zip(columns, gammas).map {
            Region(byPayoffsAt: $0.poolPrice, blockReward: $1, market: market)
        }
        for (offset, (one, other)) in zip(regions, byPayoff).enumerated() where one != other {
            let cell = first + offset
            tally.add(
                AgreementTally.Difference(
                    cell: cell, poolPrice: columns[offset].poolPrice, blockReward: gammas[offset], byPosition: one,
                    byPayoff: other, nearBoundary: grid.boundaryPasses(near: cell % width, cell / width)))
        }
    }

    func values(_ wanted: [PhaseColumn]) -> [ColumnValues] { wanted.map(values) }

    private func values(_ column: PhaseColumn) -> ColumnValues {
        let width = grid.x.count
        let cells = first..<first + columns.count
        let market = grid.market
        func payoffs(_ column: PhaseGrid.Column, _ gamma: Double) -> Payoffs {
            Payoffs(market: market, blockReward: gamma, sellerPayoff: column.sellerPayoff)
        }
        func payoff(_ value: (Payoffs) -> Double) -> ColumnValues {
            .real(zip(columns, gammas).map { value(payoffs($0, $1)) })
        }
        func binding(_ column: PhaseGrid.Column, _ gamma: Double) -> (binding: Certificate.Binding, margin: Double) {
            Certificate.bindingInequality(
                market: market, poolPrice: column.poolPrice, payoffs: payoffs(column, gamma))
        }
        let isRaw = grid.coordinates == .raw
        switch column {
        case .alphaRatio:
            return .real(cells.map { isRaw ? grid.x[$0 % width] / market.sellerCost : grid.x[$0 % width] })
        case .gammaRatio:
            return .real(cells.map { isRaw ? grid.y[$0 / width] / market.sellerCost : grid.y[$0 / width] })
        case .alpha: return .real(columns.map(\.poolPrice))
        case .gamma, .payoffLP: return .real(gammas)
        case .region: return .label(regions.map(\.code))
        case .role: return .label(regions.map(\.role.code))
        case .genuineBuyers: return .boolean(regions.map(\.hasGenuineBuyers))
        case .payoffSeller: return payoff(\.seller)
        case .payoffExternal: return payoff(\.external)
        case .regretLP: return payoff(\.regretLiquidityProvider)
        case .regretSeller: return payoff(\.regretSeller)
        case .regretExternal: return payoff(\.regretExternal)
        case .binding: return .label(zip(columns, gammas).map { binding($0, $1).binding.code })
        case .margin: return .real(zip(columns, gammas).map { binding($0, $1).margin })
        case .regionByPayoff: return .label(byPayoff.map(\.code))
        case .agrees: return .boolean(zip(regions, byPayoff).map { $0 == $1 })
        case .nearBoundary: return .boolean(cells.map { grid.boundaryPasses(near: $0 % width, $0 / width) })
        }
    }
}

/// The cells in which the two routes to the regions differ: counts, and the first of the cells.
final class AgreementTally: Sendable {
    struct Difference {
        let cell: Int
        let poolPrice: Double
        let blockReward: Double
        let byPosition: Region
        let byPayoff: Region
        let nearBoundary: Bool
    }

    struct Counts {
        var near = 0
        var away = 0
        /// The first ten cells, those away from boundaries before the others, each kind in order.
        var first: [Difference] = []
    }

    private let state = Mutex(Counts())

    func add(_ difference: Difference) {
        state.withLock { counts in
            if difference.nearBoundary { counts.near += 1 } else { counts.away += 1 }
            let place = counts.first.firstIndex {
                ($0.nearBoundary ? 1 : 0, $0.cell) > (difference.nearBoundary ? 1 : 0, difference.cell)
            }
            counts.first.insert(difference, at: place ?? counts.first.count)
            if counts.first.count > 10 { counts.first.removeLast() }
        }
    }

    var counts: Counts { state.withLock { $0 } }
}
