import NumericalMethods
import Parallelism

/// The points of A and B that have a value and meet a condition, and the pairs A, A_B⁽ʲ⁾ of parameters that do not decide
/// whether points are among them; see ``SobolAnalysis`` for what follows from them.
struct ConditionalSample {
    /// D.
    private let dimension: Int
    /// The number of base samples.
    private let rows: Int
    /// The rows of the points, of A first, then of B.
    private var row: [Int32] = []
    /// Their outputs, centred and scaled.
    private var value: [Double] = []
    /// How many of the points are of A.
    private var pointsOfA = 0
    /// The class of each point, parameter by parameter.
    private var classes: [[UInt8]] = []
    /// The squared differences of pairs, a column a parameter; and a last column with a 1 for each point of A that is
    /// among the points.
    private var pairColumns: [Double]
    /// The parameters of which each pair has both of its points or none.
    private var wholePairs: [Bool]
    /// The points of A and B that meet the condition and have no value.
    private(set) var failed = 0
    private var range = OutputRange()
    /// value = centre + scale·x
    private var centre = 0.0
    private var scale = 1.0

    /// The points that have a value and meet the condition.
    var points: Int { value.count }

    /// The fewest points of a class on average.
    private static let pointsOfClass = 20
    /// The most classes.
    private static let mostClasses = 64

    /// The points of a design.
    ///
    /// - Parameters:
    ///   - samples: the base samples, from the first on, that are looked at.
    ///   - outputs: the values at all points, block by block; what is not finite is none.
    ///   - parameters: of each parameter its values at the points of A, and after them at those of B.
    ///   - condition: whether a point, by its place among `outputs`, is one of those that are asked for.
    init(
        _ layout: SaltelliLayout, samples: Int, outputs: [Double], parameters: [[Double]], threads: Int,
        where condition: (Int) -> Bool
    ) {
        dimension = layout.dimension
        rows = samples
        pairColumns = [Double](repeating: 0, count: (layout.dimension + 1) * samples)
        wholePairs = [Bool](repeating: true, count: layout.dimension)
        let n = layout.samples
        func isAmong(_ place: Int) -> Bool { outputs[place].isFinite && condition(place) }
        var places: [Int] = []
        for (half, block) in [layout.a, layout.b].enumerated() {
            for i in 0..<samples where condition(block * n + i) {
                let output = outputs[block * n + i]
                guard output.isFinite else {
                    failed += 1
                    continue
                }
                row.append(Int32(truncatingIfNeeded: i))
                value.append(output)
                range.include(output)
                places.append(half * n + i)
            }
            if block == layout.a { pointsOfA = value.count }
        }
        guard !value.isEmpty else { return }
        let count = Double(value.count)
        centre = min(max(value.reduce(0) { $0 + $1 / count }, range.low), range.high)
        let deviation = max(range.high / 2 - centre / 2, centre / 2 - range.low / 2)
        scale = deviation > 0 && deviation.isFinite ? max(deviation.binade, .leastNormalMagnitude) : 1
        let (factor, shift) = (1 / scale, centre * (1 / scale))
        for i in value.indices { value[i] = value[i] * factor - shift }

        for i in 0..<samples where isAmong(layout.a * n + i) { pairColumns[dimension * samples + i] = 1 }
        for j in 0..<dimension {
            for i in 0..<samples {
                let (a, ab) = (layout.a * n + i, layout.ab(j) * n + i)
                let isPair = isAmong(a)
                guard isPair == isAmong(ab) else {
                    wholePairs[j] = false
                    break
                }
                guard isPair else { continue }
                let difference = outputs[a] * factor - outputs[ab] * factor
                pairColumns[j * samples + i] = difference * difference
            }
        }
        let classCount = min(Self.mostClasses, value.count / Self.pointsOfClass)
        guard classCount >= 2 else { return }
        let among = places
        classes = [[UInt8]](repeating: [], count: dimension)
        classes.withUnsafeMutableBufferPointer { classes in
            forEachChunk(of: classes, chunkSize: 1, threads: threads) { j, one in
                one[0] = Self.classes(of: among.map { parameters[j][$0] }, count: classCount)
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

    /// The indices given the condition.
    func indices(_ bootstrap: Bootstrap, threads: Int) -> Result<SobolIndices, Indeterminacy> {
        let needed = 2 * Self.pointsOfClass
        guard value.count >= needed else { return .failure(.tooFewSamples(count: value.count, needed: needed)) }
        guard !range.isConstant else { return .failure(.noVariance(value: range.middle)) }
        let whole = shares(nil)
        guard whole.variance > 0 else { return .failure(.noVariance(value: range.middle)) }
        let (pairSums, pairsDrawn) = pairColumns.withUnsafeBufferPointer {
            (
                BootstrapSums.plain(of: $0, stride: rows, rows: rows, columnCount: dimension + 1),
                BootstrapSums.sums(
                    of: $0, stride: rows, rows: rows, columnCount: dimension + 1, resamples: bootstrap.resamples,
                    seed: bootstrap.seed, threads: threads)
            )
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
        let first = (0..<dimension).map { j in
            bootstrap.estimate(whole.first[j], replicates: drawn.lazy.map { $0.first[j] })
        }
        let total = (0..<dimension).map { j -> Estimate? in
            guard wholePairs[j], pairSums[dimension] >= 2 else { return nil }
            return bootstrap.estimate(
                pairSums[j] / pairSums[dimension] / 2 / whole.variance,
                replicates: drawn.indices.lazy.map { resample in
                    let start = resample * (dimension + 1)
                    return pairsDrawn[start + j] / pairsDrawn[start + dimension] / 2 / drawn[resample].variance
                })
        }
        return .success(
            SobolIndices(
                population: .conditional, mean: centre + scale * whole.mean, variance: scale * whole.variance * scale,
                first: first, total: total, second: [], resamples: drawn.count { $0.variance > 0 }))
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
            return (mean, 0, [Double](repeating: .nan, count: dimension))
        }
        let first = classes.map { correlationRatio($0, own, of: variance) }
        return (mean, variance, first)
    }

    /// The variance of the means of classes over a variance: the covariance of the means in A and in B, weighted by the points of
    /// each class in both.
    private func correlationRatio(_ classes: [UInt8], _ weights: [Double], of variance: Double) -> Double {
        // Of the classes in A, and after them of those in B.
        let size = Self.mostClasses
        var counts = [Double](repeating: 0, count: 2 * size)
        var sums = counts
        for i in weights.indices {
            let place = Int(classes[i]) + (i < pointsOfA ? 0 : size)
            counts[place] += weights[i]
            sums[place] += weights[i] * value[i]
        }
        var (n, meanA, meanB, products) = (0.0, 0.0, 0.0, 0.0)
        for place in 0..<size where counts[place] > 0 && counts[size + place] > 0 {
            let weight = counts[place] + counts[size + place]
            let (a, b) = (sums[place] / counts[place], sums[size + place] / counts[size + place])
            n += weight
            meanA += weight * a
            meanB += weight * b
            products += weight * a * b
        }
        guard n > 0 else { return .nan }
        return (products / n - meanA / n * (meanB / n)) / variance
    }
}
