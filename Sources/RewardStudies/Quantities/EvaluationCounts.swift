import Synchronization

/// How many evaluations have no value, by quantity and reason, whichever thread has made them.
public final class EvaluationCounts: Sendable {
    /// The quantities, in order.
    public let quantities: [Quantity]

    private struct Numbers {
        var points = 0
        var failedPoints = 0
        /// The number of evaluations of each quantity for each reason, by the status's raw value.
        var reasons: [[Int]]
    }
    private let numbers: Mutex<Numbers>

    /// No evaluations so far.
    public init(_ quantities: [Quantity]) {
        self.quantities = quantities
        let none = [Int](repeating: 0, count: QuantityStatus.allCases.count)
        numbers = Mutex(Numbers(reasons: [[Int]](repeating: none, count: quantities.count)))
    }

    /// Adds a run of points, and returns how many there are by now.
    @discardableResult public func add(_ values: QuantityValues) -> Int {
        let failing = values.values.indices.filter { !values.isComplete($0) }
        var failed = 0
        var reasons = failing.map { _ in [Int](repeating: 0, count: QuantityStatus.allCases.count) }
        if !failing.isEmpty {
            for point in 0..<values.count {
                var isFailed = false
                for (index, place) in failing.enumerated() {
                    let status = values.status(place, point)
                    guard status != .ok else { continue }
                    isFailed = true
                    reasons[index][Int(status.rawValue)] += 1
                }
                if isFailed { failed += 1 }
            }
        }
        return numbers.withLock { numbers in
            numbers.points += values.count
            numbers.failedPoints += failed
            for (place, counts) in zip(failing, reasons) {
                for (code, count) in counts.enumerated() { numbers.reasons[place][code] += count }
            }
            return numbers.points
        }
    }

    /// The points so far.
    public var points: Int { numbers.withLock { $0.points } }

    /// The points at which some quantity has no value.
    public var failedPoints: Int { numbers.withLock { $0.failedPoints } }

    /// Why the quantity of a place has no value, how often, the most frequent first.
    public func reasons(_ place: Int) -> [(status: QuantityStatus, count: Int)] {
        let counts = numbers.withLock { $0.reasons[place] }
        return QuantityStatus.allCases.filter { $0 != .ok }.map { ($0, counts[Int($0.rawValue)]) }
            .filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
    }

    /// The reasons of a quantity in words: "the band is empty (120)".
    public func phrases(_ place: Int) -> [String] { reasons(place).map { "\($0.status.reason) (\($0.count))" } }

    /// The reasons of all quantities in words: "band_width: the band is empty (12)"; what is outside of a domain once for
    /// all of them.
    public func phrases() -> [String] {
        let all = quantities.indices.map(reasons)
        let outside = all.joined().filter { $0.status == .outOfDomain }.map(\.count).max() ?? 0
        let whole = outside > 0 ? ["\(QuantityStatus.outOfDomain.reason) (\(outside))"] : []
        return whole
            + zip(quantities, all).flatMap { quantity, reasons in
                reasons.filter { $0.status != .outOfDomain }.map {
                    "\(quantity.rawValue): \($0.status.reason) (\($0.count))"
                }
            }
    }
}
