import Reporting
import RewardStudies

extension Estimate {
    var valueCell: Value { .real(value) }
    /// Empty without an interval.
    var widthCell: Value { halfWidth.map { .real($0) } ?? .missing }
}

/// What a Sobol study is about: a quantity, or one word of a quantity that is none.
struct StudiedOutput {
    /// "alpha_star", "outcome=balanced".
    let name: String
    /// The quantity's place among those that are computed.
    let place: Int
    let quantity: Quantity
    /// The word's number, for an indicator.
    let word: Int?

    /// The outputs of quantities: of words an indicator each.
    static func all(_ quantities: [Quantity]) -> [StudiedOutput] {
        quantities.enumerated().flatMap { place, quantity -> [StudiedOutput] in
            guard !quantity.words.isEmpty else {
                return [StudiedOutput(name: quantity.rawValue, place: place, quantity: quantity, word: nil)]
            }
            return quantity.words.enumerated().map { number, word in
                StudiedOutput(name: "\(quantity.rawValue)=\(word)", place: place, quantity: quantity, word: number)
            }
        }
    }

    /// The values: as they are, or 1 and 0 of an indicator.
    func values(_ outputs: [[Double]]) -> [Double] {
        guard let word else { return outputs[place] }
        return outputs[place].map { $0.isNaN ? .nan : Int($0) == word ? 1 : 0 }
    }
}

/// The tables of a Sobol study.
enum SobolTables {
    private static let quantity = Column("quantity", .text, summary: "the output; a word's indicator as quantity=word")
    private static let parameter = Column("parameter", .text, summary: "the varied parameter")
    private static let samples = Column("samples", .integer, summary: "base samples")
    private static let failed = Column("failed", .integer, summary: "of them left out, since an evaluation failed")
    private static let status = Column("status", .text, summary: "ok, or why there is no index")

    private static func index(_ name: String, _ summary: String) -> [Column] {
        [
            Column(name, .real, summary: summary),
            Column("\(name)_conf", .real, summary: "half-width of the bootstrap interval of \(name)"),
        ]
    }

    private static let firstAndTotal =
        index("s1", "first-order index") + index("st", "total index")

    /// One row for each quantity and parameter.
    static let indices = ResultTable(
        columns: [quantity, parameter] + firstAndTotal + [
            samples, failed, Column("mean", .real, summary: "of the output"),
            Column("variance", .real, summary: "of the output"), status,
        ],
        standard: ["quantity", "parameter", "s1", "s1_conf", "st", "st_conf", "samples", "failed"])

    /// One row for each quantity and pair of parameters.
    static let secondOrder = ResultTable(
        columns: [
            quantity, Column("parameter_1", .text, summary: "the first of the pair"),
            Column("parameter_2", .text, summary: "the second of the pair"),
        ] + index("s2", "second-order index") + [samples, failed],
        standard: ["quantity", "parameter_1", "parameter_2", "s2", "s2_conf", "samples", "failed"])

    /// One row for each quantity, parameter and number of samples.
    static let convergence = ResultTable(
        columns: [quantity, parameter, samples] + firstAndTotal + [failed],
        standard: ["quantity", "parameter", "samples", "s1", "s1_conf", "st", "st_conf", "failed"])

    /// One row for each quantity, outcome and parameter.
    static let byOutcome = ResultTable(
        columns: [
            quantity, Column("outcome", .text, summary: "how the market ends"), parameter,
        ] + index("probability", "share of the points of the two base samples with the outcome")
            + index("indicator_s1", "first-order index of the outcome's indicator")
            + index("indicator_st", "total index of the outcome's indicator")
            + index("s1", "first-order index of the quantity given the outcome, by classes of the parameter")
            + index("st", "total index of the quantity given the outcome, of the pairs that both have it") + [
                Column("mean", .real, summary: "of the quantity given the outcome"),
                Column("variance", .real, summary: "of the quantity given the outcome"),
                Column("points", .integer, summary: "points of the base samples with the outcome and a value"),
                Column("pairs", .integer, summary: "pairs of points that differ in the parameter and have both"),
                Column("failed", .integer, summary: "points with the outcome and no value of the quantity"), status,
            ],
        standard: [
            "quantity", "outcome", "parameter", "probability", "probability_conf", "indicator_s1", "indicator_s1_conf",
            "indicator_st", "indicator_st_conf", "s1", "s1_conf", "st", "st_conf", "mean", "variance", "points",
            "pairs",
            "failed", "status",
        ])

    /// The cells of first-order and total indices.
    ///
    /// - Parameter depends: whether the output depends on the parameter at all; otherwise both are exactly 0, whatever an
    ///   estimator makes of the sample.
    static func cells(_ indices: SobolIndices, _ j: Int, depends: Bool) -> NamedValues {
        let (first, total) = (indices.first[j], indices.total[j])
        guard depends else {
            let width: Value = first.halfWidth == nil ? .missing : .real(0)
            return ["s1": .real(0), "s1_conf": width, "st": .real(0), "st_conf": width]
        }
        return [
            "s1": first.valueCell, "s1_conf": first.widthCell, "st": total.valueCell, "st_conf": total.widthCell,
        ]
    }
}
