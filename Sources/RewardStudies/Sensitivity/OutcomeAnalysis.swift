import NumericalMethods
import Parallelism

/// Sensitivity across regimes: where an output jumps or ends, which outcome there is, what decides it, and what moves the
/// output within one.
///
/// For each outcome:
///
/// - its **probability**, the share of the points of A and B that did not fail;
/// - the Sobol indices of its **indicator**, 1 where there is that outcome and 0 elsewhere: what decides it;
/// - **conditional** indices of an output given the outcome. The parameters are dependent then, so pick-freeze does not hold:
///   it would take samples of which all D + 2 evaluations have the outcome, another population than the points that have it.
///   The first-order index, Var(E[y|x_j])/Var(y) given the outcome, is estimated from the points of A and B that have it,
///   by the correlation ratio: sorted by x_j into up to 64 classes of the same count, the variance between them over the
///   whole, corrected for the number of classes (Kelley's ε²). Its bias is that of the classes: the variance of E[y|x_j]
///   within them is missing, for a straight line a share of 1/64² of it.
///   The total index is from the pairs f(A), f(A_B⁽ʲ⁾) of which both have the outcome: half of the mean squared
///   difference, over Var(y) given the outcome. It weighs a place x_~j by the square of the probability of the outcome
///   there, where E[Var(y|x_~j)] given the outcome weighs it by the probability: exact where that is the same for all x_~j
///   with the outcome, and otherwise an index of the pairs that stay. Since the parameters are dependent, first-order
///   indices may exceed total ones.
public struct OutcomeAnalysis: Equatable, Sendable {
    /// The code of an evaluation that failed.
    public static let failed = UInt8.max

    /// The analysis of the indicators.
    public let sobol: SobolAnalysis
    /// The number of outcomes; their codes are 0 ..< that.
    public let outcomeCount: Int

    /// The fewest points of a class on average.
    static let pointsOfClass = 20
    /// The most classes.
    static let mostClasses = 64

    /// An analysis.
    ///
    /// - Parameters:
    ///   - sobol: for the indicators; its layout and its bootstrap are those of the rest as well.
    ///   - outcomeCount: from 1 to 255.
    /// - Throws: ``AnalysisError/outOfRange(name:value:allowed:)``.
    public init(_ sobol: SobolAnalysis, outcomeCount: Int) throws(AnalysisError) {
        guard (1...255).contains(outcomeCount) else {
            throw .outOfRange(name: "the number of outcomes", value: Double(outcomeCount), allowed: "1 to 255")
        }
        self.sobol = sobol
        self.outcomeCount = outcomeCount
    }

    /// What there is to say of each outcome, in the order of the codes.
    ///
    /// - Parameters:
    ///   - outcomes: the code at every point of the design, block by block; ``failed``, or any other that is none, where
    ///     the evaluation failed.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError/wrongLength(name:count:expected:)``.
    public func results(outcomes: [UInt8], threads: Int = availableProcessors) throws(AnalysisError) -> [OutcomeResult]
    {
        let layout = sobol.layout
        let n = layout.samples
        guard outcomes.count == n * layout.blocks else {
            throw .wrongLength(name: "the list of outcomes", count: outcomes.count, expected: n * layout.blocks)
        }
        var results: [OutcomeResult] = []
        for code in 0..<outcomeCount {
            let indicator = outcomes.map { (found: UInt8) -> Double in
                if Int(found) >= outcomeCount { return .nan }
                return Int(found) == code ? 1 : 0
            }
            // Of A and B together, a row a sample: how many of the two have it, and how many did not fail.
            var columns = [Double](repeating: 0, count: 2 * n)
            for block in [layout.a, layout.b] {
                for i in 0..<n where indicator[block * n + i].isFinite {
                    columns[i] += indicator[block * n + i]
                    columns[n + i] += 1
                }
            }
            let (sums, drawn) = columns.withUnsafeBufferPointer { columns in
                (
                    BootstrapSums.plain(of: columns, stride: n, rows: n, columnCount: 2),
                    BootstrapSums.sums(
                        of: columns, stride: n, rows: n, columnCount: 2, resamples: sobol.bootstrap.resamples,
                        seed: sobol.bootstrap.seed, threads: threads)
                )
            }
            let shares = (0..<sobol.bootstrap.resamples).map { drawn[2 * $0] / drawn[2 * $0 + 1] }
            let probability = sums[1] > 0 ? sobol.bootstrap.estimate(sums[0] / sums[1], replicates: shares) : nil
            results.append(
                OutcomeResult(
                    count: Int(sums[0]), points: Int(sums[1]), failed: 2 * n - Int(sums[1]), probability: probability,
                    indicator: try sobol.indices(of: indicator, threads: threads)))
        }
        return results
    }

    /// The indices of an output given an outcome.
    ///
    /// - Parameters:
    ///   - outputs: the values at the points of the design, block by block; what is not finite counts as failed.
    ///   - outcomes: their codes, as many.
    ///   - code: the outcome.
    ///   - parameters: of each parameter its values at the points of A, and after them at those of B.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError``.
    public func conditional(
        of outputs: [Double], outcomes: [UInt8], given code: UInt8, parameters: [[Double]],
        threads: Int = availableProcessors
    ) throws(AnalysisError) -> ConditionalResult {
        let layout = sobol.layout
        let n = layout.samples
        for (name, count) in [("the output", outputs.count), ("the list of outcomes", outcomes.count)]
        where count != n * layout.blocks {
            throw .wrongLength(name: name, count: count, expected: n * layout.blocks)
        }
        guard parameters.count == layout.dimension else {
            throw .wrongLength(name: "the list of parameters", count: parameters.count, expected: layout.dimension)
        }
        for (j, values) in parameters.enumerated() where values.count != 2 * n {
            throw .wrongLength(name: "parameter \(j + 1)", count: values.count, expected: 2 * n)
        }
        guard Int(code) < outcomeCount else {
            throw .outOfRange(name: "the outcome", value: Double(code), allowed: "0 to \(outcomeCount - 1)")
        }
        return ConditionalSample(layout, outputs, outcomes, code, parameters).result(sobol.bootstrap, threads: threads)
    }
}

/// How often there is an outcome, and what decides it.
public struct OutcomeResult: Equatable, Sendable {
    /// The points of A and B with the outcome.
    public let count: Int
    /// The points of A and B that did not fail.
    public let points: Int
    /// The points of A and B that failed.
    public let failed: Int
    /// The share of points with the outcome; nil where all failed.
    public let probability: Estimate?
    /// The indices of its indicator.
    public let indicator: SobolResult
}

/// The indices of an output given an outcome, or why there are none, with the counts.
public struct ConditionalResult: Equatable, Sendable {
    /// The points of A and B with the outcome and an output.
    public let points: Int
    /// The points of A and B with the outcome and no output.
    public let failed: Int
    /// Of each parameter the pairs A, A_B⁽ʲ⁾ of which both have the outcome and an output.
    public let pairs: [Int]
    /// The indices, or why there are none.
    public let indices: Result<ConditionalIndices, Indeterminacy>
}

/// The indices of an output given an outcome; see ``OutcomeAnalysis`` for what they are.
public struct ConditionalIndices: Equatable, Sendable {
    /// The mean given the outcome.
    public let mean: Double
    /// The variance given the outcome.
    public let variance: Double
    /// First order, one a parameter.
    public let first: [Estimate]
    /// Total, of the pairs that stay, one a parameter; nil where there are fewer than two.
    public let total: [Estimate?]
}

/// The points with an outcome.
private struct ConditionalSample {
    let d: Int
    /// N.
    let rows: Int
    /// The rows of the points, of A first, then of B.
    var row: [Int32] = []
    /// Their outputs, centred and scaled.
    var value: [Double] = []
    /// Of each parameter the class of each point.
    var classes: [[UInt8]] = []
    /// Of each parameter a column of squared differences of pairs and one of the number of pairs.
    var pairColumns: [Double]
    var pairs: [Int]
    var failed = 0
    var centre = 0.0
    var scale = 1.0
    var isConstant = false

    init(
        _ layout: SaltelliLayout, _ outputs: [Double], _ outcomes: [UInt8], _ code: UInt8, _ parameters: [[Double]]
    ) {
        d = layout.dimension
        rows = layout.samples
        let n = rows
        pairColumns = [Double](repeating: 0, count: 2 * d * n)
        pairs = [Int](repeating: 0, count: d)
        var places: [Int] = []
        for (half, block) in [layout.a, layout.b].enumerated() {
            for i in 0..<n where outcomes[block * n + i] == code {
                guard outputs[block * n + i].isFinite else {
                    failed += 1
                    continue
                }
                row.append(Int32(truncatingIfNeeded: i))
                value.append(outputs[block * n + i])
                places.append(half * n + i)
            }
        }
        guard let low = value.min(), let high = value.max() else { return }
        isConstant = !(high / 2 - low / 2 > 4 * max(abs(low), abs(high)).ulp)
        let count = Double(value.count)
        centre = min(max(value.reduce(0) { $0 + $1 / count }, low), high)
        let deviation = max(high / 2 - centre / 2, centre / 2 - low / 2)
        scale = deviation > 0 && deviation.isFinite ? max(deviation.binade, .leastNormalMagnitude) : 1
        let (factor, shift) = (1 / scale, centre * (1 / scale))
        for i in value.indices { value[i] = value[i] * factor - shift }

        let a = layout.a
        for j in 0..<d {
            let ab = layout.ab(j)
            for i in 0..<n where outcomes[a * n + i] == code && outcomes[ab * n + i] == code {
                let difference = outputs[a * n + i] * factor - outputs[ab * n + i] * factor
                guard difference.isFinite else { continue }
                pairColumns[j * n + i] = difference * difference
                pairColumns[(d + j) * n + i] = 1
                pairs[j] += 1
            }
        }
        let classCount = min(OutcomeAnalysis.mostClasses, value.count / OutcomeAnalysis.pointsOfClass)
        guard classCount >= 2 else { return }
        classes = parameters.map { parameter in
            let order = places.indices.sorted { (parameter[places[$0]], $0) < (parameter[places[$1]], $1) }
            var result = [UInt8](repeating: 0, count: order.count)
            // The rank of the first of equal values, which stay together.
            var rank = 0
            for (place, i) in order.enumerated() {
                if place > 0, parameter[places[i]] != parameter[places[order[place - 1]]] { rank = place }
                result[i] = UInt8(rank * classCount / order.count)
            }
            return result
        }
    }

    func result(_ bootstrap: Bootstrap, threads: Int) -> ConditionalResult {
        ConditionalResult(
            points: value.count, failed: failed, pairs: pairs, indices: indices(bootstrap, threads: threads))
    }

    private func indices(_ bootstrap: Bootstrap, threads: Int) -> Result<ConditionalIndices, Indeterminacy> {
        let needed = 2 * OutcomeAnalysis.pointsOfClass
        guard value.count >= needed else { return .failure(.tooFewSamples(count: value.count, needed: needed)) }
        guard !isConstant else { return .failure(.noVariance(value: centre)) }
        let whole = shares(nil)
        guard whole.variance > 0 else { return .failure(.noVariance(value: centre)) }
        let pairSums = pairColumns.withUnsafeBufferPointer {
            BootstrapSums.plain(of: $0, stride: rows, rows: rows, columnCount: 2 * d)
        }
        let pairsDrawn = pairColumns.withUnsafeBufferPointer {
            BootstrapSums.sums(
                of: $0, stride: rows, rows: rows, columnCount: 2 * d, resamples: bootstrap.resamples,
                seed: bootstrap.seed, threads: threads)
        }
        let drawn = [(variance: Double, first: [Double])](
            unsafeUninitializedCapacity: bootstrap.resamples
        ) { output, initialized in
            forEachChunk(of: output, chunkSize: 1, threads: threads) { resample, chunk in
                let counts = [UInt16](unsafeUninitializedCapacity: rows) { counts, initialized in
                    BootstrapSums.draw(
                        into: UnsafeMutableBufferPointer(rebasing: counts[..<rows]), seed: bootstrap.seed,
                        resample: UInt64(resample))
                    initialized = rows
                }
                let shares = shares(counts)
                chunk.initialize(repeating: (shares.variance, shares.first))
            }
            initialized = bootstrap.resamples
        }
        let first = (0..<d).map { j in
            bootstrap.estimate(whole.first[j], replicates: drawn.lazy.map { $0.first[j] })
        }
        let total = (0..<d).map { j -> Estimate? in
            guard pairs[j] >= 2 else { return nil }
            return bootstrap.estimate(
                pairSums[j] / pairSums[d + j] / 2 / whole.variance,
                replicates: drawn.indices.lazy.map { resample in
                    let start = resample * 2 * d
                    return pairsDrawn[start + j] / pairsDrawn[start + d + j] / 2 / drawn[resample].variance
                })
        }
        return .success(
            ConditionalIndices(
                mean: centre + scale * whole.mean, variance: scale * whole.variance * scale, first: first, total: total)
        )
    }

    /// The moments and the correlation ratios under weights of the rows, all of them 1 without.
    private func shares(_ weights: [UInt16]?) -> (mean: Double, variance: Double, first: [Double]) {
        var (n, sum, squares) = (0.0, 0.0, 0.0)
        var own = [Double](repeating: 1, count: value.count)
        if let weights { for i in own.indices { own[i] = Double(weights[Int(row[i])]) } }
        for i in own.indices {
            n += own[i]
            sum += own[i] * value[i]
            squares += own[i] * value[i] * value[i]
        }
        let mean = sum / n
        let variance = squares / n - mean * mean
        guard variance > 4 * Double.ulpOfOne * (squares / n) else {
            return (mean, 0, [Double](repeating: .nan, count: d))
        }
        let first = classes.map { classes in
            var counts = [Double](repeating: 0, count: OutcomeAnalysis.mostClasses)
            var sums = counts
            for i in own.indices {
                counts[Int(classes[i])] += own[i]
                sums[Int(classes[i])] += own[i] * value[i]
            }
            var between = -sum * mean
            var occupied = 0.0
            for (count, sum) in zip(counts, sums) where count > 0 {
                between += sum * sum / count
                occupied += 1
            }
            let all = variance * n
            // A parameter with two values has two classes, one with a single value one.
            guard n > occupied else { return Double.nan }
            return (between - (occupied - 1) * (all - between) / (n - occupied)) / all
        }
        return (mean, variance, first)
    }
}
