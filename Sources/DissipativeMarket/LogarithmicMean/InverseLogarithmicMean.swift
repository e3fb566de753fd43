import CVectorKernels
import Foundation
import Parallelism

/// Λ, the inverse of x ↦ L(x, 1) = (x − 1)/ln x on x > 0, with its derivative.
///
/// Λ(m) = −m·W₋₁(−e^{−1/m}/m) for m > 1 and with W₀ for m < 1 (W: Lambert's function); Λ(1) = 1. It is increasing and
/// goes from 0 at m → 0 to ∞. With prices normalised by the seller's cost, Λ is the price at which selling all the way
/// down to the seller's limit earns a given average.
///
/// Solved in ℓ = ln x, where the equation is φ₁(ℓ) = (e^ℓ − 1)/ℓ = m, and given back as x = 1 + mℓ, which keeps the
/// relative error of ℓ (e^ℓ would multiply it by ℓ). With ε = m − 1 the equation is ℓφ₂(ℓ) = ε, in which nothing cancels
/// as m → 1; the formula by W there has a relative error of 2e−8 (with Boost's or GSL's W₋₁) or is NaN.
///
/// Domain: m > 0; NaN elsewhere. Λ(m) = +∞ above m = 2.5e305, where it exceeds the largest double, and 0 below m = 1/746.
///
/// Error: within 4 ulp for m ≥ 1 and within 4 ulp × max(1, κ) for m < 1, where κ = mΛ′/Λ is the condition number; the
/// derivative within 16 ulp × max(1, its condition number).
public enum InverseLogarithmicMean {
    /// Λ(m).
    public static func value(_ m: Double) -> Double {
        // For m < ½, m − 1 is inexact, but there the solver looks at m only.
        x(logarithm: logarithm(m: m, excess: m - 1), m: m, excess: m - 1)
    }

    /// Λ(1 + ε) − 1 for ε > −1, with a small relative error as ε → 0 too, where it tends to 2ε.
    public static func excess(_ excess: Double) -> Double {
        let m = 1 + excess
        let l = logarithm(m: m, excess: excess)
        return l >= -1 ? l + excess * l : expm1(l)
    }

    /// Λ′(m) = 1/φ₂(−ln Λ(m)), φ₂(z) = (e^z − 1 − z)/z²; 2 at m = 1.
    public static func derivative(_ m: Double) -> Double { derivative(m: m, excess: m - 1) }

    /// Λ′(1 + ε).
    public static func derivative(excess: Double) -> Double { derivative(m: 1 + excess, excess: excess) }

    /// Λ of every element, as accurate as of one, in parallel and in the processor's vectors.
    ///
    /// Elements with 1 < m < 5e8 take a few nanoseconds; others take the way of ``value(_:)``. The result does not depend
    /// on the number of threads.
    public static func values(_ m: [Double], threads: Int = availableProcessors) -> [Double] {
        map(m, shift: 1, threads: threads, scalar: value)
    }

    /// Λ(1 + ε) − 1 of every element, as accurate as of one; see ``values(_:threads:)``.
    public static func excesses(_ excesses: [Double], threads: Int = availableProcessors) -> [Double] {
        map(excesses, shift: 0, threads: threads, scalar: excess)
    }

    // MARK: - The solver

    /// ln Λ(1 + ε).
    static func logarithm(excess: Double) -> Double { logarithm(m: 1 + excess, excess: excess) }

    /// ℓ = ln Λ, given both m and ε = m − 1, of which ε is the one used where |ℓ| is small and m where it is large.
    static func logarithm(m: Double, excess: Double) -> Double {
        guard m > 0 else { return .nan }
        if excess == 0 { return 0 }
        if m == .infinity { return .infinity }
        if excess > 2.19 { return largeLogarithm(m) }  // ℓ > 2
        if excess < -0.56 { return -largeNegativeLogarithm(m) }  // ℓ < −2
        return smallLogarithm(excess)
    }

    /// Newton's method on the increasing convex function ℓφ₂(ℓ) − ε, |ℓ| ≤ 2.
    private static func smallLogarithm(_ excess: Double) -> Double {
        let q = log1p(excess)
        var l = q * (2 - q / 3)  // the first two terms of the inverse series
        // From an error below 0.2, four steps; six is the bound that is never met.
        for _ in 0..<6 {
            // Below −1 the series cancels: ℓφ₂(ℓ) = φ₁(ℓ) − 1 there.
            let product = l >= -1 ? l * secondPhiSeries(l) : expm1(l) / l - 1
            let step = (product - excess) / (1 + product - product / l)
            l -= step
            if abs(step) <= 1e-9 * abs(l) { break }  // the next one would be below 1e−18 |ℓ|
        }
        return l
    }

    /// ℓ > 2: Newton's method on ℓ − ln ℓ + ln(1 − e^{−ℓ}) = ln m, then a step on e^ℓ − 1 − mℓ, whose error is an ulp of
    /// one in ℓ where that of the first equation is an ulp of ℓ.
    private static func largeLogarithm(_ m: Double) -> Double {
        let l = logarithm(logarithmOfMean: log(m))
        let exponential = expm1(l)
        guard exponential < .infinity else { return l }
        // m·ℓ by two roundings of products below e^ℓ; the step is of the order of an ulp of ℓ.
        return l - (exponential - m * l) / (exponential + 1 - m)
    }

    /// ln Λ(m) given q = ln m > 1.16, to an ulp of q; for means beyond the largest double too.
    static func logarithm(logarithmOfMean q: Double) -> Double {
        var l = q + log(q + log(q + 1) + 1)
        for _ in 0..<8 {
            let small = exp(-l)
            let step = (l - log(l) + log1p(-small) - q) / (1 - 1 / l + small / (1 - small))
            l -= step
            if abs(step) <= 1e-9 * l { break }
        }
        return l
    }

    /// n = −ℓ > 2 with 1 − e^{−n} = mn: Newton's method from n = 1/m, from where it falls monotonically; last the fixed
    /// point form, which divides the error by m e^n ≥ 3.
    private static func largeNegativeLogarithm(_ m: Double) -> Double {
        var n = 1 / m
        guard n < 800 else { return n }  // e^{−n} underflows, and Λ with it
        for _ in 0..<12 {
            let small = exp(-n)
            let step = (m * n + small - 1) / (m - small)
            n -= step
            if abs(step) <= 1e-9 * n { break }
        }
        return -expm1(-n) / m
    }

    private static func x(logarithm l: Double, m: Double, excess: Double) -> Double {
        // Near ℓ = 0 from ε, which there is known better than m; below −ln 2 the sum 1 + mℓ would cancel.
        l >= -0.69 ? 1 + (l + excess * l) : exp(l)
    }

    private static func derivative(m: Double, excess: Double) -> Double {
        let l = logarithm(m: m, excess: excess)
        if l >= -2 {
            if l <= 1 { return 1 / secondPhiSeries(-l) }
            return l < .infinity ? l / (1 + expm1(-l) / l) : (l.isNaN ? .nan : .infinity)
        }
        // n²e^{−n}/(1 − (1 + n)e^{−n}), n = −ℓ; squared last, since e^{−n} underflows before n²e^{−n} does.
        let root = exp(l / 2) * l
        return root / (1 - (1 - l) * exp(l)) * root
    }

    /// Λ(1 + ε) − 1 of every element of memory that the caller has, on the calling thread; see ``excesses(_:threads:)``.
    ///
    /// - Parameters:
    ///   - output: as long as `excesses`; the two may not overlap.
    ///   - excesses: ε of each element.
    public static func fillExcesses(
        _ output: UnsafeMutableBufferPointer<Double>, of excesses: UnsafeBufferPointer<Double>
    ) {
        precondition(output.count == excesses.count, "\(output.count) places for \(excesses.count) elements")
        fill(output, excesses.baseAddress, shift: 0, scalar: excess)
    }

    private static func map(
        _ input: [Double], shift: Double, threads: Int, scalar: @Sendable (Double) -> Double
    ) -> [Double] {
        [Double](unsafeUninitializedCapacity: input.count) { output, initialized in
            preferLargePages(for: output)
            input.withUnsafeBufferPointer { input in
                // Read only, and alive until the call returns.
                nonisolated(unsafe) let input = input
                // Two arrays of 32 kilobytes a chunk stay in the second-level cache.
                forEachChunk(of: output, chunkSize: 4096, threads: threads) { start, chunk in
                    fill(chunk, input.baseAddress.map { $0 + start }, shift: shift, scalar: scalar)
                }
            }
            initialized = input.count
        }
    }

    private static func fill(
        _ output: UnsafeMutableBufferPointer<Double>, _ source: UnsafePointer<Double>?, shift: Double,
        scalar: (Double) -> Double
    ) {
        guard let out = output.baseAddress, let source else { return }
        let outside = pinfi_inverse_log_mean(source, out, shift, output.count)
        guard outside > 0 else { return }
        for i in output.indices {
            let excess = source[i] - shift
            if !(excess > PINFI_INVERSE_LOG_MEAN_LOW && excess < PINFI_INVERSE_LOG_MEAN_HIGH) {
                out[i] = scalar(source[i])
            }
        }
    }
}
