import CommandRun
import DissipativeMarket
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics
import Synchronization

/// A row of a portrait.
struct PortraitRow: Sendable {
    let point: PlanePoint
    let state: PortraitState
    let velocity: PhasePortrait.Velocity?
    let basin: RoleEnsemble.Outcome?
    /// Why there are no values; nil where there are.
    let fault: String?

    /// What is wrong with the cell, or with its trajectory.
    var status: String {
        if let fault { return fault }
        guard let ending = basin?.ending, !ending.isExpected else { return PointQuantity.ok }
        return ending.rawValue
    }

    /// The attractor's place among all.
    var attractor: UInt8 { (fault == nil ? basin?.attractor.code : nil) ?? ColumnValues.missingLabel }
}

/// The field on the cells of a portrait, and where the trajectories from them go: blocks of cells that are solved when their
/// rows are due.
struct PortraitTable: Sendable {
    private static let rowsAtOnce = 1024

    let portrait: PhasePortrait
    let grid: PortraitGrid
    let count: Int
    /// nil where the basins are not asked for.
    let ensemble: RoleEnsemble?
    /// T.
    let period: Double
    let tally: PortraitTally

    private static let basinColumns = [
        Column(
            "attractor", .label(Attractor.all.map(\.name)),
            summary:
                "where the trajectory settles: rest point by number or a segment of them, cycle, escape-to-zero, or none: it has not settled"
        ),
        Column(
            "settled_at", .real, unit: "time",
            summary: "from when on it has been there, or when the first turn began, in the unit of --period"),
    ]

    static func columns(_ portrait: PhasePortrait, basins: Bool) -> [Column] {
        let state = PortraitStateColumns(portrait)
        return [Column("cell", .integer, summary: "number of the cell, from 1")] + state.columns
            + state.variables.map {
                Column("d_" + PortraitStateColumns.name($0), .real, unit: "1/time", summary: "its derivative by time")
            }
            + [
                Column(
                    "speed", .real, unit: "1/time",
                    summary: "length of the field's components in the plotted coordinates")
            ]
            + (basins ? basinColumns : []) + [Column("status", .text, summary: "ok, or what went wrong")]
    }

    func table(_ names: [String]) throws -> Table {
        let columns = Self.columns(portrait, basins: ensemble != nil)
        return try Table(columns: columns, keys: ["cell"], rows: count, atOnce: Self.rowsAtOnce) {
            try self.values($0)
        }.selecting(names)
    }

    private func values(_ range: Range<Int>) throws -> [ColumnValues] {
        let points = range.map { grid[$0] }
        let basins: [RoleEnsemble.Outcome?] =
            try ensemble.map { try portrait.basins(of: points, by: $0) } ?? points.map { _ in nil }
        let rows = zip(points, basins).map { point, basin -> PortraitRow in
            let state = portrait.section.state(at: point)
            do throws(PhasePortrait.Absence) {
                return PortraitRow(
                    point: point, state: state, velocity: try portrait.velocity(at: point), basin: basin, fault: nil)
            } catch {
                return PortraitRow(
                    point: point, state: state, velocity: nil, basin: nil, fault: sentence(error, state))
            }
        }
        tally.add(rows, first: range.lowerBound)
        let columns = PortraitStateColumns(portrait)
        let section = portrait.section
        // Of a cell outside of the domain its coordinates alone.
        let state = columns.values(rows) { row, variable in
            row.fault == nil || variable == section.x || variable == section.y ? row.state[variable] : nil
        }
        let field = columns.values(rows) { row, variable in row.velocity.map { $0[variable] / period + 0 } }
        var values = [ColumnValues.integer(range.map { $0 + 1 })] + state + field
        values.append(.real(rows.map { row in row.velocity.map { speed($0) / period } ?? .nan }))
        if ensemble != nil {
            values.append(.label(rows.map(\.attractor)))
            values.append(.real(rows.map { row in row.basin?.settledSince.map { $0 * period } ?? .nan }))
        }
        values.append(.text(rows.map(\.status)))
        return values
    }

    /// The length of the field in the plotted coordinates: all three shares in the simplex.
    private func speed(_ velocity: PhasePortrait.Velocity) -> Double {
        let parts: [Double] =
            if case .simplex = grid { velocity.shares } else {
                [velocity[portrait.section.x], velocity[portrait.section.y]]
            }
        return parts.reduce(0) { ($0 * $0 + $1 * $1).squareRoot() }
    }

    private func sentence(_ absence: PhasePortrait.Absence, _ state: PortraitState) -> String {
        switch absence {
        case .offSimplex(let variable, let value):
            "outside of the simplex: \(variable.rawValue) is \(formatRounded(value, digits: 6))"
        case .price(let price):
            price > 0
                ? "the price is beyond the doubles" : "x is \(formatShortest(price)); allowed: a number greater than 0"
        case .emptyPool: "lp is 0; allowed: a number greater than 0 with a depth exponent greater than 0"
        case .notFinite: "the field exceeds the largest double"
        }
    }
}

/// What the rows of a portrait add up to, whichever thread has made them; and for the figure what attracts them.
final class PortraitTally: Sendable {
    struct Counts: Sendable {
        /// Cells outside of a domain, or whose trajectory failed.
        var failed = 0
        /// The others, by attractor.
        var attractors: [Attractor: Int] = [:]
    }

    private let state: Mutex<(counts: Counts, attractors: [UInt8]?)>

    /// The most cells whose attractors are kept.
    static let most = 10_000_000

    /// - Parameter cells: of how many cells the figure needs the attractors; nil for none.
    init(keeping cells: Int?) {
        state = Mutex((Counts(), cells.map { [UInt8](repeating: ColumnValues.missingLabel, count: $0) }))
    }

    var counts: Counts { state.withLock { $0.counts } }

    /// The place of each cell's attractor among all attractors; nil where these were not kept.
    var attractors: [UInt8]? { state.withLock { $0.attractors } }

    func add(_ rows: [PortraitRow], first: Int) {
        state.withLock { state in
            for (offset, row) in rows.enumerated() {
                if row.status != PointQuantity.ok {
                    state.counts.failed += 1
                } else if let attractor = row.basin?.attractor {
                    state.counts.attractors[attractor, default: 0] += 1
                }
                state.attractors?[first + offset] = row.attractor
            }
        }
    }
}
