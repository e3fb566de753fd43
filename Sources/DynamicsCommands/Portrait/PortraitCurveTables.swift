import CommandRun
import Foundation
import NumericalMethods
import Reporting
import RoleDynamics

/// The curves and points of a portrait as tables, one after another, points in order.
struct PortraitCurveTables {
    let portrait: PhasePortrait
    /// T.
    let period: Double

    private var state: PortraitStateColumns { PortraitStateColumns(portrait) }

    func nullclines(_ curves: [PhasePortrait.Nullcline]) -> Table {
        let (portrait, state) = (portrait, state)
        let words = PortraitVariable.allCases.map(\.rawValue)
        return Table(
            columns: [
                Column("nullcline", .label(words), summary: "the variable whose derivative is 0"),
                Column("curve", .integer, summary: "number of the curve, from 1"),
                Column("face", .boolean, summary: "part of the face where the share is 0 and nobody takes it up"),
            ] + state.columns,
            source: .indexed(chunkCount: curves.count) { index in
                let curve = curves[index]
                let places = curve.points.map { portrait.section.state(at: $0) }
                let word = UInt8(words.firstIndex(of: curve.variable.rawValue) ?? Int(ColumnValues.missingLabel))
                return TableChunk(
                    rowCount: places.count,
                    columns: [
                        .label(places.map { _ in word }), .integer(places.map { _ in index + 1 }),
                        .boolean(places.map { _ in curve.isFace }),
                    ] + state.values(places) { $0[$1] })
            })
    }

    func separatrices(_ curves: [Separatrix]) -> Table {
        let (state, period) = (state, period)
        return Table(
            columns: [
                Column("rest_point", .integer, summary: "number of the saddle, by rising price"),
                Column("manifold", .label(["stable", "unstable"])),
                Column("side", .label(["along", "against"]), summary: "of the eigenvector"),
                Column("eigenvalue", .real, unit: "1/T"),
                Column("start_distance", .real, summary: "from the saddle, of the point from which it is followed"),
                Column("start_error", .real, summary: "how far that point is off the manifold"),
                Column("t", .real, unit: "time", summary: "since that point; negative where it is followed backwards"),
            ] + state.columns,
            source: .indexed(chunkCount: curves.count) { index in
                let curve = curves[index]
                let samples = curve.path.samples
                func same<Value>(_ value: Value) -> [Value] { samples.map { _ in value } }
                return TableChunk(
                    rowCount: samples.count,
                    columns: [
                        .integer(same(curve.restPoint)), .label(same(curve.isStable ? 0 : 1)),
                        .label(same(curve.side == .plus ? 0 : 1)), .real(same(curve.eigenvalue)),
                        .real(same(curve.startDistance)), .real(same(curve.startError)),
                        .real(samples.map { $0.time * (curve.isStable ? -period : period) + 0 }),
                    ] + state.values(samples) { $0[$1] })
            })
    }

    func trajectories(_ paths: [PortraitPath]) -> Table {
        let (state, period) = (state, period)
        return Table(
            columns: [
                Column("trajectory", .integer, summary: "its number, as given"), Column("t", .real, unit: "time"),
            ] + state.columns,
            source: .indexed(chunkCount: paths.count) { index in
                let samples = paths[index].samples
                return TableChunk(
                    rowCount: samples.count,
                    columns: [.integer(samples.map { _ in index + 1 }), .real(samples.map { $0.time * period })]
                        + state.values(samples) { $0[$1] })
            })
    }

    func restPoints() -> Table {
        let points = portrait.restPoints.points
        let state = state
        let samples = points.map(portrait.sample)
        let chunk = TableChunk(
            rowCount: points.count,
            columns: [.integer(points.indices.map { $0 + 1 })] + state.values(samples) { $0[$1] } + [
                .text(points.map { $0.type?.rawValue }), .boolean(points.map(\.stability.isStable)),
                .boolean(points.map(\.isNash)), .real(samples.map(portrait.distance(of:))),
            ])
        return Table(
            columns: [Column("rest_point", .integer, summary: "its number, by rising price")] + state.columns + [
                Column("type", .text, summary: "by the eigenvalues"),
                Column("stable", .boolean, summary: "stable to first order, at the game's lag; empty if undecided"),
                Column(
                    "nash", .boolean,
                    summary: "every role that is played is a best response; empty for logit"),
                Column("off_plane", .real, summary: "how far it is from its projection: largest component"),
            ], source: .indexed(chunkCount: 1) { _ in chunk })
    }
}
