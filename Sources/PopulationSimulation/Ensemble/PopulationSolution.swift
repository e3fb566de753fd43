import NumericalMethods
import Parallelism

/// The runs of an ensemble with what they say together.
public struct PopulationSolution: Sendable {
    /// The ensemble.
    public let ensemble: PopulationEnsemble
    /// The runs in their order; without their samples where these would not have fit (``keepsSamples``).
    public let runs: [PopulationRun]
    /// Whether runs have their samples; without them there are moments and no quantiles.
    public let keepsSamples: Bool
    /// The moments over runs, a quantity after another, each time after time.
    private let moments: [SampleMoments]
    /// Each run's sums over the times after the burn-in.
    private let sums: [StationarySums]

    /// The most bytes of samples that are kept.
    public static let mostBytes = 1 << 30

    /// Runs an ensemble.
    ///
    /// - Parameters:
    ///   - ensemble: the runs.
    ///   - burn: the time from which on the runs count as stationary.
    ///   - mostBytes: the most bytes of samples that are kept; beyond that there are moments only.
    ///   - threads: the most that are used.
    ///   - progress: told how many runs have been done.
    public init(
        of ensemble: PopulationEnsemble, burn: Double = 10, mostBytes: Int = Self.mostBytes,
        threads: Int = availableProcessors, progress: (Int) -> Void = { _ in }
    ) {
        self.ensemble = ensemble
        let times = ensemble.times.count
        let bytesPerRun = (PopulationRun.width * MemoryLayout<Double>.size).multipliedClamping(by: times)
        keepsSamples = bytesPerRun.multipliedClamping(by: ensemble.runs) <= mostBytes
        // Blocks that all threads have work in, and that fit.
        let block = min(max(mostBytes / bytesPerRun, 1), 8 * max(threads, 1), ensemble.runs)
        let firstStationary = ensemble.times.firstIndex { $0 >= burn } ?? times
        let quantities = PopulationQuantity.allCases
        var moments = [SampleMoments](repeating: SampleMoments(), count: quantities.count * times)
        var sums: [StationarySums] = []
        var runs: [PopulationRun] = []
        runs.reserveCapacity(ensemble.runs)
        var done = 0
        while done < ensemble.runs {
            let count = min(block, ensemble.runs - done)
            for var run in ensemble.block(from: done, count: count, threads: threads) {
                for (place, quantity) in quantities.enumerated() {
                    for index in 0..<run.sampleCount {
                        moments[place * times + index].add(run.value(quantity, index, of: ensemble.population))
                    }
                }
                if firstStationary < run.sampleCount {
                    let range = firstStationary..<run.sampleCount
                    // One run's error comes from twenty parts of its time.
                    let parts = ensemble.runs == 1 ? min(Self.batches, range.count) : 1
                    for part in 0..<parts {
                        let (low, high) = (range.count * part / parts, range.count * (part + 1) / parts)
                        sums.append(
                            StationarySums(
                                run, (range.lowerBound + low)..<(range.lowerBound + high), of: ensemble.population))
                    }
                }
                if !keepsSamples { run.samples = [] }
                runs.append(run)
            }
            done += count
            progress(done)
        }
        self.moments = moments
        self.sums = sums
        self.runs = runs
    }

    /// The parts of the time of a single run from which its standard errors come.
    public static let batches = 20

    /// The moments of a quantity over runs at the time of a number.
    public func moments(_ quantity: PopulationQuantity, _ index: Int) -> SampleMoments {
        let place = PopulationQuantity.allCases.firstIndex(of: quantity) ?? 0
        return moments[place * ensemble.times.count + index]
    }

    /// The values of a quantity of all runs that came to the time of a number, in order of size; nil where samples were not
    /// kept.
    public func sortedValues(_ quantity: PopulationQuantity, _ index: Int) -> [Double]? {
        guard keepsSamples else { return nil }
        return runs.filter { $0.sampleCount > index }.map { $0.value(quantity, index, of: ensemble.population) }
            .sorted()
    }

    /// N times the covariance of two variables over the times after the burn-in of all runs, about their common mean; each
    /// run is one observation for the standard error, of a single run each of its ``batches``. nil where no run came so far.
    public func stationaryCovariance(_ a: StationaryVariable, _ b: StationaryVariable) -> SampleMoments? {
        guard !sums.isEmpty else { return nil }
        let total = sums.reduce(0) { $0 + $1.count }
        let means = StationaryVariable.allCases.indices.map { i in
            sums.reduce(0) { $0 + ($1.reference[i] * $1.count + $1.sums[i]) } / total
        }
        return SampleMoments(
            sums.map { Double(ensemble.population.holders) * $0.meanProduct(a.rawValue, b.rawValue, about: means) })
    }

    /// The mean of a variable over the times after the burn-in, with each run as one observation.
    public func stationaryMean(_ variable: StationaryVariable) -> SampleMoments? {
        guard !sums.isEmpty else { return nil }
        let i = variable.rawValue
        return SampleMoments(sums.map { $0.reference[i] + $0.sums[i] / $0.count })
    }
}

extension PopulationEnsemble {
    /// Runs from a number on.
    func block(from first: Int, count: Int, threads: Int) -> [PopulationRun] {
        var found = [PopulationRun?](repeating: nil, count: count)
        found.withUnsafeMutableBufferPointer { buffer in
            forEachChunk(of: buffer, chunkSize: 1, threads: threads) { index, chunk in
                chunk[0] = run(first + index)
            }
        }
        return found.compactMap { $0 }
    }
}

/// What fluctuates about a stationary state.
public enum StationaryVariable: Int, CaseIterable, Sendable {
    case liquidityProviders
    case sellers
    case external
    case logPrice
}

/// The sums of a run's variables and their products over a stretch of its times, as differences from the first of them, so
/// that they do not cancel.
struct StationarySums: Sendable {
    let count: Double
    let reference: [Double]
    private(set) var sums: [Double]
    private var products: [Double]

    init(_ run: PopulationRun, _ range: Range<Int>, of population: Population) {
        let n = StationaryVariable.allCases.count
        func values(_ index: Int) -> [Double] {
            [PopulationQuantity.liquidityProviders, .sellers, .external, .logPrice].map {
                run.value($0, index, of: population)
            }
        }
        count = Double(range.count)
        reference = values(range.lowerBound)
        sums = [Double](repeating: 0, count: n)
        products = [Double](repeating: 0, count: n * n)
        for index in range {
            let now = values(index)
            for i in 0..<n {
                let difference = now[i] - reference[i]
                sums[i] += difference
                for j in 0...i { products[i * n + j] += difference * (now[j] - reference[j]) }
            }
        }
    }

    /// The mean of the product of the differences of two variables from given means.
    func meanProduct(_ i: Int, _ j: Int, about means: [Double]) -> Double {
        let n = means.count
        let (a, b) = (reference[i] - means[i], reference[j] - means[j])
        return products[max(i, j) * n + min(i, j)] / count + a * (sums[j] / count) + b * (sums[i] / count) + a * b
    }
}

extension Int {
    /// The product, or the largest number where that is exceeded.
    fileprivate func multipliedClamping(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
