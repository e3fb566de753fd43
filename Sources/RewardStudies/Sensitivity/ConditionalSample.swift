import NumericalMethods
import Parallelism

/// The points with an outcome.
struct ConditionalSample {
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
        _ layout: SaltelliLayout, _ outputs: [Double], _ outcomes: [UInt8], _ code: UInt8, _ parameters: [[Double]],
        threads: Int
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
        let columns = parameters.map { parameter in places.map { parameter[$0] } }
        classes = [[UInt8]](repeating: [], count: d)
        classes.withUnsafeMutableBufferPointer { classes in
            forEachChunk(of: classes, chunkSize: 1, threads: threads) { j, one in
                one[0] = Self.classes(of: columns[j], count: classCount)
            }
        }
    }

    /// Classes of the same count by the ranks of values, of which equal ones stay together.
    private static func classes(of values: [Double], count: Int) -> [UInt8] {
        let order = values.enumerated().map { (value: $1, place: $0) }.sorted { $0.value < $1.value }
        var classes = [UInt8](repeating: 0, count: values.count)
        // The rank of the first of equal values.
        var rank = 0
        for i in order.indices {
            if i > 0, order[i].value != order[i - 1].value { rank = i }
            classes[order[i].place] = UInt8(rank * count / order.count)
        }
        return classes
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
