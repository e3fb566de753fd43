/// What there is to know of the outputs of a ``SaltelliDesign`` before their sums are formed.
struct OutputSurvey {
    /// Evaluations without a finite value.
    private(set) var failed = 0
    /// The range of A and B.
    private(set) var base = OutputRange()
    /// The range of all blocks.
    private(set) var all = OutputRange()
    /// The sum of the outputs of A and B, but for those that it might overflow with.
    private var sum = 0.0
    /// The sum of the outputs of A and B that `sum` leaves out, times 2⁻¹⁰⁰.
    private var hugeSum = 0.0

    init() {}

    /// A survey of some rows of every block.
    init(_ outputs: UnsafeBufferPointer<Double>, _ layout: SaltelliLayout, _ rows: Range<Int>) {
        for block in 0..<layout.blocks {
            let start = block * layout.samples
            let isBase = block == layout.a || block == layout.b
            // x·0 is 0 unless x is infinite or NaN.
            var check = 0.0
            var range = OutputRange()
            for i in start + rows.lowerBound..<start + rows.upperBound {
                let x = outputs[i]
                check += x * 0
                range.include(x)
                if isBase { addToSum(x) }
            }
            if check != 0 {
                failed += rows.count { !outputs[start + $0].isFinite }
                continue
            }
            all.include(range)
            if isBase { base.include(range) }
        }
    }

    mutating func add(_ other: OutputSurvey) {
        failed += other.failed
        base.include(other.base)
        all.include(other.all)
        sum += other.sum
        hugeSum += other.hugeSum
    }

    @inline(__always) private mutating func addToSum(_ x: Double) {
        if abs(x) < 0x1p900 { sum += x } else { hugeSum += x * 0x1p-100 }
    }

    /// The mean of A and B, of so many samples that none of them failed.
    func mean(samples: Int) -> Double {
        let count = 2 * Double(samples)
        return min(max(sum / count + hugeSum / count * 0x1p100, base.low), base.high)
    }
}
