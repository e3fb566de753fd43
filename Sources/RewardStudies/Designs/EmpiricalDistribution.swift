/// The distribution of given values, each with the same probability or with one in proportion to its weight.
///
/// Its quantile function is the inverse of the empirical distribution function, the smallest value up to which the
/// probability is at least u: samples are given values, with nothing interpolated.
public struct EmpiricalDistribution: Equatable, Sendable {
    /// The different values of positive weight, ascending.
    public let values: [Double]
    /// The probability of values up to each; the last is 1.
    public let probabilities: [Double]

    /// The distribution of these values.
    ///
    /// - Parameters:
    ///   - values: finite, at least two different ones of positive weight, in any order.
    ///   - weights: finite and ≥ 0, as many as values; the same for all by default.
    /// - Throws: ``DistributionError``.
    public init(_ values: [Double], weights: [Double]? = nil) throws(DistributionError) {
        if let weights, weights.count != values.count {
            throw .weightCount(values: values.count, weights: weights.count)
        }
        func check(_ name: String, _ numbers: [Double], _ allowed: String, _ holds: (Double) -> Bool)
            throws(DistributionError)
        {
            guard let wrong = numbers.firstIndex(where: { !holds($0) }) else { return }
            throw .outOfRange(
                distribution: "empirical", parameter: "\(name) \(wrong + 1)", value: numbers[wrong], allowed: allowed)
        }
        try check("value", values, "a finite number") { $0.isFinite }
        if let weights { try check("weight", weights, "a finite number, 0 or more") { $0 >= 0 && $0.isFinite } }

        let order = values.indices.filter { (weights?[$0] ?? 1) > 0 }.sorted { values[$0] < values[$1] }
        var different: [Double] = []
        var sums: [Double] = []
        var sum = 0.0
        let largest = weights?.max() ?? 1
        for i in order {
            sum += weights.map { $0[i] / largest } ?? 1
            if values[i] == different.last {
                sums[sums.count - 1] = sum
            } else {
                different.append(values[i])
                sums.append(sum)
            }
        }
        guard different.count >= 2, sum > 0 else { throw .tooFewValues(different: different.count) }
        self.values = different
        probabilities = sums.map { $0 / sum }
    }

    /// The smallest value with a probability of at least u of values up to it; the smallest at u = 0.
    public func quantile(_ u: Double) -> Double {
        var low = 0
        var high = values.count - 1
        while low < high {
            let middle = (low + high) / 2
            if probabilities[middle] >= u { high = middle } else { low = middle + 1 }
        }
        return values[low]
    }

    /// The probability of values up to x.
    public func cumulative(_ x: Double) -> Double {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if values[middle] <= x { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : probabilities[low - 1]
    }

    /// Σ p_i x_i.
    public var mean: Double {
        var before = 0.0
        var sum = 0.0
        for (value, probability) in zip(values, probabilities) {
            sum += value * (probability - before)
            before = probability
        }
        return sum
    }
}
