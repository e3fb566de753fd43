import NumericalMethods
import Parallelism

/// What the estimators sum, as columns with a row a sample: whatever the weights of the samples, the indices follow from
/// the columns' sums.
struct SobolFeatures {
    let layout: SaltelliLayout
    let estimator: FirstOrderEstimator
    let samples: Int
    /// value = centre + scale·x
    private let centre: Double
    private let scale: Double
    private var columns: [Double] = []

    /// Rows that one call fills.
    static let rowsAtOnce = 8192

    static func rows(ofChunk chunk: Int, of samples: Int) -> Range<Int> {
        chunk * rowsAtOnce..<min((chunk + 1) * rowsAtOnce, samples)
    }

    // MARK: The columns, in order

    private static let count = 0
    private static let sum = 1
    private static let squares = 2
    private func total(_ j: Int) -> Int { 3 + j }
    private func first(_ j: Int) -> Int { 3 + layout.dimension + j }
    /// Janon's sums and squares.
    private func pairSum(_ j: Int) -> Int { first(layout.dimension) + j }
    private func pairSquares(_ j: Int) -> Int { first(2 * layout.dimension) + j }
    private var pairs: [(j: Int, k: Int)] {
        guard layout.secondOrder else { return [] }
        return (0..<layout.dimension).flatMap { j in (j + 1..<max(layout.dimension, j + 1)).map { (j, $0) } }
    }
    private var firstPair: Int { first((estimator == .janon ? 3 : 1) * layout.dimension) }
    private var columnCount: Int { firstPair + pairs.count }

    /// The columns of the first `samples` rows of every block, all of which have a value.
    init(
        _ outputs: UnsafeBufferPointer<Double>, layout: SaltelliLayout, estimator: FirstOrderEstimator, samples: Int,
        survey: OutputSurvey, threads: Int
    ) {
        self.layout = layout
        self.estimator = estimator
        self.samples = samples
        centre = survey.mean(samples: samples)
        // A power of two near the largest deviation of all blocks, so that nothing overflows and nothing is rounded by it.
        let deviation = max(survey.all.high / 2 - centre / 2, centre / 2 - survey.all.low / 2)
        scale = deviation > 0 && deviation.isFinite ? max(deviation.binade, .leastNormalMagnitude) : 1

        let columnCount = columnCount
        let this = self
        nonisolated(unsafe) let outputs = outputs
        columns = [Double](unsafeUninitializedCapacity: columnCount * samples) { memory, initialized in
            preferLargePages(for: memory)
            nonisolated(unsafe) let memory = memory
            forEachIndex(count: (samples + Self.rowsAtOnce - 1) / Self.rowsAtOnce, threads: threads) { chunk in
                this.fill(memory, outputs, Self.rows(ofChunk: chunk, of: samples))
            }
            initialized = columnCount * samples
        }
    }

    /// Fills some rows of all columns.
    private func fill(
        _ memory: UnsafeMutableBufferPointer<Double>, _ outputs: UnsafeBufferPointer<Double>, _ rows: Range<Int>
    ) {
        let n = rows.count
        let factor = 1 / scale
        let shift = centre * factor
        func values(_ block: Int) -> UnsafePointer<Double> {
            outputs.baseAddress.unsafelyUnwrapped + (block * layout.samples + rows.lowerBound)
        }
        func column(_ index: Int) -> UnsafeMutablePointer<Double> {
            memory.baseAddress.unsafelyUnwrapped + (index * samples + rows.lowerBound)
        }
        let (a, b) = (values(layout.a), values(layout.b))
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
            let (total, first) = (column(total(j)), column(first(j)))
            for i in 0..<n {
                let difference = ab[i] * factor - a[i] * factor
                total[i] = difference * difference
            }
            switch estimator {
            case .saltelli:
                for i in 0..<n { first[i] = (b[i] * factor - shift) * (ab[i] * factor - a[i] * factor) }
            case .jansen:
                for i in 0..<n {
                    let other = b[i] * factor - ab[i] * factor
                    first[i] = other * other
                }
            case .janon:
                let (pairSums, pairSquares) = (column(pairSum(j)), column(pairSquares(j)))
                for i in 0..<n {
                    let x = b[i] * factor - shift
                    let y = ab[i] * factor - shift
                    first[i] = x * y
                    pairSums[i] = x + y
                    pairSquares[i] = x * x + y * y
                }
            }
        }
        for (index, pair) in pairs.enumerated() {
            let (ba, ab) = (values(layout.ba(pair.j)), values(layout.ab(pair.k)))
            let product = column(firstPair + index)
            for i in 0..<n {
                let (x, y) = (ba[i] * factor - shift, ab[i] * factor - shift)
                product[i] = x * y - (a[i] * factor - shift) * (b[i] * factor - shift)
            }
        }
    }

    // MARK: The indices

    func indices(_ bootstrap: Bootstrap, threads: Int) -> Result<SobolIndices, Indeterminacy> {
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
                population: .all, mean: centre + scale * value.mean, variance: scale * value.variance * scale,
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
