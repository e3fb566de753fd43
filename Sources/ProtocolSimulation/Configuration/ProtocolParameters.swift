import DissipativeMarket

/// How the units of a lot lose their value; the protocol's descriptions have both readings.
public enum Dissipation: String, CaseIterable, Sendable {
    /// A lot stays whole until it expires, and what nobody bought goes then. A purchase takes what expires soonest.
    case expiry
    /// A lot declines linearly to nothing, its tokens beside it. A purchase takes from all lots alike.
    case linear
}

/// What a provider believes that selling earns.
public enum SellerBelief: String, CaseIterable, Sendable {
    /// S(α), the mean of a run of sales down to the sellers' limit.
    case run
    /// What the sale itself brings now.
    case spot
}

/// Where the rewards of liquidity providers come from.
public enum RewardMode: Equatable, Sendable {
    /// γ per unit staked for a period, minted as it is paid.
    case fixed
    /// A share of an emission, whatever the number of those who share it.
    case emission(Emission)
}

/// How often a run's books are checked.
public enum AuditMode: String, CaseIterable, Sendable {
    /// After every event.
    case event
    /// Whenever the state is sampled.
    case sample
    /// Never.
    case off
}

/// What a run of the protocol is made of, besides its random numbers.
public struct ProtocolParameters: Sendable {
    /// The pools, which share the emission and the supply of tokens.
    public var pools: [PoolParameters]
    public var dissipation = Dissipation.expiry
    public var rewards = RewardMode.fixed
    public var sellerBelief = SellerBelief.run
    public var audit = AuditMode.event
    /// The times at which the state is told, in units of T, increasing; the run ends at the last.
    public var times: [Double]
    /// The time from which means are taken, in units of T.
    public var burnIn: Double
    /// The tokens in all wallets at the start; nil for 100 c N u of every pool.
    public var circulating: Double?
    /// Whether it is followed how long prices are from α_s to α_g.
    public var tracksBand = false

    public init(pools: [PoolParameters], times: [Double], burnIn: Double = 0) {
        self.pools = pools
        self.times = times
        self.burnIn = burnIn
    }

    /// The most pools.
    public static let mostPools = 1000
    /// The most events that a run may be expected to have.
    public static let mostEvents = 1e10

    /// When the run ends, in units of T.
    public var end: Double { times.last ?? 0 }

    /// The tokens in all wallets at the start.
    var initialCirculating: Double {
        circulating
            ?? pools.reduce(0) { $0 + 100 * $1.market.sellerCost * Double($1.providers) * $1.unitSize }
    }

    /// The events that a run is expected to have.
    public var expectedEvents: Double { pools.reduce(0) { $0 + $1.eventsPerPeriod } * end }

    /// Refuses what cannot be simulated.
    ///
    /// - Throws: `ParameterError` naming the parameter at fault.
    public func validate() throws(ParameterError) {
        guard (1...Self.mostPools).contains(pools.count) else {
            throw ParameterError(
                name: "pools", title: "number of pools", value: Double(pools.count),
                allowed: "a whole number from 1 to \(Self.mostPools)")
        }
        for pool in pools { try pool.validate() }
        guard end >= 0, end < .infinity, zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }), (times.first ?? 0) >= 0
        else {
            throw ParameterError(
                name: "times", title: "times", value: end, allowed: "finite numbers of at least 0, each above the last")
        }
        guard burnIn >= 0, burnIn < end || end == 0 else {
            throw ParameterError(
                name: "burn", title: "time before means are taken", value: burnIn,
                allowed: "a number of at least 0 and below the end of the run, \(end)")
        }
        if let circulating {
            guard circulating >= 0, circulating < .infinity else {
                throw ParameterError(
                    name: "circulating", title: "tokens in all wallets at the start", value: circulating,
                    allowed: ParameterDomain.notNegative.description)
            }
        }
        guard initialCirculating < 1e300 else {
            throw ParameterError(
                name: "circulating", title: "tokens in all wallets at the start", value: initialCirculating,
                allowed: "a number below 1e300")
        }
        if case .emission(let emission) = rewards {
            // Rates only fall from stage to stage, or end.
            guard emission.stages[0].tokens * max(end, 1) < 1e290 else {
                throw ParameterError(
                    name: "emission", title: "tokens a staking period", value: emission.stages[0].tokens,
                    allowed: "a number whose sum over the run is below 1e290")
            }
        }
        guard expectedEvents <= Self.mostEvents else {
            throw ParameterError(
                name: "order-size", title: "expected events of a run", value: expectedEvents,
                allowed: "at most 1e10: raise the order size, or lower providers, intensities or the end")
        }
    }
}
