/// A running sum with the rounding errors of its additions beside it (Knuth's TwoSum), so that an account that millions of
/// events change is off by a few ulp of its value, not of its turnover.
struct CompensatedSum: Sendable {
    private(set) var high = 0.0
    private(set) var low = 0.0

    init(_ value: Double = 0) { high = value }

    @inline(__always)
    mutating func add(_ x: Double) {
        let sum = high + x
        let shadow = sum - high
        low += (high - (sum - shadow)) + (x - shadow)
        high = sum
    }

    @inline(__always)
    var value: Double { high + low }

    /// This sum minus a plain number: the exact high part cancels first.
    @inline(__always)
    func minus(_ x: Double) -> Double { (high - x) + low }
}
