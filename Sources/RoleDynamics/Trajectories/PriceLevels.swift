import DissipativeMarket
import Foundation

extension RoleGame {
    /// The limits of trade and the equilibrium price, where there is one, as levels of ln x under the names that boundaries of
    /// the phase diagram have. Their crossings are to role dynamics what events are to the sharp flow.
    public var priceLevels: [TrajectoryWatch] {
        var prices = [
            ("alpha-b", market.limits.speculatingBuyer), ("alpha-s", market.limits.seller),
            ("alpha-g", market.limits.genuineBuyer),
        ]
        if let star = market.equilibriumPrice(blockReward: blockReward), star < .infinity {
            prices.append(("alpha-star", star))
        }
        return prices.map { TrajectoryWatch($0, .logPrice, at: log($1 / market.sellerCost)) }
    }
}
