/// How a block reward is set as time goes by.
public enum RewardRule: Equatable, Sendable {
    /// γ is always the same.
    case constant
    /// γ = kβ, set anew with each row.
    case multipleOfPrice
    /// γ = k·m, set anew with each row, m the mean of β over the `window` nanoseconds before the row, weighted by time.
    ///
    /// A window that begins before the history is cut off there, and time of which nothing is known counts for nothing. Where
    /// nothing is left, as for the first row, m is the last known price before the row, or else the row's own.
    case multipleOfMean(window: UInt64)
}

extension PriceHistory {
    /// What a rule multiplies k by, row by row; nil for a constant reward.
    func references(_ rule: RewardRule) -> [Double]? {
        switch rule {
        case .constant: nil
        case .multipleOfPrice: rows.map(\.externalPrice)
        case .multipleOfMean(let window): trailingMeans(window: window)
        }
    }

    /// The mean of β over the window before each row.
    ///
    /// The means come from integrals of β up to each row, in twice the digits of a double: a difference of sums over
    /// all of a long history loses as many digits as the window is shorter than the history.
    private func trailingMeans(window: UInt64) -> [Double] {
        var integrals: [DoubledSum] = []
        var known: [UInt64] = []
        integrals.reserveCapacity(rows.count)
        known.reserveCapacity(rows.count)
        var (sum, time): (DoubledSum, UInt64) = (DoubledSum(), 0)
        for (row, duration) in zip(rows, durations) {
            integrals.append(sum)
            known.append(time)
            guard row.isKnown else { continue }
            sum.add(row.externalPrice, times: Double(duration))
            time += duration
        }
        var first = 0
        var lastPrice = Double.nan
        return rows.indices.map { index in
            let row = rows[index]
            defer { if row.isKnown { lastPrice = row.externalPrice } }
            let elapsed = UInt64(bitPattern: row.time &- rows[0].time)
            var from = DoubledSum()
            var knownFrom: UInt64 = 0
            if elapsed > window {
                let start = elapsed - window
                while UInt64(bitPattern: rows[first].time &- rows[0].time) + durations[first] <= start { first += 1 }
                (from, knownFrom) = (integrals[first], known[first])
                if rows[first].isKnown {
                    let part = start - UInt64(bitPattern: rows[first].time &- rows[0].time)
                    from.add(rows[first].externalPrice, times: Double(part))
                    knownFrom += part
                }
            }
            let length = known[index] - knownFrom
            guard length > 0 else { return lastPrice > 0 ? lastPrice : row.externalPrice }
            return integrals[index].minus(from) / Double(length)
        }
    }
}

/// A sum of products with twice the digits of a double, as its leading and its trailing half.
private struct DoubledSum {
    var high = 0.0
    var low = 0.0

    mutating func add(_ a: Double, times b: Double) {
        let product = a * b
        let error = (-product).addingProduct(a, b)
        let sum = high + product
        let part = sum - high
        low += ((high - (sum - part)) + (product - part)) + error
        high = sum
    }

    func minus(_ other: DoubledSum) -> Double { (high - other.high) + (low - other.low) }
}
