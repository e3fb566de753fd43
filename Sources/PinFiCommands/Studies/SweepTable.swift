import Reporting
import RewardStudies
import Synchronization

/// A sweep as a table: pieces are evaluated when their rows are due, so that none has to be kept.
struct SweepTable: Sendable {
    let setup: StudySetup
    /// The rows, a coordinate for each varied parameter.
    let points: any PointSet
    let tally: SweepTally

    /// The most rows that are made at once.
    private static let most = 4096
    /// The statuses of as many rows of which none fails: made once, since making and dropping them takes longer than α*.
    private static let allOk = [String?](repeating: PointQuantity.ok, count: most)

    private static let status = Column("status", .text, summary: "ok, or why which quantity has no value")

    /// All columns, in order.
    static func columns(_ setup: StudySetup) -> [Column] {
        setup.varied.map { variation in
            let name = variation.name
            return Column(name.column, .real, unit: name.unit, summary: "\(name.symbol), \(name.title)")
        } + setup.quantities.map(\.column) + [status]
    }

    func table(_ chosen: [String]) throws -> Table {
        // Of a closed form a row takes a fraction of a microsecond, of role dynamics some ten of them.
        let rows = setup.evaluator.isSlow ? 256 : Self.most
        let count = points.count
        return try Table(
            columns: Self.columns(setup),
            source: .indexed(chunkCount: (count + rows - 1) / rows) { chunk in
                self.chunk(chunk * rows..<min((chunk + 1) * rows, count))
            }
        ).selecting(chosen)
    }

    private func chunk(_ rows: Range<Int>) -> TableChunk {
        let columns = points.columns(rows)
        let values = setup.evaluator.evaluate(columns)
        tally.add(values, columns: columns, first: rows.lowerBound)
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

extension Quantity {
    /// The definition of its column.
    var column: Column {
        words.isEmpty
            ? Column(rawValue, .real, unit: unit, summary: summary) : Column(rawValue, .label(words), summary: summary)
    }
}

/// What the rows of a sweep add up to, whichever thread has made them; and some of them for the figure.
final class SweepTally: Sendable {
    /// Rows without a value of some quantity, and of each quantity how many for each reason.
    struct Counts: Sendable {
        var failedRows = 0
        var reasons: [[Int]]
    }

    /// A row of the figure.
    struct Row: Sendable {
        let parameters: [Double]
        /// NaN where there is no value.
        let values: [Double]
    }

    private let state: Mutex<(counts: Counts, rows: [Int: Row])>
    private let keeping: KeptRows?

    /// - Parameter keeping: the rows that are kept for a figure; nil for none.
    init(quantities: Int, keeping: KeptRows? = nil) {
        self.keeping = keeping
        let none = [Int](repeating: 0, count: QuantityStatus.allCases.count)
        state = Mutex((Counts(reasons: [[Int]](repeating: none, count: quantities)), [:]))
    }

    var counts: Counts { state.withLock { $0.counts } }

    /// The rows that were kept, in order.
    var kept: [Row] { state.withLock { state in state.rows.keys.sorted().compactMap { state.rows[$0] } } }

    func add(_ values: QuantityValues, columns: [[Double]], first: Int) {
        let failing = values.values.indices.filter { !values.isComplete($0) }
        var failed = 0
        var reasons: [[Int]] = []
        if !failing.isEmpty {
            reasons = failing.map { _ in [Int](repeating: 0, count: QuantityStatus.allCases.count) }
            for row in 0..<values.count {
                var isFailed = false
                for (index, place) in failing.enumerated() {
                    let status = values.status(place, row)
                    guard status != .ok else { continue }
                    isFailed = true
                    reasons[index][Int(status.rawValue)] += 1
                }
                if isFailed { failed += 1 }
            }
        }
        var found: [(Int, Row)] = []
        if let keeping {
            for row in 0..<values.count where keeping.contains(first + row) {
                found.append(
                    (first + row, Row(parameters: columns.map { $0[row] }, values: values.values.map { $0[row] })))
            }
        }
        guard failed > 0 || !found.isEmpty else { return }
        state.withLock { state in
            state.counts.failedRows += failed
            for (index, place) in failing.enumerated() {
                for (code, number) in reasons[index].enumerated() { state.counts.reasons[place][code] += number }
            }
            for (row, kept) in found { state.rows[row] = kept }
        }
    }
}

/// Some of the rows of a sweep, evenly spread along every axis.
struct KeptRows: Sendable {
    /// Of each axis its length and every how many-th of its values is kept.
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

extension SweepTally.Counts {
    /// The reasons by quantity, the most frequent first: "band_width: the band is empty (12)"; what is out of a domain once
    /// for all quantities.
    func sentences(_ quantities: [Quantity]) -> [String] {
        var parts: [String] = []
        let outside = reasons.map { $0[Int(QuantityStatus.outOfDomain.rawValue)] }.max() ?? 0
        if outside > 0 { parts.append("\(QuantityStatus.outOfDomain.reason) (\(outside))") }
        for (quantity, numbers) in zip(quantities, reasons) {
            let failures = QuantityStatus.allCases.filter { $0 != .ok && $0 != .outOfDomain }
                .map { ($0, numbers[Int($0.rawValue)]) }.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
            parts += failures.map { "\(quantity.rawValue): \($0.reason) (\($1))" }
        }
        return parts
    }
}
