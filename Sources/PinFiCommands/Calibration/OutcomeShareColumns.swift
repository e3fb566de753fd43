import Reporting
import RewardStudies

extension OutcomeShares {
    /// The columns of the four shares, and their values.
    var fields: [(column: Column, value: Double)] {
        Array(zip(Self.columns(), [balanced, exodus, scarcity, emptyBand]))
    }

    /// The columns of the four shares.
    ///
    /// - Parameters:
    ///   - prefix: in front of the names.
    ///   - suffix: behind the summaries.
    static func columns(prefix: String = "", suffix: String = "") -> [Column] {
        [
            ("share_balanced", "share of the time in which the reward is inside the band"),
            ("share_lp_exodus", "share of the time in which the reward is below the band"),
            ("share_seller_scarcity", "share of the time in which the reward is above the band"),
            ("share_empty_band", "share of the time in which there is no band"),
        ].map { Column(prefix + $0.0, .real, summary: $0.1 + suffix) }
    }

    /// The values, in the order of the columns.
    var values: [Double] { [balanced, exodus, scarcity, emptyBand] }
}
