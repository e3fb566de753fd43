import Foundation

/// Draws of the Poisson distribution of a mean m: by inversion below m = 10, beyond by transformed rejection (PTRS:
/// Hörmann, *The transformed rejection method for generating Poisson random variables*, 1993), with probabilities as
/// ``BinomialSampler`` takes them.
public enum PoissonSampler {
    /// A draw.
    ///
    /// - Parameters:
    ///   - m: the mean, 0 … 2⁵³.
    ///   - place: where the numbers are drawn.
    @inlinable
    public static func sample(_ m: Double, at place: RandomPlace) -> Int {
        if !(m > 0) { return 0 }
        return m < 10 ? invert(m, at: place) : reject(m, at: place)
    }

    @inlinable
    static func invert(_ m: Double, at place: RandomPlace) -> Int {
        let none = exp(-m)
        return place.first { u, _ in
            var left = u
            var probability = none
            var k = 0
            while left > probability {
                left -= probability
                if k == 110 { return nil }
                k += 1
                probability *= m / Double(k)
            }
            return k
        }
    }

    @inlinable
    static func reject(_ m: Double, at place: RandomPlace) -> Int {
        let b = 0.931 + 2.53 * m.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inner = 0.9277 - 3.6224 / (b - 2)
        return place.first { w, v in
            let u = w - 0.5
            let edge = 0.5 - abs(u)
            let k = ((2 * a / edge + b) * u + m + 0.43).rounded(.down)
            if edge >= 0.07, v <= inner { return Int(k) }
            if k < 0 || (edge < 0.013 && v > edge) { return nil }
            let height = log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (edge * edge) + b))
            return height <= logarithmOfProbability(k, m) ? Int(k) : nil
        }
    }

    /// The logarithm of the probability of k.
    @usableFromInline
    static func logarithmOfProbability(_ k: Double, _ m: Double) -> Double {
        if k == 0 { return -m }
        return -0.5 * log(k) - 0.918_938_533_204_672_7 - stirlingRemainder(k) - deviance(k, mean: m)
    }
}
