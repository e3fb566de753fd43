import CommandRun
import DissipativeMarket
import Reporting
import RoleDynamics
import Synchronization

/// A surface of role dynamics as a table: a row a cell, x fastest, in blocks that are computed when their rows are due.
struct SurfaceTable: Sendable {
    let solution: SurfaceSolution
    let tally: SurfaceTally

    static let status = "status"
    static let sharpOutcome = "sharp_outcome"

    /// The columns, in order.
    static func columns(_ surface: RoleSurface) -> [Column] {
        [surface.x, surface.y].map { axis in
            Column(axis.parameter)
        } + surface.quantities.map(definition)
            + (surface.quantities.contains(.regime)
                ? [
                    Column(
                        sharpOutcome, .label(Outcome.allCases.map(\.rawValue)),
                        summary: "of the sharp model, at the same parameters")
                ] : []) + [Column(status, .text, summary: "ok, or what is the matter")]
    }

    private static func definition(_ quantity: SurfaceQuantity) -> Column {
        let name = quantity.rawValue
        return switch quantity {
        case .restPrice: Column(name, .real, unit: "tokens per unit", summary: "α at rest")
        case .x: Column(name, .real, summary: "x = α/c at rest")
        case .shareLP: Column(name, .real, summary: "ℓ, the share of LPs")
        case .shareSeller: Column(name, .real, summary: "s, of sellers")
        case .shareExternal: Column(name, .real, summary: "e, of external sellers")
        case .slowestEigenvalue:
            Column(
                name, .real, unit: "1/T",
                summary:
                    "rate of the slowest disturbance: largest real part of an eigenvalue, or growth over a turn at a kink"
            )
        case .criticalLag:
            Column(
                name, .real, unit: "T",
                summary: "smallest observation lag that takes the rest point's stability, in T as --lag is")
        case .regime:
            Column(name, .label(RestRegime.allCases.map(\.rawValue)), summary: "by shares and price (an extension)")
        case .stable: Column(name, .boolean, summary: "whether the rest point is stable, at the lag of the cell")
        }
    }

    var table: Table {
        let columns = Self.columns(solution.surface)
        return Table(
            columns: columns, keys: columns.prefix(2).map(\.name),
            source: .indexed(chunkCount: solution.blockCount) { block in chunk(solution.cells(block: block)) })
    }

    private func chunk(_ cells: SurfaceCells) -> TableChunk {
        let surface = solution.surface
        let width = surface.x.values.count
        var columns: [ColumnValues] = [
            .real(cells.range.map { surface.x.values[$0 % width] }),
            .real(cells.range.map { surface.y.values[$0 / width] }),
        ]
        var number = 0
        for quantity in surface.quantities {
            switch quantity {
            case .regime: columns.append(.label(cells.regimes.map(Self.code)))
            case .stable: columns.append(.boolean(cells.stabilities))
            default:
                columns.append(.real(cells.values[number]))
                number += 1
            }
        }
        if surface.quantities.contains(.regime) { columns.append(.label(cells.outcomes.map(Self.code))) }
        columns.append(
            .text(
                cells.statuses.isEmpty
                    ? [String?](repeating: PointQuantity.ok, count: cells.range.count)
                    : cells.statuses.map(\.description)))
        tally.add(cells, width: width)
        return TableChunk(rowCount: cells.range.count, columns: columns)
    }

    /// A word's place among all of its kind.
    static func code<Word: CaseIterable & Equatable>(_ word: Word?) -> UInt8 where Word.AllCases: Collection {
        guard let word, let place = Array(Word.allCases).firstIndex(of: word) else { return ColumnValues.missingLabel }
        return UInt8(place)
    }
}

/// The counts of a surface's cells, and some of them for the figure.
final class SurfaceTally: Sendable {
    struct Counts: Equatable, Sendable {
        var failed = 0
        var withoutCriticalLag = 0
    }

    /// The cells of a figure: every so-manyth column and row.
    struct Kept: Sendable {
        let columns: [Int]
        let rows: [Int]
        /// The values of the first quantity that is a number, a row for each of ``rows``; NaN for a missing one.
        var values: [Double]
        /// Places among the regimes, the words of stability, and the outcomes.
        var regimes: [UInt8]
        var stabilities: [UInt8]
        var outcomes: [UInt8]
    }

    /// The most columns, and rows, of a figure.
    static let most = 400

    private let state: Mutex<(counts: Counts, kept: Kept?)>

    /// - Parameter keeping: the surface whose cells are kept; nil for none.
    init(keeping surface: RoleSurface?) {
        // Evenly spaced, so that the cells of the figure are all of one size.
        func places(_ count: Int) -> [Int] {
            Array(stride(from: 0, to: count, by: (count + Self.most - 1) / Self.most))
        }
        state = Mutex(
            (
                Counts(),
                surface.map { surface in
                    let (columns, rows) = (places(surface.x.values.count), places(surface.y.values.count))
                    let count = columns.count * rows.count
                    return Kept(
                        columns: columns, rows: rows, values: [Double](repeating: .nan, count: count),
                        regimes: [UInt8](repeating: ColumnValues.missingLabel, count: count),
                        stabilities: [UInt8](repeating: ColumnValues.missingLabel, count: count),
                        outcomes: [UInt8](repeating: ColumnValues.missingLabel, count: count))
                }
            ))
    }

    var counts: Counts { state.withLock { $0.counts } }
    var kept: Kept? { state.withLock { $0.kept } }

    func add(_ cells: SurfaceCells, width: Int) {
        var counts = Counts()
        for status in cells.statuses {
            if status.isFailure { counts.failed += 1 }
            if status == .stableAtEveryLag || status == .unstableWithoutLag { counts.withoutCriticalLag += 1 }
        }
        state.withLock { state in
            state.counts.failed += counts.failed
            state.counts.withoutCriticalLag += counts.withoutCriticalLag
            guard var kept = state.kept else { return }
            state.kept = nil  // so that the arrays are not copied
            for (place, row) in kept.rows.enumerated() {
                // The part of the row that this block has.
                guard cells.range.overlaps(row * width..<(row + 1) * width) else { continue }
                for (offset, column) in kept.columns.enumerated() where cells.range.contains(row * width + column) {
                    let cell = row * width + column - cells.range.lowerBound
                    let target = place * kept.columns.count + offset
                    if let values = cells.values.first { kept.values[target] = values[cell] }
                    if !cells.regimes.isEmpty {
                        kept.regimes[target] = SurfaceTable.code(cells.regimes[cell])
                        kept.outcomes[target] = SurfaceTable.code(cells.outcomes[cell])
                    }
                    if !cells.stabilities.isEmpty {
                        kept.stabilities[target] =
                            cells.stabilities[cell].map { $0 ? 0 : 1 } ?? ColumnValues.missingLabel
                    }
                }
            }
            state.kept = kept
        }
    }
}
