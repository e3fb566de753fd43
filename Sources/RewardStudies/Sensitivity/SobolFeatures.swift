import NumericalMethods
import Parallelism

/// What the estimators sum, as columns with a row a sample: whatever the weights of the samples, the indices follow from
/// the columns' sums.
struct SobolFeatures {
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
        let parts = [OutputSurvey](unsafeUninitializedCapacity: chunks) { parts, initialized in
            forEachChunk(of: parts, chunkSize: 1, threads: threads) { index, part in
                let rows = index * chunkLength..<min((index + 1) * chunkLength, samples)
                part.initialize(repeating: OutputSurvey(outputs, layout, rows))
            }
            initialized = chunks
        }
        var survey = OutputSurvey()
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
                for i in 0..<n where !OutputSurvey.isValid(outputs, layout, rows.lowerBound + i) {
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
        if let undefined = value.shares.firstIndex(where: { !$0.isFinite }) {
            return .failure(
                .undefinedEstimator(parameter: undefined < 2 * d ? undefined % d : pairs[undefined - 2 * d].j))
        }
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
