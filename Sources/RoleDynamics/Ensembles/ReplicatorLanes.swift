import NumericalMethods

/// Replicator dynamics of eight games in log odds, see ``ReplicatorField``, which is the reference: the state is (z, J), with
/// a lag (z, q, J). The shares at the start are parameters, after those of ``LaneGame``.
struct ReplicatorLanes: DifferentiableLaneSystem {
    let hasLag: Bool
    let hasDepth: Bool

    var dimension: Int { hasLag ? 3 : 2 }
    var parameterCount: Int { LaneGame.count + 3 }

    static func parameters(_ game: RoleGame, start: RoleShares) -> [Double] {
        LaneGame.parameters(game) + [start.liquidityProviders, start.sellers, start.external]
    }

    private struct Shares {
        let liquidityProviders, sellers, external: LaneVector
        /// The derivatives of a_ℓ and a_e by the time.
        let rateOfLPs, rateOfExternal: LaneVector

        @inline(__always)
        init(_ game: LaneGame, _ parameters: Span<LaneVector>, _ t: LaneVector, _ j: LaneVector) {
            let none = LaneVector(repeating: -.infinity)
            let l0 = parameters[LaneGame.count]
            let s0 = parameters[LaneGame.count + 1]
            let e0 = parameters[LaneGame.count + 2]
            let zero = LaneVector(repeating: 0)
            rateOfLPs = game.revisionRate * zero.replacing(with: game.rewardExcess, where: game.rewardExcess .< 0)
            rateOfExternal = -game.revisionRate * game.rewardExcess.positivePart
            let a = rateOfLPs * t
            let b = rateOfExternal * t
            // Only roles that are there count towards the largest exponent, so that their sum is never 0.
            var largest = none.replacing(with: a, where: l0 .> 0)
            largest = largest.replacing(with: j, where: (s0 .> 0) .& (j .> largest))
            largest = largest.replacing(with: b, where: (e0 .> 0) .& (b .> largest))
            let l = zero.replacing(with: l0 * (a - largest).exponential, where: l0 .> 0)
            let s = zero.replacing(with: s0 * (j - largest).exponential, where: s0 .> 0)
            let e = zero.replacing(with: e0 * (b - largest).exponential, where: e0 .> 0)
            let sum = l + s + e
            liquidityProviders = l / sum
            sellers = s / sum
            external = e / sum
        }
    }

    func derivative(
        _ t: LaneVector, _ y: Span<LaneVector>, _ parameters: Span<LaneVector>, _ dydt: inout MutableSpan<LaneVector>
    ) {
        let last = hasLag ? 2 : 1
        guard y.count > last, dydt.count > last, parameters.count >= parameterCount else { return }
        let game = LaneGame(parameters)
        let shares = Shares(game, parameters, t, y[last])
        let u = LaneMeanSellingPrice(y[last - 1] + game.logarithmOfKept).excess
        var dz = game.excessDemand(at: y[0].exponential, sellers: shares.sellers)
        if hasDepth { dz *= game.depthFactor(shares.liquidityProviders) }
        dydt[0] = dz
        if hasLag { dydt[1] = (y[0] - y[1]) * game.inverseLag }
        dydt[last] = game.revisionRate * (u - game.rewardExcess.positivePart)
    }

    func jacobian(
        _ t: LaneVector, _ y: Span<LaneVector>, _ parameters: Span<LaneVector>, _ dfdy: inout MutableSpan<LaneVector>,
        _ dfdt: inout MutableSpan<LaneVector>
    ) {
        let n = dimension
        let last = n - 1
        guard y.count >= n, dfdy.count >= n * n, dfdt.count >= n, parameters.count >= parameterCount else { return }
        let game = LaneGame(parameters)
        let shares = Shares(game, parameters, t, y[last])
        let (l, s, e) = (shares.liquidityProviders, shares.sellers, shares.external)
        let x = y[0].exponential
        let slope = LaneMeanSellingPrice(y[last - 1] + game.logarithmOfKept).slope
        for i in 0..<n { dfdt[i] = LaneVector(repeating: 0) }
        for i in 0..<(n * n) { dfdy[i] = LaneVector(repeating: 0) }
        let factor = hasDepth ? game.depthFactor(l) : LaneVector(repeating: 1)
        // d ln ℓ = −s dJ, ds = s(1 − s) dJ; and by t at a given J, with r̄ the mean of the rates.
        let mean = l * shares.rateOfLPs + e * shares.rateOfExternal
        dfdy[0] = game.demandSlope(at: x) * factor
        dfdy[last] = -game.kappaS * factor * (s * (1 - s))
        dfdt[0] = game.kappaS * factor * (s * mean)
        if hasDepth {
            let byLogDepth = -game.depthExponent * (game.excessDemand(at: x, sellers: s) * factor)
            dfdy[last] -= byLogDepth * s
            dfdt[0] += byLogDepth * (shares.rateOfLPs - mean)
        }
        if hasLag {
            dfdy[n] = game.inverseLag
            dfdy[n + 1] = -game.inverseLag
        }
        dfdy[last * n + (hasLag ? 1 : 0)] = game.revisionRate * slope
    }
}
