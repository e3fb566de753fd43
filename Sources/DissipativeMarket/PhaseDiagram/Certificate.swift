import Foundation

/// The reason why a point (α, γ) of the phase diagram is what it is: its region, the inequality that decides it with its margin,
/// each role's payoff and regret, and how far the nearest change is.
public struct Certificate: Equatable, Sendable {
    /// The inequality between γ and its threshold that decides between the roles.
    public enum Binding: String, CaseIterable, Sendable {
        /// γ < β, at α ≤ α_s.
        case belowExternal = "gamma<beta"
        /// γ ≥ β, at α ≤ α_s.
        case atLeastExternal = "gamma>=beta"
        /// γ < S(α), at α > α_s.
        case belowSeller = "gamma<S"
        /// γ ≥ S(α), at α > α_s.
        case atLeastSeller = "gamma>=S"

        /// The place of the inequality in `allCases`: its code in tables.
        public var code: UInt8 {
            switch self {
            case .belowExternal: 0
            case .atLeastExternal: 1
            case .belowSeller: 2
            case .atLeastSeller: 3
            }
        }
    }

    /// The market.
    public let market: Market
    /// α, in tokens per unit.
    public let poolPrice: Double
    /// γ, in tokens per unit.
    public let blockReward: Double
    /// The region that the point lies in.
    public let region: Region
    /// The inequality that decides between the roles.
    public let binding: Binding
    /// The payoffs of the three uses of a unit there, and with them the regrets.
    public let payoffs: Payoffs
    /// The margin along γ, in tokens per unit: γ − β for α ≤ α_s, γ − S(α) beyond, also where the region does not change
    /// across it.
    public let margin: Double
    /// The margin along α, in tokens per unit: α less the nearest pool price at which the region changes under this
    /// reward; negative below it.
    public let poolPriceMargin: Double
    /// The boundary there.
    public let nearestBoundary: Boundary.Kind

    /// The certificate of a point.
    ///
    /// - Throws: ``ParameterError`` for α ≤ 0, γ < 0, or values that are not finite.
    public init(market: Market, poolPrice alpha: Double, blockReward gamma: Double) throws(ParameterError) {
        try MarketParameter.alpha.validate(alpha)
        try MarketParameter.gamma.validate(gamma)
        self.market = market
        poolPrice = alpha
        blockReward = gamma
        payoffs = Payoffs(market: market, poolPrice: alpha, blockReward: gamma)
        region = Region(market: market, poolPrice: alpha, blockReward: gamma, sellerPayoff: payoffs.seller)
        (binding, margin) = Self.bindingInequality(market: market, poolPrice: alpha, payoffs: payoffs)

        var candidates: [(Boundary.Kind, Double)] = [
            (.sellerLimit, market.limits.seller), (.genuineBuyerLimit, market.limits.genuineBuyer),
        ]
        if gamma < market.externalPrice {
            // Where it coincides with α_s it is the one that ends at the left.
            let limit = market.limits.speculatingBuyer
            candidates.insert((.speculatingBuyerLimit, limit), at: alpha < limit ? 0 : candidates.count)
        }
        if let price = market.equilibriumPrice(blockReward: gamma), gamma > market.externalPrice {
            candidates.append((.liquidityProviderSeller, price))
        }
        var nearest = candidates[0]
        for candidate in candidates.dropFirst() where abs(alpha - candidate.1) < abs(alpha - nearest.1) {
            nearest = candidate
        }
        nearestBoundary = nearest.0
        poolPriceMargin = alpha - nearest.1
    }

    /// The inequality that decides between the roles at a pool price, and the margin along γ.
    public static func bindingInequality(
        market: Market, poolPrice alpha: Double, payoffs: Payoffs
    ) -> (binding: Binding, margin: Double) {
        let gamma = payoffs.liquidityProvider
        if alpha > market.limits.seller {
            return (gamma < payoffs.seller ? .belowSeller : .atLeastSeller, gamma - payoffs.seller)
        }
        return (gamma < payoffs.external ? .belowExternal : .atLeastExternal, gamma - payoffs.external)
    }

    /// The certificate in words, a few sentences with numbers of six digits.
    public var sentence: String {
        func text(_ value: Double) -> String { String(format: "%.6g", value) }
        let threshold: String
        let because: String
        switch binding {
        case .belowExternal:
            threshold = "external price β = \(text(payoffs.external))"
            because =
                region.role == .speculatingBuyer
                ? "selling externally earns more than providing liquidity, and buying in the pool to resell gains"
                : "selling externally earns more than providing liquidity, but neither selling into the pool nor "
                    + "buying from it to resell gains"
        case .atLeastExternal:
            threshold = "external price β = \(text(payoffs.external))"
            because = "providing liquidity earns at least what selling externally does"
        case .belowSeller:
            threshold = "seller's payoff S(α) = \(text(payoffs.seller))"
            because = "selling in the pool earns more than providing liquidity"
        case .atLeastSeller:
            threshold = "seller's payoff S(α) = \(text(payoffs.seller))"
            because = "providing liquidity earns at least what selling in the pool does"
        }
        let relation = margin < 0 ? "below" : "above"
        let place = margin == 0 ? "exactly at" : "\(text(abs(margin))) \(relation)"
        let role = region.role == .liquidityProvider ? "LPs" : region.role == .seller ? "sellers" : "speculating buyers"
        let buyers = region.hasGenuineBuyers ? "genuine buyers are active" : "genuine buyers are absent"
        let side = poolPriceMargin < 0 ? "below" : "above"
        let distance =
            poolPriceMargin == 0
            ? "The pool price lies exactly on the boundary \(nearestBoundary.rawValue)."
            : "The nearest change along α is the boundary \(nearestBoundary.rawValue): the pool price lies "
                + "\(text(abs(poolPriceMargin))) \(side) it."
        return "At α = \(text(poolPrice)) and γ = \(text(blockReward)) the point lies in region \(region.rawValue): "
            + "\(role) dominate and \(buyers). The reward is \(place) the \(threshold): \(because). \(distance) "
            + "Regrets: LPs \(text(payoffs.regretLiquidityProvider)), sellers \(text(payoffs.regretSeller)), "
            + "those who sell externally \(text(payoffs.regretExternal))."
    }
}
