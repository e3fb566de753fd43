import NumericalMethods
import Testing

@Suite struct IndexPermutationTests {
    @Test(arguments: [1, 2, 3, 4, 5, 7, 16, 17, 100, 1023, 1024, 1025, 5000]) func everyElementOnce(count: Int) {
        for seed in [0, 1] as [UInt64] {
            let permutation = IndexPermutation(count: count, seed: seed)
            #expect(Set((0..<count).map { permutation[$0] }) == Set(0..<count))
        }
    }

    /// All 24 permutations of 4 come up evenly: χ² with 23 degrees of freedom, 58 is exceeded with probability 8e−5.
    @Test func permutationsAreEquallyLikely() {
        var counts: [[Int]: Double] = [:]
        for stream in 0..<4800 as Range<UInt64> {
            let permutation = IndexPermutation(count: 4, seed: 2, stream: stream)
            counts[(0..<4).map { permutation[$0] }, default: 0] += 1
        }
        #expect(counts.count == 24)
        #expect(counts.values.reduce(0) { $0 + ($1 - 200) * ($1 - 200) / 200 } < 58)
    }

    /// No element of ten million needs more than itself.
    @Test func largePermutations() {
        let permutation = IndexPermutation(count: 10_000_000, seed: 0)
        let places = (0..<2000).map { permutation[$0 * 4999] }
        #expect(Set(places).count == 2000)
        // The mean of 2000 uniform places, within four standard errors.
        let mean = Double(places.reduce(0, +)) / 2000 / 1e7
        #expect(abs(mean - 0.5) < 4 * 0.2887 / 44.72)
    }
}
