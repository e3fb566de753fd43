// Sections 1 to 4 of the model as plainly as they stand there: the oracle of the tests of the command line.
import Foundation

/// A market and what the model says of its points; it shares no code with the program.
struct PlainModel {
    var beta = 0.7, p = 0.0, theta = 0.0, delta = 1.3, fee = 0.0

    /// With c = 1.
    static func ratios(b: Double, d: Double) -> PlainModel { PlainModel(beta: b, p: 1, theta: 1 - b, delta: d) }

    var c: Double { beta + p * theta }
    var alphaB: Double { (1 - fee) * beta }
    var alphaS: Double { c / (1 - fee) }
    var alphaG: Double { (1 - fee) * delta }

    /// L(u, v); near u = v the quotient loses 1e−16/t, the series' next term is t⁴/40.
    static func mean(_ u: Double, _ v: Double) -> Double {
        if u == 0 { return 0 }
        let t = u / v - 1
        if abs(t) < 1e-3 { return v * (1 + t / 2 - t * t / 12 + t * t * t / 24) }
        return (u - v) / log(u / v)
    }

    /// S(α).
    func sellerPayoff(_ alpha: Double) -> Double { Self.mean((1 - fee) * alpha, c) - p * theta }

    func role(_ alpha: Double, _ gamma: Double) -> String {
        if alpha > alphaS, gamma < sellerPayoff(alpha) { return "seller" }
        return alpha < alphaB && gamma < beta ? "speculating-buyer" : "lp"
    }

    func hasGenuineBuyers(_ alpha: Double) -> Bool { alpha < alphaG }

    func region(_ alpha: Double, _ gamma: Double) -> String {
        let buyers = hasGenuineBuyers(alpha)
        switch role(alpha, gamma) {
        case "seller": return buyers ? "aD" : "aE"
        case "speculating-buyer": return buyers ? "aB" : "speculation-only"
        default:
            if alpha > alphaS { return buyers ? "aG" : "aF" }
            if !buyers { return "lp-idle" }
            return gamma >= beta ? "aA" : "aC"
        }
    }

    func binding(_ alpha: Double, _ gamma: Double) -> String {
        alpha > alphaS
            ? (gamma < sellerPayoff(alpha) ? "gamma<S" : "gamma>=S") : (gamma < beta ? "gamma<beta" : "gamma>=beta")
    }

    /// Whether rounding may decide: nearer to one of the five lines than 1e−9 of c.
    func isOnBoundary(_ alpha: Double, _ gamma: Double) -> Bool {
        [alphaB, alphaS, alphaG].contains { abs(alpha - $0) < 1e-9 * c }
            || [beta, sellerPayoff(alpha)].contains { abs(gamma - $0) < 1e-9 * c }
    }
}
