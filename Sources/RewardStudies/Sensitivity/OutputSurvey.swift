/// What there is to know of outputs before their sums are formed.
struct OutputSurvey {
    var failed = 0
    var failedEvaluations = 0
    /// The ranges of A and B and of all blocks.
    var low = Double.infinity
    var high = -Double.infinity
    var lowest = Double.infinity
    var highest = -Double.infinity
    /// Of A and B.
    var sum = 0.0
    /// What would overflow in it, times 2⁻¹⁰⁰.
    var hugeSum = 0.0

    init() {}

    init(_ outputs: UnsafeBufferPointer<Double>, _ layout: SaltelliLayout, _ rows: Range<Int>) {
        self.init()
        // x·0 is 0 unless x is infinite or NaN.
        var check = 0.0
        for block in 0..<layout.blocks {
            let start = block * layout.samples
            var (low, high) = (Double.infinity, -Double.infinity)
            for i in start + rows.lowerBound..<start + rows.upperBound {
                let x = outputs[i]
                check += x * 0
                low = x < low ? x : low
                high = x > high ? x : high
            }
            include(low, high, isBase: block == layout.a || block == layout.b)
        }
        guard check == 0 else {
            self = OutputSurvey()
            for row in rows { add(outputs, layout, row) }
            return
        }
        for block in [layout.a, layout.b] {
            let start = block * layout.samples
            for i in start + rows.lowerBound..<start + rows.upperBound { addToSum(outputs[i]) }
        }
    }

    private mutating func include(_ low: Double, _ high: Double, isBase: Bool) {
        (lowest, highest) = (min(lowest, low), max(highest, high))
        if isBase { (self.low, self.high) = (min(self.low, low), max(self.high, high)) }
    }

    static func isValid(_ outputs: UnsafeBufferPointer<Double>, _ layout: SaltelliLayout, _ row: Int) -> Bool {
        (0..<layout.blocks).allSatisfy { outputs[$0 * layout.samples + row].isFinite }
    }

    private mutating func add(_ outputs: UnsafeBufferPointer<Double>, _ layout: SaltelliLayout, _ row: Int) {
        let bad = (0..<layout.blocks).count { !outputs[$0 * layout.samples + row].isFinite }
        guard bad == 0 else {
            failed += 1
            failedEvaluations += bad
            return
        }
        for block in 0..<layout.blocks {
            let x = outputs[block * layout.samples + row]
            let isBase = block == layout.a || block == layout.b
            include(x, x, isBase: isBase)
            if isBase { addToSum(x) }
        }
    }

    mutating func add(_ other: OutputSurvey) {
        failed += other.failed
        failedEvaluations += other.failedEvaluations
        (low, high) = (min(low, other.low), max(high, other.high))
        (lowest, highest) = (min(lowest, other.lowest), max(highest, other.highest))
        sum += other.sum
        hugeSum += other.hugeSum
    }

    @inline(__always) private mutating func addToSum(_ x: Double) {
        if abs(x) < 0x1p900 { sum += x } else { hugeSum += x * 0x1p-100 }
    }

    func mean(valid: Int) -> Double {
        guard valid > 0 else { return .nan }
        let count = 2 * Double(valid)
        return sum / count + hugeSum / count * 0x1p100
    }
}
