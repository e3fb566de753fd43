/// ds/dt over ρ of the three shares under a protocol, at given shares and payoffs.
///
/// Payoffs are taken over the external sale's: a = y − b for LPs, u = π_s − b for sellers, 0 for external sellers. Every
/// protocol but logit is written in differences of payoffs of two roles, weighted with shares: the replicator and Smith
/// as flows from one role to another, whose sum is 0 to the bit but for the last additions, on the simplex or off it;
/// logit and BNN pull a sum that is off 1 back to it. With the mean payoff π̄ in its place, as the replicator is
/// usually written, an error of the sum grows wherever π̄ < 0.
struct ShareVelocity {
    var liquidityProviders: Double
    var sellers: Double
    var external: Double

    @inline(__always)
    init(
        _ revisionProtocol: RevisionProtocol, choice: LogitChoice, rewardExcess a: Double, sellerExcess u: Double,
        _ l: Double, _ s: Double, _ e: Double
    ) {
        switch revisionProtocol {
        case .logit:
            let p = choice.sellers(sellerExcess: u)
            liquidityProviders = p.complement * choice.liquidityProvidersAmongOthers - l
            sellers = p.value - s
            external = p.complement * choice.externalAmongOthers - e
        case .replicator:
            let toLPsFromSellers = l * s * (a - u)
            let toLPsFromExternal = l * e * a
            let toSellersFromExternal = s * e * u
            liquidityProviders = toLPsFromSellers + toLPsFromExternal
            sellers = toSellersFromExternal - toLPsFromSellers
            external = -toLPsFromExternal - toSellersFromExternal
        case .smith:
            // The flow goes to the better of two roles, out of the worse one's share.
            let toLPsFromSellers = (a > u ? s : l) * (a - u)
            let toLPsFromExternal = (a > 0 ? e : l) * a
            let toSellersFromExternal = (u > 0 ? e : s) * u
            liquidityProviders = toLPsFromSellers + toLPsFromExternal
            sellers = toSellersFromExternal - toLPsFromSellers
            external = -toLPsFromExternal - toSellersFromExternal
        case .bnn:
            // π_i − π̄ as Σ s_j(π_i − π_j).
            let excessL = max(s * (a - u) + e * a, 0)
            let excessS = max(e * u - l * (a - u), 0)
            let excessE = max(-(l * a + s * u), 0)
            let sum = excessL + excessS + excessE
            liquidityProviders = excessL - l * sum
            sellers = excessS - s * sum
            external = excessE - e * sum
        case .bestResponse:
            let favoured = u > max(a, 0)
            liquidityProviders = (!favoured && a >= 0 ? 1 : 0) - l
            sellers = (favoured ? 1 : 0) - s
            external = (!favoured && a < 0 ? 1 : 0) - e
        }
    }
}
