import NumericalMethods
import RewardStudies
import TestSupport
import Testing

@Suite struct PAWNAnalysisTests {
    /// The distance as its definition has it, at every value.
    private static func distance(_ slice: [Double], _ all: [Double]) -> Double {
        func share(_ values: [Double], upTo y: Double) -> Double {
            Double(values.count { $0 <= y }) / Double(values.count)
        }
        return all.map { abs(share(slice, upTo: $0) - share(all, upTo: $0)) }.max() ?? 0
    }

    @Test func distancesAreThoseOfTheDefinition() throws {
        var generator = SeededGenerator(seed: 71)
        for trial in 0..<60 {
            let count = Int.random(in: 20...120, using: &generator)
            // Half of the outputs, and of the parameters, have few values, so that there are ties.
            let x = (0..<count).map { _ in
                trial % 2 == 0 ? generator.uniform(0...1) : Double(Int.random(in: 0...4, using: &generator))
            }
            var y = x.map { value in
                let noisy = value + generator.uniform(0...1)
                return trial % 4 < 2 ? noisy : (noisy * 2).rounded()
            }
            guard Set(y).count > 1 else { continue }
            y.append(.nan)
            let analysis = try PAWNAnalysis(slices: 5)
            let result = try analysis.indices(of: y, parameters: [x + [0.5]])
            #expect(result.samples == count)
            #expect(result.failed == 1)
            let found = try result.indices.get().parameters[0]
            // The slices: ranks, with equal values together.
            let order = x.indices.sorted { (x[$0], y[$0], $0) < (x[$1], y[$1], $1) }
            var slices: [Int: [Double]] = [:]
            for (place, row) in order.enumerated() {
                let first = order.firstIndex { x[$0] == x[row] } ?? place
                slices[first * 5 / count, default: []].append(y[row])
            }
            let expected = slices.sorted { $0.key < $1.key }.map { Self.distance($0.value, Array(y.dropLast())) }
            #expect(found.distances.count == expected.count)
            for (one, other) in zip(found.distances, expected) {
                // Both are differences of two quotients of counts.
                #expect(abs(one - other) < 1e-15)
            }
            #expect(found.maximum.value == found.distances.max())
            #expect(found.minimum == found.distances.min())
        }
    }

    /// y = x₁: a slice of tenths lies apart from all at its far end, by 0.9 at the ends and 0.5 or so in the middle; x₂ does nothing.
    @Test func knownDistances() throws {
        let space = try ParameterSpace([.uniform(low: 0, high: 1), .uniform(low: 0, high: 1)])
        let design = try SampleDesign(space, method: .sobol(.owen), count: 4096, seed: 1)
        let columns = design.columns(0..<4096)
        let result = try PAWNAnalysis().indices(of: columns[0], parameters: columns).indices.get()
        // In the limit max(k/10, 0.9 − k/10) for slice k.
        for (k, distance) in result.parameters[0].distances.enumerated() {
            let limit = max(Double(k) / 10, 0.9 - Double(k) / 10)
            #expect(abs(distance - limit) < 2.5e-3, "a point of 410 in a slice")
        }
        #expect(abs(result.parameters[0].median.value - 0.7) < 2.5e-3)
        #expect(abs(result.parameters[0].maximum.value - 0.9) < 2.5e-3)
        // 0.87 √(1/410 − 1/4096) = 0.04, less for points that cover evenly.
        #expect(result.parameters[1].median.value < 0.04)
        #expect(result.dummy.median.value < 0.06)
        #expect(result.dummy.median.value > 0.02)
    }

    @Test func dependsOnSeedsAndNotOnThreads() throws {
        let function = try IshigamiFunction()
        let design = try SampleDesign(function.space, method: .latinHypercube, count: 2000, seed: 4)
        let y = design.evaluate(model: function.model)[0]
        let x = design.columns(0..<2000)
        func run(_ seed: UInt64, _ threads: Int) throws -> PAWNResult {
            try PAWNAnalysis(bootstrap: try Bootstrap(resamples: 30, seed: seed), seed: seed)
                .indices(of: y, parameters: x, threads: threads)
        }
        #expect(try run(0, 1) == run(0, 3))
        let (one, other) = (try run(0, 1).indices.get(), try run(1, 1).indices.get())
        #expect(one.dummy != other.dummy)
        #expect(one.parameters[0].median.value == other.parameters[0].median.value)
        #expect(one.parameters[0].median.halfWidth != other.parameters[0].median.halfWidth)
        #expect(try #require(one.parameters[0].median.halfWidth) > 0.005)
        let medians = one.parameters.map(\.median.value)
        for median in medians { #expect(median > one.dummy.median.value) }
        #expect(medians[1] > medians[2])
        #expect(medians[0] > medians[2])
    }

    @Test func faults() throws {
        #expect(throws: AnalysisError.self) { try PAWNAnalysis(slices: 1) }
        let analysis = try PAWNAnalysis()
        #expect(throws: AnalysisError.wrongLength(name: "parameter 1", count: 2, expected: 1)) {
            try analysis.indices(of: [1], parameters: [[1, 2]])
        }
        let x = (0..<50).map(Double.init)
        let constant = try analysis.indices(of: [Double](repeating: 3, count: 50), parameters: [x])
        #expect(constant.indices == .failure(.noVariance(value: 3)))
        let rounded = try analysis.indices(
            of: x.map { 0.7 + $0.truncatingRemainder(dividingBy: 2) * 0.7.ulp }, parameters: [x])
        guard case .failure(.noVariance) = rounded.indices else {
            Issue.record("rounding is no variance")
            return
        }
        let few = try analysis.indices(of: Array(x.prefix(19)), parameters: [Array(x.prefix(19))])
        #expect(few.indices == .failure(.tooFewSamples(count: 19, needed: 20)))
    }
}
