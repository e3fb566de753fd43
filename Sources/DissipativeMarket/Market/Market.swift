/// A market for one unit of a dissipative asset, which loses its whole value over a staking period, traded in a
/// constant-product pool against a non-dissipative protocol token.
///
/// A value that cannot be wrong: the initialiser checks every parameter, and nothing behind it checks again. The pool
/// price α and the block reward γ are not part of it: they are the coordinates of the phase diagram.
///
/// Prices and rewards are in tokens per unit.
///
/// Source: He, Mao, Li, *Bounds of Block Rewards in Honest PinFi Systems* (arXiv:2404.02174), reconstructed. The axes α/c
/// and γ/c are read off its phase diagrams; how p and θ are read follows the protocol's description of collateral, and
/// only their product enters the results; the swap fee is an extension of ours. See <doc:TheModel>.
public struct Market: Equatable, Hashable, Sendable {
    /// β > 0, the price in the external market.
    public let externalPrice: Double
    /// p in 0 … 1, the probability that a seller's delivery fails verification within the period.
    public let failureProbability: Double
    /// θ ≥ 0, the collateral per unit that a seller forfeits on failure.
    public let collateral: Double
    /// δ > 0, the highest price that genuine buyers pay.
    public let reservationPrice: Double
    /// φ in 0 ..< 1, the fraction of each swap that is burned. The pool pays α dq for a unit sold, of which the seller
    /// receives (1 − φ)α dq; a buyer pays α dq/(1 − φ), of which α dq enters the pool.
    public let swapFee: Double
    /// T > 0, the lifetime of a staked unit. It only scales times: no price depends on it.
    public let stakingPeriod: Double

    /// c = β + pθ, what giving up a unit in the pool costs a seller, in tokens per unit; rounded once.
    public let sellerCost: Double
    /// The pool prices at which one-sided trade stops.
    public let limits: PriceLimits

    /// A market with these parameters.
    ///
    /// - Parameters:
    ///   - externalPrice: β > 0, tokens per unit.
    ///   - failureProbability: p in 0 … 1.
    ///   - collateral: θ ≥ 0, tokens per unit.
    ///   - reservationPrice: δ > 0, tokens per unit.
    ///   - swapFee: φ in 0 ..< 1; 0 in the paper.
    ///   - stakingPeriod: T > 0, in a unit of time of one's own, in which all times are given.
    /// - Throws: ``ParameterError`` for a value outside its domain, and where c, or a limit, is no positive finite double.
    public init(
        externalPrice: Double, failureProbability: Double = 0, collateral: Double = 0, reservationPrice: Double,
        swapFee: Double = 0, stakingPeriod: Double = 1
    ) throws(ParameterError) {
        try MarketParameter.beta.validate(externalPrice)
        try MarketParameter.p.validate(failureProbability)
        try MarketParameter.theta.validate(collateral)
        try MarketParameter.delta.validate(reservationPrice)
        try MarketParameter.fee.validate(swapFee)
        try MarketParameter.period.validate(stakingPeriod)
        self.externalPrice = externalPrice
        self.failureProbability = failureProbability
        self.collateral = collateral
        self.reservationPrice = reservationPrice
        self.swapFee = swapFee
        self.stakingPeriod = stakingPeriod

        let c = externalPrice.addingProduct(failureProbability, collateral)
        let kept = 1 - swapFee
        guard c < .infinity else {
            throw ParameterError(
                MarketParameter.theta.definition, value: collateral,
                allowed: "a number that keeps beta + p·theta below the largest double")
        }
        guard c / kept < .infinity else {
            throw ParameterError(
                MarketParameter.fee.definition, value: swapFee,
                allowed: "a number that keeps (beta + p·theta)/(1 − fee) below the largest double")
        }
        guard kept * externalPrice > 0, kept * kept * reservationPrice > 0 else {
            throw ParameterError(
                MarketParameter.fee.definition, value: swapFee,
                allowed: "a number that keeps (1 − fee)·beta and (1 − fee)²·delta above the smallest double")
        }
        sellerCost = c
        // β − φβ in one rounding, not the two of (1 − φ)β.
        limits = PriceLimits(
            speculatingBuyer: externalPrice.addingProduct(-swapFee, externalPrice), seller: c / kept,
            genuineBuyer: reservationPrice.addingProduct(-swapFee, reservationPrice))
    }

    /// A market in units of the seller's cost: c = 1, β = b, pθ = 1 − b with p = 1, δ = d.
    ///
    /// - Parameters:
    ///   - b: β/c, in 0 <… 1.
    ///   - d: δ/c > 0.
    ///   - swapFee: φ in 0 ..< 1; 0 in the paper.
    ///   - stakingPeriod: T > 0.
    /// - Throws: ``ParameterError`` naming `b`, or the parameter at fault.
    public init(
        externalRatio b: Double, reservationRatio d: Double, swapFee: Double = 0, stakingPeriod: Double = 1
    ) throws(ParameterError) {
        try MarketRatio.b.validate(b)
        try MarketRatio.d.validate(d)
        try self.init(
            externalPrice: b, failureProbability: 1, collateral: 1 - b, reservationPrice: d, swapFee: swapFee,
            stakingPeriod: stakingPeriod)
    }

    /// The value of a parameter; nil for α and γ, which are the coordinates of the phase diagram.
    public subscript(parameter: MarketParameter) -> Double? {
        switch parameter {
        case .beta: externalPrice
        case .p: failureProbability
        case .theta: collateral
        case .delta: reservationPrice
        case .fee: swapFee
        case .period: stakingPeriod
        case .alpha, .gamma: nil
        }
    }

    /// pθ, what a seller expects to forfeit, in tokens per unit.
    public var expectedForfeit: Double { failureProbability * collateral }

    /// b = β/c ≤ 1.
    public var externalRatio: Double { externalPrice / sellerCost }

    /// d = δ/c.
    public var reservationRatio: Double { reservationPrice / sellerCost }
}

/// The pool prices at which the three kinds of one-sided trade stop, in tokens per unit.
///
/// α_b ≤ β ≤ c ≤ α_s always; α_g may lie anywhere.
public struct PriceLimits: Equatable, Hashable, Sendable {
    /// α_b = (1 − φ)β: speculating buyers gain below it.
    public let speculatingBuyer: Double
    /// α_s = c/(1 − φ): sellers gain above it.
    public let seller: Double
    /// α_g = (1 − φ)δ: genuine buyers gain below it.
    public let genuineBuyer: Double
}
