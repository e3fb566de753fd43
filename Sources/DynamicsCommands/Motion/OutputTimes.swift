import CommandRun
import Reporting

/// The times at which the state of a run is told, from low to high; of evenly spaced ones none is stored.
struct OutputTimes: Equatable, Sendable {
    /// How they were asked for.
    enum Form: Equatable, Sendable {
        /// 0, the multiples of the step, and the end, which need not be one.
        case steps(Double, end: Double)
        case list([Double])
    }
    let form: Form
    /// How many they are, at least 1.
    let count: Int
    /// A decimal step as digits/scale, both whole; 0/1 where it is none of few digits.
    private let digits: Int
    private let scale: Double

    /// 0, step, 2·step, … and the end, exactly; a multiple that is the end but for its rounding is not told beside it.
    ///
    /// - Parameters:
    ///   - step: > 0, finite.
    ///   - end: at least the step, finite.
    /// - Returns: nil where the times are more than an `Int` counts.
    init?(every step: Double, until end: Double) {
        guard let count = Int(exactly: Self.count(every: step, until: end)) else { return nil }
        form = .steps(step, end: end)
        self.count = count
        (digits, scale) = Self.decimal(step)
    }

    /// Times of one's own.
    ///
    /// - Parameter times: at least one, ≥ 0, finite, increasing.
    init(_ times: [Double]) {
        form = .list(times)
        count = times.count
        (digits, scale) = (0, 1)
    }

    /// The times of a step, in floating point since they may be any number.
    static func count(every step: Double, until end: Double) -> Double {
        let steps = end / step
        // Step, end and product each are within half an ulp of what is meant.
        if abs(steps.rounded() * step - end) <= 2 * end.ulp { return steps.rounded() + 1 }
        return steps.rounded(.down) + 2
    }

    /// The i-th time, i in 0 ..< count. A multiple of a decimal step is that decimal, not a sum and not a product of
    /// doubles: the third of 0.1 is 0.3.
    subscript(index: Int) -> Double {
        switch form {
        case .list(let times): return times[index]
        case .steps(let step, let end):
            if index >= count - 1 { return end }
            let (product, overflow) = index.multipliedReportingOverflow(by: digits)
            // Whole numbers up to 2⁵³ are doubles, so that there is one rounding only.
            guard digits > 0, !overflow, product <= 1 << 53 else { return Double(index) * step }
            return Double(product) / scale
        }
    }

    /// The last time.
    var end: Double {
        switch form {
        case .steps(_, let end): end
        case .list(let times): times.last ?? 0
        }
    }

    /// The step as a quotient of a whole number and a power of ten that rounds to it, if there is one.
    private static func decimal(_ step: Double) -> (digits: Int, scale: Double) {
        var scale = 1.0
        // 10²² is the largest power of ten that is a double.
        for _ in 0...22 {
            let digits = (step * scale).rounded()
            if digits > 0x1p53 { break }
            if digits / scale == step { return (Int(digits), scale) }
            scale *= 10
        }
        return (0, 1)
    }
}

extension RunRecord {
    /// Adds the times of the rows.
    mutating func add(_ times: OutputTimes) {
        configuration["times"] =
            switch times.form {
            case .steps(let step, let end): ["until": .real(end), "every": .real(step)]
            case .list(let times): .array(times.map { .real($0) })
            }
    }
}
