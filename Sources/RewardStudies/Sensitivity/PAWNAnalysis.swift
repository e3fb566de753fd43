import NumericalMethods
import Parallelism

/// PAWN indices: how far the distribution of an output moves when a parameter is known, by any sample.
///
/// Each parameter's sample is cut into slices of the same number of points, in order of the parameter. The Kolmogorov–Smirnov
/// distance between the outputs of a slice and all outputs,
///
///     KS_s = max_y |F_s(y) − F(y)|,
///
/// is 0 where the parameter does nothing, up to the sample's noise, and at most 1. The index is its median, or its maximum, over
/// the slices. It sees the whole distribution, not the variance alone, takes any sample and any number of values that are equal:
/// a word's indicator is as good an output as a number.
///
/// **Noise.** A finite slice of n of N points has a distance of about 0.87 √(1/n − 1/N) to all of them where the parameter does
/// nothing. What a parameter must be told apart from is thus not 0 but the index of a dummy parameter, whose slices are drawn at
/// random: it is computed beside the others (Zadeh et al. 2017).
///
/// Intervals are by resampling the points, the slices being kept.
///
/// Points with equal values of a parameter stay in one slice, which then is longer; slices that are empty are left out.
///
/// Source: Pianosi, Wagener, *Distribution-based sensitivity analysis from a generic input-output sample*, Environ. Model.
/// Softw. 108 (2018).
public struct PAWNAnalysis: Equatable, Sendable {
    /// How many slices a parameter has.
    public let slices: Int
    /// The intervals.
    public let bootstrap: Bootstrap
    /// What the dummy's slices are drawn by.
    public let seed: UInt64

    /// An analysis.
    ///
    /// - Parameters:
    ///   - slices: 2 to 1000; 10 by default, as in SALib.
    ///   - bootstrap: the intervals; none by default.
    ///   - seed: any number.
    /// - Throws: ``AnalysisError/outOfRange(name:value:allowed:)``.
    public init(slices: Int = 10, bootstrap: Bootstrap = .none, seed: UInt64 = 0) throws(AnalysisError) {
        guard (2...1000).contains(slices) else {
            throw .outOfRange(name: "the number of slices", value: Double(slices), allowed: "2 to 1000")
        }
        self.slices = slices
        self.bootstrap = bootstrap
        self.seed = seed
    }

    /// The indices of an output.
    ///
    /// - Parameters:
    ///   - output: the values; what is not finite counts as failed and is left out.
    ///   - parameters: the values of each parameter at the same points.
    ///   - threads: the most that are used; the result does not depend on it.
    /// - Throws: ``AnalysisError/wrongLength(name:count:expected:)``.
    public func indices(
        of output: [Double], parameters: [[Double]], threads: Int = availableProcessors
    ) throws(AnalysisError) -> PAWNResult {
        for (j, values) in parameters.enumerated() where values.count != output.count {
            throw .wrongLength(name: "parameter \(j + 1)", count: values.count, expected: output.count)
        }
        let rows = output.indices.filter { output[$0].isFinite }
        let failed = output.count - rows.count
        func none(_ reason: Indeterminacy) -> PAWNResult {
            PAWNResult(samples: rows.count, failed: failed, indices: .failure(reason))
        }
        guard rows.count >= 2 * slices else { return none(.tooFewSamples(count: rows.count, needed: 2 * slices)) }
        // In order of the output, once for all.
        let order = rows.sorted { (output[$0], $0) < (output[$1], $1) }
        let values = order.map { output[$0] }
        let range = OutputRange(values)
        guard !range.isConstant else { return none(.noVariance(value: range.middle)) }
        let permutation = IndexPermutation(count: order.count, seed: seed, stream: 0x9a37)
        let assignments =
            parameters.map { parameter in Self.slices(order.map { parameter[$0] }, slices) }
            + [Self.slices(order.indices.map { Double(permutation[$0]) }, slices)]

        let point = assignments.map { distances(values, $0, counts: nil) }
        var resampled = [[[Double]]](repeating: [], count: bootstrap.resamples)
        resampled.withUnsafeMutableBufferPointer { buffer in
            forEachChunk(of: buffer, chunkSize: 1, threads: threads) { index, chunk in
                let counts = [UInt16](unsafeUninitializedCapacity: order.count) { counts, initialized in
                    let drawn = UnsafeMutableBufferPointer(rebasing: counts[..<order.count])
                    BootstrapSums.draw(into: drawn, seed: bootstrap.seed, resample: UInt64(index))
                    initialized = order.count
                }
                chunk[0] = assignments.map { distances(values, $0, counts: counts) }
            }
        }
        let indices = point.indices.map { j in
            PAWNIndices(point[j], resampled: resampled.map { $0[j] }, bootstrap)
        }
        return PAWNResult(
            samples: rows.count, failed: failed,
            indices: .success(PAWNSet(parameters: Array(indices.dropLast()), dummy: indices[indices.count - 1])))
    }

    /// The slice of each point: the i-th in order of the parameter is in slice ⌊i·S/N⌋, but equal values are in one.
    static func slices(_ parameter: [Double], _ slices: Int) -> [Int32] {
        let order = parameter.indices.sorted { (parameter[$0], $0) < (parameter[$1], $1) }
        var result = [Int32](repeating: 0, count: parameter.count)
        var slice = 0
        for (place, row) in order.enumerated() {
            if place == 0 || parameter[row] != parameter[order[place - 1]] { slice = place * slices / order.count }
            result[row] = Int32(slice)
        }
        return result
    }

    /// The distance of each slice that is not empty.
    private func distances(_ sorted: [Double], _ assignment: [Int32], counts: [UInt16]?) -> [Double] {
        var sizes = [Double](repeating: 0, count: slices)
        for row in sorted.indices { sizes[Int(assignment[row])] += counts.map { Double($0[row]) } ?? 1 }
        let total = sizes.reduce(0, +)
        guard total > 0 else { return [] }
        let shares = sizes.map { $0 > 0 ? 1 / $0 : 0 }
        var sums = [Double](repeating: 0, count: slices)
        var distances = [Double](repeating: 0, count: slices)
        var all = 0.0
        // Between the values of two points a slice that has none of them moves away from all, so each of its own points is looked
        // at before and after; that of equal values is complete only behind the last of them.
        var start = 0
        while start < sorted.count {
            var stop = start
            while stop < sorted.count, sorted[stop] == sorted[start] { stop += 1 }
            if stop == start + 1 {
                let (slice, weight) = (Int(assignment[start]), counts.map { Double($0[start]) } ?? 1)
                distances[slice] = max(distances[slice], abs(sums[slice] * shares[slice] - all / total))
                sums[slice] += weight
                all += weight
                distances[slice] = max(distances[slice], abs(sums[slice] * shares[slice] - all / total))
            } else {
                for slice in 0..<slices {
                    distances[slice] = max(distances[slice], abs(sums[slice] * shares[slice] - all / total))
                }
                for row in start..<stop {
                    let weight = counts.map { Double($0[row]) } ?? 1
                    sums[Int(assignment[row])] += weight
                    all += weight
                }
                for slice in 0..<slices {
                    distances[slice] = max(distances[slice], abs(sums[slice] * shares[slice] - all / total))
                }
            }
            start = stop
        }
        return slices == 0 ? [] : (0..<slices).filter { sizes[$0] > 0 }.map { distances[$0] }
    }
}

/// The PAWN indices of an output, or why there are none, with the counts.
public struct PAWNResult: Equatable, Sendable {
    /// The points that were used.
    public let samples: Int
    /// The points that were left out, since the evaluation failed.
    public let failed: Int
    /// The indices, or why there are none.
    public let indices: Result<PAWNSet, Indeterminacy>
}

/// The indices of all parameters.
public struct PAWNSet: Equatable, Sendable {
    /// The indices of each parameter, in order.
    public let parameters: [PAWNIndices]
    /// The indices of a parameter that does nothing: the noise of the sample.
    public let dummy: PAWNIndices
}

/// The distances of a parameter's slices, summarised.
public struct PAWNIndices: Equatable, Sendable {
    /// The median.
    public let median: Estimate
    /// The largest.
    public let maximum: Estimate
    /// The mean.
    public let mean: Estimate
    /// The smallest.
    public let minimum: Double
    /// The standard deviation over the mean; 0 where the mean is.
    public let variation: Double
    /// The distance of each slice that is not empty, in order of the parameter.
    public let distances: [Double]

    init(_ distances: [Double], resampled: [[Double]], _ bootstrap: Bootstrap) {
        func estimate(_ summary: ([Double]) -> Double) -> Estimate {
            bootstrap.estimate(summary(distances), replicates: resampled.lazy.map(summary))
        }
        func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }
        self.distances = distances
        median = estimate { $0.isEmpty ? .nan : quantile($0.sorted(), 0.5) }
        maximum = estimate { $0.max() ?? .nan }
        self.mean = estimate(mean)
        minimum = distances.min() ?? .nan
        let middle = mean(distances)
        let square = mean(distances.map { ($0 - middle) * ($0 - middle) })
        variation = middle > 0 ? square.squareRoot() / middle : 0
    }
}
