import Foundation

@testable import DissipativeMarket

/// The definitions of sections 1 to 3 of the model, written down once more as plainly as they stand there: the oracle
/// of these tests. It shares no code with the library beyond the market's parameters, and it is not accurate to the
/// last digit: where u is near v its logarithmic mean is off by some 1e−12.
struct PlainMarket {
    let beta, cost, forfeit, delta, kept: Double

    init(_ market: Market) {
        beta = market.externalPrice
        forfeit = market.failureProbability * market.collateral
        cost = beta + forfeit
        delta = market.reservationPrice
        kept = 1 - market.swapFee
    }

    var alphaB: Double { kept * beta }
    var alphaS: Double { cost / kept }
    var alphaG: Double { kept * delta }

    static func logarithmicMean(_ u: Double, _ v: Double) -> Double {
        let t = u / v - 1
        // The first terms of the series, the next one t⁴/40 = 2e−14; the quotient loses 1e−16/t beyond.
        if abs(t) < 1e-3 { return v * (1 + t / 2 - t * t / 12 + t * t * t / 24) }
        return (u - v) / log(u / v)
    }

    /// S(α).
    func sellerPayoff(_ alpha: Double) -> Double { Self.logarithmicMean(kept * alpha, cost) - forfeit }

    func buyersBuy(_ alpha: Double) -> Bool { alpha < alphaG }
    func speculatorsBuy(_ alpha: Double, _ gamma: Double) -> Bool { alpha < alphaB && gamma < beta }
    func sellersSell(_ alpha: Double, _ gamma: Double) -> Bool { alpha > alphaS && gamma < sellerPayoff(alpha) }

    /// The table of section 3.
    func region(_ alpha: Double, _ gamma: Double) -> Region {
        let buyers = buyersBuy(alpha)
        if sellersSell(alpha, gamma) { return buyers ? .aD : .aE }
        if speculatorsBuy(alpha, gamma) { return buyers ? .aB : .speculationOnly }
        if alpha > alphaS { return buyers ? .aG : .aF }
        if !buyers { return .lpIdle }
        return gamma >= beta ? .aA : .aC
    }

    /// Whether the point is nearer to one of the five boundaries, as lines of full length, than `share` of its
    /// coordinates: there rounding may decide.
    func isNearBoundary(_ alpha: Double, _ gamma: Double, share: Double) -> Bool {
        [alphaB, alphaS, alphaG].contains { abs(alpha - $0) <= share * alpha }
            || [beta, sellerPayoff(alpha)].contains { abs(gamma - $0) <= share * max(gamma, cost) }
    }

    /// α*(γ) by bisection, for γ > β.
    func equilibriumPrice(_ gamma: Double) -> Double {
        var (low, high) = (alphaS, 2 * alphaS)
        while sellerPayoff(high) < gamma { (low, high) = (high, 2 * high) }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if sellerPayoff(middle) < gamma { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
