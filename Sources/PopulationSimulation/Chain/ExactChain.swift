import Foundation
import NumericalMethods
import RoleDynamics

/// The chain event by event, exact in law but for the price between events, which a Runge–Kutta method of order 4 follows
/// in steps that resolve it to about 1e−8.
///
/// Every event is first a candidate, at a rate that bounds those of all changes until a horizon. Where the rates stay
/// the same between events, or those of the protocol come from a clock, the bound is the rate itself; else the price and
/// what holders see of it are kept within an interval for a horizon H ≤ 0.01. Every rate is monotone in the sellers' payoff, so
/// that the larger of its values at the interval's ends bounds it; a candidate is accepted in proportion, and where none
/// comes within H the next begins there (thinning; the process has no memory).
struct ExactChain {
    private let rules: ChainRules
    private let key: (seed: UInt64, run: UInt64)
    private let workLimit: Double
    private(set) var state: ChainState
    private(set) var record: PathRecord
    /// The events and steps so far.
    private(set) var work = 0.0
    private var draws: UInt64 = 0
    private var candidate: Candidate?

    /// The next candidate, or the horizon before which there is none.
    private struct Candidate {
        let time: Double
        /// The bound; 0 for a horizon.
        let bound: Double
        let words: Philox.Block
    }

    private static let longestHorizon = 0.01

    init(_ rules: ChainRules, start: ChainState, record: PathRecord, seed: UInt64, run: UInt64, workLimit: Double) {
        self.rules = rules
        self.record = record
        self.workLimit = workLimit
        key = (seed, run)
        state = start
    }

    /// Follows the chain to a time; how it ended before, or nil.
    mutating func advance(to end: Double) -> RunEnding? {
        while true {
            guard let next = candidate ?? makeCandidate() else { return .workLimit(time: state.time) }
            if next.time > end {
                candidate = next
                return move(to: end)
            }
            candidate = nil
            if let ending = move(to: next.time) { return ending }
            work += 1
            if work > workLimit { return .workLimit(time: state.time) }
            if next.bound > 0 {
                if rules.revisionProtocol.hasClock { actByClock(next) } else { actByRates(next) }
                if state.hasEscaped { return .priceEscaped(time: state.time) }
            }
        }
    }

    // MARK: - Rates

    @inline(__always) private var shares: (l: Double, s: Double, e: Double) {
        let counts = state.counts
        return (
            Double(counts.liquidityProviders) * rules.perHolder, Double(counts.sellers) * rules.perHolder,
            Double(counts.external) * rules.perHolder
        )
    }

    /// Whether the price moves by trades.
    @inline(__always) private var hasTrades: Bool { rules.tradeSize > 0 && !rules.isPriceFrozen }

    /// The rates of the trades that raise and lower the price; none where it flows or stays.
    @inline(__always) private func tradeRates(_ l: Double, _ s: Double) -> (up: Double, down: Double) {
        guard hasTrades else { return (0, 0) }
        let scale = rules.holders / rules.tradeSize * rules.depthFactor(l)
        return (scale * rules.demand(state.logPrice), scale * (rules.velocity.kappaS * s))
    }

    /// The next candidate from the present state; nil where its rate exceeds the largest double.
    private mutating func makeCandidate() -> Candidate? {
        var bound = rules.revisionProtocol.hasClock ? rules.clockRate * rules.holders : 0
        var horizon = Double.infinity
        if bound > 0, !hasTrades { return candidate(bound: bound, horizon: horizon) }
        let (l, s, e) = shares
        let (up, down) = tradeRates(l, s)
        bound += up + down
        if rules.revisionProtocol.hasClock {
            return candidate(bound: bound, horizon: horizon)
        } else if rules.isPiecewiseConstant {
            bound += total(rules.rates(sellerExcess: rules.sellerExcess(state.seenLogPrice), l, s, e))
        } else {
            horizon = Self.longestHorizon
            let interval = seenPrices(within: horizon, l, s)
            let low = rules.rates(sellerExcess: rules.sellerExcess(interval.lowerBound), l, s, e)
            let high = rules.rates(sellerExcess: rules.sellerExcess(interval.upperBound), l, s, e)
            bound += total(RevisionRates(largest: low, high))
        }
        return candidate(bound: bound, horizon: horizon)
    }

    /// The next candidate at a bound; nil where that exceeds the largest double.
    @inline(__always)
    private mutating func candidate(bound: Double, horizon: Double) -> Candidate? {
        guard bound < .infinity else { return nil }
        let words = RandomPlace(
            seed: key.seed, stream: key.run, index: draws, purpose: DrawPurpose.exactEvent
        ).words()
        draws &+= 1
        let gap = -log(openUniform(words.0)) / bound
        return gap > horizon
            ? Candidate(time: state.time + horizon, bound: 0, words: words)
            : Candidate(time: state.time + gap, bound: bound, words: words)
    }

    /// The log prices that holders may see until a horizon.
    private func seenPrices(within horizon: Double, _ l: Double, _ s: Double) -> ClosedRange<Double> {
        let (z, q) = (state.logPrice, state.seenLogPrice)
        if rules.tradeSize > 0 {
            let last = z + (q - z) * exp(-horizon / rules.lag)
            return min(q, last)...max(q, last)
        }
        let depth = rules.depthFactor(l)
        let low = z - rules.velocity.kappaS * s * depth * horizon
        let high = z + (rules.velocity.kappaG + rules.velocity.kappaB) * depth * horizon
        return rules.lag > 0 ? min(q, low)...max(q, high) : low...high
    }

    /// Σ n_i r_ij.
    private func total(_ rates: RevisionRates) -> Double {
        let counts = state.counts
        return Double(counts.liquidityProviders) * (rates.lpToSeller + rates.lpToExternal)
            + Double(counts.sellers) * (rates.sellerToLP + rates.sellerToExternal)
            + Double(counts.external) * (rates.externalToLP + rates.externalToSeller)
    }

    // MARK: - Events

    /// What a candidate is, for a protocol with a clock: a trade, or a revision by any of the holders.
    @inline(__always)
    private mutating func actByClock(_ candidate: Candidate) {
        let (up, down) = hasTrades ? tradeRates(shares.l, shares.s) : (0, 0)
        let place = openUniform(candidate.words.1) * candidate.bound
        if place < up + down { return trade(place < up ? 1 : -1) }
        let counts = state.counts
        // The high word of a product is uniform on the holders to 2⁻⁶⁴.
        let holder = Int(candidate.words.2.multipliedFullWidth(by: UInt64(counts.total)).high)
        let p = rules.chosenRole(state.seenLogPrice)
        let choice = openUniform(candidate.words.3)
        let from: HolderRole =
            holder < counts.liquidityProviders
            ? .liquidityProvider : holder < counts.liquidityProviders + counts.sellers ? .seller : .external
        change(from, to: choice < p.seller ? .seller : choice < p.seller + p.lp ? .liquidityProvider : .external)
    }

    private mutating func actByRates(_ candidate: Candidate) {
        let (l, s, e) = shares
        let (up, down) = tradeRates(l, s)
        var place = openUniform(candidate.words.1) * candidate.bound
        if place < up + down { return trade(place < up ? 1 : -1) }
        place -= up + down
        let rates = rules.rates(sellerExcess: rules.sellerExcess(state.seenLogPrice), l, s, e)
        let counts = state.counts
        let flows: [(HolderRole, HolderRole, Double)] = [
            (.liquidityProvider, .seller, Double(counts.liquidityProviders) * rates.lpToSeller),
            (.liquidityProvider, .external, Double(counts.liquidityProviders) * rates.lpToExternal),
            (.seller, .liquidityProvider, Double(counts.sellers) * rates.sellerToLP),
            (.seller, .external, Double(counts.sellers) * rates.sellerToExternal),
            (.external, .liquidityProvider, Double(counts.external) * rates.externalToLP),
            (.external, .seller, Double(counts.external) * rates.externalToSeller),
        ]
        for (from, to, rate) in flows {
            if place < rate { return change(from, to: to) }
            place -= rate
        }
    }

    private mutating func trade(_ sign: Double) {
        state.logPrice += sign * rules.tradeSize / rules.holders
        if rules.lag == 0 { state.seenLogPrice = state.logPrice }
        record.jump(to: state.logPrice, at: state.time)
    }

    @inline(__always)
    private mutating func change(_ from: HolderRole, to role: HolderRole) {
        guard from != role else { return }
        state.counts[from] -= 1
        state.counts[role] += 1
        record.left(from, remaining: state.counts[from], at: state.time)
    }

    // MARK: - The price between events

    /// Moves price and what is seen of it to a time.
    @inline(__always)
    private mutating func move(to time: Double) -> RunEnding? {
        let span = time - state.time
        guard span > 0 else { return nil }
        if rules.isPriceFrozen || rules.tradeSize > 0 {
            if rules.lag > 0 {
                let z = state.logPrice
                state.seenLogPrice = z + (state.seenLogPrice - z) * exp(-span / rules.lag)
            }
            record.move(from: state.logPrice, at: state.time, to: state.logPrice, at: time)
            state.time = time
            return nil
        }
        return flow(to: time)
    }

    @inline(__always)
    private mutating func flow(to time: Double) -> RunEnding? {
        let (l, s, _) = shares
        let depth = rules.depthFactor(l)
        let relaxation = rules.priceRelaxation * depth + (rules.lag > 0 ? 1 / rules.lag : 0)
        let span = time - state.time
        let longest = min(0.01, 0.1 / relaxation)
        if span <= longest {
            step(span, s, depth)
        } else {
            let count = (span / longest).rounded(.up)
            work += count
            guard work <= workLimit else { return .workLimit(time: state.time) }
            for _ in 0..<Int(count) {
                step(span / count, s, depth)
                if state.hasEscaped { break }
            }
        }
        if state.hasEscaped { return .priceEscaped(time: state.time) }
        state.time = time
        return nil
    }

    /// A step of price and of what is seen of it.
    @inline(__always)
    private mutating func step(_ h: Double, _ s: Double, _ depth: Double) {
        let z = state.logPrice
        let price = PriceStep(rules, from: z, h, sellers: s, depth: depth)
        if rules.lag > 0 {
            let q = state.seenLogPrice
            let rate = 1 / rules.lag
            let j1 = rate * (z - q)
            let j2 = rate * (price.second - (q + 0.5 * h * j1))
            let j3 = rate * (price.third - (q + 0.5 * h * j2))
            let j4 = rate * (price.fourth - (q + h * j3))
            state.seenLogPrice = q + h / 6 * (j1 + 2 * (j2 + j3) + j4)
        } else {
            state.seenLogPrice = price.next
        }
        record.move(from: z, at: state.time, to: price.next, at: state.time + h)
        state.logPrice = price.next
        state.time += h
    }
}

extension RevisionRates {
    /// The larger of each two rates.
    fileprivate init(largest a: RevisionRates, _ b: RevisionRates) {
        self = a
        lpToSeller = max(a.lpToSeller, b.lpToSeller)
        lpToExternal = max(a.lpToExternal, b.lpToExternal)
        sellerToLP = max(a.sellerToLP, b.sellerToLP)
        sellerToExternal = max(a.sellerToExternal, b.sellerToExternal)
        externalToLP = max(a.externalToLP, b.externalToLP)
        externalToSeller = max(a.externalToSeller, b.externalToSeller)
    }
}
