import CommandRun
import DissipativeMarket
import Reporting

/// The boundaries of a phase diagram as a table.
enum BoundaryTable {
    static func table(_ boundaries: [Boundary], coordinates: PhaseCoordinates) -> Table {
        let names = coordinates == .raw ? [PhaseColumn.alpha, .gamma] : [.alphaRatio, .gammaRatio]
        let kinds = Column.Kind.label(Boundary.Kind.allCases.map(\.rawValue))
        return Table(
            columns: [Column("boundary", kinds, summary: "which boundary; points in order")] + names.map(\.definition),
            source: .indexed(chunkCount: boundaries.count) { index in
                let boundary = boundaries[index]
                let code = code(of: boundary.kind)
                return TableChunk(
                    rowCount: boundary.points.count,
                    columns: [
                        .label(boundary.points.map { _ in code }), .real(boundary.points.map(\.x)),
                        .real(boundary.points.map(\.y)),
                    ])
            })
    }

    /// A boundary's place among the kinds, which is how a table holds it.
    static func code(of kind: Boundary.Kind) -> UInt8 {
        UInt8(Boundary.Kind.allCases.firstIndex(of: kind) ?? Int(ColumnValues.missingLabel))
    }
}
