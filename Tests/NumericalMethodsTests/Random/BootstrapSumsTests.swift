import NumericalMethods
import Testing

@Suite struct BootstrapSumsTests {
    private func draw(_ rows: Int, seed: UInt64, resample: UInt64) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: rows) { counts, initialized in
            BootstrapSums.draw(
                into: UnsafeMutableBufferPointer(rebasing: counts[..<rows]), seed: seed, resample: resample)
            initialized = rows
        }
    }

    /// The sums are those of the draws, whatever the lengths: of blocks, of groups of resamples, of columns.
    @Test(arguments: [(1, 1), (5, 3), (255, 8), (256, 9), (257, 20), (1000, 17)]) func sumsOfDraws(
        rows: Int, resamples: Int
    ) {
        var generator = Philox(seed: 4)
        let columns = (0..<3 * (rows + 2)).map { _ in generator.nextOpenUniform() }
        for threads in [1, 2, 5] {
            let sums = columns.withUnsafeBufferPointer {
                BootstrapSums.sums(
                    of: $0, stride: rows + 2, rows: rows, columnCount: 3, resamples: resamples, seed: 6,
                    threads: threads)
            }
            #expect(sums.count == 3 * resamples)
            for resample in 0..<resamples {
                let counts = draw(rows, seed: 6, resample: UInt64(resample))
                #expect(counts.reduce(0) { $0 + Int($1) } == rows)
                for column in 0..<3 {
                    let expected = (0..<rows).reduce(0) { $0 + Double(counts[$1]) * columns[column * (rows + 2) + $1] }
                    // Sums of `rows` positive numbers in two orders.
                    #expect(abs(sums[resample * 3 + column] - expected) <= Double(rows) * 0x1p-52 * expected)
                }
            }
        }
        let plain = columns.withUnsafeBufferPointer {
            BootstrapSums.plain(of: $0, stride: rows + 2, rows: rows, columnCount: 3)
        }
        for column in 0..<3 {
            let expected = columns[column * (rows + 2)..<column * (rows + 2) + rows].reduce(0, +)
            #expect(abs(plain[column] - expected) <= Double(rows) * 0x1p-52 * expected)
        }
    }

    /// Every row is drawn as often as any other: of 300 resamples of 3 · 2^k rows (which 2³² is no multiple of) χ² over
    /// the rows, whose expectation is rows − 1 and whose deviation √(2(rows − 1)), within five of these.
    @Test(arguments: [3, 48, 768]) func drawsAreUniform(rows: Int) {
        var totals = [Double](repeating: 0, count: rows)
        for resample in 0..<300 as Range<UInt64> {
            for (i, count) in draw(rows, seed: 0, resample: resample).enumerated() { totals[i] += Double(count) }
        }
        let statistic = totals.reduce(0) { $0 + ($1 - 300) * ($1 - 300) / 300 }
        let freedom = Double(rows - 1)
        #expect(abs(statistic - freedom) < 5 * (2 * freedom).squareRoot())
    }

    @Test func resamplesAndSeedsDiffer() {
        #expect(draw(64, seed: 0, resample: 0) != draw(64, seed: 0, resample: 1))
        #expect(draw(64, seed: 0, resample: 0) != draw(64, seed: 1, resample: 0))
        #expect(draw(64, seed: 1, resample: 0) != draw(64, seed: 0, resample: 1))
        #expect(draw(64, seed: 3, resample: 5) == draw(64, seed: 3, resample: 5))
    }
}
