/// Mean, standard error and quantiles of numbers from independent runs; NaN among them are left out.
public struct SampleStatistics: Sendable {
    /// How many numbers there are.
    public let count: Int
    /// nil of none.
    public let mean: Double?
    /// nil of fewer than two.
    public let standardDeviation: Double?
    private let sorted: [Double]

    public init(_ values: [Double]) {
        let values = values.filter { !$0.isNaN }
        count = values.count
        sorted = values.sorted()
        guard count > 0 else {
            (mean, standardDeviation) = (nil, nil)
            return
        }
        let n = Double(count)
        let center = pairwiseSum(values[...]) / n
        mean = center
        let squares = pairwiseSum(values.map { ($0 - center) * ($0 - center) }[...])
        standardDeviation = count > 1 ? (squares / (n - 1)).squareRoot() : nil
    }

    /// The standard error of the mean; nil of fewer than two.
    public var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }

    /// The quantile of type 7, linear between the order statistics; nil of none.
    public func quantile(_ p: Double) -> Double? {
        guard count > 0 else { return nil }
        let place = p * Double(count - 1)
        let below = min(Int(place), count - 1)
        let above = min(below + 1, count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}

/// Σ x by halves: the same at any number of threads, with an error that grows with the logarithm of how many.
public func pairwiseSum(_ x: ArraySlice<Double>) -> Double {
    if x.count <= 8 { return x.reduce(0, +) }
    let middle = x.startIndex + x.count / 2
    return pairwiseSum(x[..<middle]) + pairwiseSum(x[middle...])
}
