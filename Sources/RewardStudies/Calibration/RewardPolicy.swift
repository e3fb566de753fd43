import DissipativeMarket

/// How a protocol sets its block reward: from what is known as a row of a history begins, until the next row.
public enum RewardPolicy: Equatable, Sendable {
    /// γ is always the same.
    case constant(Double)
    /// γ = kβ, with the price in force.
    case multipleOfPrice(Double)
    /// γ = k·m, m the mean of β over the `window` nanoseconds before the row, weighted by time.
    case multipleOfMean(window: UInt64, factor: Double)
    /// γ of an emission, 0 before its start.
    case schedule(EmissionSchedule)

    /// How far back it looks, in nanoseconds.
    var window: UInt64 { if case .multipleOfMean(let window, _) = self { window } else { 0 } }

    /// γ for each row of a history.
    func rewards(_ history: PriceHistory) -> [Double] {
        switch self {
        case .constant(let gamma): return history.rows.map { _ in gamma }
        case .multipleOfPrice(let factor): return history.rows.map { factor * $0.externalPrice }
        case .multipleOfMean(let window, let factor):
            return (history.references(.multipleOfMean(window: window)) ?? []).map { factor * $0 }
        case .schedule(let schedule):
            return history.rows.map { row in
                guard row.time >= schedule.start else { return 0 }
                let halvings = UInt64(bitPattern: row.time &- schedule.start) / schedule.halving
                return schedule.reward(afterHalvings: Int(clamping: halvings))
            }
        }
    }
}
