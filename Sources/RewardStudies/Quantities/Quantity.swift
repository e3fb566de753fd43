import DissipativeMarket
import RoleDynamics

/// A result that a study can ask for: of the closed forms, or of the rest point of role dynamics.
///
/// Prices, payoffs and regrets are in tokens per unit, cessation times in the unit of the staking period, eigenvalues in
/// 1/T and lags in T. Where a quantity has no value a ``QuantityStatus`` says why.
public enum Quantity: String, CaseIterable, Sendable {
    case gammaMin = "gamma_min"
    case gammaMax = "gamma_max"
    case bandWidth = "band_width"
    case relativeBandWidth = "relative_band_width"
    case bandMargin = "band_margin"
    case alphaStar = "alpha_star"
    case restPrice = "rest_price"
    case restPriceFromAlpha = "rest_price_from_alpha"
    case outcome
    case alphaB = "alpha_b"
    case alphaS = "alpha_s"
    case alphaG = "alpha_g"
    case sellerCost = "seller_cost"
    case payoffLP = "payoff_lp"
    case payoffSeller = "payoff_seller"
    case payoffExternal = "payoff_external"
    case regretLP = "regret_lp"
    case regretSeller = "regret_seller"
    case regretExternal = "regret_external"
    case cessationTimeSeller = "cessation_time_seller"
    case cessationTimeSpeculatingBuyer = "cessation_time_speculating_buyer"
    case cessationTimeGenuineBuyer = "cessation_time_genuine_buyer"
    case shareLP = "share_lp"
    case shareSeller = "share_seller"
    case shareExternal = "share_external"
    case slowestEigenvalue = "slowest_eigenvalue"
    case criticalLag = "critical_lag"
    case deviationPrice = "sd_price"
    case deviationLP = "sd_lp"
    case deviationSeller = "sd_seller"
    case deviationExternal = "sd_external"
    case regime
    case stable

    /// The quantity of a name, in which a hyphen is as good as an underscore; nil where no quantity has it.
    public init?(name: String) { self.init(rawValue: String(name.map { $0 == "-" ? "_" : $0 })) }

    /// The words that a quantity that is no number takes, by their number; none for a number.
    public var words: [String] {
        switch self {
        case .outcome: Outcome.allCases.map(\.rawValue)
        case .regime: RestRegime.allCases.map(\.rawValue)
        case .stable: ["true", "false"]
        default: []
        }
    }

    /// The unit, "" for a pure number or a word.
    public var unit: String {
        switch self {
        case .relativeBandWidth, .outcome, .regime, .stable, .shareLP, .shareSeller, .shareExternal,
            .deviationLP, .deviationSeller, .deviationExternal:
            ""
        case .cessationTimeSeller, .cessationTimeSpeculatingBuyer, .cessationTimeGenuineBuyer: "time"
        case .slowestEigenvalue: "1/T"
        case .criticalLag: "T"
        default: "tokens per unit"
        }
    }

    /// The meaning of the quantity, in a phrase.
    public var summary: String {
        switch self {
        case .gammaMin: "γ_min, below it LPs leave"
        case .gammaMax: "γ_max, above it nobody sells"
        case .bandWidth: "γ_max − γ_min"
        case .relativeBandWidth: "(γ_max − γ_min)/γ_min"
        case .bandMargin: "min(γ − γ_min, γ_max − γ)"
        case .alphaStar: "α*, solves S(α) = γ"
        case .restPrice: "pool price at rest"
        case .restPriceFromAlpha: "pool price at rest of the sharp flow, from α"
        case .outcome: "how the market ends"
        case .alphaB: "α_b, speculating buyers gain below it"
        case .alphaS: "α_s, sellers gain above it"
        case .alphaG: "α_g, genuine buyers gain below it"
        case .sellerCost: "c = β + pθ, seller's cost"
        case .payoffLP: "γ, of providing liquidity"
        case .payoffSeller: "S(α), of selling in the pool"
        case .payoffExternal: "β, of selling externally"
        case .regretLP: "best payoff less the LPs'"
        case .regretSeller: "best payoff less the sellers'"
        case .regretExternal: "best payoff less β"
        case .cessationTimeSeller: "sellers alone stop after"
        case .cessationTimeSpeculatingBuyer: "speculating buyers alone stop after"
        case .cessationTimeGenuineBuyer: "genuine buyers alone stop after"
        case .shareLP: "ℓ at the rest point of role dynamics, share of LPs"
        case .shareSeller: "s at the rest point of role dynamics, of sellers"
        case .shareExternal: "e at the rest point of role dynamics, of external sellers"
        case .slowestEigenvalue:
            "rate of the rest point's slowest disturbance: largest real part of an eigenvalue, or growth over a turn at a kink"
        case .criticalLag: "observation lag at which the rest point loses its stability, in T as --lag is"
        case .deviationPrice: "standard deviation of the pool price at rest, by the linear noise of N holders"
        case .deviationLP: "standard deviation of ℓ at rest, by the linear noise of N holders"
        case .deviationSeller: "standard deviation of s at rest, by the linear noise of N holders"
        case .deviationExternal: "standard deviation of e at rest, by the linear noise of N holders"
        case .regime: "what kind of market the rest point of role dynamics is, by its shares and price"
        case .stable: "whether the rest point of role dynamics is stable, at the game's lag"
        }
    }

    /// Whether it can only be had from role dynamics. ``restPrice`` can be had from both, see ``PriceDynamics``.
    var isOfRoles: Bool {
        switch self {
        case .shareLP, .shareSeller, .shareExternal, .slowestEigenvalue, .criticalLag, .regime, .stable: true
        default: isOfFiniteMarket
        }
    }

    /// Whether it depends on how many holders there are.
    public var isOfFiniteMarket: Bool {
        switch self {
        case .deviationPrice, .deviationLP, .deviationSeller, .deviationExternal: true
        default: false
        }
    }
}

/// By which dynamics the pool price comes to its rest price.
public enum PriceDynamics: String, CaseIterable, Sendable {
    /// The sharp price flow, min(U, D).
    case sharp
    /// Role dynamics, the price of its rest point.
    case role
}

/// Why a quantity has no value at a point; the raw value counts them in arrays.
public enum QuantityStatus: UInt8, CaseIterable, Sendable {
    /// The quantity has a value.
    case ok
    /// A parameter is outside of its domain.
    case outOfDomain
    /// α_g < α_s: there is no band.
    case emptyBand
    /// γ < β: no price makes selling as good as providing liquidity.
    case rewardBelowExternalPrice
    /// The group whose cessation time is asked for does not trade at α.
    case noTrade
    /// The value exceeds the largest double.
    case overflow
    /// Role dynamics has no rest point: the price falls for ever.
    case noRestPoint
    /// The equation of the rest point could not be solved.
    case restPointNotFound
    /// The rest point has no eigenvalues: it is a sliding point, or its pool is empty.
    case noEigenvalues
    /// No lag takes the rest point's stability.
    case stableAtEveryLag
    /// The rest point is not stable without a lag, so that it has no critical one.
    case unstableWithoutLag
    /// The growth over a turn about a kink, which decides the stability where there is a lag, was not found.
    case growthNotFound
    /// The rest points form a segment, γ = β, along which the quantity differs.
    case segment
    /// The first order does not say whether the rest point is stable.
    case stabilityUndecided
    /// The rest point has no linear noise: it is not stable, or the field is not smooth there.
    case noLinearNoise

    /// The reason, in words.
    public var reason: String {
        switch self {
        case .ok: "ok"
        case .outOfDomain: "outside of a parameter's domain"
        case .emptyBand: "the band is empty"
        case .rewardBelowExternalPrice: "the reward is below the external price"
        case .noTrade: "nobody of the group trades at alpha"
        case .overflow: "exceeds the largest double"
        case .noRestPoint: "no rest point"
        case .restPointNotFound: "the rest point was not found"
        case .noEigenvalues: "no eigenvalues at the rest point"
        case .stableAtEveryLag: "stable at every lag"
        case .unstableWithoutLag: "unstable without lag"
        case .growthNotFound: "growth over a turn about the kink not found"
        case .segment: "differs along a segment of rest points"
        case .noLinearNoise: "no linear noise: the rest point is not stable, or at a kink"
        case .stabilityUndecided: "eigenvalues do not decide the stability"
        }
    }
}
