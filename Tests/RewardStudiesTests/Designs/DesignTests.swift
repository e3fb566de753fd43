import DissipativeMarket
import NumericalMethods
import RewardStudies
import Testing

@Suite struct DesignTests {
    static func unit(_ dimension: Int) throws -> ParameterSpace {
        try ParameterSpace((0..<dimension).map { _ in try Distribution.uniform(low: 0, high: 1) })
    }

    static let methods: [SamplingMethod] = [.random, .latinHypercube, .sobol(.digitalShift), .sobol(.owen)]

    /// A point does not depend on what it is asked for with.
    @Test func anyPointByItself() throws {
        var designs: [any PointSet] = try Self.methods.map {
            try SampleDesign(Self.unit(6), method: $0, count: 1000, seed: 0)
        }
        designs.append(try SaltelliDesign(Self.unit(3), samples: 100, secondOrder: true, seed: 1))
        designs.append(try MorrisDesign(Self.unit(3), trajectories: 20, seed: 1))
        designs.append(try GridDesign([(1, 3, 3), (4, 4, 1), (5, 6, 2), (7, 13, 7)].compactMap(GridAxis.init)))
        for design in designs {
            let all = design.columns(0..<design.count)
            for first in [0, 1, 17, design.count - 30] {
                let part = design.columns(first..<min(first + 30, design.count))
                for j in 0..<design.dimension {
                    #expect(Array(all[j][first..<min(first + 30, design.count)]) == part[j])
                }
                #expect(design.point(first) == all.map { $0[first] })
            }
        }
    }

    @Test func gridHasEveryCombinationOnce() throws {
        let design = try GridDesign([(1, 3, 3), (10, 10, 1), (5, 6, 2)].compactMap(GridAxis.init))
        #expect(design.count == 6)
        #expect(
            (0..<6).map(design.point) == [[1, 10, 5], [2, 10, 5], [3, 10, 5], [1, 10, 6], [2, 10, 6], [3, 10, 6]])
        let long = try #require(GridAxis(start: 0, stop: 1, count: 1 << 16))
        #expect(throws: DesignError.tooManyRows) { try GridDesign([long, long, long, long]) }
    }

    /// Every parameter once in each of N intervals, at any N.
    @Test(arguments: [1, 2, 3, 100, 1000]) func latinHypercube(count: Int) throws {
        for seed in [0, 1] as [UInt64] {
            let design = try SampleDesign(Self.unit(5), method: .latinHypercube, count: count, seed: seed)
            for column in design.columns(0..<count) {
                #expect(Set(column.map { Int($0 * Double(count)) }) == Set(0..<count))
            }
        }
        // Parameters are not tied to each other: the correlation of 1000 is within four of its deviations.
        let columns = try SampleDesign(Self.unit(2), method: .latinHypercube, count: 1000, seed: 5).columns(0..<1000)
        #expect(abs(spearman(columns[0], columns[1])) < 4 / 1000.0.squareRoot())
    }

    /// Means within four standard errors, and other numbers for another seed.
    @Test(arguments: methods) func samples(method: SamplingMethod) throws {
        let space = try ParameterSpace([
            .normal(mean: 3, deviation: 2), .uniform(low: -1, high: 1), .logNormal(mean: 0, deviation: 0.5),
        ])
        var firsts: Set<[Double]> = []
        for seed in [0, 1, 2] as [UInt64] {
            let design = try SampleDesign(space, method: method, count: 4096, seed: seed)
            let columns = design.columns(0..<4096)
            for (column, (distribution, deviation)) in zip(columns, zip(space.distributions, [2, 0.5774, 0.6039])) {
                #expect(abs(column.reduce(0, +) / 4096 - distribution.mean) < 4 * deviation / 64)
            }
            firsts.insert(design.point(0))
        }
        #expect(firsts.count == 3)
    }

    /// 10⁷ points exist without memory for them.
    @Test(arguments: methods) func largeDesigns(method: SamplingMethod) throws {
        let design = try SampleDesign(Self.unit(3), method: method, count: 10_000_000, seed: 0)
        #expect(design.point(9_999_999).allSatisfy { $0 > 0 && $0 < 1 })
    }

    @Test func faults() throws {
        let space = try Self.unit(2)
        for method in Self.methods {
            #expect(throws: DesignError.self) { try SampleDesign(space, method: method, count: 0, seed: 0) }
        }
        #expect(throws: DesignError.self) { try SampleDesign(space, method: .sobol(.owen), count: .max, seed: 0) }
        #expect(throws: DesignError.self) { try SaltelliDesign(space, samples: -1, seed: 0) }
        #expect(throws: DesignError.self) { try SaltelliDesign(Self.unit(65), samples: 1, seed: 0) }
        #expect(throws: DesignError.self) { try ParameterSpace([]) }
        #expect(isPowerOfTwo(1))
        #expect(isPowerOfTwo(1 << 40))
        #expect(!isPowerOfTwo(0))
        #expect(!isPowerOfTwo(6))
        #expect(!isPowerOfTwo(-4))
    }
}

/// Spearman's rank correlation of values without ties.
func spearman(_ x: [Double], _ y: [Double]) -> Double {
    func ranks(_ values: [Double]) -> [Double] {
        var ranks = values
        for (rank, i) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() { ranks[i] = Double(rank) }
        return ranks
    }
    let (a, b) = (ranks(x), ranks(y))
    let mean = Double(x.count - 1) / 2
    let product = zip(a, b).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    return product / a.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
}
