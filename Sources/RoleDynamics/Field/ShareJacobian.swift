/// The side of a payoff tie from which a field with a kink there is differentiated.
///
/// Smith and BNN holders move by [·]₊, so their fields have a derivative on either side of a tie between the seller's
/// payoff and another one, and none on it.
public enum TieSide: String, CaseIterable, Sendable {
    /// Sellers earn a little more: the price is just above the tie.
    case above
    /// Sellers earn a little less: the price is just below the tie.
    case below
}

/// The derivatives of the share velocities (over ρ) by the three shares, and by the seller's payoff.
///
/// `byShares` is row by row, (ℓ, s, e) by (ℓ, s, e). Differences of payoffs that are exactly 0 are ties, of which `side`
/// says the side; nothing is found out by moving the point.
struct ShareJacobian {
    var ll = 0.0
    var ls = 0.0
    var le = 0.0
    var sl = 0.0
    var ss = 0.0
    var se = 0.0
    var el = 0.0
    var es = 0.0
    var ee = 0.0
    /// By the seller's payoff u.
    var lu = 0.0
    var su = 0.0
    var eu = 0.0

    /// Logit, given P: at a rest point P is the shares themselves.
    @inline(__always)
    init(logit rationality: Double, liquidityProviders p: Double, sellers: Logistic, external q: Double) {
        ll = -1
        ss = -1
        ee = -1
        // λ last: λP may overflow where λP(1 − P) does not.
        lu = -(p * sellers.value) * rationality
        su = sellers.slope * rationality
        eu = -(q * sellers.value) * rationality
    }

    @inline(__always)
    init(
        _ revisionProtocol: RevisionProtocol, choice: LogitChoice, rewardExcess a: Double, sellerExcess u: Double,
        _ l: Double, _ s: Double, _ e: Double, side: TieSide = .above
    ) {
        let sellersAreAhead = side == .above
        switch revisionProtocol {
        case .logit:
            let p = choice.sellers(sellerExcess: u)
            self.init(
                logit: choice.rationality, liquidityProviders: p.complement * choice.liquidityProvidersAmongOthers,
                sellers: p, external: p.complement * choice.externalAmongOthers)
        case .replicator:
            self.init()
            let g = a - u
            ll = s * g + e * a
            ls = l * g
            le = l * a
            sl = -s * g
            ss = e * u - l * g
            se = s * u
            el = -e * a
            es = -e * u
            ee = -(l * a + s * u)
            lu = -l * s
            eu = -s * e
            su = -(lu + eu)
        case .smith:
            self.init()
            let g = a - u
            // Out of the worse of two roles, at the rate of the difference.
            if g > 0 || (g == 0 && !sellersAreAhead) {
                ls = g
                ss = -g
                lu = -s
                su = s
            } else {
                ll = g
                sl = -g
                lu = -l
                su = l
            }
            if a > 0 {
                le = a
                ee = -a
            } else {
                ll += a
                el = -a
            }
            if u > 0 || (u == 0 && sellersAreAhead) {
                se = u
                ee -= u
                su += e
                eu = -e
            } else {
                ss += u
                es = -u
                su += s
                eu = -s
            }
        case .bnn:
            self.init()
            let g = a - u
            let excessL = s * g + e * a
            let excessS = e * u - l * g
            let excessE = -(l * a + s * u)
            // The derivatives of the excesses by ℓ, s, e and u, where they are positive.
            let lOn = excessL > 0 || (excessL == 0 && !sellersAreAhead)
            let sOn = excessS > 0 || (excessS == 0 && sellersAreAhead)
            let eOn = excessE > 0 || (excessE == 0 && !sellersAreAhead)
            let (dLs, dLe, dLu) = lOn ? (g, a, -s) : (0, 0, 0)
            let (dSl, dSe, dSu) = sOn ? (-g, u, l + e) : (0, 0, 0)
            let (dEl, dEs, dEu) = eOn ? (-a, -u, -s) : (0, 0, 0)
            let sum = max(excessL, 0) + max(excessS, 0) + max(excessE, 0)
            let (sumL, sumS, sumE, sumU) = (dSl + dEl, dLs + dEs, dLe + dSe, dLu + dSu + dEu)
            ll = -l * sumL - sum
            ls = dLs - l * sumS
            le = dLe - l * sumE
            lu = dLu - l * sumU
            sl = dSl - s * sumL
            ss = -s * sumS - sum
            se = dSe - s * sumE
            su = dSu - s * sumU
            el = dEl - e * sumL
            es = dEs - e * sumS
            ee = -e * sumE - sum
            eu = dEu - e * sumU
        case .bestResponse:
            self.init()
            ll = -1
            ss = -1
            ee = -1
        }
    }

    private init() {}
}
