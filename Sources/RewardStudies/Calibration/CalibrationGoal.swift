/// What a calibration looks for.
public struct CalibrationGoal: Equatable, Sendable {
    /// What is counted against a reward.
    public enum Loss: String, CaseIterable, Sendable {
        /// The time outside of the band.
        case time
        /// How far the reward is outside of the band, γ_min − γ below it and γ − γ_max above, on average over the time.
        case shortfall
    }

    /// By how much a reward must be inside the band to count as inside.
    public enum Margin: Equatable, Sendable {
        /// By this share of each bound: from (1 + m)γ_min to (1 − m)γ_max.
        case share(Double)
        /// By so many tokens per unit.
        case tokens(Double)
    }

    /// What is counted.
    public let loss: Loss
    /// How far inside the band a reward must be.
    public let margin: Margin

    /// The least time, or shortfall, outside of the band without a margin, unless others are given.
    public init(_ loss: Loss = .time, margin: Margin = .tokens(0)) {
        self.loss = loss
        self.margin = margin
    }

    /// The ends of a band less the margin; the lower may be above the upper then.
    func narrowed(_ lower: Double, _ upper: Double) -> (lower: Double, upper: Double) {
        switch margin {
        case .share(let share): ((1 + share) * lower, (1 - share) * upper)
        case .tokens(let tokens): (lower + tokens, upper - tokens)
        }
    }
}
