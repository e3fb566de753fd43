import NumericalMethods
import Parallelism

/// An estimator of first-order indices from a ``SaltelliDesign``. All have the denominator V, the variance of A and B
/// together, except Janon's.
public enum FirstOrderEstimator: String, CaseIterable, Sendable {
    /// ⟨f(B)·(f(A_B⁽ʲ⁾) − f(A))⟩/V: Saltelli et al. (2010). Good for small indices.
    case saltelli
    /// 1 − ⟨(f(B) − f(A_B⁽ʲ⁾))²⟩/(2V): Jansen (1999). Good for large indices.
    case jansen
    /// The correlation of f(B) and f(A_B⁽ʲ⁾), with the mean and the variance of both together: Janon et al. (2014),
    /// asymptotically efficient.
    case janon
}

/// Sobol indices, the shares of parameters in the variance of an output, from the outputs of a ``SaltelliDesign``.
///
/// - S_j, first order: the variance of the mean given parameter j, over the variance.
/// - T_j, total: the mean of the variance given all parameters but j, over the variance; by Jansen's estimator,
///   ⟨(f(A) − f(A_B⁽ʲ⁾))²⟩/(2V).
/// - S_jk, second order: the share of j and k together beyond S_j + S_k; by Saltelli's (2002),
///   ⟨f(B_A⁽ʲ⁾)f(A_B⁽ᵏ⁾) − f(A)f(B)⟩/V − S_j − S_k.
///
/// Outputs are centred by the mean of A and B first, which the estimators with products need for their accuracy.
///
/// **Failures.** A value that is not finite is a failed evaluation. A base sample with a failed one among its D + 2 (or
/// 2D + 2) is left out as a whole, for all indices: each is then an estimate for the same population, the samples of which
/// none fails, and shares are of one variance. It is not the index of the model where that does not fail, which has
/// dependent parameters; how much has been left out is in ``SobolResult/failed``.
public struct SobolAnalysis: Equatable, Sendable {
    /// The shape of the design.
    public let layout: SaltelliLayout
    /// Of first-order indices.
    public let estimator: FirstOrderEstimator
    /// The intervals.
    public let bootstrap: Bootstrap

    /// An analysis.
    ///
    /// - Throws: ``AnalysisError/outOfRange(name:value:allowed:)`` for a layout that no design has.
    public init(
        _ layout: SaltelliLayout, estimator: FirstOrderEstimator = .saltelli, bootstrap: Bootstrap = .none
    ) throws(AnalysisError) {
        // The draws of a resample have 32 bits.
        guard (1..<1 << 32).contains(layout.samples) else {
            throw .outOfRange(
                name: "the number of samples", value: Double(layout.samples), allowed: "1 to 4294967295")
        }
        guard (1...1 << 20).contains(layout.dimension) else {
            throw .outOfRange(
                name: "the number of parameters", value: Double(layout.dimension), allowed: "1 to 1048576")
        }
        self.layout = layout
        self.estimator = estimator
        self.bootstrap = bootstrap
    }

    /// The indices of an output.
    ///
    /// - Parameters:
    ///   - outputs: the values at the points of the design, block by block; what is not finite counts as failed.
    ///   - samples: how many base samples to use, from the first on; all by default.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError`` for outputs of another length than the design has, and for a number of samples that it
    ///   has not.
    public func indices(
        of outputs: [Double], samples: Int? = nil, threads: Int = availableProcessors
    ) throws(AnalysisError) -> SobolResult {
        let expected = layout.samples * layout.blocks
        guard outputs.count == expected else {
            throw .wrongLength(name: "the output", count: outputs.count, expected: expected)
        }
        let samples = samples ?? layout.samples
        guard (1...layout.samples).contains(samples) else {
            throw .outOfRange(
                name: "the number of samples", value: Double(samples), allowed: "1 to \(layout.samples)")
        }
        return outputs.withUnsafeBufferPointer { outputs in
            let features = SobolFeatures(
                outputs, layout: layout, estimator: estimator, samples: samples, threads: threads)
            return features.result(bootstrap, threads: threads)
        }
    }

    /// The indices of the first N/2^k base samples, from k = `halvings` down to 0, as far as there are at least `least` of
    /// them: how they converge.
    ///
    /// - Throws: ``AnalysisError`` for outputs of another length than the design has.
    public func convergence(
        of outputs: [Double], halvings: Int, least: Int = 16, threads: Int = availableProcessors
    ) throws(AnalysisError) -> [SobolResult] {
        var results: [SobolResult] = []
        for k in stride(from: min(max(halvings, 0), 62), through: 0, by: -1) {
            let samples = layout.samples >> k
            guard samples >= max(least, 1) || k == 0 else { continue }
            results.append(try indices(of: outputs, samples: samples, threads: threads))
        }
        return results
    }
}

/// The Sobol indices of an output, or why there are none, with the counts.
public struct SobolResult: Equatable, Sendable {
    /// The base samples that were used.
    public let samples: Int
    /// The base samples that were left out, since an evaluation failed.
    public let failed: Int
    /// The evaluations that failed, of all of these samples.
    public let failedEvaluations: Int
    /// The indices, or why there are none.
    public let indices: Result<SobolIndices, Indeterminacy>
}

/// The Sobol indices of an output.
public struct SobolIndices: Equatable, Sendable {
    /// The mean of A and B.
    public let mean: Double
    /// V, the variance of A and B.
    public let variance: Double
    /// S_j, one a parameter.
    public let first: [Estimate]
    /// T_j, one a parameter.
    public let total: [Estimate]
    /// S_jk for each j < k, of a design for second order: (0, 1), (0, 2), …, (1, 2), ….
    public let second: [PairEstimate]
    /// The resamples in which the output varies; without variance in most of them the intervals are nil.
    public let resamples: Int
}

/// The index of a pair of parameters.
public struct PairEstimate: Equatable, Sendable {
    /// The first parameter, counted from 0.
    public let j: Int
    /// The second parameter, j < k.
    public let k: Int
    /// S_jk.
    public let estimate: Estimate
}

/// What the estimators sum, as columns with a row a sample: whatever the weights of the samples, the indices follow from
/// the columns' sums.
private struct SobolFeatures {
    let layout: SaltelliLayout
    let estimator: FirstOrderEstimator
    let samples: Int
    let failed: Int
    let failedEvaluations: Int
    /// value = centre + scale·x
    let centre: Double
    let scale: Double
    let isConstant: Bool
    private(set) var columns: [Double]

    var valid: Int { samples - failed }

    // MARK: The columns, in order

    static let count = 0
    static let sum = 1
    static let squares = 2
    func total(_ j: Int) -> Int { 3 + j }
    func first(_ j: Int) -> Int { 3 + layout.dimension + j }
    /// Janon's sums and squares.
    func pairSum(_ j: Int) -> Int { first(layout.dimension) + j }
    func pairSquares(_ j: Int) -> Int { first(2 * layout.dimension) + j }
    var pairs: [(j: Int, k: Int)] {
        guard layout.secondOrder else { return [] }
        return (0..<layout.dimension).flatMap { j in (j + 1..<max(layout.dimension, j + 1)).map { (j, $0) } }
    }
    var firstPair: Int { first((estimator == .janon ? 3 : 1) * layout.dimension) }
    var columnCount: Int { firstPair + pairs.count }

    init(
        _ outputs: UnsafeBufferPointer<Double>, layout: SaltelliLayout, estimator: FirstOrderEstimator, samples: Int,
        threads: Int
    ) {
        self.layout = layout
        self.estimator = estimator
        self.samples = samples

        // Ranges and sums of the valid samples.
        let chunkLength = 8192
        let chunks = (samples + chunkLength - 1) / chunkLength
        let whole = layout.samples
        nonisolated(unsafe) let outputs = outputs
        let parts = [Survey](unsafeUninitializedCapacity: chunks) { parts, initialized in
            forEachChunk(of: parts, chunkSize: 1, threads: threads) { index, part in
                let rows = index * chunkLength..<min((index + 1) * chunkLength, samples)
                part.initialize(repeating: Survey(outputs, layout, rows))
            }
            initialized = chunks
        }
        var survey = Survey()
        for part in parts { survey.add(part) }
        failed = survey.failed
        failedEvaluations = survey.failedEvaluations
        let (low, high) = (survey.low, survey.high)
        let valid = samples - survey.failed
        let middle = survey.mean(valid: valid)
        centre = min(max(middle, low), high)
        let largest = max(abs(low), abs(high))
        isConstant = !(high / 2 - low / 2 > 4 * largest.ulp)
        // A power of two near the largest deviation of all blocks, so that nothing overflows and nothing is rounded by it.
        let deviation = max(survey.highest / 2 - centre / 2, centre / 2 - survey.lowest / 2)
        scale = deviation > 0 && deviation.isFinite ? max(deviation.binade, .leastNormalMagnitude) : 1

        columns = []
        guard valid > 0, !isConstant else { return }
        let columnCount = columnCount
        let pairs = pairs
        let hasFailures = survey.failed > 0
        let factor = 1 / scale
        let shift = centre * factor
        let this = self
        let filled = [Double](unsafeUninitializedCapacity: columnCount * samples) { memory, initialized in
            preferLargePages(for: memory)
            nonisolated(unsafe) let memory = memory
            forEachIndex(count: chunks, threads: threads) { chunk in
                let rows = chunk * chunkLength..<min((chunk + 1) * chunkLength, samples)
                let n = rows.count
                func values(_ block: Int) -> UnsafePointer<Double> {
                    outputs.baseAddress.unsafelyUnwrapped + (block * whole + rows.lowerBound)
                }
                func column(_ index: Int) -> UnsafeMutablePointer<Double> {
                    memory.baseAddress.unsafelyUnwrapped + (index * samples + rows.lowerBound)
                }
                let a = values(layout.a)
                let b = values(layout.b)
                let (counts, sums, squares) = (column(Self.count), column(Self.sum), column(Self.squares))
                for i in 0..<n {
                    let x = a[i] * factor - shift
                    let y = b[i] * factor - shift
                    counts[i] = 1
                    sums[i] = x + y
                    squares[i] = x * x + y * y
                }
                for j in 0..<layout.dimension {
                    let ab = values(layout.ab(j))
                    let (total, first) = (column(this.total(j)), column(this.first(j)))
                    switch estimator {
                    case .saltelli:
                        for i in 0..<n {
                            let difference = ab[i] * factor - a[i] * factor
                            total[i] = difference * difference
                            first[i] = (b[i] * factor - shift) * difference
                        }
                    case .jansen:
                        for i in 0..<n {
                            let difference = ab[i] * factor - a[i] * factor
                            let other = b[i] * factor - ab[i] * factor
                            total[i] = difference * difference
                            first[i] = other * other
                        }
                    case .janon:
                        let (pairSums, pairSquares) = (column(this.pairSum(j)), column(this.pairSquares(j)))
                        for i in 0..<n {
                            let difference = ab[i] * factor - a[i] * factor
                            let x = b[i] * factor - shift
                            let y = ab[i] * factor - shift
                            total[i] = difference * difference
                            first[i] = x * y
                            pairSums[i] = x + y
                            pairSquares[i] = x * x + y * y
                        }
                    }
                }
                for (index, pair) in pairs.enumerated() {
                    let (ba, ab) = (values(layout.ba(pair.j)), values(layout.ab(pair.k)))
                    let product = column(this.firstPair + index)
                    for i in 0..<n {
                        let (x, y) = (ba[i] * factor - shift, ab[i] * factor - shift)
                        product[i] = x * y - (a[i] * factor - shift) * (b[i] * factor - shift)
                    }
                }
                guard hasFailures else { return }
                for i in 0..<n where !Survey.isValid(outputs, layout, rows.lowerBound + i) {
                    for index in 0..<columnCount { column(index)[i] = 0 }
                }
            }
            initialized = columnCount * samples
        }
        columns = filled
    }

    // MARK: The indices

    func result(_ bootstrap: Bootstrap, threads: Int) -> SobolResult {
        SobolResult(
            samples: valid, failed: failed, failedEvaluations: failedEvaluations,
            indices: indices(bootstrap, threads: threads))
    }

    private func indices(_ bootstrap: Bootstrap, threads: Int) -> Result<SobolIndices, Indeterminacy> {
        guard valid >= 2 else { return .failure(.tooFewSamples(count: valid, needed: 2)) }
        guard !isConstant else { return .failure(.noVariance(value: centre)) }
        let d = layout.dimension
        let columnCount = columnCount
        let pairs = pairs
        let (sums, drawn) = columns.withUnsafeBufferPointer { columns in
            (
                BootstrapSums.plain(of: columns, stride: samples, rows: samples, columnCount: columnCount),
                BootstrapSums.sums(
                    of: columns, stride: samples, rows: samples, columnCount: columnCount,
                    resamples: bootstrap.resamples, seed: bootstrap.seed, threads: threads)
            )
        }
        let value = shares(sums[...])
        guard value.variance > 0 else { return .failure(.noVariance(value: centre)) }
        let replicates = (0..<bootstrap.resamples).map { shares(drawn[$0 * columnCount..<($0 + 1) * columnCount]) }
        func estimate(_ place: Int) -> Estimate {
            bootstrap.estimate(value.shares[place], replicates: replicates.lazy.map { $0.shares[place] })
        }
        return .success(
            SobolIndices(
                mean: centre + scale * value.mean, variance: scale * value.variance * scale,
                first: (0..<d).map(estimate), total: (d..<2 * d).map(estimate),
                second: pairs.enumerated().map { index, pair in
                    PairEstimate(j: pair.j, k: pair.k, estimate: estimate(2 * d + index))
                },
                resamples: replicates.count { $0.variance > 0 }))
    }

    /// The indices from the columns' sums: S_j, T_j, S_jk. NaN without variance.
    private func shares(_ sums: ArraySlice<Double>) -> (mean: Double, variance: Double, shares: [Double]) {
        func sum(_ column: Int) -> Double { sums[sums.startIndex + column] }
        let d = layout.dimension
        let n = sum(Self.count)
        let mean = sum(Self.sum) / (2 * n)
        let variance = sum(Self.squares) / (2 * n) - mean * mean
        // What is left of squares by rounding is no variance.
        guard variance > 4 * Double.ulpOfOne * (sum(Self.squares) / (2 * n)) else {
            return (mean, 0, [Double](repeating: .nan, count: 2 * d + pairs.count))
        }
        var shares: [Double] = []
        for j in 0..<d {
            switch estimator {
            case .saltelli: shares.append(sum(first(j)) / n / variance)
            case .jansen: shares.append(1 - sum(first(j)) / (2 * n) / variance)
            case .janon:
                let pairMean = sum(pairSum(j)) / (2 * n)
                shares.append(
                    (sum(first(j)) / n - pairMean * pairMean)
                        / (sum(pairSquares(j)) / (2 * n) - pairMean * pairMean))
            }
        }
        for j in 0..<d { shares.append(sum(total(j)) / (2 * n) / variance) }
        for (index, pair) in pairs.enumerated() {
            shares.append(sum(firstPair + index) / n / variance - shares[pair.j] - shares[pair.k])
        }
        return (mean, variance, shares)
    }
}

/// What there is to know of outputs before their sums are formed.
private struct Survey {
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
            self = Survey()
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

    mutating func add(_ other: Survey) {
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
