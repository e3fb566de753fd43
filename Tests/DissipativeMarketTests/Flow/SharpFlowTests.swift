import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct SharpFlowTests {
    /// A random market, with and without a fee, a reward below, inside and above its band, and a start on either side.
    private struct Sample {
        let market: Market
        let intensities: TradeIntensities
        let alpha: Double
        let gamma: Double

        init(_ generator: inout SeededGenerator) throws {
            let beta = generator.logUniform(-1...1)
            let theta = generator.uniform(0...2)
            let p = generator.uniform(0...1)
            let fee = Bool.random(using: &generator) ? 0 : generator.uniform(0...0.4)
            let c = beta + p * theta
            market = try Market(
                externalPrice: beta, failureProbability: p, collateral: theta,
                reservationPrice: c * generator.uniform(0.3...3), swapFee: fee,
                stakingPeriod: generator.uniform(0.5...2))
            let g = generator.uniform(0.1...2)
            intensities = try TradeIntensities(
                genuineBuyers: g, speculatingBuyers: generator.uniform(0...2), sellers: g + generator.uniform(0.1...2))
            alpha = c * generator.uniform(0.05...4)
            gamma = beta * generator.uniform(0.3...2)
        }
    }

    /// From x = 2 at y = 0.79, κ_s = 1, κ_g = ½: sellers alone to d = 1.3, then both to α* = 1.1852444979557….
    @Test func closedFormExample() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let flow = try SharpFlow(market: market, poolPrice: 2, blockReward: 0.79)
        #expect(flow.segments.map(\.events) == [[.genuineBuyersStart], [.slidingStart], [.rest]])
        let first = log(2 / 1.3)
        let second = log(1.3 / 1.1852444979557) / 0.5
        // The literal has fourteen digits; the rest are roundings of numbers of order one.
        #expect(abs(flow.segments[0].endTime - first) < 1e-15)
        #expect(abs(flow.restTime - (first + second)) < 1e-12)
        #expect(abs(flow.restPrice - 1.1852444979557) < 1e-13)
        #expect(flow.slidesAtRest)
    }

    /// The flow's end is section 4's, which is computed without it; of a start far below every limit, min(U, D).
    @Test func restsWhereTheEquilibriumSays() throws {
        var generator = SeededGenerator(seed: 11)
        var outcomes: Set<String> = []
        for _ in 0..<5000 {
            let sample = try Sample(&generator)
            for intensities in [
                sample.intensities,
                try TradeIntensities(
                    genuineBuyers: sample.intensities.genuineBuyers, speculatingBuyers: 0,
                    sellers: sample.intensities.sellers),
            ] {
                let equilibrium = Equilibrium(
                    market: sample.market, speculates: intensities.speculatingBuyers > 0, blockReward: sample.gamma)
                func rest(from alpha: Double) throws -> Double {
                    try SharpFlow(
                        market: sample.market, intensities: intensities, poolPrice: alpha, blockReward: sample.gamma
                    ).restPrice
                }
                #expect(try rest(from: sample.alpha) == equilibrium.restPrice(from: sample.alpha))
                #expect(try rest(from: 1e-6 * sample.alpha) == equilibrium.restPrice)
                outcomes.insert(equilibrium.outcome.rawValue)
            }
        }
        #expect(outcomes.count == 4)
    }

    /// Between events the path is the exponential of who trades, and who trades is what the diagram says there.
    @Test func segmentsFollowTheEquation() throws {
        var generator = SeededGenerator(seed: 12)
        var kinds: Set<SharpFlow.Event> = []
        for _ in 0..<5000 {
            let sample = try Sample(&generator)
            let market = sample.market
            let flow = try SharpFlow(
                market: market, intensities: sample.intensities, poolPrice: sample.alpha, blockReward: sample.gamma)
            #expect(flow.segments[0].startTime == 0)
            #expect(flow.segments[0].startPrice == sample.alpha)
            for (segment, next) in zip(flow.segments, flow.segments.dropFirst()) {
                #expect(segment.endTime == next.startTime)
                #expect(segment.endPrice == next.startPrice)
                #expect(segment.endTime > segment.startTime)
                kinds.formUnion(segment.events)

                let middle = (segment.startPrice * segment.endPrice).squareRoot()
                #expect(segment.genuineBuyers == (middle < market.limits.genuineBuyer))
                #expect(
                    segment.sellers
                        == (middle > market.limits.seller && sample.gamma < market.sellerPayoff(at: middle)))
                let speculates = middle < market.limits.speculatingBuyer && sample.gamma < market.externalPrice
                #expect(segment.speculatingBuyers == (speculates && sample.intensities.speculatingBuyers > 0))

                let k = sample.intensities
                let rate =
                    ((segment.genuineBuyers ? k.genuineBuyers : 0)
                        + (segment.speculatingBuyers ? k.speculatingBuyers : 0)
                        - (segment.sellers ? k.sellers : 0)) / market.stakingPeriod
                let growth = log(segment.endPrice / segment.startPrice)
                // A time is the difference of two sums of times: a few ulp of the later one.
                let error = rate * (segment.endTime - segment.startTime) - growth
                #expect(abs(error) <= 8 * (abs(rate) * segment.endTime + abs(growth) + 1).ulp)
            }
            let last = flow.segments[flow.segments.count - 1]
            #expect(last.events == [.rest])
            #expect(last.endTime == .infinity)
            #expect(last.sellers == last.genuineBuyers)
            #expect(!last.speculatingBuyers)
        }
        // All events but those of two limits that coincide by chance.
        #expect(kinds == Set(SharpFlow.Event.allCases).subtracting([.rest]))
    }

    /// Euler's steps in ln α with the diagram's activities, which know nothing of events: exact between events, off by a
    /// step's worth at each, and chattering by a step round the sliding point.
    @Test func agreesWithSmallSteps() throws {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<60 {
            let sample = try Sample(&generator)
            let market = sample.market
            let k = sample.intensities
            let flow = try SharpFlow(
                market: market, intensities: k, poolPrice: sample.alpha, blockReward: sample.gamma)
            let steps = 40_000
            let horizon = max(flow.restTime * 1.3, 0.1)
            let dt = horizon / Double(steps)
            var z = log(sample.alpha)
            let largest = (k.sellers + k.genuineBuyers + k.speculatingBuyers) / market.stakingPeriod
            for step in 0..<steps {
                if step % 1000 == 0 {
                    let exact = log(flow.poolPrice(at: Double(step) * dt))
                    // Three events, each late by a step at most, at the largest rate; and 40,000 roundings.
                    #expect(abs(z - exact) <= 4 * largest * dt + 1e-10)
                }
                let alpha = exp(z)
                let region = Region(market: market, poolPrice: alpha, blockReward: sample.gamma)
                var rate = region.hasGenuineBuyers ? k.genuineBuyers : 0
                if region.role == .speculatingBuyer { rate += k.speculatingBuyers }
                if region.role == .seller { rate -= k.sellers }
                z += rate / market.stakingPeriod * dt
            }
        }
    }

    @Test func startsAtRest() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        // Frozen between α_g and α*(0.9), at the sliding point α_s, and at α_g = D's own place.
        for (alpha, gamma, slides) in [(1.35, 0.9, false), (1, 0.5, true), (1.3, 0.9, false)] {
            let flow = try SharpFlow(market: market, poolPrice: alpha, blockReward: gamma)
            #expect(flow.segments.count == 1)
            #expect(flow.restTime == 0)
            #expect(flow.restPrice == alpha)
            #expect(flow.slidesAtRest == slides)
            #expect(flow.poolPrice(at: 5) == alpha)
        }
    }

    /// α_g = α_s (panel b): buyers and sellers both stop there, and nobody slides.
    @Test func coincidingLimitsDoNotSlide() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1)
        let up = try SharpFlow(market: market, poolPrice: 0.8, blockReward: 0.5)
        #expect(up.segments.map(\.events) == [[.genuineBuyersStop], [.rest]])
        let down = try SharpFlow(market: market, poolPrice: 2, blockReward: 0.5)
        #expect(down.segments.map(\.events) == [[.sellersStop], [.rest]])
        #expect(!up.slidesAtRest)
        #expect(!down.slidesAtRest)
        #expect(up.restPrice == 1)
        #expect(down.restPrice == 1)
    }

    @Test func speculatorsWhoDoNotTrade() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 0.4)
        let idle = try SharpFlow(
            market: market, intensities: TradeIntensities(speculatingBuyers: 0), poolPrice: 0.1, blockReward: 0.2)
        #expect(idle.restPrice == 0.4)
        #expect(idle.segments.allSatisfy { !$0.speculatingBuyers })
        let busy = try SharpFlow(market: market, poolPrice: 0.1, blockReward: 0.2)
        #expect(busy.restPrice == 0.7)
        #expect(busy.segments.map(\.events) == [[.genuineBuyersStop], [.speculatingBuyersStop], [.rest]])
    }

    @Test func refuses() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        for sellers in [0.5, 0.4] {
            let error = try #require(throws: ParameterError.self) {
                try SharpFlow(
                    market: market, intensities: TradeIntensities(sellers: sellers), poolPrice: 1, blockReward: 1)
            }
            #expect(error.name == "kappa-s")
            #expect(error.value == sellers)
        }
        #expect(throws: ParameterError.self) { try SharpFlow(market: market, poolPrice: 0, blockReward: 1) }
        #expect(throws: ParameterError.self) { try SharpFlow(market: market, poolPrice: 1, blockReward: -1) }
        #expect(throws: ParameterError.self) { try SharpFlow(market: market, poolPrice: .nan, blockReward: 1) }
        let error = try #require(throws: ParameterError.self) {
            try SharpFlow(market: market, poolPrice: 1, blockReward: 1e307)
        }
        #expect(error.name == "gamma")
    }

    @Test func priceIsContinuousAndReachesItsEnds() throws {
        let market = try Market(externalRatio: 0.7, reservationRatio: 1.3)
        let flow = try SharpFlow(market: market, poolPrice: 0.2, blockReward: 0.5)
        for segment in flow.segments {
            #expect(flow.poolPrice(at: segment.startTime) == segment.startPrice)
            if segment.endTime < .infinity {
                let before = flow.poolPrice(at: segment.endTime.nextDown)
                // The price grows by less than its own size a unit of time.
                #expect(abs(before - segment.endPrice) <= 8 * segment.endPrice.ulp)
            }
        }
        #expect(flow.poolPrice(at: 1e300) == flow.restPrice)
    }
}
