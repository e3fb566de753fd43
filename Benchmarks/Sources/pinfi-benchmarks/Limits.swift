import Foundation
import Reporting

/// What a quantity of a row must reach, and the stored limit beyond which it counts as a regression.
struct Limit {
    let benchmark: String
    let threads: Int
    let quantity: BenchmarkRow.Quantity
    /// What must be reached; nil where nothing is asked.
    let mark: Double?
    /// More than what was measured when the limit was stored, by what the machine may disturb; nil where there is none.
    let limit: Double?

    /// Reads `benchmark,threads,quantity,mark,limit`.
    static func read(_ path: String) throws -> [Limit] {
        let reader = try CSVReader(path: path)
        let expected = ["benchmark", "threads", "quantity", "mark", "limit"]
        guard reader.header == expected else {
            throw BenchmarkFailure("\(path): the header must be \(expected.joined(separator: ","))")
        }
        var limits: [Limit] = []
        while let row = try reader.next() {
            guard let threads = Int(row.text(at: 1)) else {
                throw row.fault(at: 1, problem: "not a whole number of threads")
            }
            guard let quantity = BenchmarkRow.Quantity(rawValue: row.text(at: 2)) else {
                let known = BenchmarkRow.Quantity.allCases.map(\.rawValue).joined(separator: " or ")
                throw row.fault(at: 2, problem: "must be \(known)")
            }
            limits.append(
                Limit(
                    benchmark: row.text(at: 0), threads: threads, quantity: quantity, mark: try row.real(at: 3),
                    limit: try row.real(at: 4)))
        }
        return limits
    }

    func applies(to row: BenchmarkRow) -> Bool { row.name == benchmark && row.threads == threads }

    /// nil where nothing is asked, or where the peer is missing.
    func isReached(by row: BenchmarkRow) -> Bool? {
        guard let mark, row.value(quantity).isFinite else { return nil }
        return row.value(quantity) <= mark
    }

    var markInWords: String? {
        mark.map { (quantity == .milliseconds ? "ms" : quantity.rawValue) + " ≤ " + formatShortest($0) }
    }

    /// A sentence where the row does not reach the mark; nil where it does, or where the peer is missing.
    func shortfall(of row: BenchmarkRow) -> String? {
        guard applies(to: row), let mark, isReached(by: row) == false else { return nil }
        return sentence(row, "and the mark is \(formatShortest(mark))")
    }

    /// A sentence where the row is beyond the limit; nil where it is not, or where the peer is missing.
    func regression(of row: BenchmarkRow) -> String? {
        guard applies(to: row), let limit, row.value(quantity) > limit else { return nil }
        return sentence(row, "and the stored limit is \(formatShortest(limit))")
    }

    private func sentence(_ row: BenchmarkRow, _ end: String) -> String {
        let threads = threads == 1 ? "1 thread" : "\(threads) threads"
        return "\(benchmark) on \(threads): \(quantity.rawValue) \(formatRounded(row.value(quantity), digits: 3)), \(end)"
    }
}

/// Something that keeps a benchmark from being run.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The folder of this package, where the file of limits and the peers are.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
