import DissipativeMarket

/// A market with the coordinates that are known of a point in its diagram: what a row of results is about.
package struct MarketPoint {
    package let market: Market
    package let intensities: TradeIntensities
    package let poolPrice: Double?
    package let blockReward: Double?
    package let bounds: RewardBounds?
    package let equilibrium: Equilibrium?

    package init(market: Market, intensities: TradeIntensities, poolPrice: Double?, blockReward: Double?) {
        self.market = market
        self.intensities = intensities
        self.poolPrice = poolPrice
        self.blockReward = blockReward
        bounds = market.rewardBounds
        equilibrium = blockReward.map {
            Equilibrium(market: market, speculates: intensities.speculatingBuyers > 0, blockReward: $0)
        }
    }

    package init(_ values: ParameterValues) throws(ParameterError) {
        if let alpha = values[.alpha] { try MarketParameter.alpha.validate(alpha) }
        if let gamma = values[.gamma] { try MarketParameter.gamma.validate(gamma) }
        try self.init(
            market: values.makeMarket(), intensities: values.intensities, poolPrice: values[.alpha],
            blockReward: values[.gamma])
    }

    /// Whether a group trades at a pool price: on its side of its limit, and at all (κ_b may be 0).
    package func trades(_ group: OneSidedTrade, at alpha: Double) -> Bool {
        intensities[group] > 0 && group.isActive(at: alpha, in: market)
    }

    /// The outcome; without a block reward only an empty band is known.
    package var outcome: Outcome? { equilibrium?.outcome ?? (bounds == nil ? .emptyBand : nil) }

    /// The value of a parameter; nil for a coordinate that is not known.
    package func value(of parameter: MarketParameter) -> Double? {
        switch parameter {
        case .alpha: poolPrice
        case .gamma: blockReward
        default: market[parameter]
        }
    }
}
