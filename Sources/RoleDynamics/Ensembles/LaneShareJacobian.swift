/// ``ShareJacobian`` of eight games, the side of a tie on which sellers earn more: logit, Smith and BNN.
struct LaneShareJacobian {
    var ll = LaneVector(repeating: 0)
    var ls = LaneVector(repeating: 0)
    var le = LaneVector(repeating: 0)
    var sl = LaneVector(repeating: 0)
    var ss = LaneVector(repeating: 0)
    var se = LaneVector(repeating: 0)
    var el = LaneVector(repeating: 0)
    var es = LaneVector(repeating: 0)
    var ee = LaneVector(repeating: 0)
    /// By the seller's payoff u.
    var lu = LaneVector(repeating: 0)
    var su = LaneVector(repeating: 0)
    var eu = LaneVector(repeating: 0)

    @inline(__always)
    init(
        _ laneProtocol: LaneProtocol, _ game: LaneGame, _ u: LaneVector, _ l: LaneVector, _ s: LaneVector,
        _ e: LaneVector
    ) {
        let zero = LaneVector(repeating: 0)
        let a = game.rewardExcess
        let g = a - u
        switch laneProtocol {
        case .smith:
            // Out of the worse of two roles, at the rate of the difference.
            let lpsAhead = g .> 0
            ls = zero.replacing(with: g, where: lpsAhead)
            ll = g.replacing(with: zero, where: lpsAhead)
            ss = -ls
            sl = -ll
            su = l.replacing(with: s, where: lpsAhead)
            lu = -su
            let lpsAheadOfExternal = a .> 0
            le = zero.replacing(with: a, where: lpsAheadOfExternal)
            ee = -le
            el = (-a).replacing(with: zero, where: lpsAheadOfExternal)
            ll -= el
            let sellersAhead = u .>= 0
            se = zero.replacing(with: u, where: sellersAhead)
            ee -= se
            es = (-u).replacing(with: zero, where: sellersAhead)
            ss -= es
            let mover = s.replacing(with: e, where: sellersAhead)
            su += mover
            eu = -mover
        case .bnn:
            let excessL = s * g + e * a
            let excessS = e * u - l * g
            let excessE = -(l * a + s * u)
            let lOn = excessL .> 0
            let sOn = excessS .>= 0
            let eOn = excessE .> 0
            let dLs = zero.replacing(with: g, where: lOn)
            let dLe = zero.replacing(with: a, where: lOn)
            let dLu = zero.replacing(with: -s, where: lOn)
            let dSl = zero.replacing(with: -g, where: sOn)
            let dSe = zero.replacing(with: u, where: sOn)
            let dSu = zero.replacing(with: l + e, where: sOn)
            let dEl = zero.replacing(with: -a, where: eOn)
            let dEs = zero.replacing(with: -u, where: eOn)
            let dEu = zero.replacing(with: -s, where: eOn)
            let sum = excessL.positivePart + excessS.positivePart + excessE.positivePart
            let (sumL, sumS, sumE) = (dSl + dEl, dLs + dEs, dLe + dSe)
            let sumU = dLu + dSu + dEu
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
        case .logit:
            let p = game.logitSellers(u)
            ll = zero - 1
            ss = ll
            ee = ll
            lu = -(p.complement * game.liquidityProvidersAmongOthers * p.value) * game.rationality
            su = p.slope * game.rationality
            eu = -(p.complement * game.externalAmongOthers * p.value) * game.rationality
        }
    }
}
