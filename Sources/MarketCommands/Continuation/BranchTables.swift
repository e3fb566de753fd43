import CommandRun
import ComplexModule
import DissipativeMarket
import Foundation
import Reporting
import RoleDynamics

/// The tables of a continuation: branches, events, cycles and profiles.
struct BranchTables {
    let diagram: BranchDiagram

    private var parameter: ParameterName { diagram.parameter.name }
    private var parameterColumn: Column {
        Column(
            parameter.column, .real, unit: parameter.unit, summary: "the parameter: \(parameter.title)")
    }

    /// How far numbers may be from the same ones of another machine: located points and cycles come from iterations that end
    /// below 1e−10, and what is left of equations is nothing but rounding.
    private static let tolerance = Tolerance.absoluteOrRelative(absolute: 1e-8, relative: 1e-8)
    private static let remainderTolerance = Tolerance.absoluteOrRelative(absolute: 1e-6, relative: 1e-6)
    private static let remainders = ["test_value", "residual", "multiplier_error", "parameter_error"]

    /// The columns with their tolerances.
    private static func tolerant(_ columns: [Column]) -> [Column] {
        columns.map { column in
            guard column.kind == .real else { return column }
            return Column(
                column.name, .real, unit: column.unit, summary: column.summary,
                tolerance: remainders.contains(column.name) ? remainderTolerance : tolerance)
        }
    }

    private static let shareColumns = [
        Column("share_lp", .real, summary: "share of LPs"), Column("share_seller", .real, summary: "share of sellers"),
        Column("share_external", .real, summary: "share of external sellers"),
    ]

    static func complexColumns(_ name: String, count: Int, unit: String, summary: String) -> [Column] {
        (1...count).flatMap { k in
            [
                Column("\(name)_\(k)_re", .real, unit: unit, summary: "\(summary), real part"),
                Column("\(name)_\(k)_im", .real, unit: unit, summary: "\(summary), imaginary part"),
            ]
        }
    }

    static func add(_ values: [Complex<Double>], as name: String, to row: inout NamedValues) {
        for (k, value) in values.enumerated() {
            // No −0.
            row["\(name)_\(k + 1)_re"] = .real(value.real + 0)
            row["\(name)_\(k + 1)_im"] = .real(value.imaginary + 0)
        }
    }

    static func add(shares: [Double], to row: inout NamedValues) {
        for (column, share) in zip(shareColumns, shares) { row[column.name] = .real(share) }
    }

    private func alpha(_ price: Double, at value: Double) -> Double {
        var point = ParameterPoint(diagram.game)
        try? point.set(parameter, to: value)
        let cost = (try? point.makeMarket())?.sellerCost ?? diagram.game.market.sellerCost
        return price * cost
    }

    // MARK: - Branches

    /// A row a point, rest points and cycles.
    var branches: ResultTable {
        var table = ResultTable(
            columns: Self.tolerant(
                [
                    Column("branch", .integer, summary: "number of the branch; 1 is that of the rest points"),
                    Column("point", .integer, summary: "number of the point on its branch, from 1"),
                    Column("label", .text, summary: "what the point is, AUTO-07p's label; empty between"),
                    Column("kind", .text, summary: "rest or cycle"), parameterColumn,
                    Column("alpha", .real, unit: "tokens", summary: "pool price; of a cycle its mean over time"),
                    Column(
                        "x", .real, unit: "c", summary: "pool price over seller's cost; of a cycle its mean over time"),
                    Column("z", .real, summary: "ln x; of a rest point"),
                ] + Self.shareColumns + [
                    Column("face", .text, summary: "the roles that are played; of a rest point"),
                    Column("stable", .boolean, summary: "whether the point is stable; empty where that is not known"),
                    Column("unstable_count", .integer, summary: "eigenvalues on the right, or multipliers outside"),
                ] + Self.complexColumns("eigenvalue", count: 4, unit: "1/T", summary: "eigenvalue by falling real part")
                    + [
                        Column(
                            "tangent_parameter", .real, summary: "the parameter's component of the branch's direction"),
                        Column("step", .real, summary: "arclength of the step that led to the point"),
                        Column("iterations", .integer, summary: "Newton steps"),
                        Column("residual", .real, summary: "largest modulus of what is left of the equations"),
                        Column("status", .text, summary: "ok, or what is to be known"),
                    ]), keys: ["branch", "point"])
        for branch in diagram.branches {
            for point in branch.restPoints { table.rows.append(row(point, branch.number)) }
            for cycle in branch.cycles { table.rows.append(row(cycle, branch.number)) }
        }
        return table
    }

    private func row(_ point: RestBranchPoint, _ branch: Int) -> NamedValues {
        var row: NamedValues = [
            "branch": .integer(branch), "point": .integer(point.number), "kind": .text("rest"),
            parameter.column: .real(point.parameter), "alpha": .real(alpha(point.price, at: point.parameter)),
            "x": .real(point.price), "z": .real(point.logPrice), "face": .text(point.face.rawValue),
            "unstable_count": .integer(point.unstableCount), "tangent_parameter": .real(point.parameterTangent),
            "step": .real(point.step), "iterations": .integer(point.iterations), "residual": .real(point.residual),
            "status": .text(point.status),
        ]
        row["label"] = point.label.map { .text($0.rawValue) }
        row["stable"] = point.isStable.map { .boolean($0) }
        Self.add(
            shares: [point.shares.liquidityProviders, point.shares.sellers, point.shares.external], to: &row)
        Self.add(point.eigenvalues, as: "eigenvalue", to: &row)
        return row
    }

    private func row(_ cycle: CycleBranchPoint, _ branch: Int) -> NamedValues {
        var row: NamedValues = [
            "branch": .integer(branch), "point": .integer(cycle.number), "kind": .text("cycle"),
            parameter.column: .real(cycle.parameter), "alpha": .real(alpha(cycle.meanPrice, at: cycle.parameter)),
            "x": .real(cycle.meanPrice), "unstable_count": .integer(cycle.unstableCount),
            "tangent_parameter": .real(cycle.parameterTangent), "step": .real(cycle.step),
            "iterations": .integer(cycle.iterations), "residual": .real(cycle.residual), "status": .text(cycle.status),
        ]
        row["label"] = cycle.label.map { .text($0.rawValue) }
        row["stable"] = cycle.isStable.map { .boolean($0) }
        Self.add(shares: cycle.meanShares, to: &row)
        return row
    }

    // MARK: - Events

    /// A row an event.
    var events: ResultTable {
        var table = ResultTable(
            columns: Self.tolerant(
                [
                    Column("event_number", .integer, summary: "number of the event, from 1"),
                    Column("branch", .integer, summary: "the branch"),
                    Column("point", .integer, summary: "number of the point on its branch"),
                    Column("label", .text, summary: "AUTO-07p's label"),
                    Column("event", .text, summary: "what happens, in a word"),
                    Column("auto_type", .integer, summary: "AUTO-07p's number of the label"), parameterColumn,
                    Column(
                        "x", .real, unit: "c", summary: "pool price over seller's cost; of a cycle its mean over time"),
                ] + Self.shareColumns + [
                    Column("period", .real, unit: "T", summary: "period of the cycle, or of the cycles born"),
                    Column("frequency", .real, unit: "1/T", summary: "imaginary part of the critical pair"),
                    Column(
                        "first_lyapunov", .real, summary: "first Lyapunov coefficient in (z, share_lp, share_seller, q)"
                    ),
                    Column("criticality", .text, summary: "supercritical, subcritical or degenerate"),
                    Column(
                        "amplitude_slope", .real, summary: "d(x_max − x_min)²/d(parameter) of the cycles at their birth"
                    ),
                    Column("period_slope", .real, summary: "d(period)/d(parameter) of the cycles at their birth"),
                    Column("test_value", .real, summary: "what is left of the function whose zero the event is"),
                    Column("parameter_error", .real, summary: "how far the parameter may be off"),
                    Column("to_branch", .integer, summary: "the branch that was followed from here"),
                    Column("reason", .text, summary: "why, in words"),
                ]), keys: ["event_number"])
        for event in diagram.events {
            var row: NamedValues = [
                "event_number": .integer(event.number), "branch": .integer(event.branch),
                "point": .integer(event.point), "label": .text(event.label.rawValue), "event": .text(event.word),
                parameter.column: .real(event.parameter), "x": .real(event.price),
            ]
            Self.add(shares: event.shares, to: &row)
            row["auto_type"] = event.autoType.map { .integer($0) }
            row["period"] = event.period.map { .real($0) }
            row["test_value"] = event.testValue.map { .real($0 + 0) }
            row["parameter_error"] = event.parameterError.map { .real($0) }
            row["to_branch"] = event.toBranch.map { .integer($0) }
            row["reason"] = event.reason.map { .text($0) }
            if let hopf = event.hopf {
                row["frequency"] = .real(hopf.frequency)
                row["first_lyapunov"] = .real(hopf.firstLyapunov)
                row["criticality"] = .text(hopf.criticality.rawValue)
                row["amplitude_slope"] = .real(hopf.amplitudeSlope)
                row["period_slope"] = .real(hopf.periodSlope)
            }
            table.rows.append(row)
        }
        return table
    }

    // MARK: - Cycles

    /// A row a cycle.
    var cycles: ResultTable {
        let shares = ["lp", "seller", "external"]
        var table = ResultTable(
            columns: Self.tolerant(
                [
                    Column("branch", .integer, summary: "the branch"),
                    Column("point", .integer, summary: "number of the cycle on its branch"),
                    Column("label", .text, summary: "AUTO-07p's label; empty between"), parameterColumn,
                    Column("period", .real, unit: "T", summary: "period"),
                    Column("x_min", .real, unit: "c", summary: "lowest price"),
                    Column("x_max", .real, unit: "c", summary: "highest price"),
                    Column("x_mean", .real, unit: "c", summary: "mean price over time"),
                ]
                    + shares.flatMap { share in
                        ["min", "max"].map {
                            Column(
                                "share_\(share)_\($0)", .real,
                                summary: "the share's \($0 == "min" ? "least" : "largest")")
                        }
                    } + [
                        Column(
                            "stable", .boolean, summary: "whether the cycle is stable; empty where that is not known"),
                        Column("unstable_count", .integer, summary: "multipliers outside of the unit circle"),
                    ]
                    + Self.complexColumns(
                        "multiplier", count: 4, unit: "", summary: "Floquet multiplier by falling modulus")
                    + [
                        Column("multiplier_error", .real, summary: "|μ − 1| of the trivial multiplier"),
                        Column("intervals", .integer, summary: "intervals of the mesh"),
                        Column("residual", .real, summary: "largest modulus of what is left of the equations"),
                        Column("status", .text, summary: "ok, or what is to be known"),
                    ]), keys: ["branch", "point"])
        for branch in diagram.branches {
            for cycle in branch.cycles {
                var row: NamedValues = [
                    "branch": .integer(branch.number), "point": .integer(cycle.number),
                    parameter.column: .real(cycle.parameter), "period": .real(cycle.period),
                    "x_min": .real(cycle.prices.lowerBound), "x_max": .real(cycle.prices.upperBound),
                    "x_mean": .real(cycle.meanPrice), "unstable_count": .integer(cycle.unstableCount),
                    "multiplier_error": .real(cycle.multiplierError), "intervals": .integer(cycle.intervals),
                    "residual": .real(cycle.residual), "status": .text(cycle.status),
                ]
                row["label"] = cycle.label.map { .text($0.rawValue) }
                row["stable"] = cycle.isStable.map { .boolean($0) }
                for (share, range) in zip(shares, cycle.shareRanges) {
                    row["share_\(share)_min"] = .real(range.lowerBound)
                    row["share_\(share)_max"] = .real(range.upperBound)
                }
                Self.add(cycle.multipliers, as: "multiplier", to: &row)
                table.rows.append(row)
            }
        }
        return table
    }

    /// The labelled cycles over their period, a row a node of the mesh.
    var profiles: ResultTable {
        var table = ResultTable(
            columns: Self.tolerant(
                [
                    Column("branch", .integer, summary: "the branch"),
                    Column("point", .integer, summary: "number of the cycle on its branch"),
                    Column("t", .real, unit: "T", summary: "time from the start of the period"),
                    Column("z", .real, summary: "ln x"),
                    Column("x", .real, unit: "c", summary: "pool price over seller's cost"),
                ] + Self.shareColumns + [Column("q", .real, summary: "the log price that holders see")]))
        for branch in diagram.branches {
            for cycle in branch.cycles {
                for node in cycle.profile {
                    let state = node.state
                    var row: NamedValues = [
                        "branch": .integer(branch.number), "point": .integer(cycle.number),
                        "t": .real(node.time * cycle.period), "z": .real(state[0]), "x": .real(exp(state[0])),
                        "q": .real(state[3]),
                    ]
                    Self.add(shares: [state[1], state[2], max(1 - state[1] - state[2], 0)], to: &row)
                    table.rows.append(row)
                }
            }
        }
        return table
    }

    /// A row a point of a curve in two parameters.
    func curve(_ curve: BifurcationCurve) -> ResultTable {
        var table = ResultTable(
            columns: Self.tolerant(
                [
                    Column("point", .integer, summary: "number of the point, from 1"),
                    Column("label", .text, summary: "what the point is; empty between"), parameterColumn,
                    Column(
                        curve.second.name.column, .real, unit: curve.second.name.unit,
                        summary: "the second parameter: \(curve.second.name.title)"),
                    Column(
                        "x", .real, unit: "c", summary: "pool price over seller's cost; of a cycle its mean over time"),
                ] + Self.shareColumns + [
                    Column("period", .real, unit: "T", summary: "period of the cycle, or of the cycles born"),
                    Column(
                        "first_lyapunov", .real, summary: "first Lyapunov coefficient in (z, share_lp, share_seller, q)"
                    ),
                    Column("criticality", .text, summary: "supercritical, subcritical or degenerate"),
                ] + Self.complexColumns("eigenvalue", count: 4, unit: "1/T", summary: "eigenvalue by falling real part")
                    + [Column("reason", .text, summary: "why the curve ends, in words")]),
            keys: ["point"])
        for point in curve.points {
            var row: NamedValues = [
                "point": .integer(point.number), parameter.column: .real(point.first),
                curve.second.name.column: .real(point.second), "x": .real(point.price), "period": .real(point.period),
            ]
            row["label"] = point.label.map { .text($0.rawValue) }
            row["first_lyapunov"] = point.firstLyapunov.map { .real($0) }
            row["criticality"] = point.criticality.map { .text($0.rawValue) }
            row["reason"] = point.reason.map { .text($0) }
            Self.add(shares: point.shares, to: &row)
            Self.add(point.eigenvalues, as: "eigenvalue", to: &row)
            table.rows.append(row)
        }
        return table
    }
}
