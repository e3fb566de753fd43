import NumericalMethods

/// What ends a run that cannot go on: a rule of the ledger that an event broke.
public struct ProtocolFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number of the run, from 0 on.
    public let run: UInt64
    /// The number of the event, from 1 on; 0 for the start.
    public let event: Int
    /// What took place, as the ledger's rows name it.
    public let kind: String
    /// In units of T.
    public let time: Double
    /// The name of the pool.
    public let pool: String
    /// The rule.
    public let invariant: BrokenInvariant

    public var description: String {
        "run \(run), event \(event) (\(kind) in pool \(pool) at time \(time) T): \(invariant)"
    }
}

/// One run of the protocol, event by event.
///
/// Events of one instant take place in the order emission change, renewals of seeds, ends of stakes by the provider's
/// number, genuine clients, speculating buyers, and last the telling of the state; those of several pools in the pools'
/// order within each kind.
public struct ProtocolRun: Sendable {
    let parameters: ProtocolParameters
    let number: UInt64
    private(set) var pools: [ProtocolPool] = []
    var ledger: Ledger
    /// The events so far.
    public private(set) var events = 0
    /// The moment of the last event, in units of T.
    public private(set) var time = 0.0
    private var upcoming: [(time: Double, event: ProtocolPool.Event)] = []

    /// A run at its start.
    ///
    /// - Parameters:
    ///   - parameters: what is simulated.
    ///   - seed: any number.
    ///   - run: the number of the run, which with the seed makes its random numbers.
    ///   - keepsRows: whether the rows of the ledger are kept until ``takeRows()``.
    /// - Throws: `ParameterError` for what cannot be simulated.
    public init(_ parameters: ProtocolParameters, seed: UInt64, run: UInt64, keepsRows: Bool = false) throws {
        try parameters.validate()
        self.parameters = parameters
        number = run
        ledger = Ledger(
            journal: Journal(isKept: keepsRows), checksMovements: parameters.audit == .event)
        if case .emission(let emission) = parameters.rewards {
            var index = EmissionIndex(emission)
            for pool in parameters.pools {
                let liquidity = pool.initialShares.counts(of: pool.providers)[0]
                index.weightedUnits += pool.weight * (Double(liquidity) * pool.unitSize)
            }
            ledger.emission = index
        }
        for (number, pool) in parameters.pools.enumerated() {
            pools.append(
                ProtocolPool(
                    pool, number: number, dissipation: parameters.dissipation, belief: parameters.sellerBelief,
                    key: (seed, run), tracksBand: parameters.tracksBand, ledger: &ledger))
        }
        ledger.accounts.circulating.add(parameters.initialCirculating)
        ledger.accounts.minted.add(ledger.accounts.held + tokensInPools)
        upcoming = pools.map(\.next)
        audit(pool: nil)
        audit(counting: true)
        try check("start", pool: 0)
    }

    private var tokensInPools: Double {
        var sum = 0.0
        for index in pools.indices { sum += pools[index].reserves.tokens.value }
        return sum
    }

    /// The rows of the ledger since they were last taken.
    public mutating func takeRows() -> [LedgerRow] { ledger.journal.take() }

    /// When the next event takes place, in units of T.
    private var nextTime: Double {
        var time = ledger.emission?.nextChange ?? .infinity
        for next in upcoming where next.time < time { time = next.time }
        return time
    }

    /// The events up to a moment take place, those of the moment among them.
    ///
    /// - Parameters:
    ///   - end: in units of T.
    ///   - most: how many events take place at most, so that rows can be taken in between.
    /// - Returns: whether all events up to the moment have taken place.
    /// - Throws: ``ProtocolFailure`` for the event that broke a rule.
    public mutating func advance(to end: Double, atMost most: Int = .max) throws -> Bool {
        var left = most
        while nextTime <= end {
            guard left > 0 else { return false }
            left -= 1
            try takeNext()
        }
        accrue(until: end)
        for index in pools.indices { pools[index].dissipate(until: end, &ledger) }
        time = end
        return true
    }

    /// The next event takes place.
    @inline(__always)
    private mutating func takeNext() throws {
        var place = -1
        var time = ledger.emission?.nextChange ?? .infinity
        var kind = 0
        for index in upcoming.indices {
            let next = upcoming[index]
            if next.time < time || next.time == time && next.event.rawValue < kind {
                (place, time, kind) = (index, next.time, next.event.rawValue)
            }
        }
        events += 1
        ledger.journal.event = events
        ledger.journal.time = time
        accrue(until: time)
        self.time = time
        guard place >= 0 else {
            ledger.emission?.change()
            ledger.journal.note(
                .emissionChange, pool: 0, reserves: pools[0].reserves, accounts: ledger.accounts)
            return
        }
        pools[place].take(upcoming[place].event, at: time, &ledger)
        upcoming[place] = pools[place].next
        if ledger.journal.isKept {
            ledger.journal.settle(auditError: LedgerAudit.imbalance(ledger.accounts, reserves: tokensInPools))
        }
        if parameters.audit == .event {
            audit(pool: place)
        } else if let invariant = LedgerAudit.positive(pools[place].reserves) {
            ledger.note(invariant)
        }
        if ledger.broken != nil { try check("\(ProtocolPool.Event(rawValue: kind)!)", pool: place) }
    }

    /// What the emission pays for the time since the last event is minted.
    @inline(__always)
    private mutating func accrue(until end: Double) {
        guard ledger.emission != nil, end > time else { return }
        let minted = ledger.emission!.accrue(for: end - time, into: &ledger.accounts)
        guard minted > 0 else { return }
        if pools.count == 1 {
            pools[0].addMinted(minted)
        } else {
            shareOut(minted)
        }
        ledger.journal.time = end
        ledger.journal.note(
            .emission, pool: 0, tokens: minted, reserves: pools[0].reserves, accounts: ledger.accounts)
    }

    /// Books what was minted to the pools, by their weighted units, or, while there are none, by those of all devices.
    private mutating func shareOut(_ minted: Double) {
        let staked = ledger.emission?.weightedUnits ?? 0
        var sum = 0.0
        func share(_ pool: ProtocolPool) -> Double {
            staked > 0
                ? pool.weightedUnits
                : pool.parameters.weight * Double(pool.parameters.providers) * pool.parameters.unitSize
        }
        for index in pools.indices { sum += share(pools[index]) }
        for index in pools.indices { pools[index].addMinted(minted * (share(pools[index]) / sum)) }
    }

    // MARK: The audit

    /// Checks the token accounts and a pool's units, or all pools'.
    @inline(__always)
    private mutating func audit(pool: Int?) {
        ledger.note(LedgerAudit.tokens(ledger.accounts, reserves: tokensInPools))
        if let pool {
            pools[pool].audit(&ledger)
        } else {
            for index in pools.indices { pools[index].audit(&ledger) }
        }
    }

    private mutating func audit(counting: Bool) {
        for index in pools.indices { pools[index].auditLots(at: time, &ledger) }
    }

    /// Checks everything at a moment at which the state is told.
    ///
    /// - Throws: ``ProtocolFailure`` for a rule that does not hold.
    mutating func auditSample() throws {
        guard parameters.audit != .off else { return }
        audit(pool: nil)
        audit(counting: true)
        try check("sample", pool: 0)
    }

    private func check(_ kind: String, pool: Int) throws {
        guard let invariant = ledger.broken else { return }
        throw ProtocolFailure(
            run: number, event: events, kind: kind, time: time, pool: parameters.pools[pool].name, invariant: invariant)
    }

    /// What has happened in a pool up to the present.
    mutating func totals(ofPool index: Int) -> PoolTotals {
        pools[index].reckonRoles(until: time)
        return pools[index].totals
    }
}
