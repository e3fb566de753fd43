import NumericalMethods
import Testing

@Suite struct SobolSequenceTests {
    private static let scramblings: [Scrambling] = [
        .none, .digitalShift(seed: 0), .digitalShift(seed: 3), .owen(seed: 0), .owen(seed: 1), .owen(seed: 2),
    ]

    @Test(arguments: [scipySobolPoints, gslSobolPoints]) func otherLibraries(table: String) throws {
        let sequence = try SobolSequence(dimensions: 128)
        let rows = table.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
        #expect(rows.count >= 28)
        for row in rows {
            // Binary fractions of 32 digits: exact.
            #expect(sequence.point(row[0])[row[1]] == Double(row[2]) * 0x1p-32, "index \(row[0]), dimension \(row[1])")
        }
    }

    @Test(arguments: scramblings) func anyPointByItself(scrambling: Scrambling) throws {
        let sequence = try SobolSequence(dimensions: 7, scrambling: scrambling)
        for first in [0, 1, 5, 1000, (1 << 32) - 20] {
            for dimension in [0, 1, 6] {
                let column = column(sequence, dimension, first, 64)
                for i in [0, 1, 19, 20, 63] { #expect(column[i] == sequence.point(first + i)[dimension]) }
            }
        }
        // From the end it starts again.
        #expect(sequence.point(1 << 32) == sequence.point(0))
    }

    /// Each of 2^m intervals holds one of 2^m points, in every dimension and in every block.
    @Test(arguments: scramblings) func oneDimensionalNets(scrambling: Scrambling) throws {
        let sequence = try SobolSequence(dimensions: 128, scrambling: scrambling)
        for dimension in 0..<128 {
            for (m, block) in [(4, 0), (7, 3), (10, 1)] {
                let places = column(sequence, dimension, block << m, 1 << m).map { Int($0 * Double(1 << m)) }
                #expect(Set(places).count == 1 << m, "dimension \(dimension), m = \(m)")
            }
        }
    }

    /// In dimensions 1 and 2 every elementary interval 2^−k × 2^−(m − k) holds one of 2^m points: t = 0.
    @Test(arguments: scramblings) func netOfTheFirstTwoDimensions(scrambling: Scrambling) throws {
        for m in [4, 7, 10] {
            for block in [0, 1, 5] {
                #expect(try strength(0, 1, m: m, block: block, scrambling) == 0)
            }
        }
    }

    /// Scrambling neither loses nor gains evenness: t of other pairs is that of the sequence as it is.
    @Test(arguments: [(0, 2), (1, 2), (3, 4), (2, 9), (5, 17), (11, 30), (37, 39), (60, 127)])
    func scramblingKeepsTheNet(first: Int, second: Int) throws {
        for m in [6, 9] {
            let plain = try strength(first, second, m: m, block: 0, .none)
            for scrambling in Self.scramblings {
                #expect(try strength(first, second, m: m, block: 0, scrambling) == plain)
                #expect(try strength(first, second, m: m, block: 2, scrambling) == plain)
            }
        }
    }

    /// Two points agree in as many leading digits after nested scrambling as before, and no more; and a digital shift keeps
    /// the xor of all digits.
    @Test func scramblingIsNested() throws {
        let plain = try SobolSequence(dimensions: 3)
        let nested = try SobolSequence(dimensions: 3, scrambling: .owen(seed: 8))
        let shifted = try SobolSequence(dimensions: 3, scrambling: .digitalShift(seed: 8))
        func digits(_ x: Double) -> UInt32 { UInt32(x * 0x1p32) }
        for dimension in 0..<3 {
            let before = column(plain, dimension, 0, 300).map(digits)
            let after = column(nested, dimension, 0, 300).map(digits)
            let shift = column(shifted, dimension, 0, 300).map(digits)
            for i in 0..<300 {
                for j in 0..<i {
                    let common = (before[i] ^ before[j]).leadingZeroBitCount
                    #expect((after[i] ^ after[j]).leadingZeroBitCount == common)
                    #expect(shift[i] ^ shift[j] == before[i] ^ before[j])
                }
            }
            // A digital shift is the same for all, nested scrambling is not.
            #expect(Set(zip(before, after).map(^)).count > 100)
        }
    }

    /// Over the seeds every point is uniform: a χ² of 16 classes, 15 degrees of freedom; 45 is exceeded with probability
    /// 8e−5.
    @Test(arguments: [0, 1, 2, 3]) func pointsAreUniformOverTheSeeds(kind: Int) throws {
        var counts = [Double](repeating: 0, count: 16)
        for seed in 0..<4096 as Range<UInt64> {
            let sequence = try SobolSequence(
                dimensions: 2, scrambling: kind < 2 ? .owen(seed: seed) : .digitalShift(seed: seed))
            counts[Int(sequence.point(kind % 2 == 0 ? 0 : 12345)[1] * 16)] += 1
        }
        #expect(counts.reduce(0) { $0 + ($1 - 256) * ($1 - 256) / 256 } < 45)
    }

    /// The error of a smooth mean falls like N^(−3/2) under nested scrambling: 64 times as many points, 512 times as
    /// exact; at least 150 times with 32 seeds.
    @Test func nestedScramblingOfASmoothFunction() throws {
        func deviation(_ count: Int) throws -> Double {
            let errors = try (0..<32 as Range<UInt64>).map { seed in
                let sequence = try SobolSequence(dimensions: 2, scrambling: .owen(seed: seed))
                let (x, y) = (column(sequence, 0, 0, count), column(sequence, 1, 0, count))
                let mean = zip(x, y).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / Double(count)
                return (mean - 1.0 / 6) * (mean - 1.0 / 6)
            }
            return (errors.reduce(0, +) / 32).squareRoot()
        }
        let ratio = try deviation(64) / deviation(4096)
        #expect(ratio > 150)
        #expect(ratio < 1500)
    }

    @Test func dimensionsOutOfRange() {
        for count in [0, -1, 129, .max, .min] {
            #expect(throws: SequenceError.dimensions(count, allowed: 1...128)) { try SobolSequence(dimensions: count) }
        }
    }

    // MARK: -

    private func column(_ sequence: SobolSequence, _ dimension: Int, _ first: Int, _ count: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { output, initialized in
            sequence.fill(UnsafeMutableBufferPointer(rebasing: output[..<count]), dimension: dimension, from: first)
            initialized = count
        }
    }

    /// The smallest t with which 2^m points are a (t, m, 2)-net.
    private func strength(_ j: Int, _ k: Int, m: Int, block: Int, _ scrambling: Scrambling) throws -> Int {
        let sequence = try SobolSequence(dimensions: max(j, k) + 1, scrambling: scrambling)
        let x = column(sequence, j, block << m, 1 << m)
        let y = column(sequence, k, block << m, 1 << m)
        return (0...m).first { t in
            (0...m - t).allSatisfy { a in
                let b = m - t - a
                var counts = [Int](repeating: 0, count: 1 << (a + b))
                for (x, y) in zip(x, y) { counts[Int(x * Double(1 << a)) << b | Int(y * Double(1 << b))] += 1 }
                return counts.allSatisfy { $0 == 1 << t }
            }
        } ?? m
    }
}
