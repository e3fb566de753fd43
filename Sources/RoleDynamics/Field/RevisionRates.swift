/// The rates r_ij over ρ at which a holder of role i changes to role j, at given shares and payoffs.
///
/// Payoffs are taken over the external sale's, as by ``ShareVelocity``, whose velocities are what these rates make of many
/// holders: ds_j/dt = Σ_i s_i r_ij − s_j Σ_k r_jk.
///
/// | protocol | r_ij/ρ |
/// |---|---|
/// | logit | P_j |
/// | replicator | s_j[π_j − π_i]₊, pairwise proportional imitation |
/// | Smith | [π_j − π_i]₊ |
/// | BNN | [π_j − π̄]₊ |
/// | best response | 1 over the number of maximisers where j is one of them, else 0 |
package struct RevisionRates {
    package var lpToSeller: Double
    package var lpToExternal: Double
    package var sellerToLP: Double
    package var sellerToExternal: Double
    package var externalToLP: Double
    package var externalToSeller: Double

    @inlinable
    package init(
        _ revisionProtocol: RevisionProtocol, choice: LogitChoice, rewardExcess a: Double, sellerExcess u: Double,
        _ l: Double, _ s: Double, _ e: Double
    ) {
        switch revisionProtocol {
        case .logit:
            let p = choice.sellers(sellerExcess: u)
            self.init(
                toLP: p.complement * choice.liquidityProvidersAmongOthers, toSeller: p.value,
                toExternal: p.complement * choice.externalAmongOthers)
        case .replicator:
            self.init(pairwise: a, u, weights: (l, s, e)) { max($0, 0) }
        case .smith:
            self.init(pairwise: a, u, weights: (1, 1, 1)) { max($0, 0) }
        case .bnn:
            // π_i − π̄ as Σ s_j(π_i − π_j).
            self.init(
                toLP: max(s * (a - u) + e * a, 0), toSeller: max(e * u - l * (a - u), 0),
                toExternal: max(-(l * a + s * u), 0))
        case .bestResponse:
            let best = max(a, u, 0)
            let (toLP, toSeller, toExternal) = (a == best ? 1.0 : 0, u == best ? 1.0 : 0, best == 0 ? 1.0 : 0)
            let share = 1 / (toLP + toSeller + toExternal)
            self.init(toLP: toLP * share, toSeller: toSeller * share, toExternal: toExternal * share)
        }
    }

    /// Rates that depend on the new role alone.
    @inlinable
    package init(toLP: Double, toSeller: Double, toExternal: Double) {
        (sellerToLP, externalToLP) = (toLP, toLP)
        (lpToSeller, externalToSeller) = (toSeller, toSeller)
        (lpToExternal, sellerToExternal) = (toExternal, toExternal)
    }

    /// Rates w_j f(π_j − π_i).
    @inlinable @inline(__always)
    package init(
        pairwise a: Double, _ u: Double, weights: (l: Double, s: Double, e: Double), _ rate: (Double) -> Double
    ) {
        lpToSeller = weights.s * rate(u - a)
        lpToExternal = weights.e * rate(-a)
        sellerToLP = weights.l * rate(a - u)
        sellerToExternal = weights.e * rate(-u)
        externalToLP = weights.l * rate(a)
        externalToSeller = weights.s * rate(u)
    }

    /// The covariances, over ρ and the number of holders, that the changes of role add in unit time to the shares.
    package func diffusion(_ l: Double, _ s: Double, _ e: Double) -> (ll: Double, ls: Double, ss: Double) {
        let betweenLPsAndSellers = l * lpToSeller + s * sellerToLP
        return (
            ll: betweenLPsAndSellers + l * lpToExternal + e * externalToLP, ls: -betweenLPsAndSellers,
            ss: betweenLPsAndSellers + s * sellerToExternal + e * externalToSeller
        )
    }
}
