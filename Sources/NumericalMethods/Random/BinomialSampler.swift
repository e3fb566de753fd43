import Foundation

/// Draws of the binomial distribution Bin(n, p).
///
/// By inversion where n·min(p, 1 − p) < 10, and beyond by transformed rejection (BTRS: Hörmann, *The generation of binomial
/// random variates*, 1993). The logarithm of a probability comes from deviances and Stirling's remainders (Loader), whose
/// terms are as small as the result. A difference of lgamma would be off by 4e−3 at n = 10¹², and bias the draws.
public enum BinomialSampler {
    /// A draw.
    ///
    /// - Parameters:
    ///   - n: 0 … 2⁵³.
    ///   - p: 0 … 1.
    ///   - place: where the numbers are drawn.
    @inlinable
    public static func sample(_ n: Int, _ p: Double, at place: RandomPlace) -> Int {
        // What is no number is no probability.
        guard n > 0, p > 0 else { return 0 }
        if p >= 1 { return n }
        if p > 0.5 { return n - lessThanHalf(n, 1 - p, at: place) }
        return lessThanHalf(n, p, at: place)
    }

    /// p ≤ ½.
    @inlinable
    static func lessThanHalf(_ n: Int, _ p: Double, at place: RandomPlace) -> Int {
        Double(n) * p < 10 ? invert(n, p, at: place) : reject(Double(n), p, at: place)
    }

    @inlinable
    static func invert(_ n: Int, _ p: Double, at place: RandomPlace) -> Int {
        let none = exp(Double(n) * log1p(-p))
        let odds = p / (1 - p)
        // Beyond 110 there is less than 1e−70 of a mean below 10.
        let last = min(n, 110)
        return place.first { u, _ in
            var left = u
            var probability = none
            var k = 0
            while left > probability {
                left -= probability
                if k == last { return nil }
                probability *= odds * (Double(n - k) / Double(k + 1))
                k += 1
            }
            return k
        }
    }

    @inlinable
    static func reject(_ n: Double, _ p: Double, at place: RandomPlace) -> Int {
        let deviation = (n * p * (1 - p)).squareRoot()
        let b = 1.15 + 2.53 * deviation
        let a = -0.0873 + 0.0248 * b + 0.01 * p
        let centre = n * p + 0.5
        let inner = 0.92 - 4.2 / b
        return place.first { w, v in
            let u = w - 0.5
            let edge = 0.5 - abs(u)
            let k = ((2 * a / edge + b) * u + centre).rounded(.down)
            if edge >= 0.07, v <= inner { return Int(k) }
            if k < 0 || k > n { return nil }
            let mode = ((n + 1) * p).rounded(.down)
            let scale = (2.83 + 5.1 / b) * deviation
            let height = log(v * scale / (a / (edge * edge) + b))
            return height <= logarithmOfProbability(k, n, p) - logarithmOfProbability(mode, n, p) ? Int(k) : nil
        }
    }

    /// The logarithm of the probability of k, for 0 < p < 1.
    @usableFromInline
    static func logarithmOfProbability(_ k: Double, _ n: Double, _ p: Double) -> Double {
        if k == 0 { return n * log1p(-p) }
        if k == n { return n * log(p) }
        return 0.5 * (log(n / k) - log(n - k)) - 0.918_938_533_204_672_7 + stirlingRemainder(n) - stirlingRemainder(k)
            - stirlingRemainder(n - k) - deviance(k, mean: n * p) - deviance(n - k, mean: n * (1 - p))
    }
}
