import Foundation
import RoleDynamics

/// A step of the log price between revisions, by the classical method of Runge and Kutta, with the places that it visits.
struct PriceStep {
    let second: Double
    let third: Double
    let fourth: Double
    /// z at the end.
    let next: Double

    /// - Parameters:
    ///   - z: ln x at the start.
    ///   - h: the length.
    ///   - s: the sellers' share, which stays.
    ///   - depth: 1/ℓ^η.
    @inline(__always)
    init(_ rules: ChainRules, from z: Double, _ h: Double, sellers s: Double, depth: Double) {
        @inline(__always) func slope(_ z: Double) -> Double {
            rules.priceSlope(z, sellers: s) * depth
        }
        let k1 = slope(z)
        second = z + 0.5 * h * k1
        let k2 = slope(second)
        third = z + 0.5 * h * k2
        let k3 = slope(third)
        fourth = z + h * k3
        next = z + h / 6 * (k1 + 2 * (k2 + k3) + slope(fourth))
    }
}
