import DissipativeMarket

/// How the price of a market with finitely many holders moves between and by trades; both have one mean field.
public struct PriceProcess: Equatable, Hashable, Sendable {
    /// ν, the size of a trade in holders' units; 0 where the price flows.
    public let tradeSize: Double

    /// Between revisions the price follows its equation.
    public static let flow = PriceProcess(unchecked: 0)

    /// z = ln x jumps by ±ν/N: up at N/ν times the demand, down at N/ν times the sellers' offer.
    ///
    /// - Throws: `ParameterError` naming `trade-size` unless it is positive and finite.
    public static func trades(size: Double) throws(ParameterError) -> PriceProcess {
        guard size > 0, size < .infinity else {
            throw ParameterError(
                name: "trade-size", title: "size of a trade in holders' units", value: size,
                allowed: "a finite number greater than 0")
        }
        return PriceProcess(unchecked: size)
    }

    private init(unchecked tradeSize: Double) { self.tradeSize = tradeSize }

    /// What trades add to N·Var z in unit time, given the demand and the sellers' offer κ_s s, both over the pool's depth.
    func intensity(demand: Double, offer: Double) -> Double { tradeSize * (demand + offer) }
}
