/// How far rewards are outside of bands, on average: the convex, piecewise linear function of x
///
///     Σ w_i r_i (max(a_i − x, 0) + max(x − b_i, 0)) / Σ w_i.
///
/// Its slope grows by w_i r_i at each a_i and at each b_i, and is −Σ w_i r_i before all of them, so that the minimum is where the sum
/// passes 0, along the ends in order.
struct BandDistance: Sendable {
    private let ends: [(value: Double, index: Int)]
    private let lower: [Double]
    private let upper: [Double]
    /// r_i; nil where all are 1.
    private let references: [Double]?

    /// Bands from a_i to b_i, which may be below a_i; one that is NaN counts for nothing.
    init(from lower: [Double], to upper: [Double], references: [Double]?) {
        var ends: [(value: Double, index: Int)] = []
        for index in lower.indices where !lower[index].isNaN && !upper[index].isNaN {
            ends.append((lower[index], index))
            ends.append((upper[index], index))
        }
        ends.sort { ($0.value, $0.index) < ($1.value, $1.index) }
        self.ends = ends
        self.lower = lower
        self.upper = upper
        self.references = references
    }

    /// All x at which the function is smallest; nil where no band has weight.
    func minimum(weights: [UInt64]) -> ClosedRange<Double>? {
        // Whole numbers are exact, so that a slope of 0 is one.
        guard let references else { return minimum { Int128(weights[$0]) } }
        return minimum { Double(weights[$0]) * references[$0] }
    }

    private func minimum<Weight: SignedNumeric & Comparable>(_ weight: (Int) -> Weight) -> ClosedRange<Double>? {
        // Twice the slope: each band has two ends.
        var twice: Weight = 0
        for (_, index) in ends { twice -= weight(index) }
        var start: Double?
        for (value, index) in ends {
            let step = weight(index)
            guard step > 0 else { continue }
            if let start { return start...value }
            twice += step + step
            if twice > 0 { return value...value }
            if twice == 0 { start = value }
        }
        return start.map { $0...$0 }
    }

    /// The function at x, times Σ w_i.
    func sum(at x: Double, weights: [UInt64]) -> Double {
        var sum = 0.0
        for index in lower.indices where !lower[index].isNaN && !upper[index].isNaN && weights[index] > 0 {
            let distance = max(lower[index] - x, 0) + max(x - upper[index], 0)
            sum += Double(weights[index]) * (references?[index] ?? 1) * distance
        }
        return sum
    }
}
