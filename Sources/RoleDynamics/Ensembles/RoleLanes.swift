import CVectorKernels
import NumericalMethods

/// A revision protocol whose shares are integrated in lanes. Replicator dynamics has lanes of its own, ``ReplicatorLanes``;
/// best responses jump and have none.
enum LaneProtocol: CaseIterable, Hashable, Sendable {
    case logit, smith, bnn
}

/// The vector field of eight population games at once, logit, Smith's or BNN's, each with its own parameters.
///
/// The state is that of ``RoleField``, which is the reference: (z, ℓ, s, e), with a lag (z, q, ℓ, s, e). All lanes have the
/// protocol in common, and whether there is a lag, and a depth exponent. Where `RoleField` is not defined a component is
/// NaN or infinite.
struct RoleLanes: DifferentiableLaneSystem {
    let laneProtocol: LaneProtocol
    let hasLag: Bool
    let hasDepth: Bool

    init(_ laneProtocol: LaneProtocol, hasLag: Bool, hasDepth: Bool) {
        self.laneProtocol = laneProtocol
        self.hasLag = hasLag
        self.hasDepth = hasDepth
    }

    var dimension: Int { hasLag ? 5 : 4 }
    var parameterCount: Int { LaneGame.count }

    func derivative(
        _ t: LaneVector, _ y: Span<LaneVector>, _ parameters: Span<LaneVector>, _ dydt: inout MutableSpan<LaneVector>
    ) {
        let first = hasLag ? 2 : 1
        guard y.count >= first + 3, dydt.count >= first + 3, parameters.count >= LaneGame.count else { return }
        let game = LaneGame(parameters)
        let z = y[0]
        let q = y[first - 1]
        let (l, s, e) = (y[first], y[first + 1], y[first + 2])
        let u = LaneMeanSellingPrice(q + game.logarithmOfKept).excess
        var dz = game.excessDemand(at: z.exponential, sellers: s)
        if hasDepth { dz *= game.depthFactor(l) }
        dydt[0] = dz
        if hasLag { dydt[1] = (z - q) * game.inverseLag }
        let velocity = shareVelocity(game, u, l, s, e)
        // 0 · u is NaN where the payoff exceeds the largest double, which logit's choice would not show.
        dydt[first] = game.revisionRate * velocity.liquidityProviders + 0 * u
        dydt[first + 1] = game.revisionRate * velocity.sellers
        dydt[first + 2] = game.revisionRate * velocity.external
    }

    /// ds/dt over ρ of the three shares, as ``ShareVelocity`` has it.
    @inline(__always)
    private func shareVelocity(
        _ game: LaneGame, _ u: LaneVector, _ l: LaneVector, _ s: LaneVector, _ e: LaneVector
    ) -> (liquidityProviders: LaneVector, sellers: LaneVector, external: LaneVector) {
        let a = game.rewardExcess
        switch laneProtocol {
        case .smith:
            let toLPsFromSellers = l.replacing(with: s, where: a .> u) * (a - u)
            let toLPsFromExternal = l.replacing(with: e, where: a .> 0) * a
            let toSellersFromExternal = s.replacing(with: e, where: u .> 0) * u
            return (
                toLPsFromSellers + toLPsFromExternal, toSellersFromExternal - toLPsFromSellers,
                -toLPsFromExternal - toSellersFromExternal
            )
        case .bnn:
            let excessL = (s * (a - u) + e * a).positivePart
            let excessS = (e * u - l * (a - u)).positivePart
            let excessE = (-(l * a + s * u)).positivePart
            let sum = excessL + excessS + excessE
            return (excessL - l * sum, excessS - s * sum, excessE - e * sum)
        case .logit:
            let p = game.logitSellers(u)
            return (
                p.complement * game.liquidityProvidersAmongOthers - l, p.value - s,
                p.complement * game.externalAmongOthers - e
            )
        }
    }

    func jacobian(
        _ t: LaneVector, _ y: Span<LaneVector>, _ parameters: Span<LaneVector>, _ dfdy: inout MutableSpan<LaneVector>,
        _ dfdt: inout MutableSpan<LaneVector>
    ) {
        let (n, first) = (dimension, hasLag ? 2 : 1)
        guard y.count >= n, dfdy.count >= n * n, dfdt.count >= n, parameters.count >= LaneGame.count else { return }
        let game = LaneGame(parameters)
        let z = y[0]
        let q = y[first - 1]
        let (l, s, e) = (y[first], y[first + 1], y[first + 2])
        let mean = LaneMeanSellingPrice(q + game.logarithmOfKept)
        let x = z.exponential

        for i in 0..<n { dfdt[i] = LaneVector(repeating: 0) }
        for i in 0..<(n * n) { dfdy[i] = LaneVector(repeating: 0) }
        let factor = hasDepth ? game.depthFactor(l) : LaneVector(repeating: 1)
        dfdy[0] = game.demandSlope(at: x) * factor
        if hasDepth { dfdy[first] = -game.depthExponent * (game.excessDemand(at: x, sellers: s) * factor / l) }
        dfdy[first + 1] = -game.kappaS * factor
        if hasLag {
            dfdy[n] = game.inverseLag
            dfdy[n + 1] = -game.inverseLag
        }
        let shares = LaneShareJacobian(laneProtocol, game, mean.excess, l, s, e)
        let rows = [
            (shares.ll, shares.ls, shares.le, shares.lu), (shares.sl, shares.ss, shares.se, shares.su),
            (shares.el, shares.es, shares.ee, shares.eu),
        ]
        for (index, row) in rows.enumerated() {
            let place = (first + index) * n + first - 1
            dfdy[place] = game.revisionRate * mean.slope * row.3
            dfdy[place + 1] = game.revisionRate * row.0
            dfdy[place + 2] = game.revisionRate * row.1
            dfdy[place + 3] = game.revisionRate * row.2
        }
    }
}

/// Logit dynamics without lag and depth: ``RoleLanes`` with slopes and steps in C.
struct LogitKernelLanes: KernelLaneSystem, DifferentiableLaneSystem {
    private let lanes = RoleLanes(.logit, hasLag: false, hasDepth: false)

    var dimension: Int { lanes.dimension }
    var parameterCount: Int { lanes.parameterCount }
    var kernelSlopes: LaneSlopes { pinfi_logit_slopes }
    var kernelStep: LaneStep { pinfi_logit_dormand_prince }

    func derivative(
        _ t: LaneVector, _ y: Span<LaneVector>, _ parameters: Span<LaneVector>, _ dydt: inout MutableSpan<LaneVector>
    ) {
        lanes.derivative(t, y, parameters, &dydt)
    }

    func jacobian(
        _ t: LaneVector, _ y: Span<LaneVector>, _ parameters: Span<LaneVector>, _ dfdy: inout MutableSpan<LaneVector>,
        _ dfdt: inout MutableSpan<LaneVector>
    ) {
        lanes.jacobian(t, y, parameters, &dfdy, &dfdt)
    }
}
