import Foundation
import NumericalMethods
import RoleDynamics

/// The centralised order book of a device type, with the providers and the clients of the pool: all list at one price, a
/// client takes the listing that has waited longest, and there is no waiting for a device.
///
/// A job of u_c units holds a device for u_c/u of a period and is paid when it starts; with probability p the provider
/// fails and forfeits θ per unit. Where entry is free a listing ends after T, and at its end, at a job's end, and after
/// each T outside, a provider lists with probability F(λ(û(P₀ − pθ) + r − β)/c), û being the utilisation that the demand of
/// the last 2T would give one more device.
struct OrderBook: Sendable {
    let parameters: PoolParameters
    let book: OrderBookParameters
    private let number: Int
    private let key: (UInt64, UInt64)
    private(set) var ledger: Ledger
    private(set) var totals = PoolTotals()
    private var clients: [ClientStream]

    /// Listings that wait, by the moment at which they were listed; jobs and devices outside, by the moment of their end.
    private var idle: DeviceQueue
    private var busy: DeviceQueue
    private var outside: DeviceQueue
    /// Whether a device works for a genuine client, and how many do.
    private var isGenuine: [Bool]
    private var genuineJobs = 0
    private var decisions: [UInt64]
    private var demand = RecentTimes()
    private var time = 0.0
    private(set) var events = 0

    init(
        _ parameters: PoolParameters, book: OrderBookParameters, number: Int, key: (UInt64, UInt64),
        circulating: Double, keepsRows: Bool
    ) {
        self.parameters = parameters
        self.book = book
        self.number = number
        self.key = key
        ledger = Ledger(journal: Journal(isKept: keepsRows), checksMovements: false)
        ledger.accounts.circulating.add(circulating)
        ledger.accounts.minted.add(circulating)
        clients = ClientKind.allCases.map {
            ClientStream(kind: $0, pool: number, rate: parameters.arrivalRate(of: $0), key: key)
        }
        let devices = parameters.providers
        idle = DeviceQueue(capacity: devices)
        busy = DeviceQueue(capacity: devices)
        outside = DeviceQueue(capacity: devices)
        isGenuine = [Bool](repeating: false, count: devices)
        decisions = [UInt64](repeating: 0, count: book.entry == .free ? devices : 0)
        // Of all ages, the oldest first: of one age they would move as a cohort.
        for i in (0..<devices).reversed() {
            idle.append(devices - 1 - i, book.entry == .free ? -(Double(i) + 0.5) / Double(devices) : 0)
        }
    }

    /// Devices in the order book, waiting or busy.
    var present: Int { idle.count + busy.count }

    /// The share of the devices that are in the order book.
    var presentShare: Double { Double(present) / Double(parameters.providers) }

    private enum Event { case jobEnd, listingEnd, comeBack, genuineClient, speculatingBuyer }

    /// The events up to a moment take place.
    ///
    /// - Returns: whether all have; `most` may stop it before.
    mutating func advance(to end: Double, atMost most: Int = .max) -> Bool {
        var left = most
        while true {
            var (next, event) = (busy.firstTime, Event.jobEnd)
            if book.entry == .free {
                let listingEnd = idle.firstTime + 1
                if listingEnd < next { (next, event) = (listingEnd, .listingEnd) }
                if outside.firstTime < next { (next, event) = (outside.firstTime, .comeBack) }
            }
            if clients[0].time < next { (next, event) = (clients[0].time, .genuineClient) }
            if clients[1].time < next { (next, event) = (clients[1].time, .speculatingBuyer) }
            guard next <= end else { break }
            guard left > 0 else { return false }
            left -= 1
            events += 1
            ledger.journal.event = events
            reckon(until: next)
            switch event {
            case .jobEnd: endJob()
            case .listingEnd:
                let device = idle.removeFirst().device
                note(.listingEnd, actor: device)
                decide(device)
            case .comeBack: decide(outside.removeFirst().device)
            case .genuineClient: serve(.genuine)
            case .speculatingBuyer: serve(.speculating)
            }
            if ledger.journal.isKept {
                ledger.journal.settle(auditError: LedgerAudit.imbalance(ledger.accounts, reserves: 0))
            }
        }
        reckon(until: end)
        return true
    }

    /// Adds up the time of devices, and mints the subsidy of those that are listed.
    private mutating func reckon(until next: Double) {
        let span = next - time
        time = next
        ledger.journal.time = next
        guard span > 0 else { return }
        let size = parameters.unitSize
        totals.listed += Double(idle.count) * span
        totals.busy += Double(busy.count) * span
        totals.busyGenuine += Double(genuineJobs) * span
        totals.sellerTime += Double(present) * span
        totals.externalTime += Double(outside.count) * span
        totals.created += Double(present) * size * span
        totals.expired += Double(idle.count) * size * span
        if book.subsidy > 0, present > 0 {
            let tokens = book.subsidy * Double(present) * size * span
            ledger.accounts.mint(tokens)
            totals.minted += tokens
            totals.sales += tokens
            note(.emission, tokens: tokens)
        }
    }

    private mutating func endJob() {
        let device = busy.removeFirst().device
        if isGenuine[device] { genuineJobs -= 1 }
        note(.jobEnd, actor: device)
        if book.entry == .all { list(device) } else { decide(device) }
    }

    private mutating func list(_ device: Int) {
        idle.append(device, time)
        note(.listing, actor: device)
    }

    /// A provider lists, or goes outside for a period.
    private mutating func decide(_ device: Int) {
        let words = Philox.block(
            (decisions[device], RandomPurpose.decision.rawValue, UInt64(device), UInt64(number)), key: key)
        decisions[device] += 1
        let market = parameters.market
        let payoff = expectedUtilisation() * (book.listPrice - market.expectedForfeit) + book.subsidy
        let u = parameters.rationality * (payoff - market.externalPrice) / market.sellerCost
        if openUniform(words.0) < 1 / (1 + exp(-u)) {
            list(device)
        } else {
            outside.append(device, time + 1)
            note(.external, actor: device)
        }
    }

    /// û: the demand at the list price of the last min(t, 2T), in devices, over one more than there are.
    private mutating func expectedUtilisation() -> Double {
        var devices = parameters.offeredDevices(at: book.listPrice)
        if time > 0 {
            demand.forget(before: time - 2)
            devices = Double(demand.count) * parameters.orderSize / parameters.unitSize / min(time, 2)
        }
        return min(devices / Double(present + 1), 1)
    }

    private mutating func serve(_ kind: ClientKind) {
        let place = kind == .genuine ? 0 : 1
        let market = parameters.market
        let price = clients[place].reservationPrice(
            about: kind == .genuine ? market.reservationPrice : market.externalPrice,
            scale: parameters.reservationScale)
        let client = clients[place].clientNumber
        let fails = clients[place].jobUniform < market.failureProbability
        clients[place].advance()
        let wanted = parameters.orderSize
        if book.entry == .free, book.listPrice <= price {
            demand.append(time)
            demand.forget(before: time - 2)
        }
        guard book.listPrice <= price, present > 0 else {
            totals.lostPrice += 1
            return note(.lostPrice, actor: client, units: wanted)
        }
        guard idle.count > 0 else {
            totals.lostEmpty += 1
            return note(.lostEmpty, actor: client, units: wanted)
        }
        let paid = book.listPrice * wanted
        guard ledger.accounts.circulating.value >= paid + market.collateral * wanted else {
            totals.refused += 1
            return note(.noTokens, actor: client, tokens: paid)
        }
        let device = idle.removeFirst().device
        busy.append(device, time + wanted / parameters.unitSize)
        isGenuine[device] = kind == .genuine
        totals.jobs += 1
        totals.sales += paid
        if kind == .genuine {
            genuineJobs += 1
            totals.consumed += wanted
            totals.surplus += (price - book.listPrice) * wanted
        } else {
            totals.resold += wanted
        }
        note(kind == .genuine ? .purchase : .resale, actor: client, units: wanted, tokens: paid)
        if fails {
            let collateral = market.collateral * wanted
            ledger.accounts.burn(collateral)
            totals.burned += collateral
            totals.sales -= collateral
            note(.collateralForfeited, actor: device, tokens: collateral)
        }
    }

    private mutating func note(
        _ kind: LedgerKind, actor: Int = -1, units: Double = 0, tokens: Double = 0
    ) {
        guard ledger.journal.isKept else { return }
        ledger.journal.note(
            kind, pool: number, actor: actor, units: units, tokens: tokens, reserves: Reserves(assets: 0, price: 0),
            accounts: ledger.accounts)
    }

    /// The rows of the ledger since they were last taken.
    mutating func takeRows() -> [LedgerRow] { ledger.journal.take() }

    /// Checks the token accounts.
    mutating func audit() { ledger.note(LedgerAudit.tokens(ledger.accounts, reserves: 0)) }
}
