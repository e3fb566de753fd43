import DissipativeMarket
import Foundation
import NumericalMethods

/// Who trades where under a constant reward, as surfaces in a = ln(α/α₀): what `SharpFlow` says in closed form, for
/// integration.
///
/// The surfaces are α_g; α_b, where speculating buyers trade at all (γ < β and κ_b > 0); and where selling begins to pay,
/// which is α_s for γ ≤ β and beyond that where S(α) = γ, found from S and not from its inverse. Logarithms are taken
/// from the start's price, so that times near 0 keep their digits.
struct SharpActivities: Sendable {
    /// Who is limited by a surface.
    enum Surface: Sendable {
        case genuineBuyers, speculatingBuyers, sellers
    }

    let market: Market
    let intensities: TradeIntensities
    /// γ − β.
    let rewardExcess: Double
    let startPrice: Double
    /// Whether the reserves follow at once, so that a price at which nobody trades is at rest.
    let isQuasiStatic: Bool
    let surfaces: [Surface]
    private let levels: [Double]

    init(
        _ market: Market, _ intensities: TradeIntensities, startPrice: Double, blockReward: Double, isQuasiStatic: Bool
    ) {
        self.isQuasiStatic = isQuasiStatic
        self.market = market
        self.intensities = intensities
        self.startPrice = startPrice
        rewardExcess = blockReward - market.externalPrice
        let speculates = rewardExcess < 0 && intensities.speculatingBuyers > 0
        surfaces = speculates ? [.genuineBuyers, .speculatingBuyers, .sellers] : [.genuineBuyers, .sellers]
        levels = surfaces.map { surface in
            switch surface {
            case .genuineBuyers: logarithmOfRatio(market.limits.genuineBuyer, startPrice)
            case .speculatingBuyers: logarithmOfRatio(market.limits.speculatingBuyer, startPrice)
            case .sellers: logarithmOfRatio(market.limits.seller, startPrice)
            }
        }
    }

    /// α at ln(α/α₀).
    func poolPrice(_ a: Double) -> Double { startPrice * exp(a) }

    /// Positive above the surface. What rounding leaves of 0 is 0, so that a path which starts on a surface starts on it.
    func value(_ index: Int, _ a: Double) -> Double {
        if surfaces[index] == .sellers, rewardExcess > 0 {
            // S(α) − γ as the sum of two terms, of which both keep their digits as γ → β.
            let payoff = sellerExcess(a)
            let difference = payoff - rewardExcess
            return abs(difference) <= 4 * max(abs(payoff), rewardExcess).ulp ? 0 : difference
        }
        let difference = a - levels[index]
        return abs(difference) <= 2 * max(abs(a), abs(levels[index])).ulp ? 0 : difference
    }

    /// The derivative of ``value(_:_:)`` by a.
    func slope(_ index: Int, _ a: Double) -> Double {
        guard surfaces[index] == .sellers, rewardExcess > 0 else { return 1 }
        let alpha = poolPrice(a)
        return market.sellerPayoffSlope(at: alpha) * alpha
    }

    /// S(α) − β.
    private func sellerExcess(_ a: Double) -> Double {
        (1 - market.swapFee) * LogarithmicMean(poolPrice(a), market.limits.seller).excessOverV
    }

    /// Whether each group trades on these sides of the surfaces.
    func trades(_ sides: SurfaceSides) -> (genuineBuyers: Bool, speculatingBuyers: Bool, sellers: Bool) {
        var trades = (genuineBuyers: false, speculatingBuyers: false, sellers: false)
        for (index, surface) in surfaces.enumerated() {
            switch surface {
            case .genuineBuyers: trades.genuineBuyers = !sides[index]
            case .speculatingBuyers: trades.speculatingBuyers = !sides[index]
            case .sellers: trades.sellers = sides[index]
            }
        }
        return trades
    }

    /// κ_s[sellers] − κ_g[genuine buyers] − κ_b[speculating buyers]: the net sell flow as a multiple of the expiry flow.
    func netSales(_ sides: SurfaceSides) -> Double {
        let trades = trades(sides)
        return (trades.sellers ? intensities.sellers : 0)
            - (trades.genuineBuyers ? intensities.genuineBuyers : 0)
            - (trades.speculatingBuyers ? intensities.speculatingBuyers : 0)
    }

    /// The shares of the sharp diagram: 1 for the role that dominates; along a surface, the time that each side has.
    func shares(_ motion: PiecewiseMotion, weightAbove: Double?) -> RoleShares {
        switch motion {
        case .smooth(let sides):
            let trades = trades(sides)
            if trades.sellers { return RoleShares(unchecked: 0, 1, 0) }
            return trades.speculatingBuyers ? RoleShares(unchecked: 0, 0, 1) : RoleShares(unchecked: 1, 0, 0)
        case .sliding(_, let below, let above):
            let (low, high) = (trades(below), trades(above))
            let weight = weightAbove ?? 0
            var sellers = (high.sellers ? weight : 0) + (low.sellers ? 1 - weight : 0)
            if isQuasiStatic {
                // On a limit nobody trades whose limit it is: sellers hold genuine buyers alone, if those go on.
                sellers = isHeld(low, high) ? intensities.genuineBuyers / intensities.sellers : 0
            }
            return RoleShares(unchecked: 1 - sellers, sellers, 0)
        }
    }

    /// What a change of motion is called: an event for each surface that is crossed, and the beginning or end of sliding.
    func names(of change: MotionChange) -> [String] {
        switch (change.before, change.after) {
        case (.smooth(let before), .smooth(let after)): return crossingNames(before, after)
        case (.smooth(let before), .sliding(_, let below, let above)):
            let (low, high) = (trades(below), trades(above))
            let held = isHeld(low, high)
            let other = before == below ? above : below
            let names = crossingNames(before, other).filter {
                $0.hasPrefix("speculating-buyers-stop") || !held && $0.hasSuffix("stop")
            }
            // Where nobody trades at the price itself it is at rest, and not held.
            return held || !isQuasiStatic ? names + ["sliding-start"] : names
        case (.sliding, .smooth): return ["sliding-end"]
        case (.sliding, .sliding): return ["sliding-changes"]
        }
    }

    /// What has happened on a path of these activities: crossings of watched levels, and changes of motion.
    ///
    /// - Parameter sample: the market at a time, in a state and a motion.
    func events(
        of integrator: borrowing PiecewiseIntegrator, watches: [TrajectoryWatch],
        sample: (Double, [Double], PiecewiseMotion) -> MarketSample
    ) -> [TrajectoryEvent] {
        var events: [TrajectoryEvent] = []
        for occurrence in integrator.occurrences {
            let motion = integrator.motion(at: occurrence.time)
            events.append(
                TrajectoryEvent(
                    name: watches[occurrence.event].name, isRising: occurrence.isRising,
                    sample: sample(occurrence.time, occurrence.state, motion)))
        }
        for change in integrator.changes {
            for name in names(of: change) {
                events.append(
                    TrajectoryEvent(
                        name: name, isRising: nil, sample: sample(change.time, change.state, change.after)))
            }
        }
        return events
    }

    /// Whether sellers above a surface and genuine buyers on both sides hold the price on it.
    private func isHeld(
        _ low: (genuineBuyers: Bool, speculatingBuyers: Bool, sellers: Bool),
        _ high: (genuineBuyers: Bool, speculatingBuyers: Bool, sellers: Bool)
    ) -> Bool { low.genuineBuyers && high.genuineBuyers && high.sellers && !low.sellers }

    private func crossingNames(_ before: SurfaceSides, _ after: SurfaceSides) -> [String] {
        var names: [String] = []
        for (index, surface) in surfaces.enumerated() where before[index] != after[index] {
            switch surface {
            case .genuineBuyers: names.append(after[index] ? "genuine-buyers-stop" : "genuine-buyers-start")
            case .speculatingBuyers: names.append(after[index] ? "speculating-buyers-stop" : "speculating-buyers-start")
            case .sellers: names.append(after[index] ? "sellers-start" : "sellers-stop")
            }
        }
        return names
    }
}

/// ln(u/v) of two positive numbers, without the cancellation near 1.
func logarithmOfRatio(_ u: Double, _ v: Double) -> Double {
    let t = (u - v) / v
    return abs(t) < 0.5 ? log1p(t) : log(u) - log(v)
}
