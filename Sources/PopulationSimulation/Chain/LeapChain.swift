import Foundation
import NumericalMethods
import RoleDynamics

/// The chain in steps h, each with as many draws whatever N is.
///
/// **Logit**, split after Strang: the price for h/2 with the shares fixed; the holders for h with the price fixed, which
/// is exact (of each role Bin(n_i, 1 − e^{−(ρ+μ)h}) revise, and they spread by P(q)); the price for h/2.
///
/// **Replicator, Smith, BNN, Fermi**: rates r_ij at the middle of the step, predicted by half a deterministic step; of each
/// role Bin(n_i, 1 − e^{−hR_i}) leave, R_i = (1 + h·inflow_i/(2n_i)) Σ_j r_ij, and spread in proportion; then the price by the
/// midpoint rule with the mean of the old and the new shares. The factor stands for those who come within the step and
/// leave in it: without it the step is of order 1 wherever holders go both ways.
///
/// No count can become negative. The order is 2 in the drift while rates are smooth and 1 at their kinks; the noise's errors
/// are O(h/N). At frozen price logit's step is exact.
struct LeapChain {
    private let rules: ChainRules
    private let key: (seed: UInt64, run: UInt64)
    private let longestStep: Double
    private let workLimit: Double
    private(set) var state: ChainState
    private(set) var record: PathRecord
    private(set) var work = 0.0

    init(
        _ rules: ChainRules, start: ChainState, record: PathRecord, seed: UInt64, run: UInt64, step: Double,
        workLimit: Double
    ) {
        self.rules = rules
        self.record = record
        self.workLimit = workLimit
        longestStep = step
        key = (seed, run)
        state = start
    }

    /// Follows the chain to a time in equal steps; how it ended before, or nil.
    mutating func advance(to end: Double) -> RunEnding? {
        let span = end - state.time
        guard span > 0 else { return nil }
        // An interval of as many steps as it has by its decimals has no further one for their rounding.
        let count = max((span / longestStep * (1 - 1e-12)).rounded(.up), 1)
        let start = state.time
        let h = span / count
        if work + count > workLimit { return .workLimit(time: state.time) }
        let revise = -expm1(-rules.clockRate * h)
        for index in 1...Int(count) {
            if rules.revisionProtocol == .logit { stepByClock(h, revise) } else { stepByRates(h) }
            work += 1
            if state.hasEscaped { return .priceEscaped(time: state.time) }
            state.time = index == Int(count) ? end : start + Double(index) * h
        }
        return nil
    }

    private func place(_ slot: UInt64, _ purpose: UInt64 = DrawPurpose.leapRoles) -> RandomPlace {
        RandomPlace(seed: key.seed, stream: key.run, index: UInt64(work), slot: slot, purpose: purpose)
    }

    // MARK: - Logit

    @inline(__always)
    private mutating func stepByClock(_ h: Double, _ revise: Double) {
        movePrice(0.5 * h, slot: 0)
        if state.hasEscaped { return }
        let counts = state.counts
        let lps = BinomialSampler.sample(counts.liquidityProviders, revise, at: place(0))
        let sellers = BinomialSampler.sample(counts.sellers, revise, at: place(1))
        let external = BinomialSampler.sample(counts.external, revise, at: place(2))
        let all = lps + sellers + external
        let p = rules.chosenRole(state.seenLogPrice)
        let toSeller = BinomialSampler.sample(all, p.seller, at: place(3))
        let others = p.lp + p.external
        let toLP = others > 0 ? BinomialSampler.sample(all - toSeller, p.lp / others, at: place(4)) : 0
        state.counts = RoleCounts(
            liquidityProviders: counts.liquidityProviders - lps + toLP, sellers: counts.sellers - sellers + toSeller,
            external: counts.external - external + (all - toSeller - toLP))
        movePrice(0.5 * h, slot: 1)
    }

    /// The price for a part of the step with the present shares. A method of order 4 leaves the splitting's error alone: with
    /// the midpoint rule the bias of a step of 0.1 T is twice as large.
    @inline(__always)
    private mutating func movePrice(_ h: Double, slot: UInt64) {
        let l = Double(state.counts.liquidityProviders) * rules.perHolder
        let s = Double(state.counts.sellers) * rules.perHolder
        let rules = self.rules
        movePrice(h, l, s, slot: slot) { z, depth in PriceStep(rules, from: z, h, sellers: s, depth: depth).next }
    }

    @inline(__always)
    private mutating func movePrice(
        _ h: Double, _ l: Double, _ s: Double, slot: UInt64, flow: (_ z: Double, _ depth: Double) -> Double
    ) {
        let z = state.logPrice
        if rules.isPriceFrozen {
            record.move(from: z, at: state.time, to: z, at: state.time + h)
            state.time += h
            return
        }
        let depth = rules.depthFactor(l)
        let next: Double
        if rules.tradeSize > 0 {
            let middle = z + 0.5 * h * (rules.priceSlope(z, sellers: s) * depth)
            let scale = rules.holders / rules.tradeSize * depth * h
            let up = trades(scale * rules.demand(middle), 2 * slot)
            let down = trades(scale * (rules.velocity.kappaS * s), 2 * slot + 1)
            next = z + rules.tradeSize / rules.holders * (up - down)
        } else {
            next = flow(z, depth)
        }
        record.move(from: z, at: state.time, to: next, at: state.time + h)
        state.logPrice = next
        state.time += h
        see(from: z, h)
    }

    /// Poisson's number of a mean; beyond 2⁵³, where it is off the mean by 1e−8 of it, the mean.
    private func trades(_ mean: Double, _ slot: UInt64) -> Double {
        mean < 0x1p53 ? Double(PoissonSampler.sample(mean, at: place(slot, DrawPurpose.leapTrades))) : mean
    }

    /// Lets holders see the price for a time in which it has come from z.
    @inline(__always)
    private mutating func see(from z: Double, _ h: Double) {
        if rules.lag > 0 {
            let mean = 0.5 * (z + state.logPrice)
            state.seenLogPrice = mean + (state.seenLogPrice - mean) * exp(-h / rules.lag)
        } else {
            state.seenLogPrice = state.logPrice
        }
    }

    // MARK: - The other protocols

    private mutating func stepByRates(_ h: Double) {
        let counts = state.counts
        let old = (
            l: Double(counts.liquidityProviders) * rules.perHolder, s: Double(counts.sellers) * rules.perHolder,
            e: Double(counts.external) * rules.perHolder
        )
        let now = rules.rates(sellerExcess: rules.sellerExcess(state.seenLogPrice), old.l, old.s, old.e)
        let middle = now.shares(after: 0.5 * h, old.l, old.s, old.e)
        let rates = rules.rates(
            sellerExcess: rules.sellerExcess(predictedSeenPrice(0.5 * h, old.l, old.s)), middle.l, middle.s, middle.e)

        let fromLP = leave(
            counts.liquidityProviders, rates.lpToSeller, rates.lpToExternal, h,
            inflow: middle.s * rates.sellerToLP + middle.e * rates.externalToLP, share: old.l, slot: 0)
        let fromSeller = leave(
            counts.sellers, rates.sellerToLP, rates.sellerToExternal, h,
            inflow: middle.l * rates.lpToSeller + middle.e * rates.externalToSeller, share: old.s, slot: 2)
        let fromExternal = leave(
            counts.external, rates.externalToLP, rates.externalToSeller, h,
            inflow: middle.l * rates.lpToExternal + middle.s * rates.sellerToExternal, share: old.e, slot: 4)
        state.counts = RoleCounts(
            liquidityProviders: counts.liquidityProviders - fromLP.first - fromLP.second + fromSeller.first
                + fromExternal.first,
            sellers: counts.sellers - fromSeller.first - fromSeller.second + fromLP.first + fromExternal.second,
            external: counts.external - fromExternal.first - fromExternal.second + fromLP.second + fromSeller.second)

        let time = state.time
        let rules = self.rules
        let l = 0.5 * (old.l + Double(state.counts.liquidityProviders) * rules.perHolder)
        let s = 0.5 * (old.s + Double(state.counts.sellers) * rules.perHolder)
        movePrice(h, l, s, slot: 0) { z, depth in
            let middle = z + 0.5 * h * (rules.priceSlope(z, sellers: s) * depth)
            return z + h * (rules.priceSlope(middle, sellers: s) * depth)
        }
        record.left(.liquidityProvider, remaining: state.counts.liquidityProviders, at: time + h)
        record.left(.seller, remaining: state.counts.sellers, at: time + h)
        record.left(.external, remaining: state.counts.external, at: time + h)
    }

    /// What holders see after a part of the step without noise.
    private func predictedSeenPrice(_ h: Double, _ l: Double, _ s: Double) -> Double {
        let (z, q) = (state.logPrice, state.seenLogPrice)
        if rules.isPriceFrozen { return q }
        let next = z + h * (rules.priceSlope(z, sellers: s) * rules.depthFactor(l))
        guard rules.lag > 0 else { return next }
        let mean = 0.5 * (z + next)
        return mean + (q - mean) * exp(-h / rules.lag)
    }

    /// How many leave a role, by their two destinations.
    private func leave(
        _ count: Int, _ first: Double, _ second: Double, _ h: Double, inflow: Double, share: Double, slot: UInt64
    ) -> (first: Int, second: Int) {
        let rate = first + second
        guard count > 0, rate > 0 else { return (0, 0) }
        let returning = 1 + 0.5 * h * (inflow / share)
        let leaving = BinomialSampler.sample(count, -expm1(-h * rate * returning), at: place(slot))
        let toFirst = BinomialSampler.sample(leaving, first / rate, at: place(slot + 1))
        return (toFirst, leaving - toFirst)
    }
}

extension RevisionRates {
    /// The shares after a time at these rates, by one deterministic step, within 0 … 1.
    @inline(__always)
    fileprivate func shares(
        after h: Double, _ l: Double, _ s: Double, _ e: Double
    ) -> (l: Double, s: Double, e: Double) {
        let (ls, le, se) = (
            s * sellerToLP - l * lpToSeller, e * externalToLP - l * lpToExternal,
            e * externalToSeller - s * sellerToExternal
        )
        func inside(_ x: Double) -> Double { min(max(x, 0), 1) }
        return (inside(l + h * (ls + le)), inside(s + h * (se - ls)), inside(e - h * (le + se)))
    }
}
