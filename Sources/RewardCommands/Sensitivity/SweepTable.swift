import CommandRun
import Reporting
import RewardStudies
import Synchronization

/// A sweep as a table: pieces are evaluated when their rows are due, so that none has to be kept.
struct SweepTable: Sendable {
    let setup: StudySetup
    /// The rows, a coordinate for each varied parameter.
    let points: any PointSet
    let counts: EvaluationCounts
    /// What is kept for a figure; nil without one.
    let sample: SweepSample?

    /// The most rows that are made at once.
    private static let most = 4096
    /// The statuses of as many rows of which none fails: made once, since making and dropping them takes longer than α*.
    private static let allOk = [String?](repeating: PointQuantity.ok, count: most)

    private static let status = Column("status", .text, summary: "ok, or why which quantity has no value")

    /// All columns, in order.
    static func columns(_ setup: StudySetup) -> [Column] {
        setup.varied.map { Column($0.name) } + setup.quantities.map { $0.column(setup.rules) } + [status]
    }

    func table(_ chosen: [String]) throws -> Table {
        // Of a closed form a row takes a fraction of a microsecond, of role dynamics some ten of them.
        let rows = setup.evaluator.isSlow ? 256 : Self.most
        let count = points.count
        // A point of a grid is known by its parameters; a sample's are results of arithmetic, and its rows are in order.
        let keys = points is SampleDesign ? [] : setup.varied.map(\.name.column)
        return try Table(
            columns: Self.columns(setup), keys: keys,
            source: .indexed(chunkCount: (count + rows - 1) / rows) { chunk in
                self.chunk(chunk * rows..<min((chunk + 1) * rows, count))
            }
        ).selecting(chosen)
    }

    private func chunk(_ rows: Range<Int>) -> TableChunk {
        let columns = points.columns(rows)
        let values = setup.evaluator.evaluate(columns)
        counts.add(values)
        sample?.add(values, columns: columns, first: rows.lowerBound)
        let quantities = setup.quantities.enumerated().map { place, quantity -> ColumnValues in
            guard !quantity.words.isEmpty else { return .real(values.values[place]) }
            return .label(values.values[place].map { $0.isNaN ? ColumnValues.missingLabel : UInt8($0) })
        }
        return TableChunk(
            rowCount: rows.count, columns: columns.map(ColumnValues.real) + quantities + [.text(statuses(of: values))])
    }

    private func statuses(of values: QuantityValues) -> [String?] {
        let failing = setup.quantities.indices.filter { !values.isComplete($0) }
        if failing.isEmpty {
            return values.count == Self.most ? Self.allOk : [String?](repeating: PointQuantity.ok, count: values.count)
        }
        // Neighbours mostly fail in the same way.
        var last: (codes: [QuantityStatus], text: String) = ([], PointQuantity.ok)
        return (0..<values.count).map { row in
            let codes = failing.map { values.status($0, row) }
            if codes.contains(.outOfDomain) {
                // A game's own condition, a ratio to c beyond the largest double, has no fault of the market's.
                return values.fault(row).map { "\($0)" } ?? QuantityStatus.outOfDomain.reason
            }
            if codes != last.codes {
                let parts = zip(failing, codes).filter { $1 != .ok }.map { place, code in
                    "\(setup.quantities[place].rawValue): \(code.reason)"
                }
                last = (codes, parts.isEmpty ? PointQuantity.ok : parts.joined(separator: "; "))
            }
            return last.text
        }
    }
}

extension PriceDynamics {
    /// Where the price comes to rest, in words.
    fileprivate var whereItRests: String {
        switch self {
        case .sharp: "of the sharp flow, from a low start"
        case .role: "at the rest point of role dynamics"
        }
    }
}

extension Quantity {
    /// The definition of the quantity's column; of the rest price it says by which dynamics.
    func column(_ rules: QuantityRules) -> Column {
        let summary = self == .restPrice ? "\(self.summary) \(rules.dynamics.whereItRests)" : self.summary
        return words.isEmpty
            ? Column(rawValue, .real, unit: unit, summary: summary) : Column(rawValue, .label(words), summary: summary)
    }
}

/// Some of the rows of a sweep, kept for a figure, whichever thread has made them.
final class SweepSample: Sendable {
    /// A row of the figure.
    struct Row: Sendable {
        let parameters: [Double]
        /// NaN where there is no value.
        let values: [Double]
    }

    private let rows = Mutex<[Int: Row]>([:])
    private let keeping: KeptRows

    init(_ keeping: KeptRows) { self.keeping = keeping }

    /// The rows that were kept, in order.
    var kept: [Row] { rows.withLock { rows in rows.keys.sorted().compactMap { rows[$0] } } }

    func add(_ values: QuantityValues, columns: [[Double]], first: Int) {
        let found = (0..<values.count).filter { keeping.contains(first + $0) }.map { row in
            (first + row, Row(parameters: columns.map { $0[row] }, values: values.values.map { $0[row] }))
        }
        guard !found.isEmpty else { return }
        rows.withLock { rows in
            for (row, kept) in found { rows[row] = kept }
        }
    }
}

/// Some of the rows of a sweep, evenly spread along every axis.
struct KeptRows: Sendable {
    /// The length of each axis, and the step from one of its values that is kept to the next.
    private let axes: [(count: Int, every: Int)]

    /// - Parameters:
    ///   - counts: the lengths of the axes, the first fastest; of a sample the number of its rows alone.
    ///   - most: the most values of an axis that are kept.
    init(counts: [Int], most: Int) {
        axes = counts.map { ($0, max(($0 + most - 1) / most, 1)) }
    }

    func contains(_ row: Int) -> Bool {
        var rest = row
        for axis in axes {
            guard rest % axis.count % axis.every == 0 else { return false }
            rest /= axis.count
        }
        return true
    }
}
