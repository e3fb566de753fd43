import DissipativeMarket

/// How providers and clients meet.
public enum Mechanism: String, CaseIterable, Sendable {
    /// LooPIN's pool.
    case pool
    /// An order book in which all list at one price and wait.
    case posted
}

/// Who lists in the order book.
public enum OrderBookEntry: String, CaseIterable, Sendable {
    /// Everyone, always.
    case all
    /// Who expects more of it than of the external market, by logit choice at the end of each listing and job.
    case free
}

/// The order book: one price for all, and who lists.
public struct OrderBookParameters: Equatable, Sendable {
    /// P₀ > 0, tokens per unit.
    public var listPrice: Double
    public var entry = OrderBookEntry.all
    /// r ≥ 0, tokens minted per unit listed or busy for a period.
    public var subsidy = 0.0

    public init(listPrice: Double, entry: OrderBookEntry = .all, subsidy: Double = 0) {
        self.listPrice = listPrice
        self.entry = entry
        self.subsidy = subsidy
    }

    /// Refuses what cannot be simulated.
    func validate() throws(ParameterError) {
        guard ParameterDomain.positive.contains(listPrice) else {
            throw ParameterError(
                name: "list-price", title: "list price", value: listPrice, allowed: ParameterDomain.positive.description
            )
        }
        guard ParameterDomain.notNegative.contains(subsidy) else {
            throw ParameterError(
                name: "listing-subsidy", title: "subsidy of a listed unit", value: subsidy,
                allowed: ParameterDomain.notNegative.description)
        }
    }
}
