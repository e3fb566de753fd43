import DissipativeMarket
import TestSupport

@testable import RoleDynamics

extension RoleGame {
    /// The baseline of the model at a reward ratio: c = 1, b = 0.7, d = 1.3.
    static func baseline(
        _ y: Double, _ revisionProtocol: RevisionProtocol = .logit, parameters: RevisionParameters = .baseline
    ) throws -> RoleGame {
        try RoleGame(
            market: Market(externalRatio: 0.7, reservationRatio: 1.3), blockReward: y, parameters: parameters,
            revisionProtocol: revisionProtocol)
    }

    /// The model's game off the baseline, where none of the baseline's three coincidences holds.
    static func offBaseline(
        fee: Double = 0, depthExponent: Double = 0, _ revisionProtocol: RevisionProtocol = .logit
    ) throws -> RoleGame {
        try RoleGame(
            market: Market(externalRatio: 0.6, reservationRatio: 1.45, swapFee: fee), blockReward: 0.8,
            intensities: TradeIntensities(genuineBuyers: 0.4, speculatingBuyers: 0.7, sellers: 1.3),
            parameters: RevisionParameters(
                demandWidth: 0.05, rationality: 30, revisionRate: 3, depthExponent: depthExponent),
            revisionProtocol: revisionProtocol)
    }

    /// A random game: prices in tokens over two decades, every other one with a fee; rewards from half of β to twice it;
    /// demand from sharp to wide, and depth and lag where asked for.
    static func random(
        _ generator: inout SeededGenerator, _ revisionProtocol: RevisionProtocol, depth: Bool = false, lag: Bool = false
    ) throws -> RoleGame {
        let beta = generator.logUniform(-1...1)
        let theta = beta * generator.uniform(0...1)
        let c = beta + theta
        return try RoleGame(
            market: Market(
                externalPrice: beta, failureProbability: 1, collateral: theta,
                reservationPrice: c * generator.uniform(0.8...2),
                swapFee: Bool.random(using: &generator) ? 0 : generator.uniform(0...0.3)),
            blockReward: beta * generator.uniform(0.5...2),
            intensities: TradeIntensities(
                genuineBuyers: generator.uniform(0.1...1), speculatingBuyers: generator.uniform(0...1),
                sellers: generator.uniform(0.3...3)),
            parameters: RevisionParameters(
                demandWidth: generator.logUniform(-2...0), rationality: generator.logUniform(0...2),
                revisionRate: generator.logUniform(-1...1),
                depthExponent: depth ? [0.5, 1, 1.7][Int.random(in: 0..<3, using: &generator)] : 0,
                observationLag: lag ? generator.logUniform(-2...1) : 0),
            revisionProtocol: revisionProtocol)
    }
}

extension RoleShares {
    /// Uniform on the simplex.
    static func random(_ generator: inout SeededGenerator) -> RoleShares {
        var (u, v) = (generator.uniform(0...1), generator.uniform(0...1))
        if u > v { swap(&u, &v) }
        return RoleShares(unchecked: u, v - u, 1 - v)
    }
}

extension MarketSample {
    /// The largest difference of the log prices, of what holders see of them, and of the shares.
    func distance(from logPrice: Double, _ shares: RoleShares) -> Double {
        AttractorTarget(attractor: .restPoint(1), logPrice: logPrice, shares: shares).distance(of: self)
    }
}

/// A decimal of the model's text: its value, and half a unit of its last digit.
func digits(_ decimal: String) -> (value: Double, halfUnit: Double) {
    let mantissa = decimal.split(separator: "e")
    let places = mantissa[0].split(separator: ".").dropFirst().first?.count ?? 0
    var half = mantissa.count > 1 ? 0.5 * (Double("1e" + mantissa[1]) ?? .nan) : 0.5
    for _ in 0..<places { half /= 10 }
    return (Double(decimal) ?? .nan, half)
}
