/// The smallest and the largest of some outputs, and whether all are one value but for rounding.
struct OutputRange {
    private(set) var low = Double.infinity
    private(set) var high = -Double.infinity

    init() {}

    init(_ values: some Sequence<Double>) {
        for value in values { include(value) }
    }

    mutating func include(_ value: Double) {
        low = value < low ? value : low
        high = value > high ? value : high
    }

    mutating func include(_ other: OutputRange) {
        (low, high) = (min(low, other.low), max(high, other.high))
    }

    /// Whether there is no variance that a parameter could have a share in: the range is at most 2⁻⁴⁶ of the largest modulus,
    /// which is what the rounding of some ten operations leaves; near 0 at most 8 units in the last place.
    var isConstant: Bool {
        let largest = max(abs(low), abs(high))
        return !(high / 2 - low / 2 > max(largest * 0x1p-47, 4 * largest.ulp))
    }

    /// The value of outputs that are constant: their own, or the middle of the range.
    var middle: Double { low == high ? low : low / 2 + high / 2 }
}
