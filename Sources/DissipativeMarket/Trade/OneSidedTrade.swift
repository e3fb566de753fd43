/// One group trading alone in a quasi-static pool, from a price to the limit at which it stops.
///
/// Units sold replace those that expire, so the asset reserve stays put, and the price moves exponentially: at an
/// intensity of κ the group stops after (T/κ)|ln(α₀/limit)|. The average price on the way is the logarithmic mean of the
/// two ends, whatever κ is. Sellers lower the price to α_s; speculating buyers raise it to α_b, genuine buyers to α_g.
///
/// Derived here: the published figure tests the averages, not the times (were the refunds of expiring stakes not replaced,
/// the times would halve and the averages would not change).
public enum OneSidedTrade: String, CaseIterable, Sendable {
    case sellers, speculatingBuyers, genuineBuyers

    /// The pool price at which the group stops, in tokens per unit.
    public func limit(in market: Market) -> Double {
        switch self {
        case .sellers: market.limits.seller
        case .speculatingBuyers: market.limits.speculatingBuyer
        case .genuineBuyers: market.limits.genuineBuyer
        }
    }

    /// Whether the group trades at the pool price `alpha`: sellers above their limit, buyers below theirs.
    public func isActive(at alpha: Double, in market: Market) -> Bool {
        let limit = limit(in: market)
        return self == .sellers ? alpha > limit : alpha < limit
    }

    /// The time, in the unit of the staking period, after which the group stops when it trades alone from the pool price
    /// `alpha` > 0 on; nil if it does not trade there. Infinite for speculating buyers with κ_b = 0, who never get there.
    public func cessationTime(from alpha: Double, in market: Market, intensities: TradeIntensities = .baseline)
        -> Double?
    {
        guard isActive(at: alpha, in: market) else { return nil }
        let limit = limit(in: market)
        let logarithm = LogarithmOfRatio(max(alpha, limit), min(alpha, limit)).value
        return market.stakingPeriod / intensities[self] * logarithm
    }

    /// The time-averaged pool price on the way between `alpha` and the group's limit, L(α, limit), in tokens per unit and before the fee.
    public func averagePrice(from alpha: Double, in market: Market) -> Double {
        logarithmicMean(alpha, limit(in: market))
    }

    /// The group's gain per unit, in tokens, on average over the way from `alpha` to its limit: sellers S(α) − β over selling
    /// externally, speculating buyers β − L(α, α_b)/(1 − φ), genuine buyers a mean surplus of δ − L(α, α_g)/(1 − φ).
    ///
    /// Positive just where the group is active; where it is not, what the same way would have cost it.
    public func meanGain(from alpha: Double, in market: Market) -> Double {
        let kept = 1 - market.swapFee
        switch self {
        case .sellers:
            return kept * LogarithmicMean(alpha, limit(in: market)).excessOverV
        case .speculatingBuyers, .genuineBuyers:
            // β and δ are the limits over 1 − φ, so the gain is (limit − L)/(1 − φ): nothing cancels near the limit.
            return -LogarithmicMean(alpha, limit(in: market)).excessOverV / kept
        }
    }
}
