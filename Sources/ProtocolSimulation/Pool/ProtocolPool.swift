import DissipativeMarket
import Foundation
import NumericalMethods
import RoleDynamics

/// A pool, its providers and its clients: the effects of the protocol's events, each in the order in which they take place.
struct ProtocolPool: Sendable {
    let parameters: PoolParameters
    let number: Int
    private let dissipation: Dissipation
    private let belief: SellerBelief
    private let key: (UInt64, UInt64)
    private let revision: RoleRevision

    private(set) var reserves: Reserves
    private(set) var lots: LotQueue
    private(set) var units = UnitAccounts()
    private(set) var totals = PoolTotals()
    /// How many providers have each role.
    private(set) var counts: [Int]
    private var roles: [HolderRole]

    /// J: tokens per staked unit that dissipation has released (`linear`).
    private var dissipationIndex = 0.0
    /// When dissipation and the time in roles were last reckoned.
    private var reckoned = 0.0
    private var rolesReckoned = 0.0

    /// The provider whose stake ends next, and how many of his have ended.
    private var provider = 0
    private var cycle = 0
    private var seed = 0
    private var seedCycle = 0
    private var clients: [ClientStream]
    /// How long the price has been from α_s to α_g, where that is asked for.
    private(set) var band: BandRecord?

    /// Lots of the seed.
    static let seedLots = 10

    // What is often wanted, worked out once.
    private let kept: Double
    private let cost: Double
    private let forfeit: Double
    private let unitSize: Double
    private let seedUnits: Double

    init(
        _ parameters: PoolParameters, number: Int, dissipation: Dissipation, belief: SellerBelief,
        key: (UInt64, UInt64), tracksBand: Bool, ledger: inout Ledger
    ) {
        self.parameters = parameters
        self.number = number
        self.dissipation = dissipation
        self.belief = belief
        self.key = key
        revision = RoleRevision(
            revisionProtocol: parameters.revisionProtocol, rationality: parameters.rationality,
            revisionRate: parameters.revisionRate)
        kept = 1 - parameters.market.swapFee
        cost = parameters.market.sellerCost
        forfeit = parameters.market.expectedForfeit
        unitSize = parameters.unitSize
        seedUnits = parameters.seedLiquidity * Double(parameters.providers) * unitSize / Double(Self.seedLots)
        clients = ClientKind.allCases.map {
            ClientStream(kind: $0, pool: number, rate: parameters.arrivalRate(of: $0), key: key)
        }
        counts = parameters.initialShares.counts(of: parameters.providers)
        let order = IndexPermutation(
            count: parameters.providers, seed: key.0, stream: key.1 << 16 | UInt64(number))
        let (liquidity, sellers) = (counts[0], counts[1])
        roles = (0..<parameters.providers).map {
            let place = order[$0]
            return place < liquidity ? .liquidityProvider : place < liquidity + sellers ? .seller : .external
        }
        lots = LotQueue(capacity: parameters.providers + Self.seedLots)
        reserves = Reserves(assets: 0, price: 0)
        begin(&ledger)
        if tracksBand { band = BandRecord(parameters.market.limits, price: reserves.price) }
    }

    // MARK: The start

    /// The moment at which the first stake of a provider ends, in units of T.
    private func firstEnd(ofProvider i: Int) -> Double { (Double(i) + 0.5) / Double(parameters.providers) }

    private func firstEnd(ofSeed j: Int) -> Double { (Double(j) + 0.5) / Double(Self.seedLots) }

    /// Fills the pool with lots of all ages, and the escrow with what they have earned so far at the initial rates.
    private mutating func begin(_ ledger: inout Ledger) {
        let price = parameters.initialPrice
        var initial: [Lot] = []
        func lot(_ owner: Int, _ kind: Lot.Kind, _ units: Double, _ end: Double) -> Lot {
            Lot(
                owner: owner, kind: kind, units: units, remainder: units, expiry: end, deposit: price * units,
                dissipationIndex: 0, rewardIndex: 0)
        }
        var i = 0
        for j in 0...Self.seedLots {
            let end = j < Self.seedLots ? firstEnd(ofSeed: j) : .infinity
            while i < parameters.providers, firstEnd(ofProvider: i) < end {
                if roles[i] != .external {
                    let kind: Lot.Kind = roles[i] == .seller ? .sold : .liquidity
                    initial.append(lot(i, kind, unitSize, firstEnd(ofProvider: i)))
                }
                i += 1
            }
            if j < Self.seedLots { initial.append(lot(j, .seed, seedUnits, end)) }
        }
        let staked = initial.reduce(0) { $0 + ($1.kind == .sold ? 0 : $1.units) }
        let all = initial.reduce(0) { $0 + $1.units }
        let released = price * all / staked
        let earned = ledger.emission.map { $0.reward(of: $0.weightedUnits) } ?? 0
        var assets = CompensatedSum()
        for var lot in initial {
            let age = 1 - lot.expiry
            if lot.kind == .liquidity {
                lot.rewardIndex = -earned * age
                ledger.accounts.escrow.add(lot.units * parameters.weight * earned * age)
            }
            switch dissipation {
            case .expiry:
                lots.appendWhole(lot)
                assets.add(lot.units)
            case .linear:
                if lot.kind != .sold {
                    lot.dissipationIndex = -released * age
                    ledger.accounts.escrow.add(lot.units * released * age)
                }
                lots.appendDissipating(lot, devices: lot.units)
                assets.add(lot.units * lot.expiry)
            }
        }
        reserves = Reserves(assets: assets.value, price: price)
        units.created.add(assets.value)
        totals.created = assets.value
        ledger.accounts.collateral.add(
            parameters.market.collateral * unitSize * Double(counts[HolderRole.seller.rawValue]))
    }

    /// ω U, the weighted units of the LPs.
    var weightedUnits: Double { parameters.weight * liquidityUnits }

    private var liquidityUnits: Double { Double(counts[HolderRole.liquidityProvider.rawValue]) * unitSize }

    /// The units staked by LPs and the seed.
    private var stakedUnits: Double { liquidityUnits + seedUnits * Double(Self.seedLots) }

    // MARK: The next event

    /// The events of a pool, in the order in which those of one instant take place.
    enum Event: Int, Sendable {
        case seedRenewal = 1
        case stakeEnd, genuineClient, speculatingBuyer
    }

    /// When the next event takes place, in units of T, and which it is.
    var next: (time: Double, event: Event) {
        let seedTime = Double(seedCycle) + firstEnd(ofSeed: seed)
        let stakeTime = Double(cycle) + firstEnd(ofProvider: provider)
        var (time, event) = seedTime <= stakeTime ? (seedTime, Event.seedRenewal) : (stakeTime, .stakeEnd)
        if clients[0].time < time { (time, event) = (clients[0].time, .genuineClient) }
        if clients[1].time < time { (time, event) = (clients[1].time, .speculatingBuyer) }
        return (time, event)
    }

    /// The event takes place.
    mutating func take(_ event: Event, at time: Double, _ ledger: inout Ledger) {
        dissipate(until: time, &ledger)
        switch event {
        case .seedRenewal: renewSeed(at: time, &ledger)
        case .stakeEnd: endStake(at: time, &ledger)
        case .genuineClient: serve(.genuine, &ledger)
        case .speculatingBuyer: serve(.speculating, &ledger)
        }
        band?.note(reserves.price, at: time)
    }

    // MARK: Dissipation

    /// Reckons what idle devices have lost since the last event: dX = −w dt at a price that stays, the tokens beside it
    /// going to the escrow (`linear`).
    @inline(__always)
    mutating func dissipate(until time: Double, _ ledger: inout Ledger) {
        guard dissipation == .linear, time > reckoned else { return }
        let before = reserves
        let lost = lots.idleDevices * (time - reckoned)
        let released = before.tokens.value * (lost / before.assets.value)
        reserves.add(units: -lost, tokens: -released)
        units.expired.add(lost)
        totals.expired += lost
        ledger.accounts.escrow.add(released)
        ledger.accounts.turnover += released
        dissipationIndex += released / stakedUnits
        reckoned = time
        if ledger.checksMovements { ledger.note(LedgerAudit.price(before, reserves)) }
        note(.dissipation, units: lost, tokens: released, &ledger)
    }

    // MARK: Stakes

    /// Every T a provider's stake ends: what is left of his lot expires, he is paid, and he chooses his role anew.
    private mutating func endStake(at time: Double, _ ledger: inout Ledger) {
        let holder = provider
        let words = Philox.block(
            (UInt64(cycle), RandomPurpose.decision.rawValue, UInt64(holder), UInt64(number)), key: key)
        provider += 1
        if provider == parameters.providers { (provider, cycle) = (0, cycle + 1) }
        reckonRoles(until: time)

        let role = roles[holder]
        let tokensBefore = reserves.tokens
        var refund = 0.0
        if role != .external {
            let lot = lots.removeFirst(dissipating: dissipation == .linear)
            refund = endLot(lot, &ledger)
            if role == .seller { verify(uniform: openUniform(words.1), holder: holder, &ledger) }
            if role == .liquidityProvider { reward(lot, refund: refund, &ledger) }
        }
        setLiquidity(change: role == .liquidityProvider ? -1 : 0, &ledger)

        let chosen = revision.choose(
            from: role, payoffs: payoffs(ledger), shares: shares(leaving: role), uniform: openUniform(words.0))
        let isRenewal = role == .liquidityProvider && chosen == .liquidityProvider && dissipation == .expiry
        var enacted = chosen
        switch chosen {
        case .liquidityProvider:
            if !deposit(holder, at: time, renewing: isRenewal ? (refund, tokensBefore) : nil, &ledger) {
                enacted = .external
            }
        case .seller:
            if !sell(holder, at: time, &ledger) { enacted = .external }
        case .external: note(.external, actor: holder, &ledger)
        }
        roles[holder] = enacted
        counts[role.rawValue] -= role == .liquidityProvider ? 0 : 1
        if enacted == .liquidityProvider {
            setLiquidity(change: 1, &ledger)
        } else {
            counts[enacted.rawValue] += 1
        }
    }

    /// The number of LPs changes, and with it what the emission is divided by.
    @inline(__always)
    private mutating func setLiquidity(change: Int, _ ledger: inout Ledger) {
        guard change != 0 else { return }
        let before = weightedUnits
        counts[HolderRole.liquidityProvider.rawValue] += change
        guard ledger.emission != nil else { return }
        // Whole numbers of units: where no LP is left anywhere, nothing else is either.
        let rest = ledger.emission!.weightedUnits - before
        ledger.emission!.weightedUnits = (abs(rest) <= 1e-12 * before ? 0 : rest) + weightedUnits
    }

    /// What is left of a lot expires, and the tokens staked beside it come back.
    ///
    /// - Returns: the tokens that come back; none to a seller.
    private mutating func endLot(_ lot: Lot, _ ledger: inout Ledger) -> Double {
        var refund = 0.0
        switch dissipation {
        case .expiry:
            if lot.kind != .sold { refund = reserves.refund(of: lot.units, unsold: lot.remainder) }
            reserves.add(units: -lot.remainder, tokens: -refund)
            units.expired.add(lot.remainder)
            totals.expired += lot.remainder
            note(.expiry, actor: actor(of: lot), units: lot.remainder, &ledger)
            ledger.accounts.receive(refund)
        case .linear:
            if lot.kind != .sold { refund = lot.units * (dissipationIndex - lot.dissipationIndex) }
            ledger.accounts.payFromEscrow(refund)
        }
        if lot.kind != .sold { note(.refund, actor: actor(of: lot), tokens: refund, &ledger) }
        return refund
    }

    /// The number by which the journal knows a lot's owner: those of the seed come after the providers.
    private func actor(of lot: Lot) -> Int { lot.kind == .seed ? parameters.providers + lot.owner : lot.owner }

    /// A seller's delivery is verified: his collateral comes back, or is burned.
    private mutating func verify(uniform: Double, holder: Int, _ ledger: inout Ledger) {
        let collateral = parameters.market.collateral * unitSize
        if uniform < parameters.market.failureProbability {
            ledger.accounts.forfeitCollateral(collateral)
            totals.burned += collateral
            totals.sales -= collateral
            note(.collateralForfeited, actor: holder, tokens: collateral, &ledger)
        } else {
            ledger.accounts.lockCollateral(-collateral)
            note(.collateralReturned, actor: holder, tokens: collateral, &ledger)
        }
    }

    /// An LP gets what the stake has earned.
    private mutating func reward(_ lot: Lot, refund: Double, _ ledger: inout Ledger) {
        let tokens: Double
        if let emission = ledger.emission {
            tokens = lot.units * parameters.weight * (emission.index - lot.rewardIndex)
            ledger.accounts.payFromEscrow(tokens)
        } else {
            tokens = parameters.blockReward * lot.units
            ledger.accounts.mint(tokens)
            totals.minted += tokens
        }
        totals.rewards += tokens
        totals.liquidityStakes += 1
        totals.refundGain += refund - lot.deposit
        note(.reward, actor: lot.owner, tokens: tokens, &ledger)
    }

    /// What the roles earn at this moment, in units of c, as holders believe.
    private func payoffs(_ ledger: Ledger) -> RevisionPayoffs {
        let price = reserves.price
        let reward: Double
        if let emission = ledger.emission {
            let others = max(emission.weightedUnits - weightedUnits, 0)
            reward = parameters.weight * emission.reward(of: others + parameters.weight * max(liquidityUnits, unitSize))
        } else {
            reward = parameters.blockReward
        }
        let sale: Double
        switch belief {
        case .run: sale = logarithmicMean(kept * price, cost)
        case .spot: sale = kept * reserves.payout(for: unitSize) / unitSize
        }
        return RevisionPayoffs(
            liquidityProvider: (reward - parameters.burnCertificate) / cost,
            seller: (sale - forfeit - parameters.burnCertificate) / cost,
            external: parameters.market.externalPrice / cost)
    }

    /// The providers' spread over the roles, the leaver counted where he was.
    private func shares(leaving role: HolderRole) -> (Double, Double, Double) {
        let n = Double(parameters.providers)
        let liquidity = Double(counts[0] + (role == .liquidityProvider ? 1 : 0))
        return (liquidity / n, Double(counts[1]) / n, Double(counts[2]) / n)
    }

    /// A provider stakes his units and the tokens beside them.
    ///
    /// - Parameter renewing: in a renewal the refund, which is staked again to the last bit, and the token reserve before
    ///   it, which comes back to the last bit too.
    /// - Returns: whether he could pay.
    private mutating func deposit(
        _ holder: Int, at time: Double, renewing: (refund: Double, tokens: CompensatedSum)?, _ ledger: inout Ledger
    ) -> Bool {
        let before = reserves
        let stake = renewing?.refund ?? before.price * unitSize
        let certificate = parameters.burnCertificate * unitSize
        guard pay(stake + certificate, actor: holder, &ledger) else { return false }
        if certificate > 0 { burnCertificate(certificate, holder, &ledger) }
        totals.liquidityBurned += certificate
        reserves.add(units: unitSize, tokens: stake)
        if let renewing { reserves.tokens = renewing.tokens }
        ledger.accounts.receive(-stake)
        enter(
            Lot(
                owner: holder, kind: .liquidity, units: unitSize, remainder: unitSize, expiry: time + 1, deposit: stake,
                dissipationIndex: dissipationIndex, rewardIndex: ledger.emission?.index ?? 0))
        totals.liquidityStarts += 1
        if ledger.checksMovements { ledger.note(LedgerAudit.price(before, reserves)) }
        note(.deposit, actor: holder, units: unitSize, tokens: stake, &ledger)
        return true
    }

    /// Units come into the pool with a lot.
    private mutating func enter(_ lot: Lot) {
        switch dissipation {
        case .expiry: lots.appendWhole(lot)
        case .linear: lots.appendDissipating(lot, devices: lot.units)
        }
        units.created.add(lot.units)
        totals.created += lot.units
    }

    /// A provider locks collateral and sells his units to the pool.
    ///
    /// - Returns: whether he could pay.
    private mutating func sell(_ holder: Int, at time: Double, _ ledger: inout Ledger) -> Bool {
        let collateral = parameters.market.collateral * unitSize
        let certificate = parameters.burnCertificate * unitSize
        guard pay(collateral + certificate, actor: holder, &ledger) else { return false }
        if certificate > 0 { burnCertificate(certificate, holder, &ledger) }
        ledger.accounts.lockCollateral(collateral)
        note(.collateral, actor: holder, tokens: collateral, &ledger)

        let before = reserves
        let payout = reserves.payout(for: unitSize)
        let fee = parameters.market.swapFee * payout
        reserves.add(units: unitSize, tokens: -payout)
        ledger.accounts.receive(payout)
        ledger.accounts.burn(fee)
        totals.burned += fee
        totals.sales += payout - fee - certificate
        totals.sellerStakes += 1
        enter(
            Lot(
                owner: holder, kind: .sold, units: unitSize, remainder: unitSize, expiry: time + 1, deposit: 0,
                dissipationIndex: 0, rewardIndex: 0))
        if ledger.checksMovements { ledger.note(LedgerAudit.product(before, reserves)) }
        note(.sale, actor: holder, units: unitSize, tokens: payout - fee, fee: fee, &ledger)
        return true
    }

    private mutating func burnCertificate(_ tokens: Double, _ holder: Int, _ ledger: inout Ledger) {
        ledger.accounts.burn(tokens)
        totals.burned += tokens
        note(.burnCertificate, actor: holder, tokens: tokens, &ledger)
    }

    /// Whether the wallets hold so much; if not, the refusal is counted.
    private mutating func pay(_ tokens: Double, actor: Int, _ ledger: inout Ledger) -> Bool {
        if ledger.accounts.circulating.value >= tokens { return true }
        totals.refused += 1
        note(.noTokens, actor: actor, tokens: tokens, &ledger)
        return false
    }

    // MARK: The seed

    /// Every T each of the protocol's own lots is renewed, without reward. What the tokens that come back lack of the
    /// deposit is the foundation's to give.
    private mutating func renewSeed(at time: Double, _ ledger: inout Ledger) {
        let number = seed
        seed += 1
        if seed == Self.seedLots { (seed, seedCycle) = (0, seedCycle + 1) }
        let tokensBefore = reserves.tokens
        let lot = lots.removeFirst(dissipating: dissipation == .linear)
        let owner = actor(of: lot)
        let refund = endLot(lot, &ledger)
        let before = reserves
        let stake: Double
        switch dissipation {
        case .expiry:
            stake = refund
            reserves.assets.add(lot.units)
            reserves.tokens = tokensBefore
        case .linear:
            stake = before.price * lot.units
            reserves.add(units: lot.units, tokens: stake)
            ledger.accounts.foundation.add(refund - stake)
            ledger.accounts.circulating.add(stake - refund)
            ledger.accounts.turnover += abs(stake - refund)
            note(.seedTransfer, actor: owner, tokens: stake - refund, &ledger)
        }
        ledger.accounts.receive(-stake)
        enter(
            Lot(
                owner: number, kind: .seed, units: lot.units, remainder: lot.units, expiry: time + 1, deposit: stake,
                dissipationIndex: dissipationIndex, rewardIndex: 0))
        if ledger.checksMovements { ledger.note(LedgerAudit.price(before, reserves)) }
        note(.deposit, actor: owner, units: lot.units, tokens: stake, &ledger)
    }

    // MARK: Clients

    /// A client comes, and buys all that he wants or nothing.
    @inline(__always)
    private mutating func serve(_ kind: ClientKind, _ ledger: inout Ledger) {
        let place = kind == .genuine ? 0 : 1
        let market = parameters.market
        let price = clients[place].reservationPrice(
            about: kind == .genuine ? market.reservationPrice : market.externalPrice,
            scale: parameters.reservationScale)
        let client = clients[place].clientNumber
        clients[place].advance()
        let wanted = parameters.orderSize
        let assets = reserves.assets.value
        guard wanted < assets else {
            totals.lostEmpty += 1
            return note(.lostEmpty, actor: client, units: wanted, &ledger)
        }
        let cost = reserves.cost(of: wanted)
        let paid = cost / kept
        let reward = kind == .genuine ? parameters.clientReward : 0
        guard paid / wanted - reward <= price else {
            totals.lostPrice += 1
            return note(.lostPrice, actor: client, units: wanted, &ledger)
        }
        guard pay(paid, actor: client, &ledger) else { return }

        let before = reserves
        switch dissipation {
        case .expiry: lots.takeSoonest(wanted)
        case .linear: lots.keepShare((assets - wanted) / assets)
        }
        reserves.add(units: -wanted, tokens: cost)
        ledger.accounts.receive(-cost)
        ledger.accounts.burn(paid - cost)
        totals.burned += paid - cost
        if kind == .genuine {
            units.consumed.add(wanted)
            totals.consumed += wanted
            totals.surplus += price * wanted - (paid - reward * wanted)
        } else {
            units.resold.add(wanted)
            totals.resold += wanted
        }
        if ledger.checksMovements { ledger.note(LedgerAudit.product(before, reserves)) }
        note(
            kind == .genuine ? .purchase : .resale, actor: client, units: wanted, tokens: paid, fee: paid - cost,
            &ledger)
        if reward > 0 {
            ledger.accounts.mint(reward * wanted)
            totals.minted += reward * wanted
            note(.clientReward, actor: client, tokens: reward * wanted, &ledger)
        }
    }

    // MARK: Reckoning

    /// Adds up the time spent in roles.
    @inline(__always)
    mutating func reckonRoles(until time: Double) {
        let span = time - rolesReckoned
        totals.liquidityTime += Double(counts[0]) * span
        totals.sellerTime += Double(counts[1]) * span
        totals.externalTime += Double(counts[2]) * span
        rolesReckoned = time
    }

    /// The pool's part of what the emission has minted.
    mutating func addMinted(_ tokens: Double) { totals.minted += tokens }

    @inline(__always)
    private func note(
        _ kind: LedgerKind, actor: Int = -1, units: Double = 0, tokens: Double = 0, fee: Double = 0,
        _ ledger: inout Ledger
    ) {
        ledger.journal.note(
            kind, pool: number, actor: actor, units: units, tokens: tokens, fee: fee, reserves: reserves,
            accounts: ledger.accounts)
    }

    /// Checks the pool's units and reserves.
    func audit(_ ledger: inout Ledger) { ledger.note(LedgerAudit.units(units, reserves, lots, dissipation)) }

    /// Counts the pool's lots one by one.
    func auditLots(at time: Double, _ ledger: inout Ledger) {
        ledger.note(LedgerAudit.countedLots(units, reserves, lots, dissipation, at: time))
    }
}
