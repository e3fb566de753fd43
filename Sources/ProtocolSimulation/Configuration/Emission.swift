import DissipativeMarket

/// The tokens that the protocol gives out as time goes by, whatever the pools do: at a rate that is constant between
/// moments of change, and divided among liquidity providers, the foundation and the team.
public struct Emission: Equatable, Sendable {
    /// A rate from a moment on.
    public struct Stage: Equatable, Sendable {
        /// When it begins, in units of T.
        public let start: Double
        /// G ≥ 0, tokens a staking period, for all three together.
        public let tokens: Double
    }

    /// The rates, the first from time 0 on, their starts increasing.
    public let stages: [Stage]
    /// The share of the liquidity providers, 0.7 in LooPIN's documentation.
    public let providerShare: Double
    /// The share of the foundation, 0.2 there.
    public let foundationShare: Double
    /// The share of the team: what the others leave.
    public var teamShare: Double { max((1 - providerShare) - foundationShare, 0) }

    /// An emission at a constant rate, which may end.
    ///
    /// - Parameters:
    ///   - tokens: G ≥ 0, tokens a staking period.
    ///   - providerShare: the share of the liquidity providers, in 0 <… 1.
    ///   - foundationShare: the share of the foundation; with the former at most 1.
    ///   - end: when it ends, in units of T; nil for never.
    /// - Throws: `ParameterError` naming `emission`, `share`, `foundation` or `end`.
    public init(
        tokens: Double, providerShare: Double = 0.7, foundationShare: Double = 0.2, end: Double? = nil
    ) throws(ParameterError) {
        guard tokens >= 0, tokens < .infinity else {
            throw ParameterError(
                name: "emission", title: "tokens a staking period", value: tokens,
                allowed: ParameterDomain.notNegative.description)
        }
        try self.init(
            stages: [Stage(start: 0, tokens: tokens)], providerShare: providerShare, foundationShare: foundationShare,
            end: end)
    }

    /// The emission of a published schedule, which begins at time 0.
    ///
    /// - Parameters:
    ///   - schedule: the schedule of all tokens, its `unit` being the staking period; its share is the providers'.
    ///   - foundationShare: the share of the foundation; with the providers' at most 1.
    ///   - end: when it ends, in units of T; nil for never.
    ///   - until: how far it is wanted, in units of T.
    /// - Throws: `ParameterError` naming `share`, `foundation`, `end` or `halving`.
    public init(
        schedule: EmissionSchedule, foundationShare: Double = 0.2, end: Double? = nil, until: Double
    ) throws(ParameterError) {
        let perPeriod = Double(schedule.unit) / Double(schedule.period)
        let halving = Double(schedule.halving) / Double(schedule.unit)
        guard until / halving < 1e6 else {
            throw ParameterError(
                name: "halving", title: "time between halvings", value: halving,
                allowed: "a time that is no less than a millionth of the run, in units of T")
        }
        var stages: [Stage] = []
        for count in 0... {
            let start = Double(count) * halving
            let tokens = schedule.tokens(afterHalvings: count) * perPeriod
            guard count == 0 || (start <= until && (stages.last?.tokens ?? 0) > 0) else { break }
            stages.append(Stage(start: start, tokens: tokens))
        }
        try self.init(
            stages: stages, providerShare: schedule.share, foundationShare: foundationShare, end: end)
    }

    private init(
        stages: [Stage], providerShare: Double, foundationShare: Double, end: Double?
    ) throws(ParameterError) {
        guard providerShare > 0, providerShare <= 1 else {
            throw ParameterError(
                name: "share", title: "share of the providers", value: providerShare,
                allowed: "a number greater than 0 and at most 1")
        }
        guard foundationShare >= 0, foundationShare <= (1 - providerShare) + 1e-12 else {
            throw ParameterError(
                name: "foundation", title: "share of the foundation", value: foundationShare,
                allowed: "a number from 0 to \(1 - providerShare), what the providers leave")
        }
        if let end {
            guard end > 0, end < .infinity else {
                throw ParameterError(
                    name: "end", title: "end of the emission", value: end, allowed: ParameterDomain.positive.description
                )
            }
            self.stages = stages.filter { $0.start < end } + [Stage(start: end, tokens: 0)]
        } else {
            self.stages = stages
        }
        self.providerShare = providerShare
        self.foundationShare = min(foundationShare, 1 - providerShare)
    }
}
