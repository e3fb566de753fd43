import CommandRun
import Reporting
import RewardStudies

extension OutcomeShares {
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

    /// Shares as a step function: a row holds from its value of `unknown` up to the next one's, exclusive.
    static func profileTable(_ steps: some Sequence<(Double, OutcomeShares)>, of unknown: Column) -> Table {
        var steps = steps.makeIterator()
        let rowsAtOnce = 4096
        return Table(
            columns: [
                Column(
                    unknown.name, .real, unit: unknown.unit,
                    summary: unknown.summary + " from which on, up to the next row's, the shares hold")
            ] + columns(),
            source: .sequential {
                var columns = [[Double]](repeating: [], count: 5)
                for index in columns.indices { columns[index].reserveCapacity(rowsAtOnce) }
                while columns[0].count < rowsAtOnce, let (x, shares) = steps.next() {
                    columns[0].append(x)
                    columns[1].append(shares.balanced)
                    columns[2].append(shares.exodus)
                    columns[3].append(shares.scarcity)
                    columns[4].append(shares.emptyBand)
                }
                return columns[0].isEmpty
                    ? nil : TableChunk(rowCount: columns[0].count, columns: columns.map { .real($0) })
            })
    }
}
