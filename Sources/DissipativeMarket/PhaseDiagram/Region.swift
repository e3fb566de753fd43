/// The role that dominates at a point of the phase diagram.
public enum Role: String, CaseIterable, Sendable {
    /// Provides liquidity and earns γ.
    case liquidityProvider = "lp"
    /// Sells in the pool and earns S(α).
    case seller
    /// Buys in the pool and resells externally.
    case speculatingBuyer = "speculating-buyer"

    /// The place of the role in `allCases`: its code in tables.
    public var code: UInt8 {
        switch self {
        case .liquidityProvider: 0
        case .seller: 1
        case .speculatingBuyer: 2
        }
    }

    /// The role in words.
    public var title: String {
        switch self {
        case .liquidityProvider: "liquidity provider"
        case .seller: "seller"
        case .speculatingBuyer: "speculating buyer"
        }
    }
}

/// A region of the sharp phase diagram, by the labels of the published figure; `lp-idle` and `speculation-only` have none
/// there and are ours.
public enum Region: String, CaseIterable, Sendable {
    /// LPs and genuine buyers: α ≤ α_s, γ ≥ β.
    case aA
    /// Speculating and genuine buyers: α < α_b, γ < β.
    case aB
    /// LPs and genuine buyers: α_b ≤ α ≤ α_s, γ < β.
    case aC
    /// Sellers and genuine buyers: α > α_s, γ < S(α).
    case aD
    /// Sellers alone: α > α_s, γ < S(α).
    case aE
    /// LPs alone: α > α_s, γ ≥ S(α).
    case aF
    /// LPs and genuine buyers above the sellers' limit, the balanced region: α > α_s, γ ≥ S(α).
    case aG
    /// LPs alone at α ≤ α_s.
    case lpIdle = "lp-idle"
    /// Speculating buyers alone at α ≤ α_s.
    case speculationOnly = "speculation-only"

    /// The role that dominates in the region.
    public var role: Role {
        switch self {
        case .aA, .aC, .aF, .aG, .lpIdle: .liquidityProvider
        case .aB, .speculationOnly: .speculatingBuyer
        case .aD, .aE: .seller
        }
    }

    /// Who acts in the region, in words.
    public var title: String { role.title + "s" + (hasGenuineBuyers ? " and genuine buyers" : " alone") }

    /// Whether genuine buyers are active in the region.
    public var hasGenuineBuyers: Bool {
        switch self {
        case .aA, .aB, .aC, .aD, .aG: true
        case .aE, .aF, .lpIdle, .speculationOnly: false
        }
    }

    /// The place of the region in `allCases`: its code in grids.
    public var code: UInt8 {
        switch self {
        case .aA: 0
        case .aB: 1
        case .aC: 2
        case .aD: 3
        case .aE: 4
        case .aF: 5
        case .aG: 6
        case .lpIdle: 7
        case .speculationOnly: 8
        }
    }

    /// The region by position relative to α_b, α_s, α_g, β and S. Ties go to liquidity provision and to no trade.
    ///
    /// - Parameters:
    ///   - market: gives the limits and β.
    ///   - alpha: pool price ≥ 0, in tokens per unit.
    ///   - gamma: block reward ≥ 0, in tokens per unit.
    ///   - sellerPayoff: S(α), looked at for α > α_s only.
    public init(
        market: Market, poolPrice alpha: Double, blockReward gamma: Double, sellerPayoff: Double
    ) {
        let limits = market.limits
        let buys = alpha < limits.genuineBuyer
        if alpha > limits.seller {
            self = gamma < sellerPayoff ? (buys ? .aD : .aE) : (buys ? .aG : .aF)
        } else if gamma >= market.externalPrice {
            self = buys ? .aA : .lpIdle
        } else if alpha < limits.speculatingBuyer {
            self = buys ? .aB : .speculationOnly
        } else {
            self = buys ? .aC : .lpIdle
        }
    }

    /// The region by position, with S(α) computed.
    public init(market: Market, poolPrice alpha: Double, blockReward gamma: Double) {
        self.init(
            market: market, poolPrice: alpha, blockReward: gamma, sellerPayoff: market.sellerPayoff(at: alpha))
    }

    /// The region by what each use of a unit earns and by the sign of the buyers' mean gains: the second route to the same answer,
    /// which compares no price with a limit but to tell the labels of one role apart.
    public init(byPayoffsAt alpha: Double, blockReward gamma: Double, market: Market) {
        let payoffs = Payoffs(market: market, poolPrice: alpha, blockReward: gamma)
        let buys = OneSidedTrade.genuineBuyers.meanGain(from: alpha, in: market) > 0
        let sells = OneSidedTrade.sellers.meanGain(from: alpha, in: market) > 0
        if sells {
            let best = payoffs.seller > max(payoffs.liquidityProvider, payoffs.external)
            self = best ? (buys ? .aD : .aE) : (buys ? .aG : .aF)
        } else if payoffs.liquidityProvider >= payoffs.external {
            self = buys ? .aA : .lpIdle
        } else if OneSidedTrade.speculatingBuyers.meanGain(from: alpha, in: market) > 0 {
            self = buys ? .aB : .speculationOnly
        } else {
            self = buys ? .aC : .lpIdle
        }
    }
}
