import RewardStudies
import Testing

@Suite struct ReferenceFunctionTests {
    /// Values from the definitions at points where they are short.
    @Test func values() throws {
        let ishigami = try IshigamiFunction()
        #expect(abs(ishigami.value([.pi / 2, .pi / 2, 2]) - (1 + 7 + 1.6)) < 1e-14)
        #expect(ishigami.value([0, 0, 3]) == 0)
        let g = try SobolGFunction(a: [0, 1])
        #expect(g.value([0.5, 0.5]) == 0)
        #expect(g.value([1, 1]) == 3)
        #expect(g.value([0.75, 0.75]) == 1)
        #expect(try LinearFunction(constant: 1, coefficients: [2, 3]).value([10, 100]) == 321)
        // At ½ all w are 0 but w₃ = w₅ = w₇ = 2(0.55/0.6 − ½) = 5/6.
        let w = 5.0 / 6
        let expected = 3 * 20 * w + (-15 + 1 + 1) * w * w
        #expect(abs(try MorrisFunction().value([Double](repeating: 0.5, count: 20)) - expected) < 1e-12)
        // At 1 all w are 1: β_i 200 + 0, β_ij −15·15 and the sum of (−1)^(i + j) over the other pairs, β_ijl −10·10, 5.
        let others = (0..<20).reduce(0) { sum, i in
            sum + (i + 1..<max(20, i + 1)).reduce(0) { $0 + (i < 6 && $1 < 6 ? 0 : (i + $1) % 2 == 0 ? 1 : -1) }
        }
        let ones = [Double](repeating: 1, count: 20)
        #expect(abs(try MorrisFunction().value(ones) - (200 - 225 + Double(others) - 100 + 5)) < 1e-11)
    }

    /// The published indices of Ishigami's function at a = 7, b = 0.1, to four digits.
    @Test func ishigamiIndices() throws {
        let function = try IshigamiFunction()
        for (value, expected) in zip(
            function.first + function.total + [function.second(2, 0), function.variance],
            [0.3139, 0.4424, 0, 0.5576, 0.4424, 0.2437, 0.2437, 13.8446])
        {
            #expect(abs(value - expected) < 5.1e-5)
        }
    }

    /// The sum of all indices is 1 where there are none beyond the second order.
    @Test func indicesAddUp() throws {
        for function in [
            try IshigamiFunction(), try SobolGFunction(a: [0.3, 2]), try LinearFunction(coefficients: [1, 2, 3]),
        ]
            as [any ReferenceFunction]
        {
            let d = function.dimension
            var sum = function.first.reduce(0, +)
            for j in 0..<d {
                var total = function.first[j]
                for k in 0..<d where k != j {
                    total += function.second(j, k)
                    if k > j { sum += function.second(j, k) }
                }
                #expect(abs(total - function.total[j]) < 1e-14)
            }
            #expect(abs(sum - 1) < 1e-14)
        }
    }
}
