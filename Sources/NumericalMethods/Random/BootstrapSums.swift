import CVectorKernels
import Parallelism

/// The sums of columns over bootstrap resamples.
///
/// A resample draws as many rows as there are, with replacement, and a sum counts each as often as it was drawn. The draws
/// of a resample are a function of the seed, of its index and of the number of rows: the same for all columns and at any
/// number of threads.
public enum BootstrapSums {
    /// Σ_i n_ri x_ci, n_ri being how often resample r drew row i.
    ///
    /// - Parameters:
    ///   - columns: x, column after column.
    ///   - stride: from a column's first element to the next one's.
    ///   - rows: how many rows of the columns there are; fewer than 2³².
    ///   - columnCount: how many columns.
    ///   - resamples: how many resamples.
    ///   - seed: any number.
    ///   - threads: the most that are used.
    /// - Returns: the sums, resample after resample, a column each.
    public static func sums(
        of columns: UnsafeBufferPointer<Double>, stride: Int, rows: Int, columnCount: Int, resamples: Int, seed: UInt64,
        threads: Int = availableProcessors
    ) -> [Double] {
        precondition(rows >= 0 && rows < 1 << 32 && rows <= stride && columnCount * stride <= columns.count)
        guard resamples > 0, columnCount > 0 else { return [] }
        nonisolated(unsafe) let columns = columns
        return [Double](unsafeUninitializedCapacity: resamples * columnCount) { output, initialized in
            output.initialize(repeating: 0)
            initialized = resamples * columnCount
            let sets = Int(PINFI_WEIGHT_SETS)
            forEachChunk(of: output, chunkSize: sets * columnCount, threads: threads) { start, chunk in
                let first = start / columnCount
                let count = chunk.count / columnCount
                let weights = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: count * rows)
                defer { weights.deallocate() }
                var pointers: [UnsafePointer<UInt16>?] = []
                for set in 0..<count {
                    let own = UnsafeMutableBufferPointer(rebasing: weights[set * rows..<(set + 1) * rows])
                    draw(into: own, seed: seed, resample: UInt64(first + set))
                    pointers.append(own.baseAddress.map { UnsafePointer($0) })
                }
                guard let base = columns.baseAddress else { return }
                pinfi_weighted_sums(pointers, count, base, stride, columnCount, rows, chunk.baseAddress)
            }
        }
    }

    /// Σ_i x_ci of every column.
    public static func plain(
        of columns: UnsafeBufferPointer<Double>, stride: Int, rows: Int, columnCount: Int
    ) -> [Double] {
        precondition(rows >= 0 && rows <= stride && columnCount * stride <= columns.count)
        var sums = [Double](repeating: 0, count: columnCount)
        guard let base = columns.baseAddress else { return sums }
        // In pieces: the ones that serve as weights stay in a cache.
        let piece = 1 << 14
        let ones = [UInt16](repeating: 1, count: min(piece, rows))
        var partial = sums
        ones.withUnsafeBufferPointer { ones in
            for start in Swift.stride(from: 0, to: rows, by: piece) {
                pinfi_weighted_sums(
                    [ones.baseAddress], 1, base + start, stride, columnCount, min(piece, rows - start), &partial)
                for c in sums.indices { sums[c] += partial[c] }
            }
        }
        return sums
    }

    /// Counts how often each row is drawn in a resample: as many draws as there are rows, each uniform.
    public static func draw(into counts: UnsafeMutableBufferPointer<UInt16>, seed: UInt64, resample: UInt64) {
        counts.initialize(repeating: 0)
        guard let counter = counts.baseAddress, !counts.isEmpty else { return }
        let rows = UInt64(counts.count)
        // Lemire: the high half of 32 bits times rows is uniform where the low half is not among the first 2³² mod rows.
        let rejected = (1 << 32) % rows
        var left = counts.count
        var block: UInt64 = 0
        @inline(__always) func take(_ bits: UInt64) {
            let product = bits &* rows
            guard left > 0, product & 0xffff_ffff >= rejected else { return }
            counter[Int(truncatingIfNeeded: product >> 32)] &+= 1
            left -= 1
        }
        while left > 0 {
            let words = Philox.block((block, 0xb007, 0, 0), key: (seed, resample))
            block &+= 1
            take(words.0 & 0xffff_ffff)
            take(words.0 >> 32)
            take(words.1 & 0xffff_ffff)
            take(words.1 >> 32)
            take(words.2 & 0xffff_ffff)
            take(words.2 >> 32)
            take(words.3 & 0xffff_ffff)
            take(words.3 >> 32)
        }
    }
}
