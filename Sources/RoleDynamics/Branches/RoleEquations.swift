import DissipativeMarket
import NumericalMethods
import RealModule

/// The equations of a population game whose field is smooth, in numbers that carry derivatives by state and parameters.
///
/// The formulas are those of ``RoleField``, with e = 1 − ℓ − s; what is written there in plain numbers for speed, once for
/// the field and once for its Jacobian, is written here once for all orders.
struct RoleEquations<S: SmoothNumber> {
    private let revisionProtocol: RevisionProtocol
    /// (γ − β)/c.
    private let rewardExcess: S
    private let logarithmOfKept: S
    private let genuineLimit: S
    private let speculatingLimit: S
    private let kappaG: S
    private let kappaB: S
    private let kappaS: S
    private let inverseWidth: S
    private let rationality: S
    private let rate: S
    private let depthExponent: S
    private let inverseLag: S?
    private let hasDepth: Bool
    // Of logit: P_ℓ : P_e = F(λa) : F(−λa).
    private let amongOthers: S
    private let weightOfWorse: S

    /// - Parameters:
    ///   - game: what the parameters are where they are not varied.
    ///   - varied: parameters with their values.
    init(_ game: RoleGame, varied: [(name: ParameterName, value: S)]) {
        let market = game.market
        var beta = S(market.externalPrice)
        var p = S(market.failureProbability)
        var theta = S(market.collateral)
        var gamma = S(game.blockReward)
        var delta = S(market.reservationPrice)
        var fee = S(market.swapFee)
        var (kg, kb, ks) = (
            S(game.intensities.genuineBuyers), S(game.intensities.speculatingBuyers), S(game.intensities.sellers)
        )
        let revision = game.parameters
        var (w, lambda, rho) = (S(revision.demandWidth), S(revision.rationality), S(revision.revisionRate))
        var (eta, lag) = (S(revision.depthExponent), S(revision.observationLag))
        var hasDepth = revision.depthExponent > 0
        let unitPrice = market.sellerCost
        for (name, value) in varied {
            switch name {
            case .market(.beta): beta = value
            case .market(.p): p = value
            case .market(.theta): theta = value
            case .market(.gamma): gamma = value
            case .market(.delta): delta = value
            case .market(.fee): fee = value
            case .market(.alpha), .market(.period), .ratio(.x): break
            case .ratio(.y): gamma = unitPrice * value
            case .ratio(.d): delta = unitPrice * value
            case .ratio(.b):
                beta = unitPrice * value
                p = S(1)
                theta = unitPrice * (1 - value)
            case .intensity(.genuineBuyers): kg = value
            case .intensity(.speculatingBuyers): kb = value
            case .intensity(.sellers): ks = value
            case .revision(.demandWidth): w = value
            case .revision(.rationality): lambda = value
            case .revision(.revisionRate): rho = value
            case .revision(.depthExponent):
                eta = value
                hasDepth = true
            case .revision(.lag): lag = value
            }
        }
        let c = (beta + p * theta).reciprocal
        let kept = 1 - fee
        revisionProtocol = game.revisionProtocol
        rewardExcess = (gamma - beta) * c
        logarithmOfKept = fee.composed(
            Double.log(onePlus: -fee.value), -1 / kept.value, -1 / (kept.value * kept.value),
            -2 / (kept.value * kept.value * kept.value))
        genuineLimit = kept * delta * c
        speculatingLimit = kept * beta * c
        (kappaG, kappaB, kappaS) = (kg, kb, ks)
        inverseWidth = w.reciprocal
        rationality = lambda
        rate = rho
        depthExponent = eta
        self.hasDepth = hasDepth
        inverseLag = revision.observationLag > 0 || varied.contains { $0.name == .lag } ? lag.reciprocal : nil
        let odds = lambda * rewardExcess
        amongOthers = Self.logistic(odds)
        // ln(1 + e^{−|λa|}).
        let sign = odds.value > 0 ? 1.0 : -1.0
        let other = Logistic(-abs(odds.value))
        weightOfWorse = odds.composed(
            Double.log(onePlus: Double.exp(-abs(odds.value))), -sign * other.value, other.slope,
            sign * other.slope * (other.value - other.complement))
    }

    /// Whether the state has a component q.
    var hasLag: Bool { inverseLag != nil }

    @inline(__always)
    private static func logistic(_ u: S) -> S {
        let f = Logistic(u.value)
        return u.composed(f.value, f.slope, f.slope * (f.complement - f.value), f.slope * (1 - 6 * f.slope))
    }

    /// The field at (z, ℓ, s) or (z, ℓ, s, q); false where it is not defined.
    @inline(__always)
    func evaluate(_ x: Span<S>, _ f: inout MutableSpan<S>) -> Bool {
        let (z, l, s) = (x[0], x[1], x[2])
        if hasDepth, !(l.value > 0) { return false }
        let seen = inverseLag == nil ? z : x[3]
        let mean = seen + logarithmOfKept
        guard mean.value < 709 else { return false }
        let price = MeanSellingPrice(mean.value)
        let curvature = MeanSellingPrice.higherDerivatives(mean.value)
        let u = mean.composed(price.excess, price.slope, curvature.second, curvature.third)

        let level = z.exponential
        let demand =
            kappaG * Self.logistic((genuineLimit - level) * inverseWidth)
            + kappaB * Self.logistic((speculatingLimit - level) * inverseWidth)
        var velocity = demand - kappaS * s
        if hasDepth { velocity = velocity * (-(depthExponent * l.logarithm)).exponential }
        f[0] = velocity

        switch revisionProtocol {
        case .logit:
            let lead = rewardExcess.value > 0 ? u - rewardExcess : u
            let odds = rationality * lead - weightOfWorse
            f[1] = rate * (Self.logistic(-odds) * amongOthers - l)
            f[2] = rate * (Self.logistic(odds) - s)
        case .replicator:
            let e = (1 - l) - s
            let fromSellers = l * s * (rewardExcess - u)
            f[1] = rate * (fromSellers + l * e * rewardExcess)
            f[2] = rate * (s * e * u - fromSellers)
        case .smith, .bnn, .bestResponse:
            return false
        }
        if let inverseLag { f[3] = (z - x[3]) * inverseLag }
        return true
    }
}

/// The field of a game as a smooth system in (z, ℓ, s), or (z, ℓ, s, q) with an observation lag, and in some of its parameters.
///
/// Defined for the protocols whose field is smooth, logit and the replicator; e = 1 − ℓ − s.
struct RoleSystem: SmoothSystem {
    let game: RoleGame
    let parameters: [BranchParameter]
    let hasLag: Bool

    /// - Parameter parameters: what is varied, in its coordinates.
    init(_ game: RoleGame, _ parameters: [BranchParameter]) {
        self.game = game
        self.parameters = parameters
        hasLag = game.parameters.observationLag > 0 || parameters.contains { $0.name == .lag }
    }

    var dimension: Int { hasLag ? 4 : 3 }
    var parameterCount: Int { parameters.count }

    func evaluate(_ x: Span<GradientNumber>, _ f: inout MutableSpan<GradientNumber>) -> Bool {
        equations(x).evaluate(x, &f)
    }

    func evaluate(_ x: Span<TrilinearNumber>, _ f: inout MutableSpan<TrilinearNumber>) -> Bool {
        equations(x).evaluate(x, &f)
    }

    @inline(__always)
    private func equations<S: SmoothNumber>(_ x: Span<S>) -> RoleEquations<S> {
        var varied: [(name: ParameterName, value: S)] = []
        for (k, parameter) in parameters.enumerated() {
            varied.append((parameter.name, parameter.value(x[dimension + k])))
        }
        return RoleEquations(game, varied: varied)
    }
}
