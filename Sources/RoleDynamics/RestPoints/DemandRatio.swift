import Foundation

/// Demand over the sellers' offer under logit, G(x)/(κ_s P_s), of which a rest point is where it is 1.
///
/// 1/P_s = 1 + e^{−o}, o the log odds of selling, so that one logarithm of a product is the whole equation: near its root it
/// is off by the few ulp of that product, where a difference of two logarithms has the ulp of each. Not defined, NaN, where
/// one of the two is beyond what a double holds with room; there the equation is a matter of logarithms.
struct DemandRatio {
    private let choice: LogitChoice
    private let price: PriceVelocity
    private let logarithmOfKept: Double

    init(_ choice: LogitChoice, _ balance: DemandBalance, logarithmOfKept: Double) {
        self.choice = choice
        price = balance.velocity
        self.logarithmOfKept = logarithmOfKept
    }

    /// The logarithm at a log price, with its slope by it, which is negative.
    @inline(__always)
    func logarithm(_ z: Double) -> SlopedValue {
        let x = exp(z)
        let mean = MeanSellingPrice(z + logarithmOfKept)
        let (genuine, speculating) = (price.genuineBuyers(at: x), price.speculatingBuyers(at: x))
        let demand = price.kappaG * genuine.value + price.kappaB * speculating.value
        let others = odds(sellerExcess: mean.excess)
        let value = logarithm(demand, others)
        let fall = (price.kappaG * genuine.slope + price.kappaB * speculating.slope) / demand * (x / price.width)
        return SlopedValue(
            value: value, slope: -(fall + choice.rationality * mean.slope * (others / (1 + others))))
    }

    /// The logarithm where the price and the sellers' excess are given.
    func logarithm(at x: Double, sellerExcess u: Double) -> Double {
        let demand =
            price.kappaG * price.genuineBuyers(at: x).value + price.kappaB * price.speculatingBuyers(at: x).value
        return logarithm(demand, odds(sellerExcess: u))
    }

    /// Whether demand changes less with the price than the sellers' share does, both in proportion.
    func demandIsLessSteep(at z: Double) -> Bool {
        let x = exp(z)
        let mean = MeanSellingPrice(z + logarithmOfKept)
        let (genuine, speculating) = (price.genuineBuyers(at: x), price.speculatingBuyers(at: x))
        let demand = price.kappaG * genuine.value + price.kappaB * speculating.value
        // Where demand underflows it is by far the steeper, of the order x/w.
        let fall =
            demand > 0
            ? (price.kappaG * genuine.slope + price.kappaB * speculating.slope) / demand : 1
        let rise = choice.rationality * mean.slope * choice.sellers(sellerExcess: mean.excess).complement
        return fall * (x / price.width) < rise
    }

    /// (1 − P_s)/P_s = e^{−o}.
    @inline(__always)
    private func odds(sellerExcess u: Double) -> Double { exp(-choice.logOdds(sellerExcess: u)) }

    @inline(__always)
    private func logarithm(_ demand: Double, _ others: Double) -> Double {
        guard demand > 1e-290, others < 1e290 else { return .nan }
        return log(demand * (1 + others) / price.kappaS)
    }
}
