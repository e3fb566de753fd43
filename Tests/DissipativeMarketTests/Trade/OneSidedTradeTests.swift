import Foundation
import TestSupport
import Testing

@testable import DissipativeMarket

@Suite struct OneSidedTradeTests {
    /// The model's check value; 4 ulp for the logarithm's two and two roundings.
    @Test func checkValue() throws {
        let market = try Market.withFee()
        let time = OneSidedTrade.sellers.cessationTime(
            from: 2, in: market, intensities: try TradeIntensities(sellers: 1.5))
        expectDigits(try #require(time), "0.4279025907815965", ulps: 4)
    }

    // MARK: - Against the price equation, integrated

    /// The pool under one group's trade: dq = ±(κ/T)X dt units of the asset cross it, X stays put, and the token
    /// reserve changes by dY = ∓α dq. Integrated by the classical Runge–Kutta method to `end`: the price there and its
    /// time average.
    static func pool(from price: Double, rate: Double, end: Double, steps: Int) -> (price: Double, average: Double) {
        let assets = 3.0  // of no consequence
        var tokens = assets * price
        var area = 0.0
        let h = end / Double(steps)
        func slope(_ tokens: Double) -> Double { tokens / assets * (rate * assets) }
        for _ in 0..<steps {
            let k1 = slope(tokens)
            let k2 = slope(tokens + h / 2 * k1)
            let k3 = slope(tokens + h / 2 * k2)
            let k4 = slope(tokens + h * k3)
            // The price's own integral, by the same stages: those of dA/dt = α.
            area +=
                h / 6 * (tokens + 2 * (tokens + h / 2 * k1) + 2 * (tokens + h / 2 * k2) + (tokens + h * k3)) / assets
            tokens += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        }
        return (tokens / assets, area / end)
    }

    /// On random markets and at random intensities: after the cessation time the price is at the limit, and its time
    /// average until then is the average price, whatever κ is.
    ///
    /// Tolerance 1e−10: over ln(α₀/limit) ≤ 4 in 2000 steps the method's relative error is (4/2000)⁴·4/120 = 5e−13, and
    /// 2000 additions round by at most 2000·1e−16 = 2e−13.
    @Test func timesAndAveragesAreThoseOfThePoolsPath() throws {
        var generator = SeededGenerator(seed: 110)
        var active = 0
        for market in try randomMarkets(60, seed: 111) {
            let period = generator.logUniform(-1...1)
            let market = try Market(
                externalPrice: market.externalPrice, failureProbability: market.failureProbability,
                collateral: market.collateral, reservationPrice: market.reservationPrice, swapFee: market.swapFee,
                stakingPeriod: period)
            let kappa = (
                g: generator.logUniform(-1...1), b: generator.logUniform(-1...1), s: generator.logUniform(-1...1)
            )
            let intensities = try TradeIntensities(
                genuineBuyers: kappa.g, speculatingBuyers: kappa.b, sellers: kappa.s)
            let rates = [OneSidedTrade.sellers: -kappa.s, .speculatingBuyers: kappa.b, .genuineBuyers: kappa.g]
            for group in OneSidedTrade.allCases {
                let factor = exp(generator.uniform(0.001...4))
                let limit = group.limit(in: market)
                let start = group == .sellers ? limit * factor : limit / factor
                let time = try #require(group.cessationTime(from: start, in: market, intensities: intensities))
                let path = Self.pool(from: start, rate: try #require(rates[group]) / period, end: time, steps: 2000)
                #expect(abs(path.price / limit - 1) < 1e-10, "\(group) in \(market)")
                let average = group.averagePrice(from: start, in: market)
                #expect(abs(path.average / average - 1) < 1e-10, "\(group) in \(market)")
                // The closed form's time: 4 ulp of the logarithm against libm's, and start/limit rounded once more,
                // which is an ulp of one.
                let expected = period / abs(try #require(rates[group])) * abs(log(start / limit))
                #expect(abs(time - expected) <= 8 * Double.ulpOfOne * expected * max(1, 1 / abs(log(start / limit))))
                active += 1
            }
        }
        #expect(active == 180)
    }

    // MARK: - Who trades where

    @Test func limitsAreTheModels() throws {
        let market = try Market.withFee()
        expectDigits(OneSidedTrade.sellers.limit(in: market), "1.052631578947368", ulps: 2)
        expectDigits(OneSidedTrade.speculatingBuyers.limit(in: market), "0.665", ulps: 2)
        expectDigits(OneSidedTrade.genuineBuyers.limit(in: market), "1.52", ulps: 2)
    }

    /// At its limit a group has stopped, and one double beside it, on its side, it has not.
    @Test(arguments: OneSidedTrade.allCases)
    func inequalitiesAreStrict(_ group: OneSidedTrade) throws {
        for market in try randomMarkets(200, seed: 112) {
            let limit = group.limit(in: market)
            let (inside, outside) = group == .sellers ? (limit.nextUp, limit.nextDown) : (limit.nextDown, limit.nextUp)
            #expect(group.isActive(at: inside, in: market))
            #expect(!group.isActive(at: limit, in: market))
            #expect(!group.isActive(at: outside, in: market))
            #expect(group.cessationTime(from: limit, in: market) == nil)
            #expect(group.cessationTime(from: outside, in: market) == nil)
            #expect(group.cessationTime(from: inside, in: market).map { $0 > 0 } == true)
            #expect(group.averagePrice(from: limit, in: market) == limit)
        }
    }

    /// Just where a group is active its mean gain is positive, at the limit itself and beside it too.
    @Test(arguments: OneSidedTrade.allCases)
    func meanGainIsPositiveJustWhereTheGroupIsActive(_ group: OneSidedTrade) throws {
        var generator = SeededGenerator(seed: 113)
        for market in try randomMarkets(500, seed: 114) {
            let limit = group.limit(in: market)
            for _ in 0..<20 {
                let alpha = limit * generator.logUniform(-3...3)
                #expect((group.meanGain(from: alpha, in: market) > 0) == group.isActive(at: alpha, in: market))
            }
            // A relative distance of 1e−12 is four thousand roundings.
            for alpha in [limit * (1 - 1e-12), limit * (1 + 1e-12)] {
                #expect((group.meanGain(from: alpha, in: market) > 0) == group.isActive(at: alpha, in: market))
            }
        }
    }

    /// As above, where the price is the limit to the last bit: nobody trades there, so nobody gains.
    @Test(arguments: OneSidedTrade.allCases)
    func nobodyGainsAtTheLimit(_ group: OneSidedTrade) throws {
        let markets = try randomMarkets(500, seed: 115)
        let gaining = markets.filter { group.meanGain(from: group.limit(in: $0), in: $0) > 0 }
        #expect(
            gaining.count == 0, "\(gaining.count) of \(markets.count), the first: \(String(describing: gaining.first))")
    }

    /// The gains by their definitions: payoff less outside option.
    @Test func meanGainsAreTheDefinitions() throws {
        var generator = SeededGenerator(seed: 116)
        for market in try randomMarkets(500, seed: 117) {
            let plain = PlainMarket(market)
            let alpha = plain.alphaS * generator.logUniform(-2...2)
            // The plain logarithmic mean loses up to 1e−13 of itself where its arguments are 1e−3 apart.
            let scale = 4e-13 * (alpha + plain.alphaS + plain.alphaG + plain.delta) / plain.kept
            let seller = OneSidedTrade.sellers.meanGain(from: alpha, in: market)
            #expect(abs(seller - (plain.sellerPayoff(alpha) - plain.beta)) <= scale)
            let speculator = OneSidedTrade.speculatingBuyers.meanGain(from: alpha, in: market)
            #expect(
                abs(speculator - (plain.beta - PlainMarket.logarithmicMean(alpha, plain.alphaB) / plain.kept)) <= scale)
            let buyer = OneSidedTrade.genuineBuyers.meanGain(from: alpha, in: market)
            #expect(abs(buyer - (plain.delta - PlainMarket.logarithmicMean(alpha, plain.alphaG) / plain.kept)) <= scale)
        }
    }

    // MARK: - Edges

    /// Speculating buyers who do not trade never get there, whichever zero it is; nil where they would not.
    @Test(arguments: [0.0, -0.0])
    func withoutSpeculationTheTimeIsInfinite(kappa: Double) throws {
        let market = try Market.panel(1.3)
        let intensities = try TradeIntensities(speculatingBuyers: kappa)
        let group = OneSidedTrade.speculatingBuyers
        #expect(group.cessationTime(from: 0.5, in: market, intensities: intensities) == .infinity)
        #expect(group.cessationTime(from: 0.7.nextDown, in: market, intensities: intensities) == .infinity)
        #expect(group.cessationTime(from: 0.7, in: market, intensities: intensities) == nil)
    }

    /// The time is proportional to T/κ: doubling either is exact.
    @Test func timeScales() throws {
        let once = try Market(externalPrice: 0.7, reservationPrice: 1.3, stakingPeriod: 1)
        let twice = try Market(externalPrice: 0.7, reservationPrice: 1.3, stakingPeriod: 2)
        for group in OneSidedTrade.allCases {
            let start = group == .sellers ? 2.0 : 0.3
            let time = try #require(group.cessationTime(from: start, in: once))
            #expect(group.cessationTime(from: start, in: twice) == 2 * time)
            let faster = try TradeIntensities(genuineBuyers: 1, speculatingBuyers: 1, sellers: 2)
            #expect(group.cessationTime(from: start, in: once, intensities: faster) == time / 2)
        }
    }
}
