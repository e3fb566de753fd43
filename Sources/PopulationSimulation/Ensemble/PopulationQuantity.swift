import Foundation

/// What is told of a population at a time.
public enum PopulationQuantity: String, CaseIterable, Sendable {
    /// α, in tokens per unit.
    case price
    /// z = ln x, x = α/c.
    case logPrice = "log_price"
    /// ℓ.
    case liquidityProviders = "lp"
    /// s.
    case sellers = "seller"
    /// e.
    case external

    /// The value at a log price and shares, given c in tokens per unit.
    public func value(logPrice z: Double, _ l: Double, _ s: Double, _ e: Double, sellerCost: Double) -> Double {
        switch self {
        case .price: exp(z) * sellerCost
        case .logPrice: z
        case .liquidityProviders: l
        case .sellers: s
        case .external: e
        }
    }
}

extension PopulationRun {
    /// A quantity at the time of a number.
    public func value(_ quantity: PopulationQuantity, _ index: Int, of population: Population) -> Double {
        let counts = counts(index, of: population.holders)
        let all = Double(population.holders)
        return quantity.value(
            logPrice: logPrice(index), Double(counts.liquidityProviders) / all, Double(counts.sellers) / all,
            Double(counts.external) / all, sellerCost: population.game.market.sellerCost)
    }
}
