import Foundation
import NumericalMethods
import RoleDynamics

/// The rates of a population's chain, with the constants that they take.
struct ChainRules: Sendable {
    let revisionProtocol: PopulationProtocol
    let velocity: PriceVelocity
    let choice: LogitChoice
    /// y − b.
    let rewardExcess: Double
    private let logarithmOfKept: Double
    let revisionRate: Double
    let mutation: Double
    /// τ; 0 for none.
    let lag: Double
    let holders: Double
    let perHolder: Double
    /// ν; 0 where the price flows.
    let tradeSize: Double
    let isPriceFrozen: Bool
    /// (κ_g d′ + κ_b b′)/(4w), the fastest rate at which the price comes to rest in a pool of depth 1.
    let priceRelaxation: Double
    private let inverseWidth: Double
    /// e^{(d′ − b′)/w}, by which the speculating buyers' exponential differs from that of the genuine ones; nil where the
    /// product of the two may leave the range of doubles.
    private let speculatingFactor: Double?

    init(_ population: Population) {
        let game = population.game
        revisionProtocol = population.revisionProtocol
        velocity = PriceVelocity(game)
        choice = LogitChoice(rationality: game.parameters.rationality, rewardExcess: game.rewardExcess)
        rewardExcess = game.rewardExcess
        logarithmOfKept = game.logarithmOfKept
        revisionRate = game.parameters.revisionRate
        mutation = population.mutation
        lag = game.parameters.observationLag
        holders = Double(population.holders)
        perHolder = 1 / holders
        tradeSize = population.price.tradeSize
        isPriceFrozen = population.isPriceFrozen
        priceRelaxation =
            (velocity.kappaG * velocity.genuineBuyersLimit + velocity.kappaB * velocity.speculatingBuyersLimit)
            / (4 * velocity.width)
        inverseWidth = 1 / velocity.width
        let distance = (velocity.genuineBuyersLimit - velocity.speculatingBuyersLimit) * inverseWidth
        speculatingFactor = abs(distance) < 600 ? exp(distance) : nil
    }

    /// Whether neither the price nor what holders see of it moves but by jumps.
    var isPiecewiseConstant: Bool { isPriceFrozen || (tradeSize > 0 && lag == 0) }

    /// The rate of the clock of the protocols that have one, ρ + μ.
    @inline(__always) var clockRate: Double { revisionRate + mutation }

    /// π_s − b at a log price that is seen.
    @inline(__always)
    func sellerExcess(_ seen: Double) -> Double { MeanSellingPrice(seen + logarithmOfKept).excess }

    /// 1/max(ℓ, 1/N)^η.
    @inline(__always)
    func depthFactor(_ liquidityProviders: Double) -> Double {
        velocity.depthExponent == 0 ? 1 : velocity.depthFactor(max(liquidityProviders, perHolder))
    }

    /// The buyers' demand at a log price, with one exponential for both groups: a step's time is that of its exponentials.
    /// Where e^{(x − d′)/w} underflows, both groups buy; where it overflows, none.
    @inline(__always)
    func demand(_ z: Double) -> Double {
        let x = exp(z)
        guard let speculatingFactor else {
            return velocity.kappaG * velocity.genuineBuyers(at: x).value
                + velocity.kappaB * velocity.speculatingBuyers(at: x).value
        }
        let odds = exp((x - velocity.genuineBuyersLimit) * inverseWidth)
        return velocity.kappaG / (1 + odds) + velocity.kappaB / (1 + odds * speculatingFactor)
    }

    /// dz/dt at a log price with a share of sellers, in a pool of depth 1.
    @inline(__always)
    func priceSlope(_ z: Double, sellers s: Double) -> Double { demand(z) - velocity.kappaS * s }

    /// The role that a revision of a protocol with a clock gives, mutation with it.
    @inline(__always)
    func chosenRole(_ seen: Double) -> (lp: Double, seller: Double, external: Double) {
        let u = sellerExcess(seen)
        var (lp, seller, external): (Double, Double, Double)
        if revisionProtocol == .logit {
            let p = choice.sellers(sellerExcess: u)
            lp = p.complement * choice.liquidityProvidersAmongOthers
            seller = p.value
            external = p.complement * choice.externalAmongOthers
        } else {
            let rates = RevisionRates(
                .bestResponse, choice: choice, rewardExcess: rewardExcess, sellerExcess: u, 0, 0, 0)
            (lp, seller, external) = (rates.sellerToLP, rates.lpToSeller, rates.lpToExternal)
        }
        if mutation > 0 {
            let kept = revisionRate / clockRate
            let added = mutation / clockRate / 3
            (lp, seller, external) = (kept * lp + added, kept * seller + added, kept * external + added)
        }
        return (lp, seller, external)
    }

    /// The rates r_ij of a holder, mutation with them.
    @inline(__always)
    func rates(sellerExcess u: Double, _ l: Double, _ s: Double, _ e: Double) -> RevisionRates {
        var rates: RevisionRates
        if let kind = revisionProtocol.revisionProtocol {
            rates = RevisionRates(kind, choice: choice, rewardExcess: rewardExcess, sellerExcess: u, l, s, e)
        } else {
            let rationality = choice.rationality
            rates = RevisionRates(pairwise: rewardExcess, u, weights: (l, s, e)) { Logistic(rationality * $0).value }
        }
        let added = mutation / 3
        rates.lpToSeller = revisionRate * rates.lpToSeller + added
        rates.lpToExternal = revisionRate * rates.lpToExternal + added
        rates.sellerToLP = revisionRate * rates.sellerToLP + added
        rates.sellerToExternal = revisionRate * rates.sellerToExternal + added
        rates.externalToLP = revisionRate * rates.externalToLP + added
        rates.externalToSeller = revisionRate * rates.externalToSeller + added
        return rates
    }
}

/// What the numbers of a run are drawn for.
enum DrawPurpose {
    static let exactEvent: UInt64 = 0x706f_7000
    static let leapRoles: UInt64 = 0x706f_7001
    static let leapTrades: UInt64 = 0x706f_7002
}
