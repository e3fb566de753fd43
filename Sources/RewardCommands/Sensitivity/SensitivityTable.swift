import CommandRun
import Reporting
import RewardStudies
import RoleDynamics

extension SensitivityMethod {
    private static func real(_ name: String, _ summary: String) -> Column { Column(name, .real, summary: summary) }
    private static func integer(_ name: String, _ summary: String) -> Column {
        Column(name, .integer, summary: summary)
    }

    /// What the method tells of an output as a whole.
    private var facts: [Column] {
        switch self {
        case .sobol:
            [
                Self.real("mean", "of the output; of the base sample's points with a value"),
                Self.real("variance", "of the output; of the base sample's points with a value"),
            ]
        case .chaos:
            [
                Self.real(
                    "loo_error", "leave-one-out error, a share of the variance: near 0 the indices can be trusted"),
                Self.integer("degree", "degree of the sum"), Self.integer("terms", "terms of the sum"),
                Self.real("mean", "of the sum"), Self.real("variance", "of the sum"),
            ]
        case .pawn:
            [
                Self.real("median_dummy", "median of a parameter that does nothing"),
                Self.real("maximum_dummy", "largest distance of a parameter that does nothing"),
            ]
        case .morris: []
        }
    }

    /// What of an output was used, and what was not.
    private var counts: [Column] {
        switch self {
        case .sobol:
            [
                Self.integer("samples", "base samples"),
                Self.integer("failed", "evaluations without a value, of all those of these samples"),
            ]
        case .chaos, .pawn:
            [
                Self.integer("samples", "evaluations with a value"),
                Self.integer("failed", "evaluations without a value"),
            ]
        case .morris:
            [
                Self.integer("effects", "effects that were used"),
                Self.integer("failed", "effects left out, since an evaluation has no value"),
            ]
        }
    }

    /// The name of the column of what was used.
    private var usedName: String { counts[0].name }

    /// The columns that are shown only where they are asked for.
    private var hidden: Set<String> {
        self == .pawn ? ["mean", "minimum", "variation", "maximum_dummy"] : ["mean", "variance"]
    }

    /// The columns of a measure: its value and, where it has an interval, the half-width.
    static func columns(_ name: String, _ summary: String, hasInterval: Bool = true) -> [Column] {
        let width = Column("\(name)_conf", .real, summary: "half-width of the bootstrap interval of \(name)")
        return [Column(name, .real, summary: summary)] + (hasInterval ? [width] : [])
    }

    static let quantityColumn = Column("quantity", .text, summary: "the output; a word's indicator as quantity=word")
    static let parameterColumn = Column("parameter", .text, summary: "the varied parameter")
    static let statusColumn = Column(
        "status", .text,
        summary: "ok; given a value, where indices are those given that there is one; or why they are missing")

    /// The table of the method, a row for each output and parameter; without rows.
    var table: ResultTable {
        let columns =
            [Self.quantityColumn, Self.parameterColumn]
            + measures.flatMap { Self.columns($0.name, $0.summary, hasInterval: $0.hasInterval) } + facts + counts
            + [Self.statusColumn]
        return ResultTable(
            columns: columns, keys: ["quantity", "parameter"],
            standard: columns.map(\.name).filter { !hidden.contains($0) })
    }

    /// The table with the rows of results.
    func table(_ results: [StudiedResult], of parameters: [ParameterName]) -> ResultTable {
        var table = table
        for studied in results {
            for (name, row) in zip(parameters, studied.result.rows) {
                var cells: NamedValues = [
                    "quantity": .text(studied.result.output.name), "parameter": .text(name.column),
                    usedName: .integer(row.used), "failed": .integer(row.failed), "status": .text(row.status),
                ]
                for (measure, estimate) in zip(measures, row.measures) { cells.add(measure.name, estimate) }
                table.rows.append(cells.merging(studied.facts) { own, _ in own })
            }
        }
        return table
    }
}

/// The result of an output, with what the method tells of it as a whole, by the names of columns.
struct StudiedResult {
    let result: SensitivityResult
    var facts: NamedValues = [:]
}

extension NamedValues {
    /// Adds an estimate and the half-width of its interval; what there is none of is empty.
    mutating func add(_ name: String, _ estimate: Estimate?) {
        self[name] = .real(estimate?.value)
        self["\(name)_conf"] = .real(estimate?.halfWidth)
    }
}
