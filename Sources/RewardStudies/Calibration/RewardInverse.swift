import DissipativeMarket

/// Which values of one parameter keep a market balanced under a block reward, all other parameters being as they are.
///
/// A market is balanced if β ≤ γ ≤ γ_max and its band is not empty. With u = (1 − φ)²δ and c = β + pθ, γ_max = β + E, where
/// E = L(u, c) − c is the band's width, defined for c ≤ u:
///
/// - δ, φ: E increases in u, so that δ from δ_min on and φ up to φ_max will do; where γ ≥ β, δ_min = cΛ((γ + pθ)/c)/(1 − φ)² always
///   exists.
/// - p, θ and pθ: E is concave in c, 0 at c = u, and largest where ln(u/c) = z with e^z = 1 + z + z², u/c = 6.009. So those values
///   of pθ will do that lie between two bounds, the lower of which is 0 but for cheap sellers and wide bands (c < u/6): there a
///   larger forfeit widens the band. p and θ enter by their product alone.
/// - β: γ_max = L(u, c) − pθ increases in β, and γ_min = β, so that β from a lower bound, 0 where every β will do, up to γ itself
///   will do, as long as γ ≤ u − pθ.
/// - α enters no bound of the reward; the pool prices from α_s to α_g are those at which sellers and genuine buyers both trade.
///
/// Ends are found by halving the number of doubles between one that will do and one that will not, judged by the outcome of the
/// market itself: each end is balanced, and the double beyond it is not.
public struct RewardInverse: Sendable {
    /// A parameter that can be asked for.
    public enum Parameter: String, CaseIterable, Sendable {
        /// p, θ being as it is.
        case failureProbability = "p"
        /// θ, p being as it is.
        case collateral = "theta"
        /// pθ, what a seller expects to forfeit.
        case expectedForfeit = "expected_forfeit"
        /// φ.
        case swapFee = "fee"
        /// δ.
        case reservationPrice = "delta"
        /// β.
        case externalPrice = "beta"
        /// α.
        case poolPrice = "alpha"
    }

    /// Values that will do.
    public struct Range: Equatable, Sendable {
        /// The smallest value that will do.
        public let lower: Double
        /// The largest value that will do; nil where all from `lower` on will do.
        public let upper: Double?

        /// A range with these ends.
        public init(lower: Double, upper: Double?) {
            self.lower = lower
            self.upper = upper
        }
    }

    /// Why no value will do.
    public enum Reason: Error, Equatable, Sendable, CustomStringConvertible {
        /// γ < β, which none of these parameters changes.
        case belowExternalPrice
        /// γ is above γ_max at every value; the largest γ_max, and where it is.
        case tooHigh(largest: Double, at: Double)
        /// The band is empty at every value.
        case emptyBand
        /// The parameter does nothing, since the other factor of pθ is 0, and the market is not balanced.
        case noEffect

        /// The reason in a sentence without a full stop.
        public var description: String {
            switch self {
            case .belowExternalPrice: "the reward is below the external price: LPs leave whatever this is"
            case .tooHigh(let largest, let place):
                "the reward is above gamma_max, which is \(largest) at most (at \(place == 0 ? "0" : "\(place)")): nobody sells "
                    + "whatever this is"
            case .emptyBand:
                "the band is empty whatever this is: genuine buyers stop below the price at which sellers start"
            case .noEffect: "p theta is 0 whatever this is, and the market is not balanced"
            }
        }
    }

    /// The market as it is.
    public let market: Market
    /// γ.
    public let blockReward: Double

    /// - Parameters:
    ///   - market: as it is.
    ///   - gamma: block reward ≥ 0; not checked.
    public init(market: Market, blockReward gamma: Double) {
        self.market = market
        blockReward = gamma
    }

    /// The value that the market has of a parameter; nil for the pool price, which is none of the market's.
    public func value(of parameter: Parameter) -> Double? {
        switch parameter {
        case .failureProbability: market.failureProbability
        case .collateral: market.collateral
        case .expectedForfeit: market.expectedForfeit
        case .swapFee: market.swapFee
        case .reservationPrice: market.reservationPrice
        case .externalPrice: market.externalPrice
        case .poolPrice: nil
        }
    }

    /// The values of a parameter that keep the market balanced, or why there are none.
    public func values(of parameter: Parameter) -> Result<Range, Reason> {
        if parameter == .poolPrice {
            let limits = market.limits
            guard limits.seller <= limits.genuineBuyer else { return .failure(.emptyBand) }
            return .success(Range(lower: limits.seller, upper: limits.genuineBuyer))
        }
        if parameter == .externalPrice { return ofExternalPrice() }
        guard blockReward >= market.externalPrice else { return .failure(.belowExternalPrice) }
        switch parameter {
        case .reservationPrice:
            let largest = Double.greatestFiniteMagnitude
            guard isBalanced(parameter, largest) else { return .failure(reason(parameter, at: largest)) }
            let end = lastBalanced(parameter, from: largest, to: 0)
            return .success(Range(lower: end, upper: nil))
        case .swapFee:
            guard isBalanced(parameter, 0) else { return .failure(reason(parameter, at: 0)) }
            return .success(Range(lower: 0, upper: lastBalanced(parameter, from: 0, to: 1)))
        case .failureProbability:
            return ofForfeit(parameter, perUnit: market.collateral, largest: 1)
        case .collateral:
            return ofForfeit(parameter, perUnit: market.failureProbability, largest: .infinity)
        case .expectedForfeit:
            return ofForfeit(parameter, perUnit: 1, largest: .infinity)
        case .externalPrice, .poolPrice: return .failure(.noEffect)
        }
    }

    private func ofExternalPrice() -> Result<Range, Reason> {
        let parameter = Parameter.externalPrice
        // Where the band is a point.
        let largest = (1 - market.swapFee) * market.limits.genuineBuyer - market.expectedForfeit
        guard largest > 0 else { return .failure(.emptyBand) }
        guard isBalanced(parameter, blockReward) else { return .failure(.tooHigh(largest: largest, at: largest)) }
        let smallest = Double.leastNonzeroMagnitude
        let lower = isBalanced(parameter, smallest) ? 0 : lastBalanced(parameter, from: blockReward, to: smallest)
        return .success(Range(lower: lower, upper: blockReward))
    }

    /// The values of p, θ or pθ, each unit of which makes `perUnit` of pθ.
    private func ofForfeit(_ parameter: Parameter, perUnit: Double, largest: Double) -> Result<Range, Reason> {
        guard perUnit > 0 else {
            guard isBalanced(parameter, 0) else { return .failure(.noEffect) }
            return .success(Range(lower: 0, upper: largest < .infinity ? largest : nil))
        }
        // Where the band is widest.
        let kept = 1 - market.swapFee
        let peak = kept * market.limits.genuineBuyer / Self.widestRatio - market.externalPrice
        let top = peak > 0 ? min(peak / perUnit, largest, .greatestFiniteMagnitude) : 0
        guard isBalanced(parameter, top) else { return .failure(reason(parameter, at: top)) }
        let lower = isBalanced(parameter, 0) ? 0 : lastBalanced(parameter, from: top, to: 0)
        if largest < .infinity, isBalanced(parameter, largest) { return .success(Range(lower: lower, upper: largest)) }
        return .success(
            Range(lower: lower, upper: lastBalanced(parameter, from: top, to: min(largest, .greatestFiniteMagnitude))))
    }

    /// u/c where L(u, c) − c is largest: e^z, with e^z = 1 + z + z².
    private static let widestRatio = 6.009_142_941_083_863_7

    private func market(_ parameter: Parameter, _ value: Double) -> Market? {
        try? Market(
            externalPrice: parameter == .externalPrice ? value : market.externalPrice,
            failureProbability: parameter == .failureProbability
                ? value : parameter == .expectedForfeit ? 1 : market.failureProbability,
            collateral: parameter == .collateral || parameter == .expectedForfeit ? value : market.collateral,
            reservationPrice: parameter == .reservationPrice ? value : market.reservationPrice,
            swapFee: parameter == .swapFee ? value : market.swapFee)
    }

    /// Whether there is such a market and it is balanced.
    private func isBalanced(_ parameter: Parameter, _ value: Double) -> Bool {
        market(parameter, value).map { Equilibrium(market: $0, blockReward: blockReward).outcome == .balanced } ?? false
    }

    private func reason(_ parameter: Parameter, at value: Double) -> Reason {
        market(parameter, value)?.rewardBounds.map { .tooHigh(largest: $0.upper, at: value) } ?? .emptyBand
    }

    /// The last double on the way from one that is balanced to one that is not, at which the market is balanced.
    private func lastBalanced(_ parameter: Parameter, from inside: Double, to outside: Double) -> Double {
        // The places of doubles of at least 0 among each other are their bits.
        var (inside, outside) = (inside.bitPattern, outside.bitPattern)
        while max(inside, outside) - min(inside, outside) > 1 {
            let middle = min(inside, outside) + (max(inside, outside) - min(inside, outside)) / 2
            if isBalanced(parameter, Double(bitPattern: middle)) { inside = middle } else { outside = middle }
        }
        return Double(bitPattern: inside)
    }
}
