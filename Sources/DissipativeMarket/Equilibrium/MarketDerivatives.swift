/// The partial derivatives of one quantity by the parameters of the market and the block reward.
///
/// The unit is that of the quantity over that of the parameter: for a price in tokens per unit, a pure number by β, θ, γ
/// and δ, and tokens per unit by p and φ.
public struct ParameterGradient: Equatable, Sendable {
    /// ∂/∂β.
    public var beta: Double
    /// ∂/∂p.
    public var p: Double
    /// ∂/∂θ.
    public var theta: Double
    /// ∂/∂γ.
    public var gamma: Double
    /// ∂/∂δ.
    public var delta: Double
    /// ∂/∂φ.
    public var fee: Double

    /// Derivatives, 0 where they are not given.
    public init(
        beta: Double = 0, p: Double = 0, theta: Double = 0, gamma: Double = 0, delta: Double = 0, fee: Double = 0
    ) {
        self.beta = beta
        self.p = p
        self.theta = theta
        self.gamma = gamma
        self.delta = delta
        self.fee = fee
    }

    /// The derivative by a parameter; 0 by α and T, on which none of these quantities depends.
    public subscript(parameter: MarketParameter) -> Double {
        let derivative =
            switch parameter {
            case .beta: beta
            case .p: p
            case .theta: theta
            case .gamma: gamma
            case .delta: delta
            case .fee: fee
            case .alpha, .period: 0.0
            }
        return derivative + 0  // no −0
    }
}

extension Market {
    /// The derivatives of c = β + pθ: 1 by β, θ by p, p by θ.
    public var sellerCostGradient: ParameterGradient {
        ParameterGradient(beta: 1, p: collateral, theta: failureProbability)
    }

    /// The derivatives of γ_max = L(u, c) − pθ, u = (1 − φ)²δ; nil where the band is empty. With L_u = ∂L/∂u, L_c = ∂L/∂c:
    ///
    ///     ∂β: L_c    ∂p: θ(L_c − 1)    ∂θ: p(L_c − 1)    ∂δ: (1 − φ)² L_u    ∂φ: −2(1 − φ)δ L_u
    ///
    /// Each within 16 ulp of the largest term of its sum.
    public var upperBoundGradient: ParameterGradient? {
        guard rewardBounds != nil else { return nil }
        let kept = 1 - swapFee
        let mean = LogarithmicMean(kept * limits.genuineBuyer, sellerCost).gradient
        return ParameterGradient(
            beta: mean.dv, p: product(collateral, mean.dv - 1), theta: product(failureProbability, mean.dv - 1),
            delta: kept * kept * mean.du, fee: -2 * kept * reservationPrice * mean.du)
    }

    /// The derivatives of the band's width γ_max − γ_min = γ_max − β; nil where the band is empty.
    public var bandWidthGradient: ParameterGradient? {
        guard var gradient = upperBoundGradient else { return nil }
        gradient.beta -= 1
        return gradient
    }

    /// The derivatives of α*(γ); nil below γ = β. From L((1 − φ)α*, c) = γ + pθ, with L_u and L_c there:
    ///
    ///     ∂γ: 1/((1 − φ)L_u)    ∂β: −L_c/((1 − φ)L_u)    ∂p: θ(1 − L_c)/((1 − φ)L_u)    ∂θ: p(1 − L_c)/((1 − φ)L_u)
    ///     ∂φ: α*/(1 − φ)
    ///
    /// Each within 16 ulp of the largest term of its sum; infinite where it exceeds the largest double.
    public func equilibriumPriceGradient(blockReward gamma: Double) -> ParameterGradient? {
        guard let price = equilibriumPrice(blockReward: gamma) else { return nil }
        let kept = 1 - swapFee
        // L is homogeneous of degree one, so its gradient depends on the ratio x = (1 − φ)α*/c = 1 + mℓ alone.
        let excess = (gamma - externalPrice) / sellerCost
        let logarithm = equilibriumLogarithm(blockReward: gamma)
        let ratio = LogarithmOfRatio(value: logarithm, above: logarithm + excess * logarithm)
        let byPrice = secondPhi(minus: ratio) * kept
        let byCost = secondPhi(plus: ratio)
        return ParameterGradient(
            beta: -byCost / byPrice, p: product(collateral, 1 - byCost) / byPrice,
            theta: product(failureProbability, 1 - byCost) / byPrice, gamma: 1 / byPrice, fee: price / kept)
    }
}

/// A factor of 0 gives 0, also where the other one exceeds the largest double.
private func product(_ factor: Double, _ other: Double) -> Double { factor == 0 ? 0 : factor * other }
