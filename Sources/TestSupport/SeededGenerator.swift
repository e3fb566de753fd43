/// SplitMix64: the same numbers for the same seed on every machine. Seed 0 is a seed like any other.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A uniform number of a range.
    public mutating func uniform(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

    /// 10 to a uniform power of a range.
    public mutating func logUniform(_ exponents: ClosedRange<Double>) -> Double {
        var result = 1.0
        let exponent = uniform(exponents)
        // Without a library's pow, whose last digit differs from system to system: a product of exact pieces is enough here.
        let whole = exponent.rounded(.down)
        for _ in 0..<Int(abs(whole)) { result *= 10 }
        if whole < 0 { result = 1 / result }
        return result * (1 + 9 * (exponent - whole))
    }
}
