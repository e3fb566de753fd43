import DissipativeMarket

/// A market with the coordinates that are known of a point in its diagram: what a row of results is about.
struct MarketPoint {
    let market: Market
    let intensities: TradeIntensities
    let poolPrice: Double?
    let blockReward: Double?
    let bounds: RewardBounds?
    let equilibrium: Equilibrium?

    init(market: Market, intensities: TradeIntensities, poolPrice: Double?, blockReward: Double?) {
        self.market = market
        self.intensities = intensities
        self.poolPrice = poolPrice
        self.blockReward = blockReward
        bounds = market.rewardBounds
        equilibrium = blockReward.map { Equilibrium(market: market, blockReward: $0) }
    }

    init(_ values: ParameterValues) throws(ParameterError) {
        if let alpha = values[.alpha] { try MarketParameter.alpha.validate(alpha) }
        if let gamma = values[.gamma] { try MarketParameter.gamma.validate(gamma) }
        try self.init(
            market: values.makeMarket(), intensities: values.intensities, poolPrice: values[.alpha],
            blockReward: values[.gamma])
    }

    /// The outcome; without a block reward only an empty band is known.
    var outcome: Outcome? { equilibrium?.outcome ?? (bounds == nil ? .emptyBand : nil) }

    func value(of parameter: MarketParameter) -> Double? {
        switch parameter {
        case .alpha: poolPrice
        case .beta: market.externalPrice
        case .p: market.failureProbability
        case .theta: market.collateral
        case .gamma: blockReward
        case .delta: market.reservationPrice
        case .fee: market.swapFee
        case .period: market.stakingPeriod
        }
    }
}
