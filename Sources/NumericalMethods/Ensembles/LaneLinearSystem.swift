/// LU factors of eight small matrices, one a lane, each with its own pivots.
///
/// Rows are compared and exchanged lane by lane (partial pivoting), by choices and never by branches: what becomes of a
/// matrix does not depend on its neighbours. A singular matrix gives solutions that are not finite.
struct LaneLinearSystem {
    let n: Int
    /// The matrices, row by row; then their factors.
    var elements: [SIMD8<Double>]
    /// For column k and row i > k, element k·n + i: where row i was exchanged with row k.
    private var exchanges: [SIMDMask<SIMD8<Int64>>]

    init(n: Int) {
        self.n = n
        elements = Array(repeating: SIMD8(repeating: 0), count: n * n)
        exchanges = Array(repeating: SIMDMask(repeating: false), count: n * n)
    }

    /// Puts the factors into the place of the matrices.
    mutating func factor() {
        for k in 0..<n {
            for i in (k + 1)..<max(n, k + 1) {
                let mask = magnitude(elements[i * n + k]) .> magnitude(elements[k * n + k])
                exchanges[k * n + i] = mask
                for j in 0..<n {
                    let upper = elements[k * n + j]
                    let lower = elements[i * n + j]
                    elements[k * n + j] = upper.replacing(with: lower, where: mask)
                    elements[i * n + j] = lower.replacing(with: upper, where: mask)
                }
            }
            let pivot = elements[k * n + k]
            for i in (k + 1)..<max(n, k + 1) {
                let factor = elements[i * n + k] / pivot
                elements[i * n + k] = factor
                for j in (k + 1)..<max(n, k + 1) { elements[i * n + j] -= factor * elements[k * n + j] }
            }
        }
    }

    /// Solves with the factors: `x` holds the right-hand sides, and then the solutions.
    func solve(_ x: UnsafeMutableBufferPointer<SIMD8<Double>>) {
        // All exchanges before the first elimination: the factors' rows have been exchanged as a whole.
        for k in 0..<n {
            for i in (k + 1)..<max(n, k + 1) {
                let mask = exchanges[k * n + i]
                let (upper, lower) = (x[k], x[i])
                x[k] = upper.replacing(with: lower, where: mask)
                x[i] = lower.replacing(with: upper, where: mask)
            }
        }
        for i in 0..<n {
            for j in 0..<i { x[i] -= elements[i * n + j] * x[j] }
        }
        for i in (0..<n).reversed() {
            for j in (i + 1)..<max(n, i + 1) { x[i] -= elements[i * n + j] * x[j] }
            x[i] /= elements[i * n + i]
        }
    }
}

/// |x| of each lane.
@inline(__always)
func magnitude(_ x: SIMD8<Double>) -> SIMD8<Double> {
    unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt64>.self) & 0x7fff_ffff_ffff_ffff, to: SIMD8<Double>.self)
}
