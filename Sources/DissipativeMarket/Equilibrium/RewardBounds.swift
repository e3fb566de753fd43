/// The band of block rewards at which LPs, sellers and genuine buyers can coexist, in tokens per unit.
///
/// Derived here, from what the paper's abstract says: too small a reward and LPs leave, too large and nobody sells.
public struct RewardBounds: Equatable, Sendable {
    /// γ_min = β: below it LPs would rather sell externally.
    public let lower: Double
    /// γ_max = S(α_g): above it nobody sells.
    public let upper: Double
    /// γ_max − γ_min = L((1 − φ)α_g, c) − c, formed as (1 − φ)(L(α_g, α_s) − α_s), without the cancellation.
    public let width: Double

    /// (γ_max − γ_min)/γ_min, a pure number.
    public var relativeWidth: Double { width / lower }

    /// min(γ − γ_min, γ_max − γ): how far inside the band the reward is, negative outside.
    public func margin(of gamma: Double) -> Double {
        // γ_max − γ without the rounding of γ_max.
        min(gamma - lower, width - (gamma - lower))
    }
}

extension Market {
    /// The band of the block reward, nil where it is empty: where genuine buyers stop below the price at which sellers
    /// start, α_g < α_s. It is a point at α_g = α_s.
    public var rewardBounds: RewardBounds? {
        guard limits.genuineBuyer >= limits.seller else { return nil }
        let width = (1 - swapFee) * LogarithmicMean(limits.genuineBuyer, limits.seller).excessOverV
        return RewardBounds(lower: externalPrice, upper: externalPrice + width, width: width)
    }

    /// α*(γ) = c·Λ((γ + pθ)/c)/(1 − φ), the pool price at which selling earns what LPs earn: S(α*) = γ.
    ///
    /// Inside the band or not: nil below γ = β, +∞ where it exceeds the largest double.
    public func equilibriumPrice(blockReward gamma: Double) -> Double? {
        guard gamma >= externalPrice else { return nil }
        // cΛ = c + mc·ℓ, ℓ = ln Λ, in which mc = γ + pθ stays finite where Λ itself would not (γ ≫ c).
        return limits.seller
            + (gamma - externalPrice + sellerCost) * equilibriumLogarithm(blockReward: gamma) / (1 - swapFee)
    }

    /// ℓ = ln Λ(m) at m = (γ + pθ)/c, for γ ≥ β. m − 1 = (γ − β)/c does not cancel as γ → β; where it exceeds the largest
    /// double, ln m does not.
    func equilibriumLogarithm(blockReward gamma: Double) -> Double {
        let excess = (gamma - externalPrice) / sellerCost
        return excess < .infinity
            ? InverseLogarithmicMean.logarithm(excess: excess)
            : InverseLogarithmicMean.logarithm(
                logarithmOfMean: LogarithmOfRatio(gamma - externalPrice, sellerCost).value)
    }
}
