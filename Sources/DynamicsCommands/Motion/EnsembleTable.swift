import CommandRun
import DissipativeMarket
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics
import Synchronization

/// A column of an ensemble, beside those of what is varied.
enum EnsembleColumn: String, CaseIterable {
    case cell, x0
    case t, x, alpha
    case shareLP = "share_lp"
    case shareSeller = "share_seller"
    case shareExternal = "share_external"
    case attractor
    case settledAt = "settled_at"
    case cyclePeriod = "cycle_period"
    case steps, status

    static let before: [EnsembleColumn] = [.cell, .x0]
    static let after: [EnsembleColumn] = allCases.filter { !before.contains($0) }

    /// Whether it tells where the trajectory goes, for which its rest points are needed.
    var needsTargets: Bool { [.attractor, .settledAt, .cyclePeriod].contains(self) }

    var definition: Column {
        switch self {
        case .cell: Column(rawValue, .integer, summary: "number of the trajectory, from 1")
        case .x0: Column(rawValue, .real, summary: "x = α/c at the start")
        case .t: Column(rawValue, .real, unit: "time", summary: "when it ended, in the unit of the staking period")
        case .x: Column(rawValue, .real, summary: "x = α/c then")
        case .alpha: Column(rawValue, .real, unit: "tokens per unit", summary: "α then")
        case .shareLP: Column(rawValue, .real, summary: "ℓ then, share of LPs")
        case .shareSeller: Column(rawValue, .real, summary: "s then, share of sellers")
        case .shareExternal: Column(rawValue, .real, summary: "e then, share of external sellers")
        case .attractor:
            Column(
                rawValue, .label(Attractor.all.map(\.name)),
                summary:
                    "where it has settled: rest point by number or a segment of them, cycle, escape-to-zero, or none: it has not settled"
            )
        case .settledAt:
            Column(
                rawValue, .real, unit: "time",
                summary: "from when on it has been there, or when the first turn began, in the unit of --period")
        case .cyclePeriod:
            Column(rawValue, .real, unit: "time", summary: "period of the cycle, in the unit of --period")
        case .steps: Column(rawValue, .integer, summary: "steps, rejected ones too")
        case .status: Column(rawValue, .text, summary: "ok, or what went wrong")
        }
    }
}

/// The table of an ensemble: blocks of cells that are solved when their rows are due, so that none has to be kept.
struct EnsembleTable: Sendable {
    private static let rowsAtOnce = 1024

    let grid: EnsembleGrid
    /// The number of cells.
    let count: Int
    let ensemble: RoleEnsemble
    /// The columns that are written, by name.
    let columns: [String]
    let tally: EnsembleTally

    /// All that there are, in order.
    static func available(_ grid: EnsembleGrid) -> [Column] {
        EnsembleColumn.before.map(\.definition)
            + grid.varied.map { Column($0.quantity.column, .real, summary: "\($0.quantity.name), as varied") }
            + EnsembleColumn.after.map(\.definition)
    }

    func table() throws -> Table {
        try Table(
            columns: Self.available(grid), keys: ["cell"], rows: count, atOnce: Self.rowsAtOnce
        ) { range in
            try self.values(range)
        }.selecting(columns)
    }

    private func values(_ range: Range<Int>) throws -> [ColumnValues] {
        let cells = grid.cells(range, findsTargets: ensemble.settling != nil)
        let outcomes = try ensemble.solve(cells.compactMap(\.trajectory))
        var next = outcomes.makeIterator()
        let rows = cells.map { EnsembleRow(cell: $0, outcome: $0.trajectory == nil ? nil : next.next()) }
        tally.add(rows, first: range.lowerBound, period: period)
        return
            EnsembleColumn.before.map { column($0, rows, range) }
            + grid.varied.indices.map { i in ColumnValues.real(rows.map { $0.cell.varied[i] }) }
            + EnsembleColumn.after.map { column($0, rows, range) }
    }

    private var period: Double { grid.point[.market(.period)] ?? 1 }

    private func column(_ column: EnsembleColumn, _ rows: [EnsembleRow], _ range: Range<Int>) -> ColumnValues {
        func real(_ value: (EnsembleRow) -> Double?) -> ColumnValues { .real(rows.map { value($0) ?? .nan }) }
        return switch column {
        case .cell: .integer(range.map { $0 + 1 })
        case .x0: real { $0.cell.startRatio }
        case .t: real { row in row.outcome.map { $0.last.time * period } }
        case .x: real(\.ratio)
        case .alpha: real { row in row.ratio.map { $0 * row.cell.sellerCost } }
        case .shareLP: real { $0.outcome?.last.shares.liquidityProviders }
        case .shareSeller: real { $0.outcome?.last.shares.sellers }
        case .shareExternal: real { $0.outcome?.last.shares.external }
        case .attractor: .label(rows.map { $0.attractor?.code ?? ColumnValues.missingLabel })
        case .settledAt: real { row in row.outcome?.settledSince.map { $0 * period } }
        case .cyclePeriod: real { row in row.outcome?.cycle.map { $0.period * period } }
        case .steps: .integer(rows.map { row in row.outcome.map { $0.acceptedSteps + $0.rejectedSteps } })
        case .status: .text(rows.map(\.status))
        }
    }
}

extension Attractor {
    /// The place among ``all``.
    var code: UInt8? { Self.all.firstIndex(of: self).map { UInt8($0) } }
}

/// A row of an ensemble.
struct EnsembleRow {
    let cell: EnsembleGrid.Cell
    let outcome: RoleEnsemble.Outcome?

    /// x at the end; as it was given where nothing has moved.
    var ratio: Double? {
        outcome.map { $0.last.time == 0 ? cell.startRatio : exp($0.last.logPrice) }
    }

    /// Where it has gone; nil where that is not known.
    var attractor: Attractor? { cell.fault == nil ? outcome?.attractor : nil }

    /// What a limit or an overflow looks like is that of the trajectory; what is wrong with the cell comes first.
    var status: String {
        if let fault = cell.fault { return fault }
        guard let outcome else { return "not computed" }
        return outcome.ending.isExpected ? PointQuantity.ok : outcome.ending.rawValue
    }

    var isFailed: Bool { status != PointQuantity.ok }
}

/// What the rows of an ensemble add up to, whichever thread has made them; and some of them for the figure.
final class EnsembleTally: Sendable {
    struct Counts: Equatable, Sendable {
        var failed = 0
        var atRest = 0
        var onCycle = 0
        var escaped = 0
        var notSettled = 0
    }

    /// A trajectory of the figure.
    struct Point: Sendable {
        let cell: Int
        let varied: [Double]
        let startRatio: Double
        let ratio: Double
        let attractor: Attractor?
    }

    private let state = Mutex((counts: Counts(), points: [Int: Point]()))
    /// Every how many-th cell is kept for the figure; nil for none.
    let points: Int?

    /// - Parameter points: every how many-th cell is kept.
    init(keepingEvery points: Int?) { self.points = points }

    var counts: Counts { state.withLock { $0.counts } }

    /// The cells that were kept, in order.
    var kept: [Point] { state.withLock { state in state.points.keys.sorted().compactMap { state.points[$0] } } }

    func add(_ rows: [EnsembleRow], first: Int, period: Double) {
        var counts = Counts()
        var found: [Point] = []
        for (offset, row) in rows.enumerated() {
            let cell = first + offset
            let attractor = row.attractor
            if row.isFailed {
                counts.failed += 1
            } else {
                switch attractor {
                case .notSettled?: counts.notSettled += 1
                case .cycle?: counts.onCycle += 1
                case .escapeToZero?: counts.escaped += 1
                case .restPoint?, .segment?: counts.atRest += 1
                case nil: break
                }
            }
            if let points, cell % points == 0, let ratio = row.ratio, !row.isFailed {
                found.append(
                    Point(
                        cell: cell, varied: row.cell.varied, startRatio: row.cell.startRatio, ratio: ratio,
                        attractor: attractor))
            }
        }
        state.withLock { state in
            state.counts.failed += counts.failed
            state.counts.atRest += counts.atRest
            state.counts.onCycle += counts.onCycle
            state.counts.escaped += counts.escaped
            state.counts.notSettled += counts.notSettled
            for point in found { state.points[point.cell] = point }
        }
    }
}
