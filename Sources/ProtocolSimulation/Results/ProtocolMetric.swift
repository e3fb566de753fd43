/// What a mechanism comes to between two moments of a run.
public enum ProtocolMetric: String, CaseIterable, Sendable {
    case utilisationCreated = "utilisation_created"
    case utilisationCapacity = "utilisation_capacity"
    case incomeLP = "income_lp"
    case incomeSeller = "income_seller"
    case incomeMarket = "income_market"
    case lpRefundGain = "lp_refund_gain"
    case timeToFirstIncome = "time_to_first_income"
    case clientSurplus = "client_surplus"
    case volatility
    case netMintedPerUnit = "net_minted_per_unit"
    case outcomeExodus = "outcome_exodus"
    case outcomeBalanced = "outcome_balanced"
    case outcomeScarcity = "outcome_scarcity"

    /// What it is, in a phrase.
    public var summary: String {
        switch self {
        case .utilisationCreated: "units consumed over units offered"
        case .utilisationCapacity: "units consumed over the capacity of all providers"
        case .incomeLP: "reward of an LP's unit for a period"
        case .incomeSeller: "income of a seller's, or a listed, unit for a period"
        case .incomeMarket: "income from the market of a provider's unit for a period, external ones counting 0"
        case .lpRefundGain: "what an LP gets back minus what he staked, per stake"
        case .timeToFirstIncome: "time from the start of a stake, or a listing, to its first income"
        case .clientSurplus: "surplus of genuine clients per unit of capacity"
        case .volatility: "standard deviation of changes of the log price, per square root of a period"
        case .netMintedPerUnit: "tokens minted minus burned per unit consumed"
        case .outcomeExodus: "share of runs with fewer than 5 % LPs"
        case .outcomeBalanced: "share of runs in balance"
        case .outcomeScarcity: "share of runs in which fewer than 5 % of the genuine demand is served"
        }
    }
}

/// What happened in a pool between two moments.
struct PoolSpan {
    let parameters: PoolParameters
    let mechanism: Mechanism
    let from: PoolTotals
    let to: PoolTotals
    /// In units of T.
    let length: Double
    /// nil where fewer than two changes of the price were seen.
    let volatility: Double?

    private func change(_ sum: KeyPath<PoolTotals, Double>) -> Double { to[keyPath: sum] - from[keyPath: sum] }

    private func ratio(_ a: Double, _ b: Double) -> Double? { b > 0 ? a / b : nil }

    /// The units that all providers have in the span.
    private var capacity: Double { Double(parameters.providers) * parameters.unitSize * length }

    /// The value of a metric; nil where nothing happened that it could be taken from.
    func value(_ metric: ProtocolMetric) -> Double? {
        let size = parameters.unitSize
        switch (metric, mechanism) {
        case (.utilisationCreated, .pool): return ratio(change(\.consumed), change(\.created))
        case (.utilisationCreated, .posted): return ratio(change(\.busyGenuine), change(\.busy) + change(\.listed))
        case (.utilisationCapacity, .pool): return ratio(change(\.consumed), capacity)
        case (.utilisationCapacity, .posted): return ratio(change(\.busyGenuine) * size, capacity)
        case (.incomeLP, _):
            return ratio(change(\.rewards) - change(\.liquidityBurned), change(\.liquidityStakes) * size)
        case (.incomeSeller, .pool): return ratio(change(\.sales), change(\.sellerStakes) * size)
        case (.incomeSeller, .posted): return ratio(change(\.sales), change(\.sellerTime) * size)
        case (.incomeMarket, _):
            return ratio(change(\.rewards) - change(\.liquidityBurned) + change(\.sales), capacity)
        case (.lpRefundGain, _): return ratio(change(\.refundGain), change(\.liquidityStakes) * size)
        case (.timeToFirstIncome, .pool):
            // A seller is paid at once, an LP when the stake ends.
            return ratio(change(\.liquidityStarts), change(\.liquidityStarts) + change(\.sellerStakes))
        case (.timeToFirstIncome, .posted): return ratio(change(\.listed), change(\.jobs))
        case (.clientSurplus, _): return ratio(change(\.surplus), capacity)
        case (.volatility, _): return volatility
        case (.netMintedPerUnit, _): return ratio(change(\.minted) - change(\.burned), change(\.consumed))
        case (.outcomeExodus, .pool): return outcome == .exodus ? 1 : 0
        case (.outcomeBalanced, .pool): return outcome == .balanced ? 1 : 0
        case (.outcomeScarcity, .pool): return outcome == .scarcity ? 1 : 0
        case (.outcomeExodus, .posted), (.outcomeBalanced, .posted), (.outcomeScarcity, .posted): return nil
        }
    }

    private enum MarketOutcome { case exodus, balanced, scarcity }

    private var outcome: MarketOutcome {
        let devices = Double(parameters.providers)
        if change(\.liquidityTime) < 0.05 * devices * length { return .exodus }
        return change(\.consumed) < 0.05 * parameters.genuineIntensity * capacity ? .scarcity : .balanced
    }
}
