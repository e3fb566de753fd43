import Foundation

/// The sharp price flow under a constant block reward: a piecewise exponential path from a pool price to its rest.
///
///     d ln α/dt = (κ_g [genuine buyers] + κ_b [speculating buyers] − κ_s [sellers])/T
///
/// with the activities of the sharp phase diagram: genuine buyers below α_g, speculating buyers below α_b where γ < β,
/// sellers above D, which is α_s where γ ≤ β and α*(γ) beyond. Between two of these prices the rate is constant, so every
/// event has a closed-form time (T/rate)|ln(α₁/α₀)|. Where buyers would carry the price above D and sellers below it, the
/// path enters the sliding set: the price stays at D while both trade (Filippov's convention), the sellers for a share
/// κ_g/κ_s of the time.
///
/// Derived here. That κ_s > κ_g is this project's choice: with κ_s ≤ κ_g the price would pass D while genuine buyers are
/// active, and the rest price of ``Equilibrium`` would not be the flow's. Some of the published figure's arrows do not agree
/// with it: <doc:TheModel>.
public struct SharpFlow: Equatable, Sendable {
    /// A change of who trades, which ends a segment.
    public enum Event: String, CaseIterable, Sendable {
        /// The price has fallen to α_g, and genuine buyers join the sellers.
        case genuineBuyersStart = "genuine-buyers-start"
        /// The price has risen to α_g.
        case genuineBuyersStop = "genuine-buyers-stop"
        /// The price has risen to α_b.
        case speculatingBuyersStop = "speculating-buyers-stop"
        /// The price has fallen to D, and nobody buys there.
        case sellersStop = "sellers-stop"
        /// Sellers and genuine buyers hold the price where it is.
        case slidingStart = "sliding-start"
        /// The price stays for ever. The last segment has this event alone.
        case rest
    }

    /// A piece of the path on which the same groups trade.
    public struct Segment: Equatable, Sendable {
        /// The time at which the segment begins, in the unit of the staking period.
        public let startTime: Double
        /// The time at which the segment ends; +∞ for the last one.
        public let endTime: Double
        /// The pool price at the segment's beginning, in tokens per unit.
        public let startPrice: Double
        /// The pool price at the segment's end; in between the price is exponential in time.
        public let endPrice: Double
        /// Whether sellers trade.
        public let sellers: Bool
        /// Whether genuine buyers trade.
        public let genuineBuyers: Bool
        /// Whether speculating buyers trade.
        public let speculatingBuyers: Bool
        /// The events that end the segment; several where limits coincide.
        public let events: [Event]
    }

    /// The market.
    public let market: Market
    /// The trade intensities κ_g, κ_b and κ_s, with κ_s > κ_g.
    public let intensities: TradeIntensities
    /// γ, in tokens per unit.
    public let blockReward: Double
    /// The pieces of the path from the start to the rest, at least one; the last one is the rest.
    public let segments: [Segment]

    /// The flow from a pool price on.
    ///
    /// - Parameters:
    ///   - market: gives the limits, the equilibrium price and T.
    ///   - intensities: κ_g, κ_b and κ_s, with κ_s > κ_g.
    ///   - alpha: the pool price at time 0, > 0, in tokens per unit.
    ///   - gamma: the block reward, ≥ 0, in tokens per unit.
    /// - Throws: ``ParameterError`` for a coordinate outside its domain, for κ_s ≤ κ_g (naming `kappa-s`), and for a
    ///   reward whose equilibrium price exceeds the largest double (naming `gamma`).
    public init(
        market: Market, intensities: TradeIntensities = .baseline, poolPrice alpha: Double, blockReward gamma: Double
    ) throws(ParameterError) {
        try MarketParameter.alpha.validate(alpha)
        try MarketParameter.gamma.validate(gamma)
        guard intensities.sellers > intensities.genuineBuyers else {
            throw ParameterError(
                TradeIntensities.definition(of: .sellers), value: intensities.sellers,
                allowed: "more than that of genuine buyers (kappa-g is \(intensities.genuineBuyers)): "
                    + "else sellers could not hold the price at the equilibrium")
        }
        let sellersStop = Equilibrium(market: market, blockReward: gamma).sellersStop
        guard sellersStop < .infinity else {
            throw ParameterError(
                MarketParameter.gamma.definition, value: gamma,
                allowed: "a number small enough that the equilibrium price is a double")
        }
        self.market = market
        self.intensities = intensities
        blockReward = gamma
        var path = Path(period: market.stakingPeriod, price: alpha)
        let buyersStop = market.limits.genuineBuyer
        if alpha > sellersStop {
            if buyersStop > sellersStop {
                if alpha > buyersStop {
                    path.move(to: buyersStop, sellers: intensities.sellers, events: [.genuineBuyersStart])
                }
                path.move(
                    to: sellersStop, sellers: intensities.sellers, genuineBuyers: intensities.genuineBuyers,
                    events: [.slidingStart])
            } else {
                path.move(to: sellersStop, sellers: intensities.sellers, events: [.sellersStop])
            }
        } else {
            // Speculating buyers who do not trade are none.
            let speculates = gamma < market.externalPrice && intensities.speculatingBuyers > 0
            let speculatorsStop = speculates ? market.limits.speculatingBuyer : 0
            while path.price < sellersStop, path.price < max(buyersStop, speculatorsStop) {
                let buys = path.price < buyersStop
                let speculation = path.price < speculatorsStop
                // α_b ≤ β ≤ c ≤ D, so D comes first only where genuine buyers alone are left, or where it is α_b.
                let next = min(
                    buys ? buyersStop : .infinity, speculation ? speculatorsStop : .infinity, sellersStop)
                var events: [Event] = []
                if speculation, next == speculatorsStop { events.append(.speculatingBuyersStop) }
                if buys, next == buyersStop { events.append(.genuineBuyersStop) }
                if buys, next == sellersStop, next < buyersStop { events.append(.slidingStart) }
                path.move(
                    to: next, genuineBuyers: buys ? intensities.genuineBuyers : 0,
                    speculatingBuyers: speculation ? intensities.speculatingBuyers : 0, events: events)
            }
        }
        let slides = path.price == sellersStop && path.price < buyersStop
        segments =
            path.segments + [
                Segment(
                    startTime: path.time, endTime: .infinity, startPrice: path.price, endPrice: path.price,
                    sellers: slides, genuineBuyers: slides, speculatingBuyers: false, events: [.rest])
            ]
    }

    /// The path so far.
    private struct Path {
        let period: Double
        var price: Double
        var time = 0.0
        var segments: [Segment] = []

        init(period: Double, price: Double) {
            self.period = period
            self.price = price
        }

        /// Adds the exponential to `target` at the intensities of those who trade.
        mutating func move(
            to target: Double, sellers: Double = 0, genuineBuyers: Double = 0, speculatingBuyers: Double = 0,
            events: [Event]
        ) {
            let rate = abs(genuineBuyers + speculatingBuyers - sellers)
            let logarithm = LogarithmOfRatio(max(price, target), min(price, target)).value
            let end = time + period / rate * logarithm
            segments.append(
                Segment(
                    startTime: time, endTime: end, startPrice: price, endPrice: target, sellers: sellers > 0,
                    genuineBuyers: genuineBuyers > 0, speculatingBuyers: speculatingBuyers > 0, events: events))
            time = end
            price = target
        }
    }

    /// The pool price at rest, in tokens per unit.
    public var restPrice: Double { segments[segments.count - 1].startPrice }

    /// The time at which the price comes to rest, in the unit of the staking period; 0 where it starts at rest.
    public var restTime: Double { segments[segments.count - 1].startTime }

    /// Whether sellers and genuine buyers hold the price at rest by trading.
    public var slidesAtRest: Bool { segments[segments.count - 1].sellers }

    /// The pool price at a time ≥ 0.
    public func poolPrice(at time: Double) -> Double {
        let segment = segments.last { $0.startTime <= time } ?? segments[0]
        guard segment.endTime < .infinity, segment.endTime > segment.startTime else { return segment.startPrice }
        // The exponential between its two ends, exact at both.
        let share = (time - segment.startTime) / (segment.endTime - segment.startTime)
        return share >= 1 ? segment.endPrice : segment.startPrice * pow(segment.endPrice / segment.startPrice, share)
    }
}
