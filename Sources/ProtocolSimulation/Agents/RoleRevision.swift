import Foundation
import RoleDynamics

/// Payoffs of the three roles, in units of c per unit held for one period.
struct RevisionPayoffs: Sendable {
    var liquidityProvider: Double
    var seller: Double
    var external: Double

    @inline(__always)
    subscript(role: HolderRole) -> Double {
        switch role {
        case .liquidityProvider: liquidityProvider
        case .seller: seller
        case .external: external
        }
    }
}

/// The choice of a role at the end of a stake.
///
/// Logit holders choose afresh, by softmax(λπ). The others go from role i to j with the rate of their protocol taken as a
/// probability, ρ multiplying differences of payoffs, and stay with what is left of 1; where the rates exceed 1 together
/// they are scaled to it:
///
///     replicator  ρ s_j [π_j − π_i]₊        Smith  ρ [π_j − π_i]₊        BNN  ρ [π_j − π̄]₊
///
/// Best response goes to a best role, to each of several alike.
struct RoleRevision: Sendable {
    let revisionProtocol: RevisionProtocol
    let rationality: Double
    let revisionRate: Double

    /// The role after a revision.
    ///
    /// - Parameters:
    ///   - role: the role before.
    ///   - payoffs: what the roles earn, as the holder sees it.
    ///   - shares: the holders' spread over the roles, this one's own among them.
    ///   - uniform: a random number of (0, 1).
    @inline(__always)
    func choose(
        from role: HolderRole, payoffs: RevisionPayoffs, shares: (Double, Double, Double), uniform: Double
    ) -> HolderRole {
        if revisionProtocol == .logit {
            let most = max(payoffs.liquidityProvider, payoffs.seller, payoffs.external)
            let l = exp(rationality * (payoffs.liquidityProvider - most))
            let s = exp(rationality * (payoffs.seller - most))
            let place = uniform * (l + s + exp(rationality * (payoffs.external - most)))
            return place < l ? .liquidityProvider : place < l + s ? .seller : .external
        }
        let p = probabilities(from: role, payoffs: payoffs, shares: shares)
        return uniform < p.0 ? .liquidityProvider : uniform < p.0 + p.1 ? .seller : .external
    }

    /// The probabilities of the three roles after a revision.
    func probabilities(
        from role: HolderRole, payoffs: RevisionPayoffs, shares: (Double, Double, Double)
    ) -> (Double, Double, Double) {
        let pi = [payoffs.liquidityProvider, payoffs.seller, payoffs.external]
        let own = payoffs[role]
        let s = [shares.0, shares.1, shares.2]
        var rates: [Double]
        switch revisionProtocol {
        case .logit, .bestResponse:
            let most = max(pi[0], pi[1], pi[2])
            let weights =
                revisionProtocol == .logit ? pi.map { exp(rationality * ($0 - most)) } : pi.map { $0 == most ? 1 : 0 }
            let sum = weights[0] + weights[1] + weights[2]
            return (weights[0] / sum, weights[1] / sum, weights[2] / sum)
        case .replicator: rates = (0..<3).map { revisionRate * s[$0] * max(pi[$0] - own, 0) }
        case .smith: rates = (0..<3).map { revisionRate * max(pi[$0] - own, 0) }
        case .bnn:
            let mean = s[0] * pi[0] + s[1] * pi[1] + s[2] * pi[2]
            rates = (0..<3).map { revisionRate * max(pi[$0] - mean, 0) }
        }
        rates[role.rawValue] = 0
        let sum = rates[0] + rates[1] + rates[2]
        if sum > 1 { rates = rates.map { $0 / sum } }
        rates[role.rawValue] = max(1 - min(sum, 1), 0)
        return (rates[0], rates[1], rates[2])
    }
}
