/// The trade intensities κ of the three groups: how much they trade, as a multiple of the expiry flow X/T, in which X is
/// the pool's asset reserve.
///
/// They set how fast the price moves, never where one-sided trade stops nor what it earns on average. That ``SharpFlow``
/// asks for κ_s > κ_g is this project's choice.
public struct TradeIntensities: Equatable, Hashable, Sendable {
    /// κ_g > 0, of genuine buyers.
    public let genuineBuyers: Double
    /// κ_b ≥ 0, of speculating buyers.
    public let speculatingBuyers: Double
    /// κ_s > 0, of sellers.
    public let sellers: Double

    /// κ_g = κ_b = ½, κ_s = 1.
    public static let baseline = TradeIntensities(unchecked: (0.5, 0.5, 1))

    /// Intensities of the three groups, pure numbers.
    ///
    /// - Parameters:
    ///   - genuineBuyers: κ_g > 0.
    ///   - speculatingBuyers: κ_b ≥ 0.
    ///   - sellers: κ_s > 0.
    /// - Throws: ``ParameterError`` naming `kappa-g`, `kappa-b` or `kappa-s`.
    public init(
        genuineBuyers: Double = baseline.genuineBuyers, speculatingBuyers: Double = baseline.speculatingBuyers,
        sellers: Double = baseline.sellers
    ) throws(ParameterError) {
        func check(_ name: String, _ title: String, _ value: Double, orZero: Bool = false) throws(ParameterError) {
            guard value.isFinite, value > 0 || (orZero && value == 0) else {
                throw ParameterError(
                    name: name, title: title, value: value,
                    allowed: orZero ? MarketParameter.theta.allowed : MarketParameter.beta.allowed)
            }
        }
        try check("kappa-g", "trade intensity of genuine buyers", genuineBuyers)
        try check("kappa-b", "trade intensity of speculating buyers", speculatingBuyers, orZero: true)
        try check("kappa-s", "trade intensity of sellers", sellers)
        self.init(unchecked: (genuineBuyers, speculatingBuyers, sellers))
    }

    private init(unchecked kappa: (g: Double, b: Double, s: Double)) {
        genuineBuyers = kappa.g
        speculatingBuyers = kappa.b + 0  // no −0, which would make times −∞
        sellers = kappa.s
    }
}
