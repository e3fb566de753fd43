import CommandRun
import Reporting
import RewardStudies

/// The tables of a Sobol study beside that of the indices.
enum SobolTables {
    private static let samples = Column("samples", .integer, summary: "base samples")
    private static let failed = Column(
        "failed", .integer, summary: "evaluations without a value, of all those of these samples")

    /// Why a pair has no index.
    static let noSecondOrder = "no second-order index given a value"
    /// Why a parameter has no total index given an outcome.
    static let noTotal = "no total index, since the parameter decides the outcome or whether there is a value"

    /// One row for each quantity and pair of parameters.
    static let secondOrder = ResultTable(
        columns: [
            SensitivityMethod.quantityColumn, Column("parameter_1", .text, summary: "the first of the pair"),
            Column("parameter_2", .text, summary: "the second of the pair"),
        ] + SensitivityMethod.columns("s2", "second-order index") + [samples, failed, SensitivityMethod.statusColumn],
        keys: ["quantity", "parameter_1", "parameter_2"])

    /// One row for each quantity, parameter and number of samples.
    static let convergence = ResultTable(
        columns: [SensitivityMethod.quantityColumn, SensitivityMethod.parameterColumn, samples]
            + SensitivityMethod.sobol.measures.flatMap { SensitivityMethod.columns($0.name, $0.summary) }
            + [failed, SensitivityMethod.statusColumn],
        keys: ["quantity", "parameter", "samples"])

    /// One row for each quantity, outcome and parameter.
    static let byOutcome = ResultTable(
        columns: [
            SensitivityMethod.quantityColumn, Column("outcome", .text, summary: "how the market ends"),
            SensitivityMethod.parameterColumn,
        ]
            + SensitivityMethod.columns("probability", "share of the points of the two base samples with the outcome")
            + SensitivityMethod.columns("indicator_s1", "first-order index of the outcome's indicator")
            + SensitivityMethod.columns("indicator_st", "total index of the outcome's indicator")
            + SensitivityMethod.columns(
                "s1",
                "first-order index of the quantity given the outcome; parameters are dependent then, so one that does not "
                    + "enter the quantity may have an index")
            + SensitivityMethod.columns(
                "st", "total index of the quantity given the outcome; empty for a parameter that decides the outcome")
            + [
                Column("mean", .real, summary: "of the quantity given the outcome"),
                Column("variance", .real, summary: "of the quantity given the outcome"),
                Column("points", .integer, summary: "points of the base samples with the outcome and a value"),
                Column("failed", .integer, summary: "points with the outcome and no value of the quantity"),
                SensitivityMethod.statusColumn,
            ], keys: ["quantity", "outcome", "parameter"])
}
