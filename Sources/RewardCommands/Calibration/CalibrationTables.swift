import CommandRun
import Reporting
import RewardStudies

extension RewardRule {
    /// The name of what is looked for: γ itself, or the factor k.
    var unknown: Column {
        self == .constant
            ? Column("gamma", .real, unit: "tokens per unit", summary: "block reward")
            : Column("k", .real, summary: "factor of the rule")
    }
}

extension HistoryCalibration {
    private static let rowsAtOnce = 4096

    /// The shares as a step function: a row holds from its reward, or factor, up to the next one's, exclusive.
    func profileTable() -> Table {
        OutcomeShares.profileTable(profile().lazy.map { ($0.x, $0.shares) }, of: rule.unknown)
    }

    /// Every best reward, or factor: a row a range, from the lowest on.
    func optimaTable() -> Table {
        let (unknown, ranges) = (rule.unknown, best.ranges)
        let shares = ranges.first.map { self.shares(at: $0.lowerBound).values } ?? []
        let chunks = (ranges.count + Self.rowsAtOnce - 1) / Self.rowsAtOnce
        return Table(
            columns: [
                Column(unknown.name + "_low", .real, unit: unknown.unit, summary: "lowest best of the range"),
                Column(unknown.name + "_high", .real, unit: unknown.unit, summary: "highest best of the range"),
            ] + OutcomeShares.columns(),
            source: .indexed(chunkCount: chunks) { chunk in
                let part = ranges[chunk * Self.rowsAtOnce..<min((chunk + 1) * Self.rowsAtOnce, ranges.count)]
                return TableChunk(
                    rowCount: part.count,
                    columns: [.real(part.map(\.lowerBound)), .real(part.map(\.upperBound))]
                        + shares.map { .real([Double](repeating: $0, count: part.count)) })
            })
    }
}

/// The folds of a calibration on trial, as a table.
struct FoldTable {
    let folds: [RollingCalibration.Fold]
    let rule: RewardRule
    /// How the times of the history are written.
    let form: Instant.Form

    func table() -> Table {
        let unknown = rule.unknown
        func time(_ name: String, _ summary: String) -> Column { Column(name, .text, summary: summary) }
        let columns =
            [
                time("train_start", "when the training begins"),
                time("test_start", "when the training ends and the test begins"),
                time("test_end", "when the test ends"),
                Column(unknown.name + "_best_low", .real, unit: unknown.unit, summary: "lowest best in training"),
                Column(unknown.name + "_best_high", .real, unit: unknown.unit, summary: "highest best in training"),
                Column(unknown.name, .real, unit: unknown.unit, summary: "paid in the test: the middle of these"),
                Column("train_share_balanced", .real, summary: "share of the training in which it is inside the band"),
            ] + OutcomeShares.columns(suffix: ", in the test")
            + [Column("duration", .real, unit: "s", summary: "how much of the test is known")]
        let (folds, form, size) = (folds, form, 1024)
        return Table(
            columns: columns,
            source: .indexed(chunkCount: (folds.count + size - 1) / size) { chunk in
                let part = folds[chunk * size..<min((chunk + 1) * size, folds.count)]
                func text(_ nanoseconds: (RollingCalibration.Fold) -> Int64) -> ColumnValues {
                    .text(part.map { Instant(nanoseconds: nanoseconds($0)).text(as: form) })
                }
                func real(_ value: (RollingCalibration.Fold) -> Double?) -> ColumnValues {
                    .real(part.map { value($0) ?? .nan })
                }
                return TableChunk(
                    rowCount: part.count,
                    columns: [
                        text(\.start), text(\.testStart), text(\.end), real(\.best?.lowerBound),
                        real(\.best?.upperBound), real(\.reward), real(\.trainingShares?.balanced),
                        real(\.testShares?.balanced), real(\.testShares?.exodus), real(\.testShares?.scarcity),
                        real(\.testShares?.emptyBand), real { Double($0.testDuration) / 1e9 },
                    ])
            })
    }
}
