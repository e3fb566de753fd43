import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics

/// The market at a time on the mean field of a population.
public struct MeanFieldSample: Equatable, Sendable {
    /// z = ln x.
    public let logPrice: Double
    /// The shares.
    public let shares: RoleShares
}

extension Population {
    /// The mean field from a start at times from 0 on, as far as it is defined; nil where there is none: with mutation
    /// the best response is a differential inclusion of its own, and a pool without LPs has no depth.
    ///
    /// It is the game's own trajectory where there is one, and else that of the rates' drift: with mutation, at frozen
    /// price, and of Fermi imitation.
    ///
    /// - Returns: a sample at each of the times that it reached.
    /// - Throws: `ParameterError` for the start, `ODEError` for times that fall.
    public func meanField(
        logPrice: Double, shares: RoleShares, times: [Double], algorithm: ODEAlgorithm
    ) throws -> [MeanFieldSample]? {
        if game.parameters.depthExponent > 0, shares.liquidityProviders == 0 { return nil }
        guard let kind = revisionProtocol.revisionProtocol, mutation == 0, !isPriceFrozen else {
            if revisionProtocol == .bestResponse, !isPriceFrozen { return nil }
            let field = PopulationField(rules: ChainRules(self))
            let solution = try ODESolution(
                of: field, from: 0, to: times.last ?? 0,
                state: [logPrice, logPrice, shares.liquidityProviders, shares.sellers, shares.external],
                algorithm: algorithm, times: times)
            return try solution.states.map {
                try MeanFieldSample(logPrice: $0[0], shares: RoleShares(near: $0[2], $0[3]))
            }
        }
        let trajectory = try game.with(revisionProtocol: kind).trajectory(
            logPrice: logPrice, shares: shares, until: times.last ?? 0, algorithm: algorithm)
        var samples: [MeanFieldSample] = []
        for time in times {
            guard let sample = try trajectory.advance(to: time) else { break }
            samples.append(MeanFieldSample(logPrice: sample.logPrice, shares: sample.shares))
        }
        return samples
    }
}

/// The drift of a chain's rates, in (z, q, ℓ, s, e).
struct PopulationField: ODESystem {
    let rules: ChainRules

    var dimension: Int { 5 }

    func derivative(_ t: Double, _ y: Span<Double>, _ dydt: inout MutableSpan<Double>) -> Bool {
        guard y.count >= 5, dydt.count >= 5 else { return false }
        let (z, l, s, e) = (y[0], y[2], y[3], y[4])
        let q = rules.lag > 0 ? y[1] : z
        let u = rules.sellerExcess(q)
        let rates = rules.rates(sellerExcess: u, l, s, e)
        let lpFromSeller = s * rates.sellerToLP - l * rates.lpToSeller
        let lpFromExternal = e * rates.externalToLP - l * rates.lpToExternal
        let sellerFromExternal = e * rates.externalToSeller - s * rates.sellerToExternal
        let moves = !rules.isPriceFrozen
        dydt[0] =
            moves ? rules.priceSlope(z, sellers: s) * rules.velocity.depthFactor(l) : 0
        dydt[1] = moves && rules.lag > 0 ? (z - q) / rules.lag : 0
        dydt[2] = lpFromSeller + lpFromExternal
        dydt[3] = sellerFromExternal - lpFromSeller
        dydt[4] = -(lpFromExternal + sellerFromExternal)
        return (0..<5).allSatisfy { dydt[$0].isFinite } && (rules.velocity.depthExponent == 0 || l > 0)
    }
}

extension RoleShares {
    /// Shares that the tolerance of an integration may have left a little off the simplex.
    fileprivate init(near lp: Double, _ sellers: Double) throws(ParameterError) {
        let l = min(max(lp, 0), 1)
        try self.init(liquidityProviders: l, sellers: min(max(sellers, 0), 1 - l))
    }
}
