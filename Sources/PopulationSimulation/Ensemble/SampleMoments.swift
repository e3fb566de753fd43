/// The count, mean and variance of values, one added after another (Welford).
public struct SampleMoments: Equatable, Sendable {
    public private(set) var count = 0
    /// The sum, with the rounding errors of its additions beside it: values that are all alike have themselves as the mean.
    private var sum = 0.0
    private var lost = 0.0
    /// The mean so far, by which squares are taken.
    private var running = 0.0
    private var squares = 0.0

    public init() {}

    /// The moments of values in their order.
    public init(_ values: some Sequence<Double>) { for value in values { add(value) } }

    /// Adds a value.
    public mutating func add(_ value: Double) {
        count += 1
        let next = sum + value
        let added = next - sum
        lost += (sum - (next - added)) + (value - added)
        sum = next
        let difference = value - running
        running += difference / Double(count)
        squares += difference * (value - running)
    }

    /// The mean; NaN of no value.
    public var mean: Double { (sum + lost) / Double(count) }

    /// The standard deviation with count − 1; nil of fewer than two values.
    public var standardDeviation: Double? { count < 2 ? nil : (max(squares, 0) / Double(count - 1)).squareRoot() }

    /// The standard error of the mean of independent values; nil of fewer than two.
    public var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }
}
