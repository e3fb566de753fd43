import TestSupport

@testable import DissipativeMarket

extension Market {
    /// The market of a panel of the published figure: c = 1, b = 0.7.
    static func panel(_ reservationRatio: Double) throws -> Market {
        try Market(externalRatio: 0.7, reservationRatio: reservationRatio)
    }

    /// The market of the check values with a fee.
    static func withFee() throws -> Market {
        try Market(
            externalPrice: 0.7, failureProbability: 0.2, collateral: 1.5, reservationPrice: 1.6, swapFee: 0.05)
    }

    /// A random market: prices over two decades, one in four without expected forfeit, every other one without fee, and
    /// α_g from a tenth of α_s, below α_b mostly, to 2.5 times α_s.
    static func random(_ generator: inout SeededGenerator) throws -> Market {
        let beta = generator.logUniform(-1...1)
        let p = [0, 1, generator.uniform(0...1), generator.uniform(0...1)][Int.random(in: 0..<4, using: &generator)]
        let theta = beta * generator.uniform(0...2)
        let fee = Bool.random(using: &generator) ? 0 : generator.uniform(0...0.3)
        let alphaS = (beta + p * theta) / (1 - fee)
        return try Market(
            externalPrice: beta, failureProbability: p, collateral: theta,
            reservationPrice: alphaS / (1 - fee) * generator.uniform(0.1...2.5), swapFee: fee)
    }

    /// A random point of the phase diagram: α up to 2.5 times the largest limit, γ up to 2β or to the seller's
    /// payoff there.
    func randomPoint(_ generator: inout SeededGenerator) -> (alpha: Double, gamma: Double) {
        let farthest = 2.5 * max(limits.seller, limits.genuineBuyer)
        // Half of the rewards are near β, where most regions meet.
        let top = Bool.random(using: &generator) ? 2 * externalPrice : sellerPayoff(at: farthest)
        return (generator.uniform(0.001...1) * farthest, generator.uniform(0...1) * top)
    }
}

/// Several markets, the same ones for the same seed.
func randomMarkets(_ count: Int, seed: UInt64) throws -> [Market] {
    var generator = SeededGenerator(seed: seed)
    return try (0..<count).map { _ in try Market.random(&generator) }
}

/// Random markets with a fee in which α_g and α_s are the same double.
func marketsWithCoincidingLimits() throws -> [Market] {
    var found: [Market] = []
    for market in try randomMarkets(2000, seed: 137) where market.swapFee > 0 {
        // The δ that carries (1 − φ)δ on to α_s, if a double does.
        let quotient = market.limits.seller / (1 - market.swapFee)
        for delta in [quotient.nextDown, quotient, quotient.nextUp] {
            let candidate = try Market(
                externalPrice: market.externalPrice, failureProbability: market.failureProbability,
                collateral: market.collateral, reservationPrice: delta, swapFee: market.swapFee)
            guard candidate.limits.genuineBuyer == candidate.limits.seller else { continue }
            found.append(candidate)
        }
    }
    return found
}
