import Reporting

/// The tables of pinfi that are known by their headers alone, where no manifest says what they are.
///
/// What has no columns of its own, a sweep for example, is known by its manifest only.
package enum KnownTables {
    /// How far the numbers of pinfi's tables may be from the same ones of another machine: some thousand times the
    /// rounding errors of a closed form, which change with the system's mathematics library, and far below what a change
    /// of the market or of the model moves.
    package static let tolerance = Tolerance.absoluteOrRelative(absolute: 1e-12, relative: 1e-12)

    /// How far numbers that were integrated may be from the same ones of another machine. A last bit of a mathematics library
    /// can decide whether a step is taken or halved, and after that two paths are as far apart as each is from the true
    /// one: some ten times what a step may err by, and near a limit cycle or a kink more.
    ///
    /// - Parameters:
    ///   - relative: the relative tolerance of a step.
    ///   - absolute: the absolute tolerance of a step.
    package static func pathTolerance(relative: Double, absolute: Double) -> Tolerance {
        .absoluteOrRelative(absolute: max(100 * absolute, 1e-12), relative: max(100 * relative, 1e-12))
    }

    /// The columns that a header begins with and that say which row is which, and others of which it has one.
    private static let tables: [(keys: [String], others: [String])] = [
        (["alpha_ratio", "gamma_ratio"], ["region", "role", "genuine_buyers", "binding", "margin"]),
        (["alpha", "gamma"], ["region", "role", "genuine_buyers", "binding", "margin"]),
        (["boundary", "vertex"], ["alpha_ratio"]),
        (["segment"], ["t_start"]),
        (["t"], ["payoff_lp", "share_lp"]),
        (["time", "quantity"], ["mean_field"]),
        (["run", "time", "quantity"], ["extinct_role"]),
        (["run"], ["share_in_band"]),
        (["metric"], ["theory"]),
        (["quantity_a", "quantity_b"], ["covariance_times_n"]),
        (["cell"], ["status"]),
        (["time", "mechanism", "pool", "quantity"], ["mean"]),
        (["mechanism", "pool", "metric"], ["mean"]),
        (["pool", "metric"], ["difference"]),
        (["run", "time", "mechanism", "pool", "quantity"], ["value"]),
        (["run", "pool"], ["share_in_band"]),
        (["rest_point"], ["regret", "type"]),
        (["branch", "point"], ["kind", "multiplier_error"]),
        (["event_number"], ["auto_type"]),
        (["point", "label"], ["criticality"]),
        (["parameter"], ["is_inside"]),
        (["halvings"], ["emitted"]),
        (["quantity", "parameter_1", "parameter_2"], ["s2"]),
        (["quantity", "outcome", "parameter"], ["s1", "indicator_s1"]),
        (["quantity", "parameter", "samples"], ["s1"]),
        (["quantity", "parameter"], ["s1", "derivative", "mu_star", "median"]),
        (["column"], ["meaning"]),
        (["panel"], ["beta_ratio"]),
    ]

    /// The tolerances of tables of paths, by their keys: those of simulate and of ensemble with their standard tolerances.
    private static let paths: [[String]: Tolerance] = [
        ["t"]: pathTolerance(relative: 1e-10, absolute: 1e-12),
        ["cell"]: pathTolerance(relative: 1e-8, absolute: 1e-10),
    ]

    /// What is known of a table with this header; nil where it is none of pinfi's that are known so.
    package static func definition(header: [String]) -> TableDefinition? {
        // The tables of a published figure's panels have the panel before all else.
        for prefix in [[], ["panel"]] {
            for (keys, others) in tables
            where header.starts(with: prefix + keys) && others.contains(where: header.contains) {
                return TableDefinition(keys: prefix + keys, tolerance: paths[keys] ?? tolerance)
            }
        }
        // Points on curves, in order, and events: rows that are known by their place.
        if header.first == "boundary", header.contains("gamma_ratio") || header.contains("gamma") {
            return TableDefinition(tolerance: tolerance)
        }
        return nil
    }
}
